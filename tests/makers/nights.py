"""A home's nights as tests tell them: what is put into the inbox, and what of it counts."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

from hipdrive.night import commands
from hipdrive.settings import Home
from hipdrive.warehouse import (
    ask,
)

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
HEADER = "Date,Workout Name,Duration,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes,Workout Notes,RPE\n"
TONIGHT = date(2026, 11, 30)


def log(*rows: str) -> str:
    """A Strong export: `2026-03-02 Squat 60 5` is one set."""
    lines = []
    for number, row in enumerate(rows, start=1):
        day, name, weight, reps = row.split()
        lines.append(f"{day} 18:00:00,Gym,1h,{name},{number},{weight},{reps},0,0,,,\n")
    return HEADER + "".join(lines)


def put(home: Home, name: str, text: str | bytes, *, changed: int = 0) -> Path:
    path = home.inbox / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    if changed:
        os.utime(path, ns=(0, changed))
    return path


def night(home: Home) -> list[str]:
    return commands.nightly(Home(home.folder), TONIGHT).warnings


def sets_that_count(home: Home) -> list[tuple[object, ...]]:
    query = "SELECT local_date, weight_kg, reps FROM strength_sets WHERE superseded_by IS NULL ORDER BY ALL"
    return [tuple(str(cell) for cell in row) for row in ask(home, query).rows()]


def fates(home: Home) -> dict[str, str]:
    return dict(ask(home, "SELECT path, status FROM sources ORDER BY last_offered_utc").rows())


def settle_setting(home: Home, line: str, section: str) -> Home:
    text = home.settings_file.read_text(encoding="utf-8").replace(f"[{section}]\n", f"[{section}]\n{line}\n", 1)
    home.settings_file.write_text(text, encoding="utf-8")
    return Home(home.folder)
