"""`hipdrive nightly --watch`: a night whenever the inbox, or a folder of the settings, has changed and then settled."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from watchfiles import watch

from hipdrive.cli.console import DONE, STOPPED, Common, out
from hipdrive.errors import HipdriveError
from hipdrive.read.inbox import list_offers
from hipdrive.settings import Home

SETTLED_S = 5.0  # when nothing moved for so long, a copy or a download is over
LOOK_S = 30.0  # a share, or a watch over USB, need not tell of its changes: they are looked at as well
AGAIN_S = 900.0  # after a night that stopped, if nothing changes before
_STOPS_WITHIN_S = 60.0

_States = dict[str, tuple[int, int]]  # name of a file → its size, and when it was changed


@dataclass(frozen=True)
class _Lying:
    """What lies in a home's folders: what a night would read, and what is still being written."""

    whole: _States = field(default_factory=dict)
    half: _States = field(default_factory=dict)


def watch_nights(common: Common) -> int:
    """Run nights until stopped, each a process of its own: it reads the settings anew and gives its memory back."""
    home = Home(common.folder)
    signal.signal(signal.SIGTERM, _stop)
    command = [sys.executable, "-m", "hipdrive", "nightly", "--home", str(home.folder)]
    command += ["--debug"] if common.debug else []
    out.print(f"A night runs for {home.folder} whenever its inbox settles. Leave this running; stop with Ctrl-C.")
    try:
        follow(home.folder, lambda: _run(command))
    except KeyboardInterrupt:
        out.print("No longer watched.")
    return DONE


def _run(command: list[str]) -> int:
    """One night; if this process is stopped meanwhile, so is the night, with time to stop what it has started."""
    night = subprocess.Popen(command, start_new_session=True)  # noqa: S603  our own; Ctrl-C reaches it through here alone
    try:
        return night.wait()
    except KeyboardInterrupt:
        night.send_signal(signal.SIGINT)
        try:
            night.wait(_STOPS_WITHIN_S)
        except subprocess.TimeoutExpired:
            night.kill()
            night.wait()
        raise


def follow(folder: Path, night: Callable[[], int], settled_s: float = SETTLED_S, look_s: float = LOOK_S) -> None:
    """Run a night at once, then whenever something in the home's folders has changed and then stood still.

    Returns only by what `night` raises.

    Args:
        folder: the home.
        night: runs one; gives its exit code.
        settled_s: for how long nothing may move.
        look_s: how often to look where no change is told.
    """
    met: _Lying | None = None
    again_at = float("inf")
    while True:
        # What lay there before the night: what came while it ran is news to the next.
        met = _settled(folder, met, again_at, settled_s, look_s)
        again_at = time.monotonic() + AGAIN_S if night() == STOPPED else float("inf")


def _settled(folder: Path, met: _Lying | None, again_at: float, settled_s: float, look_s: float) -> _Lying:
    """Wait until something is otherwise than it was met, and stands still."""
    lying, still_since = _look(folder), time.monotonic()
    while True:
        is_news = met is None or lying.whole != met.whole or time.monotonic() >= again_at
        if is_news and time.monotonic() - still_since >= settled_s:
            return lying
        _wait(folder, settled_s if is_news else look_s)
        now = _look(folder)
        if now != lying:
            lying, still_since = now, time.monotonic()


def _look(folder: Path) -> _Lying:
    """What lies there now; nothing where that cannot be told: then the night itself meets the cause, and tells it."""
    try:
        home = Home(folder)
        listing = list_offers(home)
    except (HipdriveError, OSError):
        return _Lying()
    whole = {offer.name: (offer.size_bytes, offer.modified_ns) for offer in listing.offers}
    whole |= _states(home.settings_file, home.diary_file, home.corrections_file)
    return _Lying(whole, _states(*(home.folder / name for name in listing.waiting)))


def _states(*files: Path) -> _States:
    found = {}
    for file in files:
        try:
            state = file.stat()
        except OSError:
            continue
        found[str(file)] = state.st_size, state.st_mtime_ns
    return found


def _wait(folder: Path, seconds: float) -> None:
    """Until a folder tells of a change, or so long."""
    try:
        home = Home(folder)
        places = [place for place in (home.inbox, *home.inbox_folders) if place.is_dir()]
        told = watch(
            *places,
            watch_filter=None,
            step=200,
            rust_timeout=max(1, round(1000 * seconds)),
            yield_on_timeout=True,
            ignore_permission_denied=True,
        )
        with closing(told):
            next(told)
    except (HipdriveError, OSError, RuntimeError, StopIteration):
        time.sleep(seconds)  # no folder, or a system that cannot watch so many: looking will do


def _stop(_: int, __: FrameType | None) -> None:
    raise KeyboardInterrupt
