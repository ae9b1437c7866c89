"""FIT bytes → one polars frame per kind of message, and the faults met on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from hipdrive.fit.faults import Fault
from hipdrive.fit.layout import Slot
from hipdrive.fit.profile import ENUMS, BASE_TYPES, Field, message_of
from hipdrive.fit.walk import Group, walk

EPOCH_US = 631_065_600_000_000


@dataclass(frozen=True, slots=True)
class Decoded:
    """A decoded file: a frame per kind of message, its columns' units, and what was wrong, in the order met."""

    frames: dict[str, pl.DataFrame]
    faults: list[Fault] = field(default_factory=list)
    units: dict[str, dict[str, str]] = field(default_factory=dict)


def decode(source: bytes | PathLike[str]) -> Decoded:
    """Everything readable in a FIT file.

    Args:
        source: The file's bytes, or its path.

    Raises:
        OSError: The path cannot be read. Nothing inside the bytes raises.
    """
    data = source if isinstance(source, bytes) else Path(source).read_bytes()
    found = walk(data)
    buffer = np.frombuffer(data, np.uint8)
    parts: dict[str, list[tuple[Group, Any]]] = {}
    descriptions: dict[tuple[int, int], tuple[str, int, str]] = {}
    units: dict[str, dict[str, str]] = {}
    for group in sorted((g for g in found.groups.values() if g.offsets), key=lambda g: g.layout.message not in (206,)):
        message = message_of(group.layout.message)
        offsets = np.array(group.offsets)
        rows = np.lib.stride_tricks.sliding_window_view(buffer, group.layout.size)[offsets]
        columns: dict[str, pl.Series] = {"__offset": pl.Series(offsets)}
        for slot in group.layout.slots:
            if slot.developer_index is None:
                entry = message.field(slot.number)
            else:
                name, base, unit = descriptions.get(
                    (slot.developer_index, slot.number), (f"unknown_{slot.developer_index}_{slot.number}", 13, "")
                )
                entry = Field(slot.number, name, "", unit=unit)
                b = BASE_TYPES[base]
                slot = Slot(slot.number, b, slot.size // b.size, slot.start, slot.developer_index)
            if not slot.count or entry.name in columns:
                continue
            columns[entry.name] = _column(rows, slot, entry, big_endian=group.layout.big_endian)
            units.setdefault(message.name, {})[entry.name] = entry.unit
            for sub in entry.subfields:
                refs = {s.number: s for s in group.layout.slots if s.developer_index is None}
                hit = np.zeros(len(rows), bool)
                for number, value in sub.when:
                    if number in refs:
                        raw = _raw(rows, refs[number], big_endian=group.layout.big_endian)[:, 0]
                        hit |= raw == value
                if hit.any():
                    values = _column(rows, slot, sub, big_endian=group.layout.big_endian)
                    columns[sub.name] = pl.select(pl.when(pl.Series(hit)).then(values)).to_series()
            for part in entry.components:
                target = message.field(part.target)
                if part.bits == slot.base.size * 8 * slot.count and not part.accumulates:
                    columns[target.name] = _column(
                        rows,
                        slot,
                        Field(0, "", target.type, part.scale, part.offset),
                        big_endian=group.layout.big_endian,
                    )
                    units.setdefault(message.name, {})[target.name] = target.unit
        if message.name == "field_description":
            for row in pl.DataFrame(columns).iter_rows(named=True):
                base = next((k for k, b in BASE_TYPES.items() if b.name == row.get("fit_base_type_id")), 13)
                descriptions[row.get("developer_data_index"), row.get("field_definition_number")] = (
                    row.get("field_name") or "",
                    base,
                    row.get("units") or "",
                )
        parts.setdefault(message.name, []).append(columns)
    frames = {}
    for name, pieces in parts.items():
        frame = (
            pl.concat([pl.DataFrame(p) for p in pieces], how="diagonal_relaxed")
            if len(pieces) > 1
            else pl.DataFrame(pieces[0])
        )
        frames[name] = frame.sort("__offset").drop("__offset")
    return Decoded(frames, found.faults, units)


def _raw(rows: npt.NDArray[np.uint8], slot: Slot, *, big_endian: bool) -> npt.NDArray[Any]:
    block = np.ascontiguousarray(rows[:, slot.start : slot.start + slot.size])
    return (
        block.view((">" if big_endian else "<") + slot.base.code)
        if slot.base.name != "string"
        else block.view(f"S{slot.size}")
    )


def _column(rows: npt.NDArray[np.uint8], slot: Slot, entry: Field, *, big_endian: bool) -> pl.Series:
    raw = _raw(rows, slot, big_endian=big_endian)
    if slot.base.name == "string":
        return pl.Series([v.split(b"\0")[0].decode("utf-8", "replace") or None for v in raw[:, 0]], dtype=pl.String)
    if slot.base.name.startswith("float"):
        bad, values = np.isnan(raw), raw.astype(float) / entry.scale - entry.offset
    else:
        bad = raw == slot.base.invalid
        if slot.base.name == "byte" and slot.count > 1:
            bad = np.broadcast_to(bad.all(axis=1, keepdims=True), bad.shape)
        names = ENUMS.get(entry.type)
        if entry.type in ("date_time", "local_date_time") and slot.base.size == 4:
            values = pl.Series(raw[:, 0].astype(np.int64) * 1_000_000 + EPOCH_US).cast(
                pl.Datetime("us", "UTC" if entry.type == "date_time" else None)
            )
            return pl.select(pl.when(pl.Series(~bad[:, 0])).then(values)).to_series()
        if entry.type == "bool":
            values = raw != 0
        elif names:
            values = np.array([names.get(v, str(v)) for v in raw.ravel().tolist()], object).reshape(raw.shape)
        elif entry.scale != 1 or entry.offset:
            values = raw.astype(float) / entry.scale - entry.offset
        else:
            values = raw.astype(np.uint64 if slot.base.name.startswith("uint64") else np.int64)
    if slot.count == 1:
        column = pl.Series(values[:, 0].tolist() if values.dtype == object else values[:, 0])
        return pl.select(pl.when(pl.Series(~bad[:, 0])).then(column)).to_series() if bad.any() else column
    lists = [
        None if all(b) else [None if x else v for v, x in zip(row, b, strict=True)]
        for row, b in zip(values.tolist(), bad.tolist(), strict=True)
    ]
    inner = pl.Series(values.ravel().tolist()).dtype
    return pl.Series(lists, dtype=pl.List(inner))
