"""What decides whether last night's tables, estimate and page are still up to date."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.metadata import version

from hipdrive.catalogue import catalogue_text
from hipdrive.night.provenance import EDITION
from hipdrive.read.diary import text_of
from hipdrive.settings import Home
from hipdrive.warehouse import (
    BUILD,
    SCHEMA,
    facts,
    migrations,
    missing_migrations,
    plans_text,
    read_stamp,
    views_text,
)

ESTIMATED = "estimated"  # the key of `about` under which a warehouse keeps the build whose weeks were estimated

# Raised by hand whenever a class of the estimate, or a field of one, is renamed: answers that were kept under the old
# names cannot be read, so they are estimated again. A golden test says when.
ANSWERS_EDITION = 2


def fingerprint(home: Home, tonight: date) -> dict[str, str]:
    """What besides the files decides the tables: settings, catalogue, version, views, diary, plans, running week."""
    if home.shard_of is not None:
        diary = text_of(home.diary_file, home.shard_of).encode().hex()
    else:
        diary = home.diary_file.read_bytes().hex() if home.diary_file.is_file() else ""
    settings = home.settings.model_dump_json(
        exclude={"fetch": True, "engine": True, "tell": True, "athlete": {"name"}, "athletes": {"__all__": {"name"}}}
    )
    given = f"{settings} {_program(EDITION)} {diary} {plans_text(home)}"
    running_week = tonight - timedelta(days=tonight.weekday())
    return {"given": hashlib.sha256(given.encode()).hexdigest(), "running_week": running_week.isoformat()}


@cache
def _program(edition: int) -> str:
    """What of the program decides the tables."""
    return f"{catalogue_text()} {version('hipdrive')} {edition} {migrations()[-1].name} {views_text()}"


def estimated(build: str) -> str:
    """What a warehouse remembers under `ESTIMATED` of a build whose weeks were estimated by this version."""
    return f"{build}; answers {ANSWERS_EDITION}"


@dataclass(frozen=True)
class Freshness:
    """What of last night is still up to date, as long as no file has news.

    Attributes:
        tables: made by today's settings, catalogue and version, in this week.
        estimate: made of these tables.
        page: drawn of this estimate, today.
    """

    tables: bool
    estimate: bool
    page: bool


def check_freshness(home: Home, tonight: date, known: Mapping[str, str] | None = None) -> Freshness:
    """Compare the warehouse with what it would be made of today, and the page with the warehouse.

    Args:
        home: whose warehouse.
        tonight: the day it should speak for.
        known: what the warehouse remembers of itself, where that is known without opening it.
    """
    known = facts(home) if known is None else known
    tables = (
        bool(known)
        and not missing_migrations(known.get(SCHEMA))
        and fingerprint(home, tonight).items() <= known.items()
    )
    estimate = tables and BUILD in known and known.get(ESTIMATED) == estimated(known[BUILD])
    page = estimate and read_stamp(home.newest_page) == (known[BUILD], tonight.isoformat())
    return Freshness(tables, estimate, page)
