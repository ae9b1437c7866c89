"""Long work shows a bar on a terminal and plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from hipdrive.cli.console import said_if_long
from hipdrive.night.night import PROGRESS_FOLLOWER

T = TypeVar("T")
LINES = 10  # how often a plain log speaks, at most


def following(items: Iterable[T], label: str, total: int) -> Generator[T, None, None]:
    """The items one by one, with how far it has come on standard error.

    A single item has no parts to count: a terminal shows that it is at work, a plain log says so once it takes long.
    """
    console = Console(stderr=True)
    with _shown(console, label, total) if console.is_terminal else _told(console, label, total) as advance:
        for item in items:
            yield item
            advance()


@contextmanager
def _shown(console: Console, label: str, total: int) -> Iterator[Callable[[], None]]:
    """A bar, or for a single item one that only moves; it goes when all is done."""
    end = (MofNCompleteColumn(), TimeRemainingColumn()) if total > 1 else (TimeElapsedColumn(),)
    with Progress(TextColumn("{task.description}"), BarColumn(), *end, console=console, transient=True) as bar:
        task = bar.add_task(label, total=total if total > 1 else None)
        yield lambda: bar.advance(task)


@contextmanager
def _told(console: Console, label: str, total: int) -> Iterator[Callable[[], None]]:
    """A line now and then; the first at the latest after a silence that makes one wonder."""
    done = count(1)
    with said_if_long(label, console) as opening:

        def advance() -> None:
            number = next(done)
            if total > 1 and (number == total or number % max(1, total // LINES) == 0):
                opening.cancel()
                console.print(f"{label}: {number} of {total}", highlight=False)

        yield advance


def show_progress() -> None:
    """Let the steps of a night show how far they have come."""
    PROGRESS_FOLLOWER.set(following)
