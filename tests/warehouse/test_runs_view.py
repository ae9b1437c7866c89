"""What `runs` and `weeks` say of device, shoes and error: drawn rows in, expected rows out."""

from __future__ import annotations

from datetime import datetime

import pytest

from hipdrive.warehouse import Warehouse
from tests.makers.warehouse import a_run, ask, day, fill, finish, rest_days


def test_a_change_of_watch_or_strap_is_marked_on_the_first_run_with_it(warehouse: Warehouse) -> None:
    for number, (device, sensors) in enumerate([("a", None), ("a", None), ("b", None), ("b", "strap"), ("b", "strap")]):
        start = datetime(2026, 3, 2 + number, 7)  # noqa: DTZ001  stored without a zone, as UTC
        a_run(warehouse, f"{number}-0", number, device=device, sensors=sensors, start_utc=start)
    finish(warehouse)
    assert [row[0] for row in ask(warehouse, "SELECT is_device_change FROM runs ORDER BY start_utc")] == [
        False,
        False,
        True,
        True,
        False,
    ]


def test_the_shoes_are_those_of_the_latest_line_until_that_day(warehouse: Warehouse) -> None:
    for number in range(4):
        a_run(warehouse, f"{number}-0", number)
    shoes = [{"local_date": day(1), "text": "blue"}, {"local_date": day(3), "text": "red"}]
    fill(warehouse, "diary", *({"kind": "shoes", **line} for line in shoes))
    fill(warehouse, "diary", {"local_date": day(2), "kind": "note", "text": "rain"})
    fill(warehouse, "diary", {"local_date": day(2), "kind": "shoes", "text": "hers", "athlete_id": "anna"})
    finish(warehouse)
    assert [row[0] for row in ask(warehouse, "SELECT gear FROM runs ORDER BY local_date")] == [
        None,
        "blue",
        "blue",
        "red",
    ]


def test_a_week_tells_the_device_and_shoes_of_most_of_its_usable_runs(warehouse: Warehouse) -> None:
    rest_days(warehouse, 0, 6)
    for number, device in enumerate(["a", "b", "b", "c"]):
        a_run(warehouse, f"{number}-0", number, device=device, is_usable=number < 3)
    fill(warehouse, "diary", {"local_date": day(0), "kind": "shoes", "text": "blue"})
    finish(warehouse)
    assert ask(warehouse, "SELECT device, gear FROM weeks") == [("b", "blue")]


def test_the_error_of_a_week_is_that_of_a_mean_of_its_usable_runs(warehouse: Warehouse) -> None:
    rest_days(warehouse, 0, 6)
    for number, error in enumerate([0.03, 0.04, 9.0]):
        a_run(warehouse, f"{number}-0", number, is_usable=number < 2, speed_at_reference_hr_se_m_per_s=error)
    finish(warehouse)
    ((found,),) = ask(warehouse, "SELECT speed_at_reference_hr_se_m_per_s FROM weeks")
    assert found == pytest.approx((0.03**2 + 0.04**2) ** 0.5 / 2)
