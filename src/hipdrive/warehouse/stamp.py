"""What a page was drawn from: it carries the build of the warehouse and the day, so that an older page is known."""

from __future__ import annotations

import re
from pathlib import Path

_NAME = "hipdrive-build"
_WITHIN = 400  # bytes of a page, which begins with it


def stamp(page: str, build: str, day: str) -> str:
    """A page with its build and day (ISO 8601) in its head."""
    return page.replace("<head>", f'<head><meta name="{_NAME}" content="{build} {day}">', 1)


def read_stamp(page: Path) -> tuple[str, str] | None:
    """The build and the day that a page was drawn from; None where there is no page, or it does not say."""
    try:
        with page.open("rb") as file:
            head = file.read(_WITHIN).decode("utf-8", "replace")
    except OSError:
        return None
    found = re.search(rf'<meta name="{_NAME}" content="(\S+) (\S+)">', head)
    return (found[1], found[2]) if found else None
