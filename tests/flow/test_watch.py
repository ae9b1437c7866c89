"""`nightly --watch`: a night at once, then whenever a folder has changed and stands still; half a file waits."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from hipdrive.cli.watching import follow
from hipdrive.settings import Home
from hipdrive.warehouse import ask
from tests.makers.exports import made_run

SETTLED_S = 0.3


class EnoughError(Exception):
    """Ends what never ends."""


def watched(home: Home, *acts: Callable[[], None], codes: tuple[int, ...] = (), look_s: float = 30) -> list[set[str]]:
    """Names of the whole files at each night; after each night an act is begun in a thread of its own."""
    nights: list[set[str]] = []
    threads: list[threading.Thread] = []

    def night() -> int:
        nights.append({path.name for path in home.inbox.rglob("*.fit")})
        if len(nights) > len(acts):
            raise EnoughError
        threads.append(threading.Thread(target=acts[len(nights) - 1]))
        threads[-1].start()
        return codes[len(nights) - 1] if codes else 0

    with pytest.raises(EnoughError):
        follow(home.folder, night, SETTLED_S, look_s)
    for thread in threads:
        thread.join()
    return nights


def grows(path: Path, steps: int = 8, *, then: str | None = None) -> Callable[[], None]:
    def write() -> None:
        for _ in range(steps):
            with path.open("ab") as file:
                file.write(bytes(100))
            time.sleep(SETTLED_S / 3)
        if then is not None:
            path.rename(path.with_name(then))

    return write


def test_a_night_runs_at_once_and_then_when_a_file_no_longer_grows(home: Home) -> None:
    sizes: list[int] = []
    file = home.inbox / "a.fit"

    def measure() -> None:
        sizes.append(file.stat().st_size)

    assert watched(home, grows(file), measure_and(measure, home)) == [set(), {"a.fit"}, {"a.fit", "end.fit"}]
    assert sizes == [800]


def measure_and(first: Callable[[], None], home: Home) -> Callable[[], None]:
    def act() -> None:
        first()
        (home.inbox / "end.fit").touch()

    return act


def test_half_a_download_is_no_news_until_it_has_its_name(home: Home) -> None:
    part = home.inbox / "b.fit.part"
    assert watched(home, grows(part, then="b.fit")) == [set(), {"b.fit"}]


def test_a_folder_of_the_settings_is_watched_also_where_it_comes_later(home: Home) -> None:
    text = home.settings_file.read_text(encoding="utf-8").replace("[inbox]\n", '[inbox]\nfolders = ["usb"]\n', 1)
    home.settings_file.write_text(text, encoding="utf-8")

    def plug_in() -> None:
        (home.folder / "usb").mkdir()
        grows(home.folder / "usb/c.fit")()

    assert len(watched(home, plug_in, look_s=0.3)) == 2
    assert (home.folder / "usb/c.fit").stat().st_size == 800


def test_what_comes_while_a_night_runs_is_read_by_the_next(home: Home) -> None:
    def night() -> int:
        ran.append(len(list(home.inbox.glob("*.fit"))))
        if len(ran) == 1:
            (home.inbox / "late.fit").touch()
        if len(ran) == 2:
            raise EnoughError
        return 0

    ran: list[int] = []
    with pytest.raises(EnoughError):
        follow(home.folder, night, SETTLED_S, 0.3)
    assert ran == [0, 1]


def test_a_night_that_stopped_is_tried_again_without_a_change(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hipdrive.cli.watching.AGAIN_S", 0.5)
    began = time.monotonic()
    assert len(watched(home, lambda: None, codes=(3,), look_s=0.2)) == 2
    assert time.monotonic() - began < 20


def test_the_command_runs_nights_and_ends_when_it_is_told(home: Home) -> None:
    (home.inbox / "a.fit").write_bytes(made_run(0))
    command = [sys.executable, "-m", "hipdrive", "nightly", "--watch", "--home", str(home.folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "COLUMNS": "200"})
    try:
        ends_at = time.monotonic() + 120
        while not home.newest_page.is_file() and time.monotonic() < ends_at:
            time.sleep(0.2)
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 0
    assert "whenever its inbox settles" in said
    assert ask(home, "SELECT count(*) FROM runs").item() == 1
