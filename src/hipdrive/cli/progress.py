"""Long work shows a bar on a terminal and plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from hipdrive.night.night import FOLLOWING

T = TypeVar("T")
LINES = 10  # how often a plain log speaks, at most


def following(items: Iterable[T], label: str, total: int) -> Iterator[T]:
    """The items one by one, with how far it has come on standard error; a single step is not worth a word."""
    console = Console(stderr=True)
    if total < 2:  # noqa: PLR2004  a bar needs two ends
        yield from items
    elif console.is_terminal:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console, transient=True) as progress:
            yield from progress.track(items, total=total, description=label)
    else:
        for done, item in enumerate(items, start=1):
            yield item
            if done == total or done % max(1, total // LINES) == 0:
                console.print(f"{label}: {done} of {total}", highlight=False)


def show_progress() -> None:
    """Let the steps of a night show how far they have come."""
    FOLLOWING.set(following)
