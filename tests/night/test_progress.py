"""Long work is never silent, and short work says nothing."""

from __future__ import annotations

import io
import time
from collections.abc import Generator, Iterable, Iterator
from datetime import date

import pytest
from rich.console import Console

from hipdrive.cli import console, nights, progress
from hipdrive.demo import make_sample
from hipdrive.night import commands
from hipdrive.night import work as ahead
from hipdrive.night.night import PROGRESS_FOLLOWER, followed, unwatched
from hipdrive.settings import Home


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What a plain log is told, with a short patience."""
    told = io.StringIO()
    monkeypatch.setattr(console, "SILENCE_S", 0.05)
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


@pytest.fixture
def labels() -> Iterator[list[str]]:
    """What was shown, in order."""
    found: list[str] = []

    def follow(items: Iterable[object], label: str, total: int) -> Generator[object, None, None]:
        found.append(label)
        yield from items
        assert total

    token = PROGRESS_FOLLOWER.set(follow)  # type: ignore[arg-type]  # of any items
    yield found
    PROGRESS_FOLLOWER.reset(token)


def test_the_first_look_the_swap_and_a_backfill_s_comparison_are_shown(home: Home, labels: list[str]) -> None:
    for name, content in make_sample():
        (home.inbox / name).write_bytes(content)
    commands.ingest(home, [home.inbox], date(2026, 11, 30))
    assert labels[0] == "Looking into what was named"
    assert labels[-1] == "Writing to the disk"
    labels.clear()
    commands.backfill(home)
    assert labels[0] == "Looking into the inbox"
    assert labels[-2:] == ["Comparing", "Writing to the disk"]
    labels.clear()
    commands.nightly(home)
    assert labels[0] == "Looking into the inbox"


def test_a_long_look_before_any_engine_is_told(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def look(_: Home) -> ahead.WorkAhead:
        time.sleep(0.3)
        return ahead.WorkAhead(ahead.Work.NOTHING)

    monkeypatch.setattr(console, "SILENCE_S", 0.05)
    monkeypatch.setattr(ahead, "work_ahead", look)
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    nights.nightly(common=console.Common(home.folder))
    assert capsys.readouterr().err == "Looking into the inbox …\n"
