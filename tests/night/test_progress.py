"""Long work is never silent, and short work says nothing."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator

import pytest
from rich.console import Console

from hipdrive.cli import progress
from hipdrive.night.night import PROGRESS_FOLLOWER, followed, unwatched


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What a plain log is told, with a short patience."""
    told = io.StringIO()
    monkeypatch.setattr(progress, "SILENCE_S", 0.05)
    monkeypatch.setattr(progress, "Console", lambda **_: Console(file=told))
    token = PROGRESS_FOLLOWER.set(progress.following)
    yield told
    PROGRESS_FOLLOWER.reset(token)


def work(seconds: float, units: int) -> None:
    with followed(range(units), "Estimating") as watched:
        for _ in watched:
            time.sleep(seconds)


def test_a_long_single_step_says_once_what_is_being_done(shown: io.StringIO) -> None:
    work(0.3, 1)
    assert shown.getvalue() == "Estimating …\n"


def test_a_short_single_step_says_nothing(shown: io.StringIO) -> None:
    work(0.0, 1)
    time.sleep(0.15)
    assert shown.getvalue() == ""


def test_the_first_of_many_does_not_wait_for_its_end(shown: io.StringIO) -> None:
    work(0.3, 2)
    assert shown.getvalue() == "Estimating …\nEstimating: 1 of 2\nEstimating: 2 of 2\n"


def test_nothing_is_shown_after_a_step_broke_off(shown: io.StringIO) -> None:
    def break_off() -> None:
        with followed((0,), "Estimating") as watched:
            for unit in watched:
                work(1 / unit, 1)

    with pytest.raises(ZeroDivisionError) as broken:
        break_off()
    time.sleep(0.15)
    assert broken.value.__traceback__ is not None  # it keeps every frame alive
    assert shown.getvalue() == ""


def test_what_is_inside_something_shown_shows_nothing(shown: io.StringIO) -> None:
    with unwatched():
        work(0.15, 2)
    assert shown.getvalue() == ""


def test_a_terminal_sees_a_bar_for_a_single_step(monkeypatch: pytest.MonkeyPatch) -> None:
    told = io.StringIO()
    monkeypatch.setattr(progress, "Console", lambda **_: Console(file=told, force_terminal=True, width=80))
    for _ in progress.following((1,), "Estimating", 1):
        time.sleep(0.2)
    assert "Estimating" in told.getvalue()
