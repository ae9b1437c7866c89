"""What every command shares: its options, the two consoles, the exit codes."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING

from cyclopts import Parameter
from rich.console import Console

from hipdrive.errors import WrongUse

if TYPE_CHECKING:
    from hipdrive.settings import Home

DONE, NEEDS_A_PERSON, WRONG_USE, STOPPED = 0, 1, 2, 3
SILENCE_S = 2.0  # after which one wonders
MOST_NAMES = 5  # of a list in a sentence

out = Console(soft_wrap=True, highlight=False, markup=False)
err = Console(stderr=True, soft_wrap=True, highlight=False, markup=False)


@Parameter(name="*")
@dataclass(frozen=True)
class Common:
    """What every command takes."""

    home: Path | None = None
    """The folder with hipdrive.toml, data/ and reports/; default $HIPDRIVE_HOME, else the current folder."""
    debug: bool = False
    """Show where in the program an error came from."""

    @property
    def folder(self) -> Path:
        """The home's folder."""
        return self.home or Path(os.environ.get("HIPDRIVE_HOME") or ".")


COMMON = Common()


@contextmanager
def said_if_long(label: str, console: Console = err) -> Iterator[Timer]:
    """A line on what is being done inside, once that takes long; cancelled where something else was said before."""
    opening = Timer(SILENCE_S, console.print, (f"{label} …",), {"highlight": False})
    opening.daemon = True
    opening.start()
    try:
        yield opening
    finally:
        opening.cancel()


def whose(home: Home, athlete: str | None, command: str) -> str:
    """The athlete asked for, or the first of the home.

    Raises:
        WrongUse: the settings do not know them.
    """
    known = home.settings.athlete_ids
    if athlete is None:
        return known[0]
    if athlete not in known:
        raise WrongUse(command, f"nobody here is called “{athlete}”", f"the settings name {', '.join(known)}")
    return athlete


def few_of(names: Sequence[str]) -> str:
    """Some names in a list, and how many more there are: a team may be large."""
    more = len(names) - MOST_NAMES
    return ", ".join(names[:MOST_NAMES]) + (f" and {more} more" if more > 0 else "")


def for_athlete(athlete: str) -> str:
    """The option that lets a printed command speak of an athlete; nothing for the home's own runner."""
    from hipdrive.settings import DEFAULT_ATHLETE

    return "" if athlete == DEFAULT_ATHLETE else f" --athlete {athlete}"


def say_if_the_page_is_older(home: Home) -> None:
    """One line beside the answer where the newest page lacks what the warehouse holds."""
    from hipdrive.warehouse import page_is_older

    if page_is_older(home):
        err.print("The page is older than the warehouse: `hipdrive nightly` draws it anew.")
