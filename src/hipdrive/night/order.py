"""The one order of a night, and which part of it each command takes.

    read       files → tables of the private copy, in batches      night/batches.py
    settle     which path and which content of it counts            night/ledger.py
    derive     what looks over all files of an athlete              night/derive.py
    check      rows that must not exist                             night/derive.py, warehouse/checks/
    estimate   finished tables → answers, athlete by athlete        night/answers.py
    draw       answers and tables → a page an athlete               night/findings.py, report/

`nightly` takes all of them, `ingest` stops before the estimate, `report` starts at it, `backfill` reads all again. All
happens on a private copy and in a hidden folder; then the copy takes the warehouse's place, then the pages theirs.
A night that breaks before that leaves everything as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Any

import dataframely as dy
import polars as pl

from hipdrive.night.answers import estimate_athlete, kept_answers
from hipdrive.night.archives import expand_archives
from hipdrive.night.batches import cut_batches, ingest_batch, unreadable_folders
from hipdrive.night.derive import check_tables, derive_tables, failed, raise_failed, settle_sources, write_shared_tables
from hipdrive.night.findings import gather_findings
from hipdrive.night.firewall import in_words, is_files_fault
from hipdrive.night.ledger import ledger_rows, take_offers, unopened
from hipdrive.night.news import Ledger, by_content
from hipdrive.night.night import Night, followed, seen
from hipdrive.night.plans import follow_plans
from hipdrive.night.soft_checks import needs_a_person, sort_out
from hipdrive.night.versions import lost_sets
from hipdrive.read.inbox import Offer
from hipdrive.report import draw_card, draw_page, member_of, one_line, written_for
from hipdrive.tables.sources import Reading, Source
from hipdrive.warehouse import OddRow


@dataclass(frozen=True)
class Step:
    """One step of a night.

    Attributes:
        name: what it is called, also as a task.
        stage: which of the night's recorded seconds it counts into.
        label: what a progress bar says.
        units: what it is done to, one after the other.
        do: does it to one unit.
        close: what is left to do after all of them.
        within: what holds while it is taken.
    """

    name: str
    stage: str
    label: str
    units: Callable[[Night], Sequence[Any]]
    do: Callable[[Night, Any], None]
    close: Callable[[Night], None] = lambda _: None
    within: Callable[[Night], AbstractContextManager[None]] = lambda _: nullcontext()


Perform = Callable[[Step, Callable[[], None]], None]
"""Does one unit of a step; the flow makes a task of it."""


def perform_at_once(_: Step, work: Callable[[], None]) -> None:
    """Without an engine."""
    work()


def steps_between(first: str, last: str) -> tuple[Step, ...]:
    """The steps from one to another, both included."""
    names = [step.name for step in STEPS]
    return STEPS[names.index(first) : names.index(last) + 1]


def run_steps(night: Night, steps: Sequence[Step], perform: Perform = perform_at_once) -> None:
    """Run steps in their order."""
    for step in steps:
        with night.record.timed(step.stage), step.within(night):
            units = seen(partial(step.units, night), step.label)
            with followed(units, step.label) as watched:
                for unit in watched:
                    perform(step, lambda step=step, unit=unit: step.do(night, unit))  # type: ignore[misc]
            seen(partial(step.close, night), step.label)


def _once(_: Night) -> Sequence[None]:
    return (None,)


def _batches(night: Night) -> Sequence[list[Offer]]:
    settings, seen_at = night.home.settings, night.record.started_utc
    ledger = Ledger(night.warehouse.read("sources", Source), settings, night.corrections)
    found, archives = expand_archives(night.news.offers, settings, seen_at, ledger)
    _enter(night, archives)
    _enter(night, unreadable_folders(night.news.unreadable, settings, seen_at))
    return list(cut_batches(found))


def _enter(night: Night, offered: dy.DataFrame[Source]) -> None:
    """Write tonight's rows into the ledger."""
    paths = offered["path"].unique().to_list()
    known = night.warehouse.rows_of("sources", Source, "path", paths)
    night.warehouse.replace_rows("sources", "path", paths, take_offers(known, offered))


def _read(night: Night, offers: list[Offer]) -> None:
    athlete = offers[0].athlete_id
    before = {
        row["content_sha256"]: row for row in night.warehouse.read("readings", Reading, athlete).iter_rows(named=True)
    }
    batch = ingest_batch(
        offers,
        night.home.settings,
        before,
        night.record.started_utc,
        night.resolver,
        by_content(night.corrections, night.ledger_before),
        is_last_try=night.is_last_try(),
    )
    with night.warehouse.all_or_nothing():
        night.warehouse.unread(batch.readings)
        for table, frame in batch.tables.items():
            night.warehouse.append(table, frame)
        night.warehouse.append("readings", batch.readings)
        _enter(night, batch.sources)
    night.offered |= {(path, source) for path, source in batch.sources.select("path", "source_id").iter_rows()}


def _settle(night: Night, _: None) -> None:
    settle_sources(night.warehouse, night.news.gone, night.elsewhere)


def _derive(night: Night, athlete: str) -> None:
    try:
        derive_tables(night.warehouse, night.home.settings, athlete, night.resolver)
    except BaseException as error:
        if not is_files_fault(error) or not any(offer.athlete_id == athlete for offer in night.news.offers):
            raise
        _set_aside(night, athlete, in_words(error))


def _everyone(night: Night) -> Sequence[str]:
    today = {athlete: night.today(athlete) for athlete in night.everyone()}
    write_shared_tables(night.warehouse, night.home, today, night.resolver, night.diary)
    return list(today)


def _build_views(night: Night) -> None:
    night.warehouse.build_views()
    follow_plans(night.warehouse)


def _check(night: Night, _: None) -> None:
    night.checks = check_tables(night.warehouse, night.diary.rejects)
    for check in failed(night.checks):
        raise_failed(check)


def _set_aside(night: Night, athlete: str, why: str) -> None:
    """One athlete's tables are last night's again; tonight's files of theirs are listed, to be offered again."""
    night.warehouse.take_back(athlete)
    night.stopped[athlete] = why
    night.record.warnings.append(f"{athlete}: {why}; the tables and the page stay those of the last good night")
    offers = [offer for offer in night.news.offers if offer.athlete_id == athlete]
    known = set(night.warehouse.read("sources", Source, athlete)["path"])
    rows = [unopened(offer, night.record.started_utc, f"read, but set aside: {why}") for offer in offers]
    _enter(night, ledger_rows([{**row, "modified_ns": 0} for row in rows if row["path"] not in known]))


def _tell(night: Night) -> None:
    """What became of tonight's files, and which logs lost sets that counted."""
    after = night.warehouse.read("sources", Source)
    tonight = pl.DataFrame(sorted(night.offered), schema={"path": pl.String, "source_id": pl.String}, orient="row")
    before = night.ledger_before.select("path", "source_id", "status", "read_with")
    news = after.join(tonight, on=["path", "source_id"], how="semi").join(
        before, on=["path", "source_id"], how="left", suffix="_before"
    )
    same = (pl.col("status") == pl.col("status_before")) & (pl.col("read_with") == pl.col("read_with_before"))
    night.record.count(news.filter(~same.fill_null(value=False)))
    tell_soft_checks(night)
    night.record.warnings += lost_sets(night.ledger_before, after)


def tell_soft_checks(night: Night) -> None:
    """What the checks that stop nothing have found: what needs a person, and what is only told."""
    before = night.ledger_before.filter(pl.col("status").is_in(["loaded", "replaced", "duplicate"]))
    known = frozenset(before["source_id"])

    def is_for_a_person(row: OddRow) -> bool:
        return needs_a_person(row, known, night.today(row.athlete_id or night.home.settings.first_athlete))

    warnings, notes = sort_out(night.checks, is_for_a_person)
    night.record.warnings += warnings
    night.record.notes += notes


def _with_page(night: Night) -> Sequence[str]:
    return [athlete for athlete in night.athletes_with_page() if athlete not in night.stopped]


def _estimate(night: Night, athlete: str) -> None:
    estimate_athlete(night.warehouse, night.record.run_id, athlete, night.record.started_utc)


def _draw(night: Night, athlete: str) -> None:
    if athlete in night.stopped:
        night.report.keep(athlete)
        return
    findings = gather_findings(
        night.tables,
        athlete,
        night.today(athlete),
        kept_answers(night.tables, athlete),
        night.checks,
        night.resolver,
        night.planted,
        night.home.settings.habits_of(athlete),
    )
    with written_for(night.home.settings.habits_of(night.home.settings.first_athlete)):
        member = member_of(findings)
    is_shared = night.report.is_shared
    card = draw_card(findings) if is_shared else None
    night.report.add(athlete, draw_page(findings, shared=is_shared), member, card)
    is_team = len(night.athletes_with_page()) > 1
    night.record.sentences.append(f"{athlete}: {one_line(findings)}" if is_team else one_line(findings))


STEPS = (
    Step("read", "ingest", "Reading", _batches, _read, within=lambda night: night.warehouse.reading()),
    Step("settle", "ingest", "Settling", _once, _settle),
    Step("derive", "measure", "Measuring", _everyone, _derive, _build_views),
    Step("check", "measure", "Checking", _once, _check, _tell),
    Step("estimate", "estimate", "Estimating", _with_page, _estimate),
    Step("draw", "report", "Drawing", Night.athletes_with_page, _draw),
)
