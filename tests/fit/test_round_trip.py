"""What is written is read back, whatever the message, the fields and the values."""

from __future__ import annotations

import math
import struct
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hipdrive.fit import DeveloperField, RowOrder, decode, encode
from hipdrive.fit.profile import BASE_TYPE_BY_NAME, ENUMS, MESSAGES, BaseType, Field, Message

EPOCH = datetime(1989, 12, 31, tzinfo=UTC)
UNLIKE = {"hr", "field_description", "developer_data_id"}  # these change what other messages mean
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=40)
Values = list[object]


def writable(message: Message) -> list[Field]:
    """The fields of a message that nothing else fills and that fill nothing else."""
    targets = {c.target for f in message.fields.values() for one in (f, *f.subfields) for c in one.components}
    return [
        entry
        for number, entry in message.fields.items()
        if number not in targets and not any(one.components for one in (entry, *entry.subfields))
    ]


MESSAGES_WITH_FIELDS = [m for m in MESSAGES.values() if m.name not in UNLIKE and writable(m)]


def stored_values(base: BaseType) -> st.SearchStrategy[float]:
    """Numbers that a base type can hold, without its mark for “no value”."""
    if base.name in ("float32", "float64"):
        return st.floats(width=32 if base.size == 4 else 64, allow_nan=False, allow_infinity=False)
    limits = np.iinfo(base.code)
    return st.integers(int(limits.min), int(limits.max)).filter(lambda value: value != base.invalid)


def values_of(entry: Field) -> tuple[st.SearchStrategy[object], pl.DataType]:
    """Values as a frame holds them, and the column's type."""
    base = entry.base_type
    if base.name == "string":
        return TEXT, pl.String()
    stored = stored_values(base)
    if entry.type in ("date_time", "local_date_time"):
        zone = UTC if entry.type == "date_time" else None
        times = stored.map(lambda value: (EPOCH + timedelta(seconds=int(value))).replace(tzinfo=zone))
        return times, pl.Datetime("us", "UTC" if zone else None)
    if entry.type == "bool":
        return st.booleans(), pl.Boolean()
    if entry.type in ENUMS and base.size <= 4 and base.code[0] == "u":
        names = ENUMS[entry.type]
        return stored.map(lambda value: names.get(int(value), str(value))), pl.String()
    if entry.scale != 1 or entry.offset or base.code[0] == "f":
        return stored.map(lambda value: value / entry.scale - entry.offset), pl.Float64()
    return stored, pl.UInt64() if base.size == 8 and base.code[0] == "u" else pl.Int64()


@st.composite
def columns(draw: st.DrawFn, entry: Field, rows: int) -> pl.Series:
    """A column for a field, plain or of lists, some values missing."""
    one, dtype = values_of(entry)
    values: Values = draw(st.lists(st.none() | one, min_size=rows, max_size=rows))
    can_be_list = entry.base_type.name not in ("string", "byte") and entry.type != "bool" and entry.base_type.size < 8
    if can_be_list and draw(st.booleans()):
        width = draw(st.integers(2, 4))
        lists = [draw(st.lists(st.none() | one, min_size=width, max_size=width)) for _ in range(rows)]
        return pl.Series(entry.name, lists, pl.List(dtype))
    return pl.Series(entry.name, values, dtype)


@st.composite
def blocks(draw: st.DrawFn) -> tuple[str, pl.DataFrame, list[DeveloperField]]:
    """A message of the profile with some of its fields, and now and then one of an app."""
    message = draw(st.sampled_from(MESSAGES_WITH_FIELDS))
    fields = draw(st.lists(st.sampled_from(writable(message)), min_size=1, max_size=6, unique_by=lambda f: f.number))
    rows = draw(st.sampled_from((1, 2, 5, 40, 400)))
    few = min(rows, 5)
    made = [draw(columns(entry, few)) for entry in fields]
    apps = []
    if draw(st.booleans()):
        base = draw(st.sampled_from(("uint8", "sint16", "uint32", "float32", "float64")))
        apps.append(DeveloperField("of an app", draw(st.integers(0, 200)), base, "W"))
        kind = pl.Float64 if base.startswith("float") else pl.Int64
        number = stored_values(BASE_TYPE_BY_NAME[base])
        made.append(pl.Series("of an app", draw(st.lists(st.none() | number, min_size=few, max_size=few)), kind))
    frame = pl.DataFrame(made)
    return message.name, pl.concat([frame] * (rows // few)), apps


def is_same(mine: object, other: object) -> bool:
    if isinstance(mine, list) and isinstance(other, list):
        return len(mine) == len(other) and all(map(is_same, mine, other))
    if isinstance(mine, float) and isinstance(other, (float, int)):
        return math.isclose(mine, other, rel_tol=1e-6, abs_tol=1e-9)
    return mine == other


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(blocks(), st.booleans(), st.sampled_from(RowOrder))
def test_every_value_comes_back(
    block: tuple[str, pl.DataFrame, list[DeveloperField]],
    big_endian: bool,  # noqa: FBT001
    order: RowOrder,
) -> None:
    name, frame, apps = block
    if order is RowOrder.BY_TIMESTAMP and "timestamp" in frame.columns:
        frame = frame.sort("timestamp", maintain_order=True, nulls_last=True)
    decoded = decode(encode([(name, frame)], developer_fields=apps, big_endian=big_endian, order=order))
    assert decoded.faults == []
    back = decoded.frames[name]
    assert back.height == frame.height
    for column in frame.columns:
        given_values = [
            None if isinstance(value, list) and not any(v is not None for v in value) else value
            for value in frame[column].to_list()
        ]
        read = [
            None if isinstance(value, list) and not any(v is not None for v in value) else value
            for value in (back[column].to_list() if column in back.columns else [None] * frame.height)
        ]
        assert all(map(is_same, given_values, read)), (column, given_values[:5], read[:5])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(allow_nan=False, width=32), min_size=1, max_size=30))
def test_floats_of_apps_come_back_to_the_bit(values: list[float]) -> None:
    frame = pl.DataFrame({"heart_rate": [100] * len(values), "x": values}, schema_overrides={"x": pl.Float64})
    data = encode([("record", frame)], developer_fields=[DeveloperField("x", 1, "float32")])
    assert struct.pack(f"<{len(values)}d", *decode(data).frames["record"]["x"]) == struct.pack(
        f"<{len(values)}d", *values
    )
