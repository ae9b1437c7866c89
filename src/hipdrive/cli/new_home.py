"""Making a new home."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import available_timezones

import tzlocal

from hipdrive.cli.settings_template import settings_template
from hipdrive.errors import WrongUse
from hipdrive.settings import SETTINGS_FILE


def make_home(folder: Path) -> Path:
    """A new home in a folder that may exist; nothing in it is overwritten.

    Raises:
        WrongUse: there is a home already.
    """
    place = folder.expanduser().resolve()
    settings = place / SETTINGS_FILE
    if settings.exists():
        raise WrongUse("init", f"{place} is a home already", f"its settings are in {settings}")
    (place / "data" / "inbox").mkdir(parents=True, exist_ok=True)
    (place / "reports").mkdir(exist_ok=True)
    zone = tzlocal.get_localzone_name()
    settings.write_text(settings_template(zone if zone in available_timezones() else "UTC"), encoding="utf-8")
    return place
