"""What the official SDK makes of a file, held against our frames: every difference, and why it is one.

The SDK is an oracle in tests only. Columns are compared as lists first, value by value where they are not the same.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

import polars as pl
from garmin_fit_sdk import Decoder, Stream
from garmin_fit_sdk.profile import Profile

from hipdrive.fit import Decoded
from hipdrive.fit.profile import BASE_TYPES, ENUMS, message_of

EPOCH = datetime(1989, 12, 31, tzinfo=UTC)
FIELD_DESCRIPTION = 206
NOTHING = "(nothing)"

# Why a value may differ. Each is a decision of ours, or a limit of the SDK; `reason_for` says which holds.
TIME_OF_UNKNOWN = (
    "field 253 is the time stamp in every message; the SDK leaves it a number in messages it has no name for"
)
TEXT_ENDS = "a text ends at its first NUL; the SDK also gives what the device left behind it"
TEXTS_OF_APPS = "several texts of an app's field are kept one a line; the SDK gives a list"
DEVELOPER_INVALID = "the SDK keeps the mark for “no value” of developer fields as if it were one"
DEFINED_TWICE = "a definition names a field twice: the SDK keeps the later value only, or a list of both"


class Difference(NamedTuple):
    """One value that is not the same in both."""

    message: str
    column: str
    row: int
    ours: Any
    theirs: Any
    reason: str | None


def read_with_sdk(data: bytes) -> tuple[dict[int, list[dict[Any, Any]]], list[Exception]]:
    """Message number → dicts, and the errors."""
    messages, errors = Decoder(Stream.from_byte_array(bytearray(data))).read()
    numbers = {entry["messages_key"]: int(number) for number, entry in Profile["messages"].items()}
    return {numbers[key] if key in numbers else int(key): rows for key, rows in messages.items()}, errors  # type: ignore[misc]


@cache
def sdk_fields(number: int) -> dict[str, dict[str, Any]]:
    """The SDK's field and subfield names of a message → number, type, scale and offset."""
    fields: dict[str, dict[str, Any]] = {}
    entries = Profile["messages"].get(number, {}).get("fields", {})
    for n, entry in entries.items():
        for sub in entry["sub_fields"]:
            fields.setdefault(sub["name"], {**sub, "num": n})
    return {**fields, **{entry["name"]: {**entry, "num": n} for n, entry in entries.items()}}


@cache
def numbers_of(kind: str) -> dict[str, int]:
    """The SDK's name → number of a type."""
    return {label: int(value) for value, label in Profile["types"].get(kind, {}).items()}


def in_our_terms(value: object, kind: str) -> object:
    """A value of the SDK as ours would be: names of types that stay numbers as numbers, local times as times."""
    if isinstance(value, list):
        return [in_our_terms(one, kind) for one in value]
    if kind == "local_date_time" and isinstance(value, int):
        return (EPOCH + timedelta(seconds=value)).replace(tzinfo=None)
    if kind in Profile["types"] and value is not None:
        number = numbers_of(kind).get(value) if isinstance(value, str) else value
        return ENUMS[kind].get(number, str(number)) if kind in ENUMS and isinstance(number, int) else number
    return value


def is_same(ours: object, theirs: object) -> bool:
    """Equal to one part in a million; a list of one is its element, missing ones at a list's end do not count."""
    if isinstance(theirs, float) and math.isnan(theirs):
        theirs = None
    if isinstance(ours, list) or isinstance(theirs, (list, tuple)):
        mine, other = ([v] if not isinstance(v, (list, tuple)) else list(v) for v in (ours, theirs))
        for one in (mine, other):
            while one and one[-1] is None:
                one.pop()
        return len(mine) == len(other) and all(is_same(a, b) for a, b in zip(mine, other, strict=True))
    if isinstance(ours, (int, float)) and isinstance(theirs, (int, float)):
        return math.isclose(ours, theirs, rel_tol=1e-6, abs_tol=1e-6)
    if isinstance(ours, str) and isinstance(theirs, str):
        return ours.replace("\N{REPLACEMENT CHARACTER}", "") == theirs  # the SDK leaves out what is not UTF-8
    return bool(ours == theirs)


def differences(decoded: Decoded, theirs: dict[int, list[dict[Any, Any]]]) -> Iterator[Difference]:
    """Every value that differs; of a message whose count differs only that."""
    descriptions = theirs.get(FIELD_DESCRIPTION, [])
    for number, rows in theirs.items():
        name = message_of(number).name
        frame = decoded.frames.get(name, pl.DataFrame())
        if frame.height != len(rows):
            yield Difference(name, "(messages)", 0, frame.height, len(rows), None)
            continue
        columns = {column: frame[column].to_list() for column in frame.columns}
        seen: set[str] = set()
        for key in dict.fromkeys(key for row in rows for key in row if key not in ("developer_fields", "key")):
            entry = sdk_fields(number).get(key, {}) if isinstance(key, str) else {}
            column = key if key in columns else message_of(number).field(entry.get("num", key)).name
            values = [in_our_terms(row.get(key), entry.get("type", "")) for row in rows]
            ours = columns.get(column, [None] * len(rows))
            seen.add(column)
            yield from compared(name, column, ours, values)
        yield from of_apps(name, columns, rows, descriptions, seen)
        for column in columns.keys() - seen:
            for i, value in enumerate(columns[column]):
                if value is not None:
                    reason = DEFINED_TWICE if re.search(r"_\d+$", column) else None
                    yield Difference(name, column, i, value, NOTHING, reason)


def of_apps(
    message: str,
    columns: dict[str, list[Any]],
    rows: list[dict[Any, Any]],
    descriptions: list[dict[str, Any]],
    seen: set[str],
) -> Iterator[Difference]:
    """Values of developer fields that differ. The SDK's keys are descriptions, of which several may have one name."""
    keys: dict[str, list[int]] = {}
    for key in dict.fromkeys(key for row in rows for key in row.get("developer_fields", {})):
        keys.setdefault(str(descriptions[key].get("field_name")), []).append(key)
    for name, described in keys.items():
        pattern = r"unnamed_\d+_\d+" if name == "None" else rf"{re.escape(name)}(_\d+)*"
        own = [column for column in columns if re.fullmatch(pattern, column) and column not in seen]
        seen.update(own)
        base = BASE_TYPES.get(int(descriptions[described[0]].get("fit_base_type_id", 13)) & 0x1F)
        mark = base.invalid if base else None
        for i, row in enumerate(rows):
            apps = row.get("developer_fields", {})
            theirs = [apps[key] for key in described if apps.get(key) is not None]
            ours = [columns[column][i] for column in own if columns[column][i] is not None]
            if len(ours) == len(theirs) and all(any(is_same(a, b) for a in ours) for b in theirs):
                continue
            yield Difference(message, name, i, ours, theirs, reason_for_apps(ours, theirs, mark))


def reason_for_apps(ours: list[Any], theirs: list[Any], mark: int | None) -> str | None:
    """Why values of developer fields differ, if that is known and the values bear it out."""
    if [text.split("\n") for text in ours if isinstance(text, str)] == theirs:
        return TEXTS_OF_APPS
    marked = [[None if v == mark else v for v in one] if isinstance(one, tuple | list) else one for one in theirs]
    marked = [mark if isinstance(one, float) and math.isnan(one) else one for one in marked]
    there = [one for one in marked if one != mark and (not isinstance(one, list) or any(v is not None for v in one))]
    if len(there) == len(ours) and all(any(is_same(a, b) for a in ours) for b in there):
        return DEVELOPER_INVALID
    return None


def compared(message: str, column: str, ours: Sequence[Any], theirs: Sequence[Any]) -> Iterator[Difference]:
    """The values of one column that differ, each with the reason if there is one."""
    if ours == theirs:
        return
    for i, (mine, other) in enumerate(zip(ours, theirs, strict=True)):
        if mine != other and not is_same(mine, other):
            yield Difference(message, column, i, mine, other, reason_for(message, column, mine, other))


def reason_for(message: str, column: str, mine: object, other: object) -> str | None:
    """Why the two differ, if that is known and the values bear it out."""
    if message.startswith("unknown_") and column == "timestamp" and isinstance(other, int):
        return TIME_OF_UNKNOWN if mine == EPOCH + timedelta(seconds=other) else None
    if isinstance(mine, str) and isinstance(other, list):
        return TEXT_ENDS if mine == other[0] else None
    if isinstance(other, list) and all(is_same(mine, one) for one in other):
        return DEFINED_TWICE
    return None
