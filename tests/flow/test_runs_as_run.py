"""Files as people reported them, from their bytes to the rows of the warehouse: each is half an hour at 3 m/s."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path

import pytest

from hipdrive.cli.settings_template import settings_template
from hipdrive.fit import DeveloperField
from hipdrive.night.commands import ingest
from hipdrive.settings import Home
from hipdrive.warehouse import connect
from tests.makers.runs import SEMICIRCLES_PER_DEG, Columns, Row, event_rows, fit_bytes, record_rows, session_row

Rows = dict[str, dict[str, object]]
DAY_S = 86_400
_DAYS = count()
POD = (
    DeveloperField("Power", 0, "uint16", "Watts", native_field=7),
    DeveloperField("Cadence", 1, "uint8", "RPM", native_field=4),
    DeveloperField("Ground Time", 2, "uint16", "Milliseconds", native_field=41),
    DeveloperField("RP_Power", 3, "uint16", "W", developer_index=1),
)


def file(
    seconds: Sequence[int],
    metres: Callable[[int], float | None],
    *,
    told: Row | None = None,
    events: Sequence[tuple[float, str]] = (),
    **columns: object,
) -> bytes:
    """A file of a day of its own; `told` is what its session says beside sport and times."""
    morning = DAY_S * next(_DAYS)
    given: Columns = {
        "heart_rate": [148 + second % 5 for second in seconds],
        "cadence": 85,
        "distance": [metres(second) for second in seconds],
        **columns,
    }
    records = record_rows([morning + second for second in seconds], **given)
    totals: Columns = {"total_timer_time": 1800.0, "total_distance": 5400.0, **(told or {})}
    session = session_row(morning + seconds[0], morning + seconds[-1], **totals)
    written = event_rows(*((morning + second, kind) for second, kind in events))
    timer = [("event", written)] if written else []
    return fit_bytes(*timer, ("record", records), ("session", [session]), developer_fields=POD)


def even(second: int) -> float:
    return 3.0 * second


HALF_HOUR = range(1801)
PAUSED = [*range(901), *range(1500, 2401)]
STOP_AND_START = ((0, "start"), (900, "stop_all"), (1500, "start"), (2400, "stop_all"))
STALE: Columns = {
    "Power": [260 if second % 10 else 0 for second in HALF_HOUR],
    "Cadence": [85 if second % 10 else 0 for second in HALF_HOUR],
    "Ground Time": [260 if second % 10 else 1070 for second in HALF_HOUR],
}
CASES: dict[str, tuple[bytes, dict[str, object]]] = {
    "as it should be": (file(HALF_HOUR, even), {}),
    "the distance begins again at each lap": (file(HALF_HOUR, lambda second: 3.0 * (second % 300)), {}),
    "the speed field is 0": (file(HALF_HOUR, even, enhanced_speed=0.0), {}),
    "the distance grew in a pause": (
        file(
            PAUSED, lambda second: 3.0 * second if second <= 900 else 3.0 * (second - 600) + 500, events=STOP_AND_START
        ),
        {},
    ),
    "the totals are those of a first part": (
        file(
            PAUSED,
            lambda second: 3.0 * second if second <= 900 else 3.0 * (second - 600),
            told={"total_timer_time": 900.0, "total_distance": 2700.0},
            events=STOP_AND_START,
        ),
        {},
    ),
    "only positions": (
        file(
            HALF_HOUR,
            lambda _: None,
            enhanced_speed=None,
            position_lat=[round((48 + 3.0 * second / 111_195) * SEMICIRCLES_PER_DEG) for second in HALF_HOUR],
            position_long=round(13 * SEMICIRCLES_PER_DEG),
        ),
        {},
    ),
    "driven home": (
        file(
            range(3601),
            lambda second: 3.0 * min(second, 1800) + 20.0 * max(0, second - 1800),
            told={"total_timer_time": 3600.0, "total_distance": 41_400.0},
            cadence=[85 if second <= 1800 else 0 for second in range(3601)],
        ),
        {"is_usable": False, "unusable_reason": "a vehicle drove 36.0 km of it", "vehicle_distance_m": 36_000.0},
    ),
    "a pod 13 % below the distance": (
        file(HALF_HOUR, even, enhanced_speed=2.6),
        {"is_usable": False, "unusable_reason": "two speeds: its speed field lies -13 % off what its distance says"},
    ),
    "a treadmill that was calibrated": (
        file(HALF_HOUR, lambda second: 2.7 * second, told={"sub_sport": "treadmill"}, enhanced_speed=2.7),
        {"is_usable": False},
    ),
    "a pod that repeats itself": (
        file(
            HALF_HOUR,
            even,
            **STALE,
        ),
        {"power_w": 260.0, "contact_time_s": 0.26, "duty_factor": 0.26 * 170 / 120},
    ),
    "an app's power": (file(HALF_HOUR, even, RP_Power=360), {"power_w": 360.0}),
}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """All cases, each on a day of its own, through one ingest."""
    folder = tmp_path_factory.mktemp("home")
    inbox = folder / "data" / "inbox"
    inbox.mkdir(parents=True)
    (folder / "hipdrive.toml").write_text(settings_template(), encoding="utf-8")
    for name, (data, _) in CASES.items():
        (inbox / f"{name}.fit").write_bytes(data)
    ingest(Home(folder), [inbox])
    with connect(folder) as connection:
        answer = connection.sql(
            "SELECT s.path, s.reason, r.* FROM runs AS r "
            "JOIN activities USING (activity_id) JOIN sources AS s USING (source_id)"
        )
        return {Path(str(row[0])).stem: dict(zip(answer.columns, row, strict=True)) for row in answer.fetchall()}


@pytest.mark.parametrize("name", CASES)
def test_a_run_comes_out_as_it_was_run(runs: Rows, name: str) -> None:
    row = runs[name]
    expected = {
        "distance_m": 5400.0,
        "moving_time_s": 1800.0,
        "pace_s_per_km": 1000 / 3,
        "is_usable": True,
        **CASES[name][1],
    }
    assert {key: row[key] for key in expected} == {
        key: pytest.approx(value, rel=3e-3) if isinstance(value, float) else value for key, value in expected.items()
    }


def test_what_was_repaired_is_said_of_the_file(runs: Rows) -> None:
    said = {name: str(row["reason"]) for name, row in runs.items()}
    assert said["as it should be"] == "None"
    assert said["the distance begins again at each lap"] == "the distance began again 6 times and was joined"
    assert said["the totals are those of a first part"].startswith("its session says 2.7 km, its records 5.4 km")
    assert said["driven home"].startswith("36000 m driven by a vehicle were left out")
