"""Developer fields of a file → what they measure, by native number or well-known name, in FIT's own units."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
import pytest

from hipdrive.fit import DeveloperField, decode, encode
from hipdrive.read.developer_fields import name_developer_fields
from tests.makers.runs import START


def named(*fields: DeveloperField, values: Sequence[float] = (250.0, 260.0)) -> pl.DataFrame:
    record = pl.DataFrame({"timestamp": [START, START], **{field.name: list(values) for field in fields}})
    identity = pl.DataFrame([{"type": "activity", "time_created": START}])
    data = encode([("file_id", identity), ("record", record)], developer_fields=fields)
    return name_developer_fields(decode(data))["record"]


@pytest.mark.parametrize(
    ("number", "unit", "column", "factor"),
    [
        (7, "Watts", "developer_power", 1),
        (4, "RPM", "developer_cadence", 1),
        (3, "bpm", "developer_heart_rate", 1),
        (5, "km", "developer_distance", 1000),
        (6, "km/h", "developer_speed", 1 / 3.6),
        (73, "m/s", "developer_speed", 1),
        (41, "Milliseconds", "developer_stance_time", 1),
        (41, "s", "developer_stance_time", 1000),
        (39, "Centimeters", "developer_vertical_oscillation", 10),
        (39, "", "developer_vertical_oscillation", 1),
        (85, "m", "developer_step_length", 1000),
        (13, "c", "developer_temperature", 1),
        (139, "°C", "core_temperature", 1),
    ],
)
def test_a_native_number_says_what_a_field_of_any_name_measures(
    number: int, unit: str, column: str, factor: float
) -> None:
    found = named(DeveloperField("whatever an app likes", 0, unit=unit, native_field=number))
    assert found[column].to_list() == pytest.approx([250 * factor, 260 * factor])


@pytest.mark.parametrize(
    ("name", "unit", "column"),
    [
        ("Power", "Watts", "developer_power"),
        ("RP_Power", "W", "developer_power"),
        ("rp_power", "", "developer_power"),
        ("Ground Time", "Milliseconds", "developer_stance_time"),
        ("Leg Spring Stiffness", "KN/m", "leg_spring_stiffness"),
        ("core_temperature", "°C", "core_temperature"),
        ("CIQ_core_temperature", "°", "core_temperature"),
    ],
)
def test_a_well_known_name_does_where_no_number_is(name: str, unit: str, column: str) -> None:
    assert named(DeveloperField(name, 0, unit=unit))[column].to_list() == [250, 260]


def test_two_pods_one_a_foot_are_one_contact_time() -> None:
    left, right = DeveloperField("GCT_L", 5, unit="ms"), DeveloperField("GCT_R", 11, unit="ms")
    record = pl.DataFrame({"timestamp": [START] * 3, "GCT_L": [250.0, 0.0, 0.0], "GCT_R": [260.0, 260.0, 0.0]})
    data = encode([("record", record)], developer_fields=[left, right])
    assert name_developer_fields(decode(data))["record"]["developer_stance_time"].to_list() == [255, 260, None]


def test_a_field_of_a_number_goes_before_one_of_a_name() -> None:
    fields = DeveloperField("Power", 0, unit="W"), DeveloperField("P2", 1, unit="W", native_field=7)
    record = pl.DataFrame({"timestamp": [START], "Power": [200.0], "P2": [300.0]})
    data = encode([("record", record)], developer_fields=fields)
    assert name_developer_fields(decode(data))["record"]["developer_power"].to_list() == [300]


@pytest.mark.parametrize("field", [DeveloperField("Doughnuts", 0), DeveloperField("Power", 0, unit="hp")])
def test_what_nobody_knows_is_left_as_it_is(field: DeveloperField) -> None:
    found = named(field)
    assert found.columns == ["timestamp", field.name]


def test_a_file_without_developer_fields_is_as_decoded() -> None:
    data = encode([("record", pl.DataFrame({"timestamp": [START], "power": [250]}))])
    assert name_developer_fields(decode(data))["record"].columns == ["timestamp", "power"]


def test_decoding_says_which_columns_are_developer_fields_and_what_for() -> None:
    fields = DeveloperField("Power", 0, native_field=7), DeveloperField("Doughnuts", 1)
    record = pl.DataFrame({"timestamp": [START], "Power": [200.0], "Doughnuts": [1.0]})
    decoded = decode(encode([("record", record)], developer_fields=fields))
    assert decoded.developer == {"record": {"Power": "power", "Doughnuts": ""}}
