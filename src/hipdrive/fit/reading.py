"""The messages of one kind, ready to be read: their plan, where they start, and which definition each of them has."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from hipdrive.fit.accumulate import accumulate
from hipdrive.fit.block import Block, Source, finish_block, read_block, read_long_block, read_text
from hipdrive.fit.frames import joined_frame_of
from hipdrive.fit.merge import merge
from hipdrive.fit.merge_definitions import join, merge_definitions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt
    import polars as pl

    from hipdrive.fit.merge_definitions import MergedDefinitions
    from hipdrive.fit.plan import Accumulation, Plan

MANY = 300  # messages of each definition, from which on they are read element by element
# Bytes of values that are read at once: so many, or so many times the file's size. Real files hardly come to half of
# that; a hostile one can unfold each of its bytes to a hundred.
LEAST_AT_ONCE, AT_ONCE_PER_BYTE = 1 << 22, 8


@dataclass(slots=True)
class Reading:
    """All messages of one kind that one plan reads.

    Attributes:
        name: The message's name.
        plan: How they are read.
        starts: Where each of them starts, in the order of the file.
        merged: Where the message has several definitions: where each element starts in each of them.
        which: Then, which of the definitions each message has.
        times: Time stamps of messages that carry theirs in the header byte, negative for others.
    """

    name: str
    plan: Plan
    starts: npt.NDArray[np.int64]
    merged: MergedDefinitions | None = None
    which: npt.NDArray[np.int64] | None = None
    times: npt.NDArray[np.int64] | None = None

    @property
    def can_be_joined(self) -> bool:
        """Whether the messages need nothing but to be read."""
        return not (self.plan.big_endian or self.plan.accumulations or self.plan.time_is_compressed)

    def texts(self, data: bytes, longest: int) -> Iterator[list[bytes]]:
        """Each text column's bytes, filled up with empty ones to that number of messages."""
        starts = self.starts.tolist()
        fill = [b""] * (longest - len(starts))
        if self.merged is None or self.which is None:
            for text in self.plan.texts:
                yield [read_text(data, at, text) for at in starts] + fill
        else:
            which = self.which.tolist()
            for texts in self.merged.texts:
                yield [read_text(data, at, texts[g]) for at, g in zip(starts, which, strict=True)] + fill


def reading_of(
    name: str,
    plans: Sequence[Plan],
    starts: Sequence[npt.NDArray[np.int64]],
    times: Sequence[npt.NDArray[np.int64] | None],
) -> Reading | None:
    """The messages of one kind, given by definition; None where the definitions store a field in different ways."""
    if len(plans) == 1:
        return Reading(name, plans[0], starts[0], times=times[0])
    merged = merge_definitions(tuple(plans))
    if merged is None:
        return None
    every = np.concatenate(starts)
    order = np.argsort(every, kind="stable")
    which = np.repeat(np.arange(len(plans)), [len(one) for one in starts])[order]
    stamps = None
    if merged.plan.time_is_compressed:
        none = [np.full(len(one), -1) if time is None else time for one, time in zip(starts, times, strict=True)]
        stamps = np.concatenate(none)[order]
    return Reading(name, merged.plan, every[order], merged, which, stamps)


def read_pieces(reading: Reading, source: Source) -> Iterator[Block]:
    """The values of the messages of one kind, in as many pieces as keep each within a few times the file's size."""
    count = len(reading.starts)
    at_once = _at_once(source, reading.plan.weight)
    if count <= at_once:
        yield _counted(read_one(reading, source), {})
        return
    counters: dict[Accumulation, int | None] = {entry: None for _, entry in reading.plan.accumulations}
    for first in range(0, count, at_once):
        part = slice(first, first + at_once)
        piece = replace(
            reading,
            starts=reading.starts[part],
            which=None if reading.which is None else reading.which[part],
            times=None if reading.times is None else reading.times[part],
        )
        yield _counted(read_one(piece, source), counters)


def read_one(reading: Reading, source: Source) -> Block:
    """The values of the messages of one kind; counters are not counted on yet."""
    plan, starts, merged = reading.plan, reading.starts, reading.merged
    if len(starts) >= MANY * (1 if merged is None else 2 * len(merged.definitions)):
        definitions = [list(enumerate(plan.starts[:, 0].tolist()))] if merged is None else merged.definitions
        raw = read_long_block(plan, source, starts, definitions, reading.which)
    elif merged is None:
        raw = read_block(plan, source, plan.starts + starts, None)
    else:
        which: npt.NDArray[np.int64] = np.zeros(0, np.int64) if reading.which is None else reading.which
        present = None if merged.present is None else merged.present.take(which, axis=1)
        raw = read_block(plan, source, merged.starts.take(which, axis=1) + starts, present)
    return finish_block(plan, raw, list(reading.texts(source.data, len(starts))), reading.times)


def read_apart(
    plans: Sequence[Plan],
    starts: Sequence[npt.NDArray[np.int64]],
    times: Sequence[npt.NDArray[np.int64] | None],
    source: Source,
) -> Iterator[Block]:
    """The values of the messages of one kind, whose definitions store a field in different ways; in pieces likewise."""
    at_once = _at_once(source, sum(plan.weight for plan in plans))
    edges = np.sort(np.concatenate(starts))[at_once::at_once]
    counters: dict[Accumulation, int | None] = {entry: None for plan in plans for _, entry in plan.accumulations}
    cuts = [[0, *one.searchsorted(edges).tolist(), len(one)] for one in starts]
    for i in range(len(edges) + 1):
        parts = [slice(cut[i], cut[i + 1]) for cut in cuts]
        own = [one[part] for one, part in zip(starts, parts, strict=True)]
        blocks = []
        for plan, one, time, part in zip(plans, own, times, parts, strict=True):
            texts = [[read_text(source.data, at, text) for at in one.tolist()] for text in plan.texts]
            raw = read_block(plan, source, plan.starts + one, None)
            blocks.append(finish_block(plan, raw, texts, None if time is None else time[part]))
        yield _counted(merge(blocks, own), counters)


def _at_once(source: Source, weight: int) -> int:
    """How many messages of that weight are read at once."""
    return max(max(LEAST_AT_ONCE, AT_ONCE_PER_BYTE * len(source.data)) // weight, 1)


def _counted(block: Block, counters: dict[Accumulation, int | None]) -> Block:
    for entry, is_partial in block.partial.items():
        if entry in counters or is_partial.any():
            counters[entry] = accumulate(block, entry, is_partial, counters.get(entry))
    return block


def read_few(readings: Sequence[Reading], source: Source) -> Iterator[tuple[str, pl.DataFrame]]:
    """The frames of messages of several kinds that occur a few times each, by name.

    In a small file reading them one by one is most of the work. They are read as one block, which has a column for
    each time the most frequent of them occurs; those that occur less often repeat their last one there, which is cut
    off their frame again.
    """
    joined = join(tuple([reading.plan for reading in readings]), tuple([reading.name for reading in readings]))
    longest = max([len(reading.starts) for reading in readings])
    starts = np.array([_filled(reading.starts, longest) for reading in readings])
    places = joined.plan.starts + starts[joined.members]
    present = None
    for i, reading in enumerate(readings):
        if reading.merged is not None and reading.which is not None:
            which = _filled(reading.which, longest)
            places[joined.rows[i]] = reading.merged.starts.take(which, axis=1) + starts[i]
            if reading.merged.present is not None:
                present = np.ones(places.shape, np.bool_) if present is None else present
                present[joined.rows[i]] = reading.merged.present.take(which, axis=1)
    texts = [text for reading in readings for text in reading.texts(source.data, longest)]
    block = finish_block(joined.plan, read_block(joined.plan, source, places, present), texts)
    for column, reading in zip(joined_frame_of(block, joined.shape).iter_columns(), readings, strict=True):
        length = len(reading.starts)
        yield column.name, (column if length == longest else column.head(length)).struct.unnest()


def _filled(values: npt.NDArray[np.int64], length: int) -> list[int]:
    given: list[int] = values.tolist()
    return given + given[-1:] * (length - len(given))
