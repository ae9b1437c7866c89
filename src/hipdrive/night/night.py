"""The state of one night of one home: what its steps share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Protocol, TypeVar

from hipdrive.catalogue import Resolver, load_catalogue
from hipdrive.night.answers import Answers
from hipdrive.night.calendar import local_date
from hipdrive.night.record import NightRecord
from hipdrive.read.inbox import Offer
from hipdrive.report import Planted, StagedReport
from hipdrive.settings import Home
from hipdrive.warehouse import CheckResult, Warehouse

T = TypeVar("T")


class Following(Protocol):
    """Gives items one by one and shows how far it has come, for who watches."""

    def __call__(self, items: Iterable[T], label: str, total: int) -> Iterator[T]:
        """The items, in their order."""


def unseen(items: Iterable[T], label: str, total: int) -> Iterator[T]:  # noqa: ARG001  what nobody watches
    """The items; nothing is shown."""
    yield from items


# Set by who watches (the command line); the steps do not know whether anybody does.
FOLLOWING: ContextVar[Following] = ContextVar("following", default=unseen)


@dataclass
class Night:
    """One night of one home while its steps are taken.

    Attributes:
        home: whose night.
        record: what is told of it.
        tonight: the day it speaks for, for every athlete; None: each athlete's own date.
        planted: the made-up runner's truth, for the page to state.
        is_last_try: whether a step that fails now is not tried again.
        warehouse: the private copy, open while there is something to do.
        only: the one athlete who gets a page; None: everybody.
        offers: files to be read.
        diary_rejects: lines of the diary that nobody understood.
        checks: what the data checks found.
        answers: of the estimate room, by athlete.
        report: the pages drawn so far.
    """

    home: Home
    record: NightRecord
    tonight: date | None = None
    planted: Planted | None = None
    is_last_try: Callable[[], bool] = lambda: True
    only: str | None = None
    diary_rejects: Sequence[str] = ()
    offers: list[Offer] = field(default_factory=list)
    checks: list[CheckResult] = field(default_factory=list)
    answers: dict[str, Answers] = field(default_factory=dict)
    _warehouse: Warehouse | None = None
    _report: StagedReport | None = None

    @cached_property
    def resolver(self) -> Resolver:
        """Names of exercises → catalogue, by today's aliases."""
        return Resolver(load_catalogue(), self.home.settings.aliases)

    def today(self, athlete: str) -> date:
        """The day this night speaks for: the athlete's own date."""
        return self.tonight or local_date(self.home.settings, athlete, self.record.started_utc)

    @property
    def warehouse(self) -> Warehouse:
        """The private copy of the warehouse, open between the first step and the last."""
        if self._warehouse is None:
            raise RuntimeError("no private copy is open")
        return self._warehouse

    @warehouse.setter
    def warehouse(self, opened: Warehouse) -> None:
        self._warehouse = opened

    @property
    def report(self) -> StagedReport:
        """The folder that tonight's pages are drawn into."""
        if self._report is None:
            raise RuntimeError("no page was drawn yet")
        return self._report

    @report.setter
    def report(self, staged: StagedReport) -> None:
        self._report = staged

    def athletes_with_data(self) -> list[str]:
        """Those of the settings who have a day of their own, or the first of them: one page there always is."""
        if self.only is not None:
            return [self.only]
        known = set(self.warehouse.athletes())
        return [name for name in self.home.settings.athlete_ids if name in known] or [self.home.settings.athlete_ids[0]]
