"""The messages of one definition: where each starts, as single ones and as runs without a gap."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

import numpy as np

from hipdrive.fit.layout import Layout, parse_definition

if TYPE_CHECKING:
    import numpy.typing as npt

    from hipdrive.fit.layout import Head


class Group:
    """All messages of one definition: single ones, and runs of messages that follow each other without a gap."""

    __slots__ = ("_layout", "definition", "has_compressed", "has_developer_fields", "place", "runs", "singles", "size")

    def __init__(self, head: Head, place: int) -> None:
        self.definition, self.size, _, self.has_developer_fields = head
        self.place = place  # of the definition
        self._layout: Layout | None = None
        self.has_compressed = False  # some messages carry their time in the header byte
        self.singles = array("q")
        self.runs: list[tuple[int, int]] = []  # start, messages

    @property
    def layout(self) -> Layout:
        """The definition, parsed; not before it is asked for, because many a definition stays without a message."""
        if self._layout is None:
            self._layout = parse_definition(self.definition)
        return self._layout

    def note_compressed(self, start: int) -> None:
        """Notes where a message starts that carries its time in the header byte."""
        self.singles.append(start)
        self.has_compressed = True

    def starts(self) -> npt.NDArray[np.int64]:
        """Where each message starts, in order."""
        singles = np.array(self.singles, np.int64)
        if not self.runs:
            return singles
        first, lengths = np.array(self.runs, np.int64).T
        before = np.cumsum(lengths) - lengths
        runs = np.repeat(first - before * self.size, lengths) + np.arange(lengths.sum()) * self.size
        together = np.concatenate((singles, runs))
        together.sort(kind="stable")
        return together

    @property
    def is_used(self) -> bool:
        """Whether any message has the definition."""
        return bool(self.singles or self.runs)

    def count(self) -> int:
        """How many messages."""
        return len(self.singles) + sum([length for _, length in self.runs])

    def first(self) -> int:
        """Where the first message starts; a group without one has none."""
        return min(
            self.singles[0] if self.singles else self.runs[0][0], self.runs[0][0] if self.runs else self.singles[0]
        )

    def last_of_runs(self) -> int:
        """Where the last message of a run starts; -1 without one."""
        return self.runs[-1][0] + (self.runs[-1][1] - 1) * self.size if self.runs else -1

    def drop_from(self, start: int) -> None:
        """Takes back the messages from that place on."""
        while self.singles and self.singles[-1] >= start:
            self.singles.pop()
        while self.runs and self.last_of_runs() >= start:
            first, length = self.runs.pop()
            kept = min(length, max(0, -(-(start - first) // self.size)))
            if kept:
                self.runs.append((first, kept))
                break
