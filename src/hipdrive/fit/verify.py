"""This decoder held against fitparse on one file, message by message: what `hipdrive doctor --verify` shows.

fitparse knows the profile of 2020: messages and fields that it calls unknown are not compared. It fills
subfields and components in its own way, so a field is compared where both name it and both give one plain value.
"""

from __future__ import annotations

import io
import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import fitparse
import polars as pl

from hipdrive.fit.decode import decode

_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Comparison:
    """What both decoders made of one file.

    Attributes:
        messages: message name → how many by this decoder, how many by fitparse.
        compared: how many values stand in both.
        differing: `message.field` → how many of these are not equal (1e-6 of their size).
        error: what stopped fitparse, or null; it gives up at the first fault.
    """

    messages: dict[str, tuple[int, int]]
    compared: int
    differing: dict[str, int]
    error: str | None

    @property
    def is_equal(self) -> bool:
        """Whether the messages that fitparse knows are as many here, and no value differs."""
        return not self.differing and all(ours >= theirs for ours, theirs in self.messages.values())

    @property
    def in_words(self) -> str:
        """A line a message, then the fields that differ."""
        lines = [f"{name}: {ours} here, {theirs} by fitparse" for name, (ours, theirs) in sorted(self.messages.items())]
        lines.append(f"{self.compared} values stand in both, {sum(self.differing.values())} differ")
        lines += [f"  {field}: {count} differ" for field, count in sorted(self.differing.items())]
        if self.error:
            lines.append(f"fitparse stopped: {self.error}")
        return "\n".join(lines)


def compare_with_fitparse(data: bytes) -> Comparison:
    """Decode a file's bytes both ways; raises nothing for what is inside them."""
    frames = decode(data).frames
    theirs, error = _by_fitparse(data)
    names = sorted({name for name in (*frames, *theirs) if not name.startswith("unknown_")})
    counts = {name: (frames[name].height if name in frames else 0, len(theirs.get(name, []))) for name in names}
    compared, differing = 0, Counter[str]()
    for name, rows in theirs.items():
        if name in frames:
            for field, ours in _shared_fields(frames[name], rows):
                pairs = [
                    (mine, row[field]) for mine, row in zip(ours, rows, strict=False) if _is_plain(mine, row.get(field))
                ]
                compared += len(pairs)
                wrong = sum(not _is_same(mine, other) for mine, other in pairs)
                if wrong:
                    differing[f"{name}.{field}"] = wrong
    return Comparison(counts, compared, dict(differing), error)


def _by_fitparse(data: bytes) -> tuple[dict[str, list[dict[str, object]]], str | None]:
    messages: dict[str, list[dict[str, object]]] = defaultdict(list)
    try:
        for message in fitparse.FitFile(io.BytesIO(data), check_crc=False).get_messages():
            messages[message.name].append(message.get_values())
    except Exception as error:  # noqa: BLE001  fitparse raises what it likes at a fault; what it read before counts
        return messages, f"{type(error).__name__}: {error}"
    return messages, None


def _shared_fields(frame: pl.DataFrame, rows: Iterable[dict[str, object]]) -> Iterable[tuple[str, list[object]]]:
    named = {field for row in rows for field in row}
    return ((field, frame[field].to_list()) for field in frame.columns if field in named)


def _is_plain(mine: object, other: object) -> bool:
    return all(isinstance(value, int | float | str | datetime) for value in (mine, other))


def _is_same(mine: object, other: object) -> bool:
    if isinstance(mine, datetime) and isinstance(other, datetime):
        return mine.replace(tzinfo=None) == other.replace(tzinfo=None)
    if isinstance(mine, int | float) and isinstance(other, int | float):
        return math.isclose(mine, other, rel_tol=_TOLERANCE, abs_tol=_TOLERANCE)
    # A name here may be a number there: its table of names is older.
    return str(mine) == str(other) or isinstance(mine, str) != isinstance(other, str)
