"""The one order of a night, and which part of it each command takes.

    read       files → tables of the private copy, in batches      night/batches.py
    derive     what looks over all files; views                     night/derive.py
    check      rows that must not exist                             night/derive.py
    estimate   finished tables → answers, athlete by athlete        night/answers.py
    draw       answers and tables → a page an athlete               night/findings.py, report/

All of it happens on a private copy and in a hidden folder; then the copy takes the warehouse's place, then the pages
theirs. A night that breaks before that leaves everything as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from hipdrive.errors import MissingWarehouse, OlderWarehouse, WrongUse
from hipdrive.night.answers import estimate_athlete
from hipdrive.night.batches import cut_batches, expand_zips, ingest_batch, store
from hipdrive.night.derive import check_tables, derive_tables
from hipdrive.night.findings import gather_findings
from hipdrive.night.night import FOLLOWING, Night
from hipdrive.night.record import NightRecord, recorded
from hipdrive.night.standing import fingerprint, stands_already
from hipdrive.read.inbox import Offer, leave_out_known, list_offers
from hipdrive.report import Planted, draw_page, one_line, stage_report
from hipdrive.settings import Home
from hipdrive.warehouse import Warehouse, known_files, only_writer


@dataclass(frozen=True)
class Step:
    """One step of a night.

    Attributes:
        name: what it is called, also as a task.
        stage: which of the night's recorded seconds it counts into.
        label: what a progress bar says.
        units: what it is done to, one after the other.
        do: does it to one unit.
    """

    name: str
    stage: str
    label: str
    units: Callable[[Night], Sequence[Any]]
    do: Callable[[Night, Any], None]


def _once(_: Night) -> Sequence[None]:
    return (None,)


def _athletes(night: Night) -> Sequence[str]:
    return night.athletes_with_data()


def _batches(night: Night) -> Sequence[list[Offer]]:
    found, zips = expand_zips(night.offers, night.home.settings, night.record.started_utc)
    night.record.count(night.warehouse.merge_sources(zips))
    return list(cut_batches(found))


def _read(night: Night, offers: list[Offer]) -> None:
    known = night.warehouse.known_contents()
    batch = ingest_batch(
        offers,
        night.home.settings,
        known,
        night.record.started_utc,
        night.resolver,
        is_last_try=night.is_last_try(),
    )
    night.record.count(store(night.warehouse, batch))


def _derive(night: Night, _: None) -> None:
    today = {athlete: night.today(athlete) for athlete in night.home.settings.athlete_ids}
    night.diary_rejects = derive_tables(night.warehouse, night.home, today, night.resolver)


def _check(night: Night, _: None) -> None:
    night.checks = check_tables(night.warehouse, night.diary_rejects)
    night.record.warnings += [check.in_words for check in night.checks if check.rows]


def _estimate(night: Night, athlete: str) -> None:
    answers = estimate_athlete(night.warehouse, night.record.run_id, athlete)
    if answers is not None:
        night.answers[athlete] = answers


def _draw(night: Night, athlete: str) -> None:
    findings = gather_findings(
        night.warehouse,
        athlete,
        night.today(athlete),
        night.answers.get(athlete),
        night.checks,
        night.resolver,
        night.planted,
    )
    night.report.add(athlete, draw_page(findings, shared=night.report.is_shared))
    night.record.sentences.append(one_line(findings))


STEPS = (
    Step("read", "ingest", "Reading", _batches, _read),
    Step("derive", "measure", "Measuring", _once, _derive),
    Step("check", "measure", "Checking", _once, _check),
    Step("estimate", "estimate", "Estimating", _athletes, _estimate),
    Step("draw", "report", "Drawing", _athletes, _draw),
)

Perform = Callable[[Step, Callable[[], None]], None]
"""Does one unit of a step; the flow makes a task of it."""


def perform_at_once(_: Step, work: Callable[[], None]) -> None:
    """Without an engine."""
    work()


def part(first: str, last: str) -> tuple[Step, ...]:
    """The steps from one to another, both included."""
    names = [step.name for step in STEPS]
    return STEPS[names.index(first) : names.index(last) + 1]


def take(night: Night, steps: Sequence[Step], perform: Perform) -> None:
    """Take steps in their order."""
    for step in steps:
        with night.record.timed(step.stage):
            units = step.units(night)
            for unit in FOLLOWING.get()(units, step.label, len(units)):
                perform(step, lambda step=step, unit=unit: step.do(night, unit))  # type: ignore[misc]


@contextmanager
def begun(home: Home, tonight: date | None = None, planted: Planted | None = None) -> Iterator[Night]:
    """A night that is recorded whichever way it ends, while nobody else writes."""
    with recorded(home) as record, only_writer(home.data):
        yield Night(home, record, tonight, planted)


def nightly(
    home: Home,
    tonight: date | None = None,
    planted: Planted | None = None,
    *,
    perform: Perform = perform_at_once,
    is_last_try: Callable[[], bool] = lambda: True,
) -> NightRecord:
    """The whole night of one home.

    Args:
        home: whose night.
        tonight: the day the night speaks for; each athlete's own date where it is not given.
        planted: the made-up runner's truth, for the page to state.
        perform: does one unit of a step.
        is_last_try: whether a unit that fails now is not tried again.

    Raises:
        HipdriveError: the night stopped; what readers see is as it was.
    """
    with begun(home, tonight, planted) as night:
        night.is_last_try = is_last_try
        night.offers = leave_out_known(list_offers(home), known_files(home))
        wanted = fingerprint(home, night.today(home.settings.athlete_ids[0]))
        if not night.offers and stands_already(home, wanted):
            return night.record
        with Warehouse(home) as night.warehouse:
            _stage(night, share=False)
            take(night, STEPS, perform)
            night.warehouse.remember(wanted)
            night.warehouse.remember_schema()
            night.warehouse.swap()
        night.record.page = str(night.report.put_in_place())
    return night.record


def ingest(home: Home, paths: Sequence[Path], tonight: date | None = None) -> NightRecord:
    """Files into the warehouse, up to the checks; they stay where they are.

    Raises:
        HipdriveError: a path that is not there, or a check that failed; the warehouse is as it was.
    """
    offers = leave_out_known(list_offers(home, paths), known_files(home))
    with begun(home, tonight) as night, Warehouse(home) as night.warehouse:
        night.offers = offers
        take(night, part("read", "check"), perform_at_once)
        night.warehouse.remember_schema()
        night.warehouse.swap()
    return night.record


def report(home: Home, tonight: date | None = None, *, athlete: str | None, share: bool) -> tuple[NightRecord, Path]:
    """Estimate and draw from the stored tables; gives the night's record and where the pages lie.

    Raises:
        MissingWarehouse: no night has been run yet.
        OlderWarehouse: it was made by an older version, and its files were not read again yet.
        WrongUse: no such athlete.
    """
    if not home.warehouse_file.is_file():
        raise MissingWarehouse(home.warehouse_file)
    if athlete is not None and athlete not in home.settings.athlete_ids:
        known = ", ".join(home.settings.athlete_ids)
        raise WrongUse("report", f"nobody here is called “{athlete}”", f"the settings know {known}")
    with begun(home, tonight) as night:
        with Warehouse(home) as night.warehouse:
            if night.warehouse.reads_again:
                raise OlderWarehouse(home.warehouse_file)
            night.only = athlete
            take(night, part("derive", "check"), perform_at_once)
            _stage(night, share=share)
            take(night, part("estimate", "draw"), perform_at_once)
            night.warehouse.swap()
        return night.record, night.report.put_in_place()


def _stage(night: Night, *, share: bool) -> None:
    night.report = stage_report(night.home.reports, night.today(night.home.settings.athlete_ids[0]), is_shared=share)
