"""What a night has to do, found out without loading what only a night with work needs.

So a command can tell, before it loads an engine, whether there is anything for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum
from pathlib import Path
from typing import NoReturn

import dataframely as dy

from hipdrive.errors import HipdriveError
from hipdrive.night.calendar import local_date
from hipdrive.night.news import look
from hipdrive.night.record import NightRecord, recorded
from hipdrive.night.standing import what_stands
from hipdrive.night.telling import telling
from hipdrive.settings import Home
from hipdrive.tables.sources import Source
from hipdrive.warehouse import is_of_older_version, only_writer, open_tables, reread_so_far


class Work(Enum):
    """From which step on a night has work."""

    NOTHING = "all stands"
    PAGE = "the page is of another day, or of other tables"
    ESTIMATE = "the tables were not estimated"
    EVERYTHING = "files have news, or other settings make other tables"


@dataclass(frozen=True)
class Ahead:
    """What a night has before it.

    Attributes:
        work: what of it is needed.
        warnings: what only a person can settle, told every night until it is.
    """

    work: Work
    warnings: tuple[str, ...] = ()


def find_work(home: Home, tonight: date) -> Ahead:
    """What of a night is needed, and what it has to tell whatever it does.

    Raises:
        HipdriveError: the inbox or the warehouse cannot be read.
        OSError: the same.
    """
    stands, news = what_stands(home, tonight), look(home, ledger_of(home))
    if not stands.tables or reread_so_far(home) is not None or news.is_any:
        work = Work.EVERYTHING
    elif not stands.estimate:
        work = Work.ESTIMATE
    else:
        work = Work.NOTHING if stands.page else Work.PAGE
    return Ahead(work, news.warnings)


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
    return what_stands(home, tonight).tables and not look(home, ledger_of(home), paths, athlete).is_any


def work_ahead(home: Home) -> Ahead | None:
    """What tonight needs; None where that cannot be told, for then the night itself meets the cause and tells it."""
    try:
        return find_work(home, _today(home))
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
    with recorded(home) as record, only_writer(home.data):
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
    with telling(home), recorded(home):
        raise error


def ledger_of(home: Home) -> dy.DataFrame[Source]:
    """The ledger of the warehouse that is in place; empty where there is none that this version can read."""
    if not home.warehouse_file.is_file() or is_of_older_version(home):
        return Source.create_empty()
    with open_tables(home) as tables:
        return tables.read("sources", Source)


def _today(home: Home) -> date:
    return local_date(home.settings, home.settings.first_athlete, datetime.now(UTC))
