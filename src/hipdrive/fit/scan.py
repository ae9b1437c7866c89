"""One pass over the bytes: which definition each data message has and where it starts. No value is read here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hipdrive.fit.faults import Fault, Strictness
from hipdrive.fit.group import Group
from hipdrive.fit.header import CRC_SIZE, Extent, find_extent, has_header, is_sealed
from hipdrive.fit.layout import (
    COMPRESSED,
    DEFINITION,
    DEVELOPER,
    definition_size,
    head_of,
)
from hipdrive.fit.resync import FORWARD_S, resync_at
from hipdrive.fit.times import NO_TIME

if TYPE_CHECKING:
    from collections.abc import Callable

LOCAL_TYPES = 16
FIELD_DESCRIPTION = 206  # the message that describes a developer field
SHORT_LOOK, LONG_LOOK = 8, 64  # messages read one by one before a run is looked for, after a run and elsewhere
LAST_TIMES = 64  # messages looked back at for a jump in time
MOST_JUMPS = 4  # of which so many are looked into
MOST_GROUPS = 1024  # that are kept though no message may have them
MOST_RESUMES = 100  # in one source: what is torn in more places is not worth the time


class Scan:
    """The pass over one source: groups of messages, by definition, and faults in the order of the bytes."""

    def __init__(self, data: bytes, strictness: Strictness) -> None:
        self.data, self.strictness = data, strictness
        self.faults: list[Fault] = []
        # By definition, file of the chain and number of descriptions of developer fields before; also by definition
        # as it stands.
        self._groups: dict[tuple[bytes, int, int], Group] = {}
        self._defined: dict[bytes, Group] = {}
        self._epoch = 0  # that number of descriptions
        self._most_groups = MOST_GROUPS
        self._locals: list[Group | None] = []  # by local type, the definition that holds now
        # By the header byte of a data message: its size (0: undefined, or not met yet), where to note its start.
        self._sizes: list[int] = []
        self._notes: list[Callable[[int], None]] = []
        self._met: list[list[int]] = []  # by local type, the header bytes that were met
        self._described: list[Group] = []  # descriptions of developer fields in the current file
        self._part = -1  # which file of the chain
        self._start = 0  # where it starts
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
        self._note_unknown_types()
        self.faults.sort()

    def groups(self) -> list[Group]:
        """The groups that are to be read, in the order of their first messages."""
        if self.faults and self.strictness is Strictness.SOUND:
            return []
        return sorted((group for group in self._groups.values() if group.is_used), key=Group.first)

    def _note_unknown_types(self) -> None:
        for group in self._groups.values():
            for identifier in group.layout.unknown_types if group.is_used else ():
                reason = f"a definition has the unknown base type {identifier}; the field is kept as its bytes"
                self.faults.append(Fault(group.place, reason))

    def _walk_file(self, extent: Extent) -> int:
        """One file of a chain; returns where the next one starts."""
        self._part += 1
        self._locals = [None] * LOCAL_TYPES
        self._sizes, self._notes = [0] * 256, [_note_nothing] * 256
        self._met = [[local] for local in range(LOCAL_TYPES)]
        self._described = []
        self._defined.clear()
        self._epoch = 0
        data, end = self.data, extent.end
        self._start = extent.start
        stop = self._walk_messages(extent.first, end)
        if not extent.is_declared:
            return len(data)
        after = end + CRC_SIZE
        if stop > end:
            self.faults.append(Fault(end, "the last message stands where the checksum should; it was read"))
            return len(data)
        if stop == end and len(data) < after:
            self.faults.append(Fault(len(data), "the checksum at the end is missing; the messages are all there"))
            return len(data)
        if stop == end and is_sealed(data, extent.start, end):
            return after
        if after < len(data) and not has_header(data, after) and self.strictness is Strictness.RECOVER:
            # The size in the header is too small, or there is rubbish behind the file: messages that go on are
            # believed.
            return self._walk_on(stop, end)
        if stop == end:
            self.faults.append(Fault(end, "the checksum does not match the contents; some values may be wrong"))
        return after

    def _walk_on(self, stop: int, end: int) -> int:
        data = self.data
        following = self._group_under(data[stop]) if stop < len(data) else None
        if following is None and data[stop] & (COMPRESSED | DEFINITION) != DEFINITION:
            self.faults.append(Fault(end, "the checksum does not match the contents; some values may be wrong"))
            return end + CRC_SIZE
        last = len(data) - (CRC_SIZE if is_sealed(data, 0, len(data) - CRC_SIZE) else 0)
        self.faults.append(Fault(end, "the messages go on where the header says that they end; they were read on"))
        self._walk_messages(stop, last)
        return len(data)

    def _walk_messages(self, start: int, end: int) -> int:
        """All messages from start to end; returns where reading stopped.

        That is before the end at a cut, and after it where the last message takes the room of the checksum.
        """
        data, sizes, notes = self.data, self._sizes, self._notes
        place = start
        singles = SHORT_LOOK  # messages that are read one by one before a run of the same ones is looked for
        while place < end:
            for _ in range(singles):
                header = data[place]
                size = sizes[header]
                if not size:
                    break
                notes[header](place)
                place += size
                if place >= end:
                    break
            else:
                length = _run_length(data, header, place, size, (end - place) // size)
                singles = SHORT_LOOK if length > LONG_LOOK else LONG_LOOK
                if length:
                    self._note_run(header, place, length)
                    place += length * size
                continue
            if place > end:
                return place if self._fills_the_data(place, end) else self._cut_off(place - size)
            if place < end:
                after = self._define(place, end) or self._meet(place) or self._resume(place, end)
                if not after:
                    return place
                place = after
        return place

    def _fills_the_data(self, place: int, end: int) -> bool:
        """Whether a message goes past the declared end to the last byte because nobody wrote a checksum there."""
        rest = len(self.data) - end
        return place == len(self.data) and rest <= CRC_SIZE and not is_sealed(self.data, self._start, end)

    def _cut_off(self, place: int) -> int:
        """Takes back the message that starts there and is not all there."""
        self.faults.append(Fault(place, "a message is cut off at the end; it was left out"))
        for group in self._groups.values():
            group.drop_from(place)
        return place

    def _note_run(self, header: int, place: int, length: int) -> None:
        group = self._group_under(header)
        if group is not None:
            group.runs.append((place, length))
            group.has_compressed |= header >= COMPRESSED

    def _define(self, place: int, end: int) -> int:
        """Takes the definition that starts there; returns where it ends, 0 where it is none."""
        data = self.data
        header = data[place]
        if header & (COMPRESSED | DEFINITION) != DEFINITION:
            return 0
        size = definition_size(data, place)
        if not size or place + size > end or data[place + 2] > 1:
            return 0
        raw = data[place : place + size]
        if header & DEVELOPER:
            # Developer fields mean what was said of them before: the same definition after more descriptions is
            # another.
            described = sum([group.count() for group in self._described])
            if described != self._epoch:
                self._epoch = described
                self._defined.clear()
        group = self._defined.get(raw)
        if group is None:
            group = self._defined[raw] = self._group_of(raw, place)
        local = header & 0x0F
        if self._locals[local] is not group:
            self._locals[local] = group
            for met in self._met[local]:
                self._enter(met, group)
        return place + size

    def _group_of(self, raw: bytes, place: int) -> Group:
        """The group of a definition that was not met before under this local type."""
        head = head_of(raw)
        key = head.definition, self._part, self._epoch if head.has_developer_fields else 0
        group = self._groups.get(key)
        if group is None:
            if len(self._groups) >= self._most_groups:
                self._forget_unused()
            group = self._groups[key] = Group(head, place)
            if head.message == FIELD_DESCRIPTION:
                self._described.append(group)
        return group

    def _forget_unused(self) -> None:
        """Lets go of definitions that no message had, of which a broken file can have very many."""
        current = {id(group) for group in self._locals}
        self._groups = {key: group for key, group in self._groups.items() if group.is_used or id(group) in current}
        self._defined.clear()
        self._most_groups = max(MOST_GROUPS, 2 * len(self._groups))

    def _group_under(self, header: int) -> Group | None:
        """The definition of data messages that start with this byte."""
        if header & COMPRESSED:
            return self._locals[header >> 5 & 3]
        return None if header & DEFINITION else self._locals[header & 0x0F]

    def _enter(self, header: int, group: Group) -> None:
        self._sizes[header] = group.size
        self._notes[header] = group.note_compressed if header & COMPRESSED else group.singles.append

    def _meet(self, place: int) -> int:
        """Learns a header byte that was not met before; returns where its message starts, 0 where it is undefined.

        A local type can stand in up to 36 header bytes, most of which no file ever has.
        """
        header = self.data[place]
        group = self._group_under(header)
        if group is None:
            return 0
        self._met[header >> 5 & 3 if header & COMPRESSED else header & 0x0F].append(header)
        self._enter(header, group)
        return place

    def _resume(self, place: int, end: int) -> int:
        """Notes what stands there and returns where reading goes on, 0 where it does not."""
        what = self._what_is_wrong(place)
        if self.strictness is Strictness.RECOVER and self._resumes < MOST_RESUMES:
            self._resumes += 1
            stamps = self._last_times()
            jumps = [i for i in range(1, len(stamps)) if not _goes_on(stamps[i - 1][1], stamps[i][1])][:MOST_JUMPS]
            # Since a jump messages may have been read out of step: if they start again before here, they were.
            for i in jumps:
                found = self._search(stamps[i][0] + 1, place, end, stamps[i - 1][1])
                if found < place:
                    return self._back_in_step(stamps[i][0], found)
            found = self._search(place + 1, end, end, stamps[-1][1] if stamps else None)
            for i in jumps:
                earlier = self._search(place + 1, found, end, stamps[i - 1][1])
                if earlier < found:
                    return self._back_in_step(stamps[i][0], earlier)
            if found < end:
                self.faults.append(Fault(place, f"{what}; {found - place} bytes were skipped to where messages go on"))
                return found
        self.faults.append(Fault(place, f"{what}; the {end - place} bytes from here on were not read"))
        return 0

    def _search(self, start: int, stop: int, end: int, last: int | None) -> int:
        groups = [self._group_under(header) for header in range(256)]
        layouts = [group.layout if group else None for group in groups]
        return resync_at(self.data, start, stop, end, layouts, last)

    def _back_in_step(self, torn: int, found: int) -> int:
        """Takes back what was read out of step since a place; returns where messages go on."""
        for group in self._groups.values():
            group.drop_from(torn)
        reason = f"messages out of step from here on; {found - torn} bytes were skipped to where they go on"
        self.faults.append(Fault(torn, reason))
        return found

    def _what_is_wrong(self, place: int) -> str:
        header = self.data[place]
        if header & DEFINITION and not header & COMPRESSED:
            return "a definition that cannot be one"
        local = header >> 5 & 3 if header & COMPRESSED else header & 0x0F
        return f"a message of the local type {local}, which nothing defines"

    def _last_times(self) -> list[tuple[int, int]]:
        """The last messages that have a time stamp: where they start, and it, in seconds of FIT time."""
        stamps: list[tuple[int, int]] = []
        for (_, part, _), group in self._groups.items():
            stamp = group.layout.timestamp if part == self._part and group.is_used else None
            if stamp is not None:
                for start in group.starts()[-LAST_TIMES:].tolist():
                    time = self.data[start + stamp : start + stamp + 4]
                    stamps.append((start, int.from_bytes(time, "big" if group.layout.big_endian else "little")))
        return sorted(pair for pair in stamps if pair[1] != NO_TIME)[-LAST_TIMES:]


def _goes_on(before: int, after: int) -> bool:
    """Whether a time stamp can follow another."""
    return 0 <= after - before <= FORWARD_S


def _note_nothing(start: int) -> None:
    """Stands where no definition is."""


def _run_length(data: bytes, header: int, start: int, size: int, most: int) -> int:
    """How many messages of this size with this header byte stand there in a row, at most."""
    mark = bytes((header,))
    length, step = 0, LONG_LOOK
    while length < most:
        ahead = data[start + length * size : start + (min(length + step, most) - 1) * size + 1 : size]
        more = len(ahead) - len(ahead.lstrip(mark))
        length += more
        if more < len(ahead):
            break
        step *= 4
    return length
