"""A night that has nothing to do, found out and told without loading what only a night with work needs.

It is told like every other. Whatever goes wrong while looking is left to the night itself, which meets it again and
tells it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import dataframely as dy

from hipdrive.errors import HipdriveError
from hipdrive.night.calendar import local_date
from hipdrive.night.news import look
from hipdrive.night.record import DONE, NightRecord
from hipdrive.night.standing import what_stands
from hipdrive.settings import Home
from hipdrive.tables.sources import Source
from hipdrive.warehouse import is_of_older_version, only_writer, open_tables, reread_so_far, write_night


def quiet_night(home: Home, tonight: date | None = None) -> NightRecord | None:
    """The night of a home where tables, estimate and page all stand, recorded; None where there is work.

    Args:
        home: whose night.
        tonight: the day it speaks for; each athlete's own date where it is not given.
    """
    return _recorded_if(home, lambda: _nothing_to_do(home, tonight))


def needs_page_alone(home: Home) -> bool:
    """Whether all that a night would do is to draw the page of a new day; no file is opened and nothing estimated."""
    try:
        return (
            what_stands(home, _today(home)).estimate
            and reread_so_far(home) is None
            and look(home, ledger_of(home)).is_none
        )
    except (HipdriveError, OSError):
        return False


def quiet_ingest(home: Home, paths: Sequence[Path], athlete: str | None = None) -> NightRecord | None:
    """An `ingest` of files that the warehouse holds as they are, recorded; None where there is work.

    Args:
        home: whose warehouse.
        paths: files or folders.
        athlete: whose files they are; those in the inbox belong by their folder.
    """
    if athlete is not None and athlete not in home.settings.athlete_ids:
        return None
    return _recorded_if(
        home, lambda: what_stands(home, _today(home)).tables and not look(home, ledger_of(home), paths, athlete).is_any
    )


def ledger_of(home: Home) -> dy.DataFrame[Source]:
    """The ledger of the warehouse that is in place; empty where there is none that this version can read."""
    if not home.warehouse_file.is_file() or is_of_older_version(home):
        return Source.create_empty()
    with open_tables(home) as tables:
        return tables.read("sources", Source)


def _recorded_if(home: Home, has_nothing: Callable[[], bool]) -> NightRecord | None:
    try:
        with only_writer(home.data):
            record = NightRecord(datetime.now(UTC))
            if not has_nothing():
                return None
            write_night(home, record.row(DONE, None))
            return record
    except (HipdriveError, OSError):
        return None


def _nothing_to_do(home: Home, tonight: date | None) -> bool:
    if not what_stands(home, tonight or _today(home)).page or reread_so_far(home) is not None:
        return False
    return look(home, ledger_of(home)).is_none


def _today(home: Home) -> date:
    return local_date(home.settings, home.settings.athlete_ids[0], datetime.now(UTC))
