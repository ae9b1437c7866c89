"""FIT bytes → one polars frame per kind of message, and the faults met on the way.

Four steps: `scan` finds where every message starts and which definition it has; `plan` says once per definition how its
messages are read; `block` reads all messages of a definition at once; `frames` makes each kind of message a frame.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from hipdrive.fit.block import Source
from hipdrive.fit.developer import descriptions_for, read_descriptions
from hipdrive.fit.faults import Fault, Strictness
from hipdrive.fit.frames import whole_frame_of
from hipdrive.fit.heart_rate import merge_heart_rates
from hipdrive.fit.parts import Description
from hipdrive.fit.plan import plan_of
from hipdrive.fit.profile import message_of
from hipdrive.fit.reading import Reading, read_apart, read_few, read_pieces, reading_of
from hipdrive.fit.scan import Scan
from hipdrive.fit.subfields import subfields_in
from hipdrive.fit.times import compressed_times

if TYPE_CHECKING:
    from collections.abc import Collection

    import numpy.typing as npt

    from hipdrive.fit.group import Group
    from hipdrive.fit.plan import Plan
    from hipdrive.fit.shape import Shape

FEW = 24  # messages of a kind that are read together with others of which there are as few
MOST_CELLS, CELLS_PER_BYTE = 1 << 16, 3  # of a frame of several definitions: at most the larger
NO_FRAME = pl.DataFrame()


@dataclass(frozen=True, slots=True)
class Decoded:
    """A decoded file.

    Attributes:
        frames: Message name → frame, a row per message in the order of the file, a column per field; of the messages
            that were asked for.
        units: Message name → column → unit, for the columns that have one.
        developer: Message name → column → the profile's field that it stands for by its native number, or empty; for
            the columns that are developer fields.
        faults: What was wrong, in the order of the file; empty for a sound file.
        starts: Message name → where the messages of each of its definitions start; of every message in the file.
    """

    frames: dict[str, pl.DataFrame]
    units: dict[str, dict[str, str]]
    developer: dict[str, dict[str, str]]
    faults: list[Fault]
    starts: dict[str, list[npt.NDArray[np.int64]]] = field(repr=False)

    def offsets(self, message: str) -> npt.NDArray[np.int64]:
        """The byte at which each row of a message's frame starts: the order in which messages were written."""
        return np.sort(np.concatenate([np.empty(0, np.int64), *self.starts.get(message, [])]))


def decode(
    source: bytes | PathLike[str],
    *,
    messages: Collection[str] | None = None,
    strictness: Strictness = Strictness.RECOVER,
) -> Decoded:
    """Everything readable in a FIT file, or some of its messages.

    Args:
        source: The file's bytes, or its path.
        messages: Names of the messages that are made frames of; all, if it is not given. Their frames are those of the
            whole file, and faults are looked for in all of it.
        strictness: How much of a faulty file is believed.

    Raises:
        OSError: The path cannot be read. Nothing inside the bytes raises.
    """
    data = source if isinstance(source, bytes) else Path(source).read_bytes()
    scan = Scan(data, strictness)
    reader = _Reader(data, scan.groups(), messages)
    frames, shapes = reader.frames()
    units = {name: shape.units for name, shape in shapes.items()}
    developer = {name: shape.developer for name, shape in shapes.items() if shape.developer}
    return Decoded(frames, units, developer, scan.faults, reader.starts_by_message)


class _Reader:
    """The messages of one source, and what reading them needs beside them."""

    def __init__(self, data: bytes, groups: list[Group], messages: Collection[str] | None) -> None:
        self.source = Source(data)
        self.groups = groups
        self.asked = None if messages is None else frozenset(messages)
        self.starts = [group.starts() for group in groups]
        self.starts_by_message: dict[str, list[npt.NDArray[np.int64]]] = {}
        self.times: list[npt.NDArray[np.int64] | None] = [None] * len(groups)
        if any(group.has_compressed for group in groups):
            self.times = compressed_times(groups, self.source, self.starts)
        has_developer_fields = any(
            group.has_developer_fields and self._is_read(group.layout.message) for group in groups
        )
        self.descriptions = read_descriptions(data, groups, self.starts) if has_developer_fields else {}

    def _is_read(self, number: int) -> bool:
        """Whether messages of that number are asked for, or needed by what is: straps' rates go into the records."""
        if self.asked is None:
            return True
        name = message_of(number).name
        return name in self.asked or (name == "hr" and "record" in self.asked)

    def frames(self) -> tuple[dict[str, pl.DataFrame], dict[str, Shape]]:
        """Message name → frame, in the order in which the messages first occur; message name → its shape."""
        by_message: dict[int, list[int]] = {}
        for i, group in enumerate(self.groups):
            by_message.setdefault(group.layout.message, []).append(i)
        frames: dict[str, pl.DataFrame] = {}
        shapes: dict[str, Shape] = {}
        few: list[Reading] = []
        for number, members in by_message.items():
            if not self._is_read(number):
                self.starts_by_message[message_of(number).name] = [self.starts[i] for i in members]
                continue
            for again, some in enumerate(self._apart(members) if len(members) > 1 else (members,)):
                name = message_of(number).name + (f"_{again + 1}" if again else "")
                parts = [self._plan(i) for i in some], [self.starts[i] for i in some], [self.times[i] for i in some]
                self.starts_by_message[name] = parts[1]
                reading = reading_of(name, *parts)
                if reading is not None and len(reading.starts) <= FEW and reading.can_be_joined:
                    few.append(reading)
                    frames[name] = NO_FRAME  # its place; it is read with the others of its kind
                    shapes[name] = reading.plan.shape
                    continue
                blocks = read_apart(*parts, self.source) if reading is None else read_pieces(reading, self.source)
                frames[name], shapes[name] = whole_frame_of(blocks)
        if few:
            frames.update(read_few(few, self.source))
        if "hr" in frames and "record" in frames:
            frames["record"] = merge_heart_rates(frames["record"], frames["hr"])
        if self.asked is not None and "hr" not in self.asked:
            frames = {name: frame for name, frame in frames.items() if name != "hr"}
        return frames, shapes

    def _apart(self, members: list[int]) -> list[list[int]]:
        """The definitions of one message, in as few lots as keep each frame within a few times the file.

        Definitions with little in common make a frame that is nearly empty; that is too much in a broken file only.
        """
        lots: list[tuple[set[tuple[int, int | None]], int, int, list[int]]] = []
        for i in sorted(members, key=lambda i: -len(self.starts[i])):
            layout, count = self.groups[i].layout, len(self.starts[i])
            own, size = {(slot.number, slot.developer_index) for slot in layout.slots}, count * layout.size
            for k, (fields, messages, stored, lot) in enumerate(lots):
                cells = len(fields | own) * (messages + count)
                if cells <= max(MOST_CELLS if k == 0 else 0, (stored + size) * CELLS_PER_BYTE):
                    lots[k] = fields | own, messages + count, stored + size, [*lot, i]
                    break
            else:
                lots.append((own, count, size, [i]))
        return [sorted(lot) for *_, lot in lots]

    def _plan(self, i: int) -> Plan:
        group = self.groups[i]
        described: tuple[tuple[tuple[int, int], Description], ...] = ()
        if group.has_developer_fields:
            described = descriptions_for(group.layout, group.first(), self.descriptions)
        subfields = subfields_in(self.source.data, group.layout, self.starts[i])
        return plan_of(group.definition, described, subfields, group.has_compressed)
