"""What decides whether last night's tables and page still stand."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, timedelta
from importlib.metadata import version

from hipdrive.catalogue import load_catalogue
from hipdrive.settings import Home
from hipdrive.warehouse import facts, migrations, plans_text


def fingerprint(home: Home, tonight: date) -> dict[str, str]:
    """What besides the files decides the tables: settings, catalogue, version, diary, plans, running week."""
    catalogue = load_catalogue().exercises.write_json()
    diary = home.diary_file.read_bytes().hex() if home.diary_file.is_file() else ""
    plans = plans_text(home)
    given = (
        f"{home.settings.model_dump_json()} {catalogue} {version('hipdrive')} {migrations()[-1].name} {diary} {plans}"
    )
    running_week = tonight - timedelta(days=tonight.weekday())
    return {"given": hashlib.sha256(given.encode()).hexdigest(), "running_week": running_week.isoformat()}


def stands_already(home: Home, wanted: Mapping[str, str]) -> bool:
    """Whether the warehouse was built with the same settings in the same week, and its page is there."""
    remembered = facts(home)
    return wanted.items() <= remembered.items() and (home.reports / "latest" / "index.html").is_file()
