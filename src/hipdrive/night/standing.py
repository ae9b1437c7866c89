"""What decides whether last night's tables and page still stand."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.metadata import version

from hipdrive.catalogue import catalogue_text
from hipdrive.night.provenance import EDITION
from hipdrive.settings import Home
from hipdrive.warehouse import BUILD, facts, is_of_older_version, migrations, plans_text, read_stamp, views_text

ESTIMATED = "estimated"  # the key of `about` under which a warehouse keeps the build whose weeks were estimated


def fingerprint(home: Home, tonight: date) -> dict[str, str]:
    """What besides the files decides the tables: settings, catalogue, version, views, diary, plans, running week."""
    diary = home.diary_file.read_bytes().hex() if home.diary_file.is_file() else ""
    plans = plans_text(home)
    code = f"{version('hipdrive')} {EDITION} {migrations()[-1].name} {views_text()}"
    settings = home.settings.model_dump_json(exclude={"fetch"})
    given = f"{settings} {catalogue_text()} {code} {diary} {plans}"
    running_week = tonight - timedelta(days=tonight.weekday())
    return {"given": hashlib.sha256(given.encode()).hexdigest(), "running_week": running_week.isoformat()}


@dataclass(frozen=True)
class Standing:
    """What of last night stands, as long as no file has news.

    Attributes:
        tables: made by today's settings, catalogue and version, in this week.
        estimate: made of these tables.
        page: drawn of this estimate, today.
    """

    tables: bool
    estimate: bool
    page: bool


def what_stands(home: Home, tonight: date) -> Standing:
    """Compare the warehouse with what it would be made of today, and the page with the warehouse."""
    known = facts(home)
    tables = bool(known) and not is_of_older_version(home) and fingerprint(home, tonight).items() <= known.items()
    estimate = tables and BUILD in known and known.get(ESTIMATED) == known[BUILD]
    page = estimate and read_stamp(home.newest_page) == (known[BUILD], tonight.isoformat())
    return Standing(tables, estimate, page)
