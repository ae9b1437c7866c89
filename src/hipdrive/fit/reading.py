"""The messages of one kind, ready to be read: their plan, where they start, which of several definitions each of them has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hipdrive.fit.accumulate import accumulate
from hipdrive.fit.block import Block, read_block, read_text
from hipdrive.fit.frames import joined_frame_of
from hipdrive.fit.merge import merge
from hipdrive.fit.unite import join, unite

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt
    import polars as pl

    from hipdrive.fit.plan import Plan
    from hipdrive.fit.unite import United

WINDOW = 8  # bytes read for each element


class Source:
    """The bytes of a file, and the eight bytes from each of them on as numbers."""

    __slots__ = ("data", "words")

    def __init__(self, data: bytes) -> None:
        self.data = data + bytes(WINDOW - 1)
        self.words = np.ndarray((len(data),), np.dtype("<u8"), self.data, 0, (1,))


@dataclass(slots=True)
class Reading:
    """All messages of one kind that one plan reads.

    Attributes:
        name: The message's name.
        plan: How they are read.
        starts: Where each of them starts, in the order of the file.
        united: Where the message has several definitions: where each element starts in each of them.
        which: Then, which of the definitions each message has.
        times: Time stamps of messages that carry theirs in the header byte, negative for others.
    """

    name: str
    plan: Plan
    starts: npt.NDArray[np.int64]
    united: United | None = None
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
        if self.united is None or self.which is None:
            for text in self.plan.texts:
                yield [read_text(data, at, text) for at in starts] + fill
        else:
            which = self.which.tolist()
            for texts in self.united.texts:
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
    united = unite(tuple(plans))
    if united is None:
        return None
    every = np.concatenate(starts)
    order = np.argsort(every, kind="stable")
    which = np.repeat(np.arange(len(plans)), [len(one) for one in starts])[order]
    stamps = None
    if united.plan.time_is_compressed:
        none = [np.full(len(one), -1) if time is None else time for one, time in zip(starts, times, strict=True)]
        stamps = np.concatenate(none)[order]
    return Reading(name, united.plan, every[order], united, which, stamps)


def read_one(reading: Reading, source: Source) -> Block:
    """The values of the messages of one kind."""
    texts = list(reading.texts(source.data, len(reading.starts)))
    present = None
    if reading.united is None:
        places = reading.plan.starts + reading.starts
    else:
        places = reading.united.starts[:, reading.which] + reading.starts
        if reading.united.present is not None:
            present = reading.united.present[:, reading.which]
    return _counted(read_block(reading.plan, source.words, places, texts, present=present, times=reading.times))


def read_apart(
    plans: Sequence[Plan],
    starts: Sequence[npt.NDArray[np.int64]],
    times: Sequence[npt.NDArray[np.int64] | None],
    source: Source,
) -> Block:
    """The values of the messages of one kind, whose definitions store a field in different ways."""
    blocks = [
        read_block(
            plan,
            source.words,
            plan.starts + one,
            [[read_text(source.data, at, text) for at in one.tolist()] for text in plan.texts],
            times=time,
        )
        for plan, one, time in zip(plans, starts, times, strict=True)
    ]
    return _counted(merge(blocks, starts))


def _counted(block: Block) -> Block:
    for entry, is_partial in block.partial.items():
        if is_partial.any():
            accumulate(block, entry, is_partial)
    return block


def read_few(readings: Sequence[Reading], source: Source) -> Iterator[tuple[str, pl.DataFrame]]:
    """The frames of messages of several kinds that occur a few times each, by name.

    In a small file reading them one by one is most of the work. They are read as one block, which has a column for each time the
    most frequent of them occurs; those that occur less often repeat their last one there, which is cut off their frame again.
    """
    joined = join(tuple([reading.plan for reading in readings]), tuple([reading.name for reading in readings]))
    longest = max([len(reading.starts) for reading in readings])
    starts = np.array([_filled(reading.starts, longest) for reading in readings])
    places = joined.plan.starts + starts[joined.members]
    present = None
    for i, reading in enumerate(readings):
        if reading.united is not None and reading.which is not None:
            which = _filled(reading.which, longest)
            places[joined.rows[i]] = reading.united.starts[:, which] + starts[i]
            if reading.united.present is not None:
                present = np.ones(places.shape, np.bool_) if present is None else present
                present[joined.rows[i]] = reading.united.present[:, which]
    texts = [text for reading in readings for text in reading.texts(source.data, longest)]
    block = read_block(joined.plan, source.words, places, texts, present=present)
    for column, reading in zip(joined_frame_of(block, joined.shape).iter_columns(), readings, strict=True):
        length = len(reading.starts)
        yield column.name, (column if length == longest else column.head(length)).struct.unnest()


def _filled(values: npt.NDArray[np.int64], length: int) -> list[int]:
    given: list[int] = values.tolist()
    return given + given[-1:] * (length - len(given))
