"""What a night has to do, found out without loading what only a night with work needs.

So a command can tell, before it loads an engine, whether there is anything for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import Enum
from pathlib import Path
from typing import NoReturn

import dataframely as dy

from hipdrive.errors import HipdriveError, NewerWarehouse
from hipdrive.night.calendar import local_date
from hipdrive.night.freshness import check_freshness
from hipdrive.night.news import Unmet, find_changed_files
from hipdrive.night.record import NightRecord, recorded_night
from hipdrive.night.telling import telling
from hipdrive.read.corrections import read_corrections
from hipdrive.read.diary import read_diary
from hipdrive.settings import Home
from hipdrive.tables.sources import Source
from hipdrive.warehouse import (
    BUILD,
    SCHEMA,
    facts,
    is_of_older_version,
    is_one_file,
    is_todays_catalogue,
    marks,
    only_writer,
    open_tables,
    page_is_older,
    read_ledgers,
    read_moved,
    read_shards,
    read_stamp,
    refuse_newer,
    reread_so_far,
)


class Work(Enum):
    """From which step on a night has work."""

    NOTHING = "all stands"
    PAGE = "the page is from another day, or from other tables"
    ESTIMATE = "the tables were not estimated"
    EVERYTHING = "files have news, or other settings make other tables"


@dataclass(frozen=True)
class WorkAhead:
    """What a night has before it.

    Attributes:
        work: what of it is needed.
        warnings: what only a person can settle, told every night until it is.
    """

    work: Work
    warnings: tuple[str, ...] = ()


def find_work(home: Home, tonight: date, *, is_moved: bool = False) -> WorkAhead:
    """What of a night is needed, and what it has to tell whatever it does.

    Args:
        home: whose night.
        tonight: the day it speaks for.
        is_moved: contents that it knows were moved to another athlete of the team.

    Raises:
        NewerWarehouse: a newer version of hipdrive made the warehouse.
        HipdriveError: the inbox or the warehouse cannot be read.
        OSError: the same.
    """
    if home.is_team:
        return _find_work_of_team(home, tonight)
    known = facts(home)
    refuse_newer(home.warehouse_file, known.get(SCHEMA))
    freshness, news = check_freshness(home, tonight, known), find_changed_files(home, ledger_of(home))
    if not freshness.tables or reread_so_far(home) is not None or news.is_any or is_moved:
        work = Work.EVERYTHING
    elif not freshness.estimate:
        work = Work.ESTIMATE
    else:
        work = Work.NOTHING if freshness.page else Work.PAGE
    return WorkAhead(work, news.warnings)


@dataclass(frozen=True)
class Team:
    """What a night finds out about a team before it does anything.

    Attributes:
        athletes: who has work.
        gone: athletes of the catalogue who are here no more.
        warnings: what only a person can settle.
    """

    athletes: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def find_athletes_with_news(home: Home, today: Callable[[str], date]) -> Team:
    """Who has work tonight. No athlete's file is opened: the catalogue knows of each what it remembers.

    A new day alone is not work: an athlete without news keeps their page.

    Raises:
        HipdriveError: the inbox or the catalogue cannot be read.
        OSError: the same.
    """
    members, known, moved = home.members, read_shards(home), read_moved(home)
    found = Team(gone=sorted(known.keys() - set(members)))
    corrections = read_corrections(home.corrections_file)
    absent = [folder for folder in home.inbox_folders if not folder.is_dir()]
    unmet = Unmet([_name(home, folder) for folder in absent], corrections)
    is_new = False
    for athlete, ledger in read_ledgers(home, members):
        shard = home.of(athlete)
        news = find_changed_files(shard, ledger)
        is_new |= bool(news.offers)
        if absent or corrections.lines:
            unmet.meet([name for column in _NAMES for name in ledger[column].drop_nulls()])
        if news.is_any or athlete in moved or not _stands(shard, today(athlete), known.get(athlete, {})):
            found.athletes.append(athlete)
    rejects = read_diary(home.diary_file, home.settings.athlete_ids).rejects
    found.warnings.extend(unmet.in_words(is_new=is_new))
    found.warnings.extend(f"data/diary.csv, {reject}" for reject in rejects)
    return found


_NAMES = ("path", "source_id", "content_sha256")


def _name(home: Home, folder: Path) -> str:
    return (folder.relative_to(home.folder) if folder.is_relative_to(home.folder) else folder.resolve()).as_posix()


def _stands(shard: Home, tonight: date, known: Mapping[str, str]) -> bool:
    """Whether an athlete's tables are those of the catalogue and of today, and the page theirs, of whatever day."""
    file = shard.warehouse_file
    on_disk = marks(file)
    if not on_disk or not on_disk.items() <= known.items() or file.with_name(f"{file.name}.next").is_file():
        return False
    freshness = check_freshness(shard, tonight, known)
    page = read_stamp(shard.newest_page)
    return freshness.tables and freshness.estimate and page is not None and page[0] == known[BUILD]


def _find_work_of_team(home: Home, tonight: date) -> WorkAhead:
    now = datetime.now(UTC)
    first = local_date(home.settings, home.settings.first_athlete, now)
    if is_one_file(home) or not is_todays_catalogue(home):
        return WorkAhead(Work.EVERYTHING)
    team = find_athletes_with_news(home, lambda athlete: tonight + (local_date(home.settings, athlete, now) - first))
    is_idle = not (team.athletes or team.gone or page_is_older(home))
    return WorkAhead(Work.NOTHING if is_idle else Work.EVERYTHING, tuple(team.warnings))


def is_ingested(home: Home, tonight: date, paths: Sequence[Path], athlete: str | None = None) -> bool:
    """Whether the warehouse holds some files as they are, in tables that stand.

    Args:
        home: whose warehouse.
        tonight: the day it speaks for.
        paths: files or folders.
        athlete: whose files they are; those in the inbox belong by their folder.

    Raises:
        HipdriveError: a path that is not there.
        OSError: one that cannot be looked into.
    """
    return (
        check_freshness(home, tonight).tables and not find_changed_files(home, ledger_of(home), paths, athlete).is_any
    )


def work_ahead(home: Home) -> WorkAhead | None:
    """What tonight needs; None where that cannot be told, for then the night itself meets the cause and tells it.

    Raises:
        NewerWarehouse: a newer version of hipdrive made the warehouse; the night is told as stopped.
    """
    try:
        return find_work(home, _today(home))
    except NewerWarehouse as error:
        failed_night(home, error)
    except (HipdriveError, OSError):
        return None


def is_ingested_already(home: Home, paths: Sequence[Path], athlete: str | None = None) -> bool:
    """Whether an `ingest` has nothing to do; not so where that cannot be told, as in `work_ahead`."""
    try:
        is_known = athlete is None or athlete in home.settings.athlete_ids
        return is_known and is_ingested(home, _today(home), paths, athlete)
    except (HipdriveError, OSError):
        return False


def idle_night(home: Home, warnings: Sequence[str] = (), notes: Sequence[str] = ()) -> NightRecord:
    """A night that has nothing to do but to tell its warnings and notes, recorded like every other.

    Raises:
        HipdriveError: another night is at work.
    """
    with recorded_night(home) as record, only_writer(home.data):
        record.warnings += warnings
        record.notes += notes
        return record


def quiet_night(home: Home, warnings: Sequence[str] = (), notes: Sequence[str] = ()) -> NightRecord:
    """An idle night as the nightly flow has it: who wants to be told something of it is told.

    Raises:
        HipdriveError: another night is at work.
    """
    with telling(home) as told:
        told.append(idle_night(home, warnings, notes))
    return told[0]


def failed_night(home: Home, error: HipdriveError) -> NoReturn:
    """A night that stopped before it began, recorded and told like every other.

    Raises:
        HipdriveError: what it stopped by.
    """
    with telling(home), recorded_night(home):
        raise error


def ledger_of(home: Home) -> dy.DataFrame[Source]:
    """The ledger of the warehouse that is in place; empty where there is none that this version can read."""
    if not home.warehouse_file.is_file() or is_of_older_version(home):
        return Source.create_empty()
    with open_tables(home) as tables:
        return tables.read("sources", Source)


def _today(home: Home) -> date:
    return local_date(home.settings, home.settings.first_athlete, datetime.now(UTC))
