"""Where messages can safely be read again after something corrupt.

Nothing in a FIT stream marks the start of a message, so only strong evidence counts: three messages in a row of known
definitions whose time stamps go on from the last one that was read, or a whole definition of a message of the profile
in which every field has a base type that exists and a size that fits it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hipdrive.fit.layout import COMPRESSED, DEFINITION, DEVELOPER, definition_size, is_plausible

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from hipdrive.fit.layout import Layout

FIRST_LOOK = 1024  # bytes searched at first, then four times as many each time
CHAIN = 3  # messages that must follow each other
FORWARD_S = 2 * 86_400  # a time stamp may lie so far after the last one
EARLIEST, LATEST = 0x10000000, 0x70000000  # seconds of FIT time that a watch can show: 1998 to 2049


def resync_at(data: bytes, start: int, stop: int, end: int, layouts: Sequence[Layout | None], last: int | None) -> int:
    """The first place from start on where messages start again; `stop` where there is none before it.

    Args:
        data: The file.
        start: Where to look first.
        stop: Where not to look any more.
        end: Where the messages end.
        layouts: The layout of the data messages that start with each of the 256 header bytes.
        last: The last time stamp that was read, in seconds of FIT time.
    """
    size = FIRST_LOOK
    while start < stop:
        after = min(start + size, stop)
        found = min(_next_definition(data, start, after, end), _next_chain(data, start, after, end, layouts, last))
        if found < after:
            return found
        start, size = after, size * 4
    return stop


def _next_definition(data: bytes, start: int, stop: int, end: int) -> int:
    """The first plausible definition that starts before stop, otherwise stop."""
    part = np.frombuffer(data, np.uint8, min(stop + 2, len(data)) - start, start)
    here = part[: stop - start]
    looks = (here & (COMPRESSED | DEFINITION) == DEFINITION)[: len(part) - 2]
    looks &= (part[1:-1] == 0)[: len(looks)] & (part[2:] <= 1)[: len(looks)]
    for place in (np.flatnonzero(looks) + start).tolist():
        size = definition_size(data, place)
        if size and place + size <= end:
            definition = bytes((data[place] & DEVELOPER,)) + data[place + 1 : place + size]
            if is_plausible(definition):
                return place
    return stop


def _next_chain(
    data: bytes, start: int, stop: int, end: int, layouts: Sequence[Layout | None], last: int | None
) -> int:
    """The first place before stop from which three messages follow each other in time, otherwise stop."""
    sizes = np.array([layout.size if layout and layout.timestamp else 0 for layout in layouts], np.int64)
    stamps = np.array([layout.timestamp if layout and layout.timestamp else 0 for layout in layouts], np.int64)
    swapped = np.array([bool(layout and layout.big_endian) for layout in layouts])
    place = np.arange(start, stop)
    origin = place
    earliest, latest = (last, last + FORWARD_S) if last is not None else (EARLIEST, LATEST)
    before = np.full(len(place), earliest)
    buffer = np.frombuffer(data, np.uint8)
    for _ in range(CHAIN):
        fits = place < end
        place, origin, before = place[fits], origin[fits], before[fits]
        header = buffer[place]
        fits = (sizes[header] > 0) & (place + sizes[header] <= end)
        place, origin, before, header = place[fits], origin[fits], before[fits], header[fits]
        time = _stamp(buffer, place + stamps[header], swapped[header])
        fits = (time >= before) & (time <= np.minimum(latest, before + FORWARD_S if last is not None else latest))
        place, origin, before = (place + sizes[header])[fits], origin[fits], time[fits]
    return int(origin[0]) if len(origin) else stop


def _stamp(
    buffer: npt.NDArray[np.uint8], place: npt.NDArray[np.int64], swapped: npt.NDArray[np.bool_]
) -> npt.NDArray[np.int64]:
    four = buffer[place[:, None] + np.arange(4)]
    little = np.ascontiguousarray(four).view("<u4")[:, 0].astype(np.int64)
    big = np.ascontiguousarray(four).view(">u4")[:, 0].astype(np.int64)
    return np.where(swapped, big, little)
