"""What the official SDK makes of a file, in the terms of our frames, and what differs.

The SDK is an oracle in tests only. It gives a dict per message; a difference is a tuple (message, field, kind, example).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

import polars as pl
from garmin_fit_sdk import Decoder, Stream
from garmin_fit_sdk.profile import Profile

from hipdrive.fit import Decoded
from hipdrive.fit.profile import ENUMS, message_of

EPOCH = datetime(1989, 12, 31, tzinfo=UTC)
SDK_TYPES = Profile["types"]


class Difference(NamedTuple):
    """One value that is not the same in both."""

    message: str
    field: str
    row: int
    ours: object
    theirs: object


def read_with_sdk(data: bytes) -> tuple[dict[str, list[dict[Any, Any]]], list[Exception]]:
    """Message name → dicts, and the errors; names of messages without a name are as ours."""
    messages, errors = Decoder(Stream.from_byte_array(bytearray(data))).read()
    names = {entry["messages_key"]: int(number) for number, entry in Profile["messages"].items()}
    named = {}
    for key, rows in messages.items():
        number = names[key] if key in names else int(key)
        named[number] = rows
    return named, errors


@cache
def field_numbers(number: int) -> dict[str, tuple[int, str]]:
    """The SDK's field and subfield names of a message → our name's field number and the SDK's type."""
    fields: dict[str, tuple[int, str]] = {}
    for n, entry in Profile["messages"].get(number, {}).get("fields", {}).items():
        for sub in entry["sub_fields"]:
            fields.setdefault(sub["name"], (n, sub["type"]))
    for n, entry in Profile["messages"].get(number, {}).get("fields", {}).items():
        fields[entry["name"]] = (n, entry["type"])
    return fields


@cache
def stored_value(kind: str) -> dict[str, int]:
    """The SDK's name → number of a type."""
    return {label: int(value) for value, label in SDK_TYPES.get(kind, {}).items()} if kind in SDK_TYPES else {}


def in_our_terms(value: Any, kind: str) -> Any:
    """A value of the SDK as ours would be: names of types that stay numbers as numbers, times as times."""
    if isinstance(value, list):
        return [in_our_terms(one, kind) for one in value]
    if kind == "local_date_time" and isinstance(value, int):
        return (EPOCH + timedelta(seconds=value)).replace(tzinfo=None)
    if kind in SDK_TYPES:
        number = stored_value(kind).get(value, value) if isinstance(value, str) else value
        if kind not in ENUMS:
            return number
        return ENUMS[kind].get(number, str(number))
    return value


def is_same(ours: Any, theirs: Any) -> bool:
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
    return bool(ours == theirs)


def differences(decoded: Decoded, theirs: dict[int, list[dict[Any, Any]]]) -> Iterator[Difference]:
    """Every value that differs, message by message; a message's count first."""
    descriptions = theirs.get(206, [])
    for number, rows in theirs.items():
        name = message_of(number).name
        frame = decoded.frames.get(name, pl.DataFrame())
        if frame.height != len(rows):
            yield Difference(name, "(messages)", 0, frame.height, len(rows))
            continue
        known = field_numbers(number)
        for i, (ours, other) in enumerate(zip(frame.iter_rows(named=True), rows, strict=True)):
            seen = set()
            for key, value in other.items():
                if key in ("developer_fields", "key"):
                    continue
                n, kind = known.get(key, (key, "")) if isinstance(key, str) else (key, "")
                column = key if key in ours else message_of(number).field(n).name
                seen.add(column)
                if column not in ours:
                    yield Difference(name, str(column), i, "(no column)", value)
                elif not is_same(ours[column], in_our_terms(value, kind)):
                    yield Difference(name, str(column), i, ours[column], in_our_terms(value, kind))
            for key, value in other.get("developer_fields", {}).items():
                column = descriptions[key].get("field_name")
                seen.add(column)
                if not is_same(ours.get(column), value):
                    yield Difference(name, f"developer {column}", i, ours.get(column), value)
            for column, value in ours.items():
                if value is not None and column not in seen:
                    yield Difference(name, column, i, value, "(nothing)")
