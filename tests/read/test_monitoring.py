"""A watch's monitoring files: the resting heart rate of each of their days, whatever else they hold or lack."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import polars as pl
import pytest

from hipdrive.fit import decode, encode
from hipdrive.read.monitoring import read_resting_heart_rates
from hipdrive.tidy.wellness import tidy_resting_heart_rates
from tests.makers.runs import START, at, fit_bytes, record_rows, session_row

HOUR = 3600
FAR = date(2027, 1, 1)


def rate(at_s: float, of_day: int | None = None, mean: int | None = None) -> dict[str, object]:
    return {"timestamp": at(at_s), "resting_heart_rate": mean, "current_day_resting_heart_rate": of_day}


def info(offset_h: float) -> tuple[str, list[dict[str, object]]]:
    local = START.replace(tzinfo=None) + timedelta(hours=offset_h)
    return "monitoring_info", [{"timestamp": START, "local_timestamp": local}]


def days(data: bytes, zone: str = "UTC", last_date: date = FAR) -> list[tuple[object, ...]]:
    tidy = tidy_resting_heart_rates(
        read_resting_heart_rates(decode(data).frames),
        athlete_id="me",
        source_id="s",
        time_zone=zone,
        last_date=last_date,
    )
    return tidy.select("local_date", "resting_heart_rate_bpm", "is_of_day").rows()


def test_the_last_word_on_a_day_counts_and_its_own_value_before_a_mean_of_seven() -> None:
    rates = [rate(0, 52, 50), rate(HOUR, 49, 50), rate(2 * HOUR, None, 51), rate(24 * HOUR, None, 51)]
    assert days(fit_bytes(("monitoring_hr_data", rates), kind="monitoring_b")) == [
        (date(2026, 3, 2), 49.0, True),
        (date(2026, 3, 3), 51.0, False),
    ]


@pytest.mark.parametrize(
    ("offset_h", "zone", "day"),
    [
        (10, "UTC", date(2026, 3, 3)),
        (None, "Australia/Sydney", date(2026, 3, 3)),
        (-9, "Australia/Sydney", START.date()),
    ],
)
def test_the_day_is_the_files_own_and_else_that_of_the_settings_zone(
    offset_h: float | None, zone: str, day: date
) -> None:
    told = [] if offset_h is None else [info(offset_h)]
    data = fit_bytes(*told, ("monitoring_hr_data", [rate(8 * HOUR, 48)]), kind="monitoring_b")  # 15:00 UTC
    assert days(data, zone) == [(day, 48.0, True)]


@pytest.mark.parametrize("beats", [0, 15, 180, None])
def test_what_no_heart_does_at_rest_is_passed_over(beats: int | None) -> None:
    rates = [rate(0, 47), rate(24 * HOUR, beats)]
    assert days(fit_bytes(("monitoring_hr_data", rates), kind="monitoring_b")) == [(START.date(), 47.0, True)]


def test_a_day_to_come_and_a_clock_that_was_never_set_are_passed_over() -> None:
    unset = {"timestamp": datetime(1990, 1, 1, tzinfo=START.tzinfo), "current_day_resting_heart_rate": 47}
    data = fit_bytes(("monitoring_hr_data", [rate(48 * HOUR, 47), unset]), kind="monitoring_b")
    assert days(data, last_date=START.date()) == []


def test_what_a_file_calls_itself_does_not_matter() -> None:
    rates = ("monitoring_hr_data", [rate(0, 47)])
    nameless = encode([(rates[0], pl.DataFrame(rates[1]))])
    run = fit_bytes(rates, ("record", record_rows(range(5))), ("session", [session_row(0, 4)]))
    for data in (nameless, run, fit_bytes(rates, kind="monitoring_a"), fit_bytes(rates, kind="weight")):
        assert days(data) == [(START.date(), 47.0, True)]


def test_a_file_without_it_tells_nothing() -> None:
    walking = ("monitoring", [{"timestamp": at(0), "cycles": 50.0}])
    assert days(fit_bytes(walking, info(0), kind="monitoring_b")) == []
