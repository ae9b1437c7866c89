"""The FIT profile: what the numbers in a file are called, how they are scaled and in which unit they are.

The base is fitparse's tables (profile 20.8). What came later, and what was renamed since, is read from two tables of
facts beside this module, which name their source. A message or field that neither knows is called by its number,
`unknown_N`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib.resources import files
from typing import Any

from fitparse.profile import FIELD_TYPES, MESSAGE_TYPES

TIMESTAMP = 253  # the field number of the time stamp, the same in every message
MESSAGE_INDEX = 254  # likewise the message's own index
PART_INDEX = 250  # likewise the index of a part of a long message


@dataclass(frozen=True, slots=True)
class BaseType:
    """How a value lies in the file: its number (five bits), name, numpy code, size in bytes and mark for “no value”."""

    number: int
    name: str
    code: str
    size: int
    invalid: int

    @property
    def identifier(self) -> int:
        """The byte that a definition message names the type by: the number, with bit 7 where byte order matters."""
        return self.number | 0x80 if self.size > 1 else self.number


BASE_TYPES = {
    base.number: base
    for base in (
        BaseType(0x00, "enum", "u1", 1, 0xFF),
        BaseType(0x01, "sint8", "i1", 1, 0x7F),
        BaseType(0x02, "uint8", "u1", 1, 0xFF),
        BaseType(0x03, "sint16", "i2", 2, 0x7FFF),
        BaseType(0x04, "uint16", "u2", 2, 0xFFFF),
        BaseType(0x05, "sint32", "i4", 4, 0x7FFFFFFF),
        BaseType(0x06, "uint32", "u4", 4, 0xFFFFFFFF),
        BaseType(0x07, "string", "S", 1, 0x00),
        BaseType(0x08, "float32", "f4", 4, 0xFFFFFFFF),
        BaseType(0x09, "float64", "f8", 8, 0xFFFFFFFFFFFFFFFF),
        BaseType(0x0A, "uint8z", "u1", 1, 0x00),
        BaseType(0x0B, "uint16z", "u2", 2, 0x0000),
        BaseType(0x0C, "uint32z", "u4", 4, 0x00000000),
        BaseType(0x0D, "byte", "u1", 1, 0xFF),
        BaseType(0x0E, "sint64", "i8", 8, 0x7FFFFFFFFFFFFFFF),
        BaseType(0x0F, "uint64", "u8", 8, 0xFFFFFFFFFFFFFFFF),
        BaseType(0x10, "uint64z", "u8", 8, 0x0000000000000000),
    )
}
BASE_TYPE_BY_NAME = {base.name: base for base in BASE_TYPES.values()}

# Types whose named values are marks, masks or single bits: their values stay numbers, because most of them have no
# name.
NUMERIC_TYPES = frozenset(
    {
        "activity_class",
        "ant_channel_id",
        "attitude_validity",
        "auto_activity_detect",
        "backlight_timeout",
        "connectivity_capabilities",
        "course_capabilities",
        "date_time",
        "device_index",
        "file_flags",
        "language_bits_0",
        "language_bits_1",
        "language_bits_2",
        "language_bits_3",
        "language_bits_4",
        "left_right_balance",
        "left_right_balance_100",
        "local_date_time",
        "localtime_into_day",
        "message_index",
        "sport_bits_0",
        "sport_bits_1",
        "sport_bits_2",
        "sport_bits_3",
        "sport_bits_4",
        "sport_bits_5",
        "sport_bits_6",
        "supported_exd_screen_layouts",
        "time_into_day",
        "user_local_id",
        "weight",
        "workout_capabilities",
        "workout_hr",
        "workout_power",
    }
)


@dataclass(frozen=True, slots=True)
class Component:
    """A run of bits of a field that is a value of another field of the same message."""

    target: int  # field number
    bits: int
    first_bit: int
    scale: float = 1.0
    offset: float = 0.0
    accumulates: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a message: `value = stored / scale - offset`, in `unit`; or a subfield, valid where `when` holds."""

    number: int
    name: str
    type: str
    scale: float = 1.0
    offset: float = 0.0
    unit: str = ""
    components: tuple[Component, ...] = ()
    subfields: tuple[Field, ...] = ()
    when: tuple[tuple[int, int], ...] = ()  # (field number, stored value), any of them

    @property
    def base_type(self) -> BaseType:
        """The base type that the profile stores this field in."""
        return BASE_TYPE_BY_NAME[TYPE_BASES.get(self.type, self.type)]


@dataclass(frozen=True, slots=True)
class Message:
    """A message of the profile: its fields by number, and its fields and subfields by name."""

    number: int
    name: str
    fields: dict[int, Field]
    by_name: dict[str, Field] = field(default_factory=dict)

    def field(self, number: int) -> Field:
        """The field of that number; a number without a name gives `unknown_N`."""
        return self.fields.get(number) or COMMON_FIELDS.get(number) or Field(number, f"unknown_{number}", "")


COMMON_FIELDS = {
    TIMESTAMP: Field(TIMESTAMP, "timestamp", "date_time", unit="s"),
    MESSAGE_INDEX: Field(MESSAGE_INDEX, "message_index", "message_index"),
    PART_INDEX: Field(PART_INDEX, "part_index", "uint32"),
}


def _components(entry: Any) -> tuple[Component, ...]:  # noqa: ANN401 - fitparse ships no types
    return tuple(
        Component(c.def_num, c.bits, c.bit_offset or 0, c.scale or 1.0, c.offset or 0.0, bool(c.accumulate))
        for c in entry.components or ()
    )


def _from_fitparse(entry: Any, subfields: tuple[Field, ...] = ()) -> Field:  # noqa: ANN401
    when = tuple((r.def_num, r.raw_value) for r in getattr(entry, "ref_fields", None) or ())
    return Field(
        entry.def_num,
        entry.name,
        entry.type.name,
        entry.scale or 1.0,
        entry.offset or 0.0,
        entry.units or "",
        _components(entry),
        subfields,
        when,
    )


def _rows(table: str) -> Iterator[dict[str, str]]:
    text = files("hipdrive.fit").joinpath(table).read_text(encoding="utf-8")
    yield from csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))


def _from_row(row: dict[str, str]) -> Field:
    parts = [part.split(":") for part in row["components"].split(";") if part]
    return Field(
        int(row["field_number"]),
        row["subfield"] or row["field"],
        row["type"],
        float(row["scale"] or 1),
        float(row["offset"] or 0),
        row["units"],
        tuple(Component(int(t), int(b), int(f), float(s or 1), float(o or 0), a == "1") for t, b, f, s, o, a in parts),
        (),
        tuple((int(n), int(v)) for n, v in (pair.split("=") for pair in row["when"].split(";") if pair)),
    )


def _read_messages() -> dict[int, Message]:
    messages = {
        number: Message(
            number,
            known.name,
            {
                n: _from_fitparse(f, tuple(_from_fitparse(s) for s in f.subfields or ()))
                for n, f in known.fields.items()
            },
        )
        for number, known in MESSAGE_TYPES.items()
    }
    for row in _rows("profile_fields.csv"):
        entry, number = _from_row(row), int(row["message_number"])
        message = messages.setdefault(number, Message(number, row["message"], {}))
        if row["subfield"]:
            parent = message.fields[entry.number]
            message.fields[entry.number] = replace(parent, subfields=(*parent.subfields, entry))
        else:
            message.fields[entry.number] = entry
    for message in messages.values():
        for entry in message.fields.values():
            for subfield in entry.subfields:
                message.by_name.setdefault(subfield.name, replace(subfield, number=entry.number))
        message.by_name.update({f.name: f for f in (*COMMON_FIELDS.values(), *message.fields.values())})
    return messages


def _read_types() -> tuple[dict[str, str], dict[str, dict[int, str]]]:
    bases = {name: known.base_type.name for name, known in FIELD_TYPES.items()}
    names = {name: dict(known.values or {}) for name, known in FIELD_TYPES.items()}
    for row in _rows("profile_types.csv"):
        bases[row["type"]] = row["base_type"]
        values = names.setdefault(row["type"], {})
        if row["value"]:
            values[int(row["value"])] = row["name"]
    return bases, {name: values for name, values in names.items() if values and name not in NUMERIC_TYPES}


TYPE_BASES, ENUMS = _read_types()  # type → its base type's name; type → stored value → name
MESSAGES = _read_messages()
MESSAGE_NUMBERS = {message.name: number for number, message in MESSAGES.items()}


@lru_cache(maxsize=1024)
def message_of(number: int) -> Message:
    """The message of that global number; a number without a name gives `unknown_N` with no fields."""
    return MESSAGES.get(number) or Message(number, f"unknown_{number}", {})


def field_unit(message: str, name: str) -> str:
    """The profile's unit of a field or subfield, by message and field name; empty where it has none or is unknown."""
    known = MESSAGES.get(MESSAGE_NUMBERS.get(message, -1))
    entry = known.by_name.get(name) if known else None
    return entry.unit if entry else ""


def value_number(kind: str, name: str) -> int | None:
    """The number that a value of an enumerated type has in the profile, such as 5 of `exercise_category` `curl`.

    Args:
        kind: the type's name.
        name: the value's name, in lower case.
    """
    return next((number for number, word in ENUMS.get(kind, {}).items() if word == name), None)
