"""The state of one night of one home: what its steps share."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Protocol, TypeVar

import dataframely as dy

from hipdrive.catalogue import Resolver, load_catalogue
from hipdrive.night.calendar import local_date
from hipdrive.night.news import News
from hipdrive.night.record import NightRecord
from hipdrive.read.corrections import Corrections, read_corrections
from hipdrive.read.diary import Diary, read_diary, read_lines_of
from hipdrive.report import Planted, StagedReport
from hipdrive.settings import Home
from hipdrive.tables.sources import Source
from hipdrive.warehouse import CheckResult, StoredTables, Warehouse

T = TypeVar("T")


class Following(Protocol):
    """Gives items one by one and shows how far it has come, for who watches."""

    def __call__(self, items: Iterable[T], label: str, total: int) -> Generator[T, None, None]:
        """The items, in their order."""


def unseen(items: Iterable[T], label: str, total: int) -> Generator[T, None, None]:  # noqa: ARG001  what nobody watches
    """The items; nothing is shown."""
    yield from items


# Set by who watches (the command line); the steps do not know whether anybody does.
PROGRESS_FOLLOWER: ContextVar[Following] = ContextVar("following", default=unseen)


@contextmanager
def followed(items: Sequence[T], label: str) -> Iterator[Iterator[T]]:
    """Items one by one for who watches; whatever breaks off, nothing of it is shown afterwards."""
    with closing(PROGRESS_FOLLOWER.get()(items, label, len(items))) as watched:
        yield watched


def seen(work: Callable[[], T], label: str) -> T:
    """One piece of work, for who watches."""
    with followed((work,), label) as one:
        (done,) = (each() for each in one)
    return done


@contextmanager
def unwatched() -> Iterator[None]:
    """What happens inside shows nothing: something around it is shown already."""
    token = PROGRESS_FOLLOWER.set(unseen)
    try:
        yield
    finally:
        PROGRESS_FOLLOWER.reset(token)


@dataclass
class Night:
    """One night of one home while its steps are taken.

    Attributes:
        home: whose night.
        record: what is told of it.
        tonight: the day it speaks for, for every athlete; None: each athlete's own date.
        planted: the made-up runner's truth, for the page to state.
        is_last_try: whether a step that fails now is not tried again.
        only: the one athlete who gets a page; None: everybody.
        elsewhere: contents that lie in another athlete's folder: those that are gone from here were moved there.
        news: files to be read, and what else changed in the inbox.
        ledger_before: last night's ledger, to tell what was lost.
        offered: path and `source_id` of what was opened tonight.
        checks: what the data checks found.
        stopped: athletes whose tables and page stay last night's, and why.
    """

    home: Home
    record: NightRecord
    tonight: date | None = None
    planted: Planted | None = None
    is_last_try: Callable[[], bool] = lambda: True
    only: str | None = None
    elsewhere: frozenset[str] = frozenset()
    news: News = field(default_factory=News)
    ledger_before: dy.DataFrame[Source] = field(default_factory=Source.create_empty)
    offered: set[tuple[str, str]] = field(default_factory=set)
    checks: list[CheckResult] = field(default_factory=list)
    stopped: dict[str, str] = field(default_factory=dict)
    _tables: StoredTables | None = None
    _report: StagedReport | None = None

    @cached_property
    def resolver(self) -> Resolver:
        """Names of exercises → catalogue, by today's aliases."""
        return Resolver(load_catalogue(), self.home.settings.aliases)

    @cached_property
    def diary(self) -> Diary:
        """The athletes' diary, or in a part of a team's home the lines of its athlete."""
        if self.home.shard_of is not None:
            return read_lines_of(self.home.diary_file, self.home.shard_of)
        return read_diary(self.home.diary_file, self.home.settings.athlete_ids)

    @cached_property
    def corrections(self) -> Corrections:
        """What the athletes know better than their files."""
        return read_corrections(self.home.corrections_file)

    def today(self, athlete: str) -> date:
        """The day this night speaks for: the athlete's own date."""
        return self.tonight or local_date(self.home.settings, athlete, self.record.started_utc)

    @property
    def tables(self) -> StoredTables:
        """The stored tables that findings are read from."""
        if self._tables is None:
            raise RuntimeError("no tables are open")
        return self._tables

    @tables.setter
    def tables(self, opened: StoredTables) -> None:
        self._tables = opened

    @property
    def warehouse(self) -> Warehouse:
        """The private copy of the warehouse, open between the first step and the last."""
        if not isinstance(self._tables, Warehouse):
            raise TypeError("no private copy is open")
        return self._tables

    @property
    def report(self) -> StagedReport:
        """The folder that tonight's pages are drawn into."""
        if self._report is None:
            raise RuntimeError("no page was drawn yet")
        return self._report

    @report.setter
    def report(self, staged: StagedReport) -> None:
        self._report = staged

    @property
    def only_folder(self) -> str | None:
        """The folder of the one athlete who gets a page, in a home that has a folder for each."""
        return self.only if len(self.home.settings.athlete_ids) > 1 else None

    def everyone(self) -> list[str]:
        """Athletes of the settings, and those whose files are here all the same, the unnamed one first."""
        named = self.home.settings.athlete_ids
        return [*named, *sorted(set(self.warehouse.owners()) - set(named))]

    def athletes_with_page(self) -> list[str]:
        """Those of the settings who have a day of their own, or the first of them: one page there always is."""
        if self.only is not None:
            return [self.only]
        known = set(self.tables.athletes())
        return [name for name in self.home.settings.athlete_ids if name in known] or [self.home.settings.first_athlete]
