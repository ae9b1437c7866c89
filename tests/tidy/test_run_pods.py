"""What pods write beside the watch: stale values out, and one source a quantity."""

from __future__ import annotations

import pytest

from tests.makers.runs import Columns, raw_records, tidy


def column(name: str, **columns: object) -> list[object]:
    given: Columns = columns
    return tidy(raw_records(range(4), **given)).samples[name].to_list()


def test_while_a_pod_counts_no_step_it_measures_nothing() -> None:
    pod: Columns = {
        "developer_cadence": [85, 85, 0, None],
        "developer_stance_time": [260.0, 260.0, 1070.0, 250.0],
        "developer_vertical_oscillation": [75.0, 75.0, 60.0, 70.0],
        "developer_power": [260.0, 260.0, 0.0, 250.0],
        "leg_spring_stiffness": [9.0, 9.0, 9.0, 9.0],
    }
    assert column("contact_time_s", **pod) == [0.26, 0.26, None, 0.25]
    assert column("vertical_oscillation_m", **pod) == [0.075, 0.075, None, pytest.approx(0.07)]
    assert column("power_w", **pod) == [260, 260, None, 250]
    assert column("foot_pod_stiffness_n_per_m", **pod) == [9000, 9000, None, 9000]
    rejects = tidy(raw_records(range(4), **pod)).rejects
    assert rejects["reason"].to_list() == ["foot pod repeats its values while it counts no step: left out"]
    assert rejects["rows"].to_list() == [1]


def test_the_watch_goes_before_a_pod_wherever_it_measured_half_as_often() -> None:
    assert column("power_w", power=[None, 300, 300, None], developer_power=230.0) == [None, 300, 300, None]
    assert column("power_w", power=[None, 300, None, None], developer_power=230.0) == [230] * 4
    assert column("power_w", power=0, developer_power=230.0) == [230] * 4


def test_a_pod_s_cadence_counts_where_the_watch_has_none() -> None:
    assert column("cadence_spm", developer_cadence=85) == [170] * 4
    assert column("cadence_spm", developer_cadence=85, cadence=88) == [176] * 4


def test_a_body_s_temperature_is_not_the_air_s() -> None:
    assert column("temperature_c", core_temperature=38.2) == [None] * 4
    assert column("core_temperature_c", core_temperature=38.2) == [38.2] * 4
