"""What the services hold in the tests: runs and workouts, and nights that ask for them."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hipdrive.night import commands
from hipdrive.night.record import NightRecord
from hipdrive.night.services import FETCH, ServiceReport, fetch
from hipdrive.settings import Home
from hipdrive.warehouse import ask
from tests.fetch.stand_ins import KEY, Asked, Garmin, Intervals, Reply
from tests.makers.runs import at, fit_bytes, record_rows, session_row

TONIGHT = date(2026, 11, 30)
DAY = 86_400
RUNS = "SELECT count(*) FROM activities WHERE duplicate_of IS NULL"
HTML = Reply(b"<!DOCTYPE html><html>Just a moment", 200, {"Content-Type": "text/html"})
LISTS = {"garmin": "activities/search", "intervals": "/activities", "hevy": "/events"}


def named(home: Home, service: str, address: str, **bounds: object) -> Home:
    more = "".join(f"{name} = {value}\n" for name, value in {"timeout_s": 2, "patience_s": 0, **bounds}.items())
    text = f'[fetch]\nservices = ["{service}"]\naddresses = {{ {service} = "{address}" }}\n{more}'
    home.settings_file.write_text(text, encoding="utf-8")
    return Home(home.folder)


def night(home: Home) -> NightRecord:
    return commands.nightly(Home(home.folder), TONIGHT, first=(FETCH,))


def run(start_s: float, seconds: int = 90) -> bytes:
    times = [start_s + second for second in range(0, seconds + 1, 3)]
    metres = 3.0 * seconds
    records = [{**row, "distance": 3.0 * 3 * number} for number, row in enumerate(record_rows(times))]
    return fit_bytes(("record", records), ("session", [session_row(start_s, start_s + seconds, total_distance=metres)]))


def zipped(data: bytes, name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return out.getvalue()


def add_garmin(service: Garmin, number: int, seconds: int = 90) -> None:
    start = at(number * DAY)
    told = {"startTimeGMT": f"{start:%Y-%m-%d %H:%M:%S}", "startTimeLocal": f"{start:%Y-%m-%d %H:%M:%S}"}
    key = str(7000 + number)
    service.rows[key] = {"activityId": int(key), **told, "distance": 3.0 * seconds, "ownerId": 5}
    service.files[key] = zipped(run(number * DAY, seconds), f"{key}_ACTIVITY.fit")


def add_intervals(service: Intervals, number: int, seconds: int = 90) -> None:
    start = at(number * DAY) + timedelta(hours=2)
    key = f"i{7000 + number}"
    service.rows[key] = {
        "id": key,
        "start_date_local": f"{start:%Y-%m-%dT%H:%M:%S}",
        "distance": 3.0 * seconds,
        "source": "GARMIN_CONNECT",
        "icu_athlete_id": "i1",
    }
    service.files[key] = run(number * DAY, seconds)


def workout(number: int, reps: int = 10, edited: datetime | None = None) -> dict[str, Any]:
    start = at(number * DAY)
    told = f"{(edited or start + timedelta(hours=1)).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    one = {"index": 0, "type": "normal", "weight_kg": 60, "reps": reps, "rpe": None}
    exercise = {"index": 0, "title": "Hip Thrust (Barbell)", "notes": "", "supersets_id": None, "sets": [one]}
    return {
        "type": "updated",
        "workout": {
            "id": f"w{number}",
            "title": "Gym",
            "start_time": f"{start:%Y-%m-%dT%H:%M:%SZ}",
            "end_time": f"{start + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}",
            "updated_at": told,
            "created_at": told,
            "exercises": [exercise],
        },
    }


def asks(home: Home, service: str) -> ServiceReport:
    """What the night's first step does, alone."""
    return fetch(Home(home.folder), "me", service)


def held(home: Home, service: str) -> int:
    """How many activities or workouts lie in the inbox."""
    folder = home.fetched("me", service)
    if service == "hevy":
        file = folder / "workouts.json"
        return len(json.loads(file.read_bytes())["workouts"]) if file.is_file() else 0
    return sum(path.stem != "wellness" for path in folder.glob("*"))


def count(home: Home, query: str) -> Any:  # noqa: ANN401  one cell
    return ask(home, query).item()


def assert_no_secret(home: Home) -> None:
    for path in home.folder.rglob("*"):
        if path.is_file():
            held = path.read_bytes()
            assert KEY.encode() not in held, path
            assert b"QVBJX0tFWTo" not in held, path  # Basic's base64 of API_KEY:
            assert b".secret1" not in held, path


def on(part: str, reply: Reply, times: int = 99) -> Callable[[Asked], Reply | None]:
    left = [times]

    def fault(asked: Asked) -> Reply | None:
        if part in asked.path and left[0]:
            left[0] -= 1
            return reply
        return None

    return fault
