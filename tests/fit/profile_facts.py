"""Rebuilds the two tables of profile facts beside `hipdrive.fit.profile` from two newer profiles.

    python tests/fit/profile_facts.py

Only what fitparse's tables of 2019 lack or name differently is written: names, numbers, scales, offsets and units.
fitdecode's table goes first; what it lacks in its turn is taken from the profile as its maker publishes it now.
"""

from __future__ import annotations

import csv
import importlib.util
import io
from pathlib import Path
from typing import Any

import fitdecode.profile as newer
import fitparse.profile as base
from garmin_fit_sdk.profile import Profile

HEADER = (
    "# Facts of the FIT profile that fitparse 1.2.0 (profile 20.8, 2019) lacks or names differently.\n"
    "# Source: the profile table of fitdecode 0.11.0 (profile 21.171, 2025), MIT licence,\n"
    "# copyright Jean-Charles Lefebvre; what is newer than that from the FIT profile 21.218 (2026) as published.\n"
    "# Rebuilt by tests/fit/profile_facts.py; numbers and names only.\n"
)
KEYS = ("scale", "offset", "units")
COMMON = (250, 253, 254)  # fields that every message has
FIELD_COLUMNS = (
    *("message_number", "message", "field_number", "field", "subfield", "type", "scale", "offset", "units"),
    *("components", "when"),
)
TYPE_COLUMNS = ("type", "base_type", "value", "name")


def number(value: float | None) -> str:
    """A scale or offset as text, empty where there is none."""
    return "" if not value else str(value)


def components(field: Any) -> str:  # noqa: ANN401 - the libraries ship no types
    """The parts that a field is unpacked into: target number:bits:first bit:scale:offset:accumulates."""
    return ";".join(
        f"{c.def_num}:{c.bits}:{c.bit_offset or 0}:{number(c.scale)}:{number(c.offset)}:{int(bool(c.accumulate))}"
        for c in field.components or ()
    )


def rows_of(message: Any, field: Any) -> list[tuple[str, ...]]:  # noqa: ANN401
    """One row for the field and one for each of its subfields."""
    rows: list[tuple[str, ...]] = []
    for entry in (field, *(field.subfields or ())):
        is_subfield = entry is not field
        when = ";".join(f"{r.def_num}={r.raw_value}" for r in entry.ref_fields) if is_subfield else ""
        rows.append(
            (
                str(message.mesg_num),
                message.name,
                str(field.def_num),
                field.name,
                entry.name if is_subfield else "",
                entry.type.name,
                number(entry.scale),
                number(entry.offset),
                entry.units or "",
                components(entry),
                when,
            )
        )
    return rows


def missing_fields() -> list[tuple[str, ...]]:
    """Rows for every field that fitparse does not have just so."""
    rows: list[tuple[str, ...]] = []
    for message_number, message in sorted(newer.MESSAGE_TYPES.items()):
        known = base.MESSAGE_TYPES.get(message_number)
        for field_number, field in sorted(message.fields.items()):
            old = known.fields.get(field_number) if known and known.name == message.name else None
            facts = rows_of(message, field)
            if old is None or sorted(rows_of(known, old)) != sorted(facts):
                rows += facts
    return rows


def missing_types() -> list[tuple[str, ...]]:
    """Rows for every type value that fitparse does not have just so."""
    rows: list[tuple[str, ...]] = []
    for name, kind in sorted(newer.FIELD_TYPES.items()):
        old = base.FIELD_TYPES.get(name)
        old_values = dict(old.values or {}) if old else {}
        if old is None and not kind.enum:
            rows.append((name, kind.base_type.name, "", ""))
        rows += [
            (name, kind.base_type.name, str(value), label)
            for value, label in sorted((kind.enum or {}).items())
            if old_values.get(value) != label
        ]
    return rows


def newest_row(message: dict[str, Any], field: dict[str, Any], entry: dict[str, Any]) -> tuple[str, ...]:
    """The row of a field of the newest profile, or of one of its subfields. Components are not written: none is new."""
    is_subfield = entry is not field
    scale, offset, units = (one[0] if isinstance(one, list) else one for one in map(entry.get, KEYS))
    return (
        *(str(message["num"]), message["name"], str(field["num"]), field["name"]),
        *(entry["name"] if is_subfield else "", entry["type"], number(scale if scale != 1 else None), number(offset)),
        *(units or "", "", ";".join(f"{one['num']}={one['raw_value']}" for one in entry["map"]) if is_subfield else ""),
    )


def newest_fields(known: set[tuple[str, str, str]]) -> list[tuple[str, ...]]:
    """Rows for every field and subfield that both older tables lack; `known` are (message, field, subfield)."""
    rows: list[tuple[str, ...]] = []
    for message in Profile["messages"].values():
        for field in message["fields"].values():
            if field["num"] in COMMON:
                continue
            for entry in (field, *field["sub_fields"]):
                row = newest_row(message, field, entry)
                if (row[0], row[2], row[4]) not in known:
                    if entry["has_components"]:
                        raise ValueError(f"{message['name']}.{entry['name']} has components: teach this script them")
                    rows.append(row)
    return rows


def known_fields() -> set[tuple[str, str, str]]:
    """(message number, field number, subfield or nothing) of the two older tables."""
    return {
        (str(message_number), str(field_number), name)
        for table in (base.MESSAGE_TYPES, newer.MESSAGE_TYPES)
        for message_number, message in table.items()
        for field_number, field in message.fields.items()
        for name in ("", *(entry.name for entry in field.subfields or ()))
    }


def newest_types() -> list[tuple[str, ...]]:
    """Rows for every type value that both older tables lack."""
    bases = {
        entry["type"]: field["base_type"]
        for message in Profile["messages"].values()
        for field in message["fields"].values()
        for entry in (*field["sub_fields"], field)
    }
    rows: list[tuple[str, ...]] = []
    for name, values in sorted(Profile["types"].items()):
        known = [table[name] for table in (base.FIELD_TYPES, newer.FIELD_TYPES) if name in table]
        old_values = {
            value for one in known for value in getattr(one, "values", None) or getattr(one, "enum", None) or ()
        }
        kind = known[-1].base_type.name if known else bases.get(name)
        rows += [
            (name, kind, str(value), label)
            for value, label in sorted(values.items())
            if kind and value not in old_values
        ]
    return rows


def as_csv(columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """The table as the text of its file."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return HEADER + text.getvalue()


def tables() -> dict[str, str]:
    """File name → text, for both tables."""
    return {
        "profile_fields.csv": as_csv(FIELD_COLUMNS, missing_fields() + newest_fields(known_fields())),
        "profile_types.csv": as_csv(TYPE_COLUMNS, missing_types() + newest_types()),
    }


if __name__ == "__main__":
    spec = importlib.util.find_spec("hipdrive.fit")
    folder = Path(str(spec.origin)).parent if spec else Path()
    for file_name, content in tables().items():
        (folder / file_name).write_text(content, encoding="utf-8")
