"""One pass over the bytes: which definition each data message has and where it starts. No value is read here."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

import numpy as np

from hipdrive.fit.faults import Fault, Strictness
from hipdrive.fit.header import CRC_SIZE, Extent, find_extent, has_header, is_sealed
from hipdrive.fit.layout import COMPRESSED, DEFINITION, DEVELOPER, Layout, definition_size, parse_definition
from hipdrive.fit.resume import FORWARD_S, resume_at

if TYPE_CHECKING:
    import numpy.typing as npt

COMPRESSED_TYPES = 4  # local types that a header byte with a time has room for
FIELD_DESCRIPTION = 206  # the message that describes a developer field
FIRST_LOOK = 16  # messages looked ahead for at first in a run of messages of one kind
MOST_RESUMES = 100  # in one source: what is torn in more places is not worth the time


class Group:
    """All messages of one definition, as runs of messages that follow each other without a gap."""

    __slots__ = ("definition", "has_compressed", "has_developer_fields", "layout", "run_lengths", "run_starts")

    def __init__(self, definition: bytes, layout: Layout) -> None:
        self.definition, self.layout = definition, layout
        self.has_developer_fields = bool(definition[0])  # fields are in it that only the file itself describes
        self.has_compressed = False  # some messages carry their time in the header byte
        self.run_starts, self.run_lengths = array("q"), array("q")

    def starts(self) -> npt.NDArray[np.int64]:
        """Where each message starts, in order."""
        first = np.array(self.run_starts, np.int64)
        total = sum(self.run_lengths)
        if len(first) == total:
            return first
        lengths = np.array(self.run_lengths, np.int64)
        before = np.cumsum(lengths) - lengths
        return np.repeat(first - before * self.layout.size, lengths) + np.arange(total) * self.layout.size


class Walk:
    """The pass over one source: groups of messages, by definition, and faults in the order of the bytes."""

    def __init__(self, data: bytes, strictness: Strictness) -> None:
        self.data, self.strictness = data, strictness
        self.faults: list[Fault] = []
        self._groups: dict[tuple[bytes, int, int], Group] = {}
        self._by_header: list[Group | None] = []
        self._described: list[Group] = []  # descriptions of developer fields in the current file
        self._part = -1  # which file of the chain
        self._resumes = 0
        start = 0
        if not data:
            self.faults.append(Fault(0, "the file is empty; export it again"))
        while start < len(data):
            extent = find_extent(data, start, self.faults.append)
            if extent is None:
                break
            start = self._walk_file(extent)
            if self.faults and strictness is not Strictness.RECOVER:
                break
        self.faults.sort()

    def groups(self) -> list[Group]:
        """The groups that are to be read, in the order of their first messages."""
        if self.faults and self.strictness is Strictness.SOUND:
            return []
        return sorted((g for g in self._groups.values() if g.run_starts), key=lambda group: group.run_starts[0])

    def _walk_file(self, extent: Extent) -> int:
        """One file of a chain; returns where the next one starts."""
        self._part += 1
        self._by_header = [None] * 256
        self._described = []
        data, end = self.data, extent.end
        stop = self._walk_messages(extent.first, end)
        if not extent.is_declared:
            return len(data)
        after = end + CRC_SIZE
        if stop == end and len(data) < after:
            self.faults.append(Fault(len(data), "the checksum at the end is missing; the messages are all there"))
            return len(data)
        if stop == end and is_sealed(data, extent.start, end):
            return after
        if after < len(data) and not has_header(data, after) and self.strictness is Strictness.RECOVER:
            # The size in the header is too small, or there is rubbish behind the file: messages that go on are believed.
            return self._walk_on(stop, end)
        if stop == end:
            self.faults.append(Fault(end, "the checksum does not match the contents; some values may be wrong"))
        return after

    def _walk_on(self, stop: int, end: int) -> int:
        data = self.data
        following = self._by_header[data[stop]] if stop < len(data) else None
        if following is None and data[stop] & (COMPRESSED | DEFINITION) != DEFINITION:
            self.faults.append(Fault(end, "the checksum does not match the contents; some values may be wrong"))
            return end + CRC_SIZE
        last = len(data) - (CRC_SIZE if is_sealed(data, 0, len(data) - CRC_SIZE) else 0)
        self.faults.append(Fault(end, "the messages go on where the header says that they end; they were read on"))
        self._walk_messages(stop, last)
        return len(data)

    def _walk_messages(self, start: int, end: int) -> int:
        """All messages from start to end; returns where reading stopped, which is before the end only at a cut."""
        data, by_header = self.data, self._by_header
        place = start
        while place < end:
            header = data[place]
            group = by_header[header]
            if group is not None:
                size = group.layout.size
                after = place + size
                if after > end:
                    self.faults.append(Fault(place, "a message is cut off at the end; it was left out"))
                    return place
                length = 1
                if after < end and data[after] == header:
                    length = _run_length(data, header, place, end, size)
                    after = place + length * size
                group.run_starts.append(place)
                group.run_lengths.append(length)
                if header & COMPRESSED:
                    group.has_compressed = True
                place = after
                continue
            after = self._define(place, end) if header & DEFINITION and not header & COMPRESSED else 0
            if not after:
                after = self._resume(place, end)
                if not after:
                    return place
            place = after
        return place

    def _define(self, place: int, end: int) -> int:
        """Takes the definition that starts there; returns where it ends, 0 where it is none."""
        data = self.data
        size = definition_size(data, place)
        if not size or place + size > end or data[place + 2] > 1:
            return 0
        header = data[place]
        definition = bytes((header & DEVELOPER,)) + data[place + 1 : place + size]
        # Developer fields mean what was said of them before: the same definition after more descriptions is another.
        described = sum(sum(group.run_lengths) for group in self._described) if header & DEVELOPER else 0
        key = (definition, self._part, described)
        group = self._groups.get(key)
        if group is None:
            group = self._groups[key] = Group(definition, parse_definition(definition))
            if group.layout.message == FIELD_DESCRIPTION:
                self._described.append(group)
            for identifier in group.layout.unknown_types:
                self.faults.append(
                    Fault(place, f"a definition has the unknown base type {identifier}; the field is kept as its bytes")
                )
        local = header & 0x0F
        for one in (local, local | 0x10, local | 0x20, local | 0x30):
            self._by_header[one] = group
        if local < COMPRESSED_TYPES:
            first = COMPRESSED | local << 5
            self._by_header[first : first + 32] = [group] * 32
        return place + size

    def _resume(self, place: int, end: int) -> int:
        """Notes what stands there and returns where reading goes on, 0 where it does not."""
        what = self._what_is_wrong(place)
        if self.strictness is Strictness.RECOVER and self._resumes < MOST_RESUMES:
            self._resumes += 1
            last, torn = self._last_time()
            layouts = [group.layout if group else None for group in self._by_header]
            found = resume_at(self.data, (place if torn is None else torn) + 1, end, layouts, last)
            if found < end:
                if torn is not None:
                    what, place = "a message torn apart (its time stamp cannot be)", torn
                    self._drop(torn)
                self.faults.append(Fault(place, f"{what}; {found - place} bytes were skipped to where messages go on"))
                return found
        self.faults.append(Fault(place, f"{what}; the {end - place} bytes from here on were not read"))
        return 0

    def _what_is_wrong(self, place: int) -> str:
        header = self.data[place]
        if header & DEFINITION and not header & COMPRESSED:
            return "a definition that cannot be one"
        local = header >> 5 & 3 if header & COMPRESSED else header & 0x0F
        return f"a message of the local type {local}, which nothing defines"

    def _last_time(self) -> tuple[int | None, int | None]:
        """The last time stamp that goes on from one before it, and where the last message starts if its own does not."""
        stamps: list[tuple[int, int]] = []
        for (_, part, _), group in self._groups.items():
            stamp = group.layout.timestamp
            if part == self._part and group.run_starts and stamp is not None:
                first, length = group.run_starts[-1], group.run_lengths[-1]
                for i in range(max(length - 2, 0), length):
                    start = first + i * group.layout.size
                    time = self.data[start + stamp : start + stamp + 4]
                    stamps.append((start, int.from_bytes(time, "big" if group.layout.big_endian else "little")))
        stamps.sort()
        for i in range(len(stamps) - 1, 0, -1):
            if 0 <= stamps[i][1] - stamps[i - 1][1] <= FORWARD_S:
                return stamps[i][1], stamps[-1][0] if i < len(stamps) - 1 else None
        return None, None

    def _drop(self, start: int) -> None:
        """Takes back the message that starts there, which is the last of its group."""
        for group in self._groups.values():
            if group.run_starts and start == group.run_starts[-1] + (group.run_lengths[-1] - 1) * group.layout.size:
                group.run_lengths[-1] -= 1
                if not group.run_lengths[-1]:
                    group.run_starts.pop()
                    group.run_lengths.pop()
                return


def _run_length(data: bytes, header: int, start: int, end: int, size: int) -> int:
    """How many messages of this size with this header byte stand there in a row, the last one whole."""
    whole = (end - start) // size
    mark = bytes((header,))
    length, step = 1, FIRST_LOOK
    while length < whole:
        ahead = data[start + length * size : start + min(length + step, whole) * size : size]
        more = len(ahead) - len(ahead.lstrip(mark))
        length += more
        if more < len(ahead):
            break
        step *= 4
    return length
