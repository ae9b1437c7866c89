"""What each command takes of a night's order, and when it has nothing to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path

from hipdrive.errors import MissingWarehouse, OlderWarehouse, WrongUse
from hipdrive.night.derive import check_tables
from hipdrive.night.freshness import ESTIMATED, check_freshness, estimated, fingerprint
from hipdrive.night.members import keep_members
from hipdrive.night.moved import moved_numbers
from hipdrive.night.news import find_changed_files, stale_paths
from hipdrive.night.night import Night, seen
from hipdrive.night.order import STEPS, Perform, Step, perform_at_once, run_steps, steps_between, tell_soft_checks
from hipdrive.night.plans import forget_answers
from hipdrive.night.record import NightRecord, recorded_night
from hipdrive.night.shards import (
    Errand,
    Nights,
    Outcome,
    attempt,
    bring_to_shards,
    in_sequence,
    publish,
    run_night,
    settle_catalogue,
    tell,
)
from hipdrive.night.telling import telling
from hipdrive.night.work import Work, find_work, is_ingested, ledger_of
from hipdrive.read.inbox import list_offers
from hipdrive.report import Planted, stage_report
from hipdrive.settings import Home
from hipdrive.tables.sources import Source
from hipdrive.warehouse import BUILD, Warehouse, facts, is_of_older_version, only_writer, open_tables


def nightly(
    home: Home,
    tonight: date | None = None,
    planted: Planted | None = None,
    *,
    perform: Perform = perform_at_once,
    is_last_try: Callable[[], bool] = lambda: True,
    first: Sequence[Step] = (),
    nights: Nights | None = None,
    elsewhere: frozenset[str] = frozenset(),
) -> NightRecord:
    """The whole night of one home, or what of it is needed.

    Without news and on the same day all stands. On a new day the page alone is drawn again. Where the page lacks what
    the warehouse has, because a command or a crash came between, it is estimated or drawn.

    Args:
        home: whose night.
        tonight: the day the night speaks for; each athlete's own date where it is not given.
        planted: the made-up runner's truth, for the page to state.
        perform: does one unit of a step.
        is_last_try: whether a unit that fails now is not tried again.
        first: steps before the inbox is looked at: services are asked.
        nights: does the nights of a team's athletes; without it one after the other.
        elsewhere: contents that were moved to another athlete of the team.

    Raises:
        HipdriveError: the night stopped; what readers see is as it was.
    """
    with telling(home) as told, begun(home, tonight, planted) as night:
        told.append(night.record)
        night.is_last_try, night.elsewhere = is_last_try, elsewhere
        run_steps(night, first, perform)
        if home.is_team:
            run_night(night, nights or in_sequence(partial(do_errand, home)))
            return night.record
        today = night.today(home.settings.first_athlete)
        ahead = seen(partial(find_work, home, today, is_moved=bool(elsewhere)), "Looking into the inbox")
        work = ahead.work
        night.record.warnings += ahead.warnings
        if work is Work.EVERYTHING:
            with Warehouse(home) as copy:
                _open_copy(night, copy)
                night.news = seen(partial(find_changed_files, home, night.ledger_before), "Looking into the inbox")
                _run_all(night, STEPS, perform)
        elif work is Work.ESTIMATE:
            with Warehouse(home) as copy:
                _open_copy(night, copy)
                night.checks = check_tables(copy, night.diary.rejects)
                _run_all(night, steps_between("estimate", "draw"), perform)
        elif work is Work.PAGE:
            _draw_again(night, perform)
    return night.record


def do_errand(home: Home, errand: Errand) -> Outcome:
    """One athlete's night in their own part of a team's home."""
    shard = home.of(errand.athlete)
    return attempt(errand.athlete, lambda: nightly(shard, errand.tonight, elsewhere=errand.elsewhere))


def backfill(home: Home, *, perform: Perform = perform_at_once) -> NightRecord:
    """Everything again from the sources; rows of files since gone are kept. What moved is in the record.

    A backfill that broke off is gone on with by the next night, or by another.

    Raises:
        HipdriveError: it stopped; what readers see is as it was.
    """
    if home.is_team:
        with begun(home) as night:
            bring_to_shards(night)
            drawn = tell(night.record, (attempt(one, partial(backfill, home.of(one))) for one in home.members))
            settle_catalogue(night, home.members, compare=True)
            publish(night, drawn)
        return night.record
    with begun(home) as night, Warehouse(home) as copy:
        _open_copy(night, copy)
        copy.let_all_be_read_again()
        forget_answers(copy)
        night.news = seen(partial(find_changed_files, home, copy.read("sources", Source)), "Looking into the inbox")
        night.record.warnings += night.news.warnings
        _run_all(night, STEPS, perform, compare=True)
    return night.record


def ingest(
    home: Home, paths: Sequence[Path], tonight: date | None = None, *, athlete: str | None = None
) -> NightRecord:
    """Files into the warehouse, up to the checks; they stay where they are.

    Args:
        home: whose warehouse.
        paths: files or folders.
        tonight: the day it speaks for; each athlete's own date where it is not given.
        athlete: whose files they are; those in the inbox belong by their folder.

    Raises:
        HipdriveError: a path that is not there, or a check that failed; the warehouse is as it was.
    """
    if athlete is not None and home.shard_of is None:
        _must_know(home, "ingest", athlete)
    with begun(home, tonight) as night:
        if home.is_team:
            bring_to_shards(night)
            owners = sorted({offer.athlete_id for offer in list_offers(home, paths, athlete).offers})
            into = partial(ingest, paths=paths, tonight=tonight, athlete=athlete)
            tell(night.record, (attempt(one, partial(into, home.of(one))) for one in owners))
            settle_catalogue(night, owners)
            return night.record
        if is_ingested(home, night.today(night.home.settings.first_athlete), paths, athlete):
            return night.record
        with Warehouse(home) as copy:
            _open_copy(night, copy)
            night.news = seen(
                partial(find_changed_files, home, night.ledger_before, paths, athlete), "Looking into what was named"
            )
            run_steps(night, steps_between("read", "check"))
            copy.remember(fingerprint(home, night.today(home.settings.first_athlete)))
            seen(partial(copy.swap, night.record.run_id), "Writing to the disk")
    return night.record


def report(
    home: Home, tonight: date | None = None, *, athlete: str | None = None, share: bool = False
) -> tuple[NightRecord, Path]:
    """Estimate and draw from the stored tables; gives the night's record and where the pages lie.

    Tables that settings or catalogue have outdated are derived first. A shared report leaves the warehouse alone.

    Raises:
        MissingWarehouse: no night has been run yet.
        OlderWarehouse: it was made by an older version, and its files were not read again yet.
        WrongUse: no such athlete.
    """
    if not home.warehouse_file.is_file():
        raise MissingWarehouse(home.warehouse_file)
    if athlete is not None:
        _must_know(home, "report", athlete)
    if home.is_team:
        return _report_of_team(home, tonight, athlete, share=share)
    if is_of_older_version(home):
        raise OlderWarehouse(home.warehouse_file)
    with begun(home, tonight) as night:
        night.only = athlete
        stale = stale_paths(ledger_of(home), home)
        if stale:
            night.record.warnings.append(
                f"{len(stale)} of the files were read with other settings, or by an older version; "
                "`hipdrive nightly` reads them again"
            )
        freshness = check_freshness(home, night.today(home.settings.first_athlete))
        if share and freshness.estimate:
            return night.record, _draw_again(night, share=True)
        with Warehouse(home) as copy:
            _open_copy(night, copy)
            if freshness.tables:
                night.checks = check_tables(copy, night.diary.rejects)
                tell_soft_checks(night)
            steps = steps_between("estimate" if freshness.tables else "derive", "draw")
            return night.record, _run_all(night, steps, share=share)


def _report_of_one(shard: Home, tonight: date | None) -> NightRecord:
    return report(shard, tonight)[0]


def _report_of_team(home: Home, tonight: date | None, athlete: str | None, *, share: bool) -> tuple[NightRecord, Path]:
    with begun(home, tonight) as night:
        bring_to_shards(night)
        if share:
            return night.record, _share_of_team(night, athlete)
        whose = [athlete] if athlete else [one for one in home.members if home.of(one).warehouse_file.is_file()]
        drawn = tell(night.record, (attempt(one, partial(_report_of_one, home.of(one), tonight)) for one in whose))
        settle_catalogue(night, whose)
        publish(night, drawn)
    return night.record, home.reports / (f"latest/{athlete}" if athlete else "latest")


def _share_of_team(night: Night, athlete: str | None) -> Path:
    home = night.home
    with open_tables(home) as tables:
        with_days = [one for one in tables.athletes() if one in home.settings.athlete_ids]
    night.report = stage_report(home.reports, night.today(home.settings.first_athlete), is_shared=True)
    for night.only in [athlete] if athlete else with_days:
        with open_tables(home.of(night.only)) as night.tables:
            night.checks = check_tables(night.tables, night.diary.rejects)
            run_steps(night, steps_between("draw", "draw"))
    return _put_in_place(night)


@contextmanager
def begun(home: Home, tonight: date | None = None, planted: Planted | None = None) -> Iterator[Night]:
    """A night that is recorded whichever way it ends, while nobody else writes."""
    with recorded_night(home) as record, only_writer(home.data):
        yield Night(home, record, tonight, planted)


def _open_copy(night: Night, copy: Warehouse) -> None:
    night.tables = copy
    night.ledger_before = copy.read("sources", Source)


def _run_all(
    night: Night,
    steps: Sequence[Step],
    perform: Perform = perform_at_once,
    *,
    share: bool = False,
    compare: bool = False,
) -> Path:
    """Run steps up to the pages; then the copy takes the warehouse's place, and the pages theirs."""
    home, copy = night.home, night.warehouse
    build = night.record.run_id
    night.report = stage_report(
        home.reports,
        night.today(night.home.settings.first_athlete),
        is_shared=share,
        only=None if share else night.only_folder,
        build=build,
        habits=night.home.settings.habits_of(night.home.settings.first_athlete),
    )
    run_steps(night, steps, perform)
    if not share:
        copy.remember({**fingerprint(home, night.today(home.settings.first_athlete)), ESTIMATED: estimated(build)})
        if compare:
            night.record.moved = seen(partial(moved_numbers, home, copy), "Comparing")
        seen(partial(copy.swap, build), "Writing to the disk")
    return _put_in_place(night)


def _draw_again(night: Night, perform: Perform = perform_at_once, *, share: bool = False) -> Path:
    """The pages from the warehouse as it is, with what was estimated before: no copy, no estimate."""
    build = facts(night.home)[BUILD]
    night.report = stage_report(
        night.home.reports,
        night.today(night.home.settings.first_athlete),
        is_shared=share,
        only=None if share else night.only_folder,
        build=build,
        habits=night.home.settings.habits_of(night.home.settings.first_athlete),
    )
    with open_tables(night.home) as night.tables:
        night.checks = check_tables(night.tables, night.diary.rejects)
        run_steps(night, steps_between("draw", "draw"), perform)
    return _put_in_place(night)


def _put_in_place(night: Night) -> Path:
    folder = night.report.put_in_place()
    if night.home.shard_of is not None:
        keep_members(night.home, night.report.members)
    night.record.page = str(folder / "index.html")
    return folder


def _must_know(home: Home, command: str, athlete: str) -> None:
    if athlete not in home.settings.athlete_ids:
        known = ", ".join(home.settings.athlete_ids)
        raise WrongUse(command, f"nobody here is called “{athlete}”", f"the settings name {known}")
