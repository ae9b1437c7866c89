"""Time stamps of messages whose header byte carries only the lowest five bits of the time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hipdrive.fit.layout import COMPRESSED

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from hipdrive.fit.block import Source
    from hipdrive.fit.group import Group

OFFSET_MASK = 0x1F  # the five bits
NO_TIME = 0xFFFFFFFF


def compressed_times(
    groups: Sequence[Group], source: Source, starts: Sequence[npt.NDArray[np.int64]]
) -> list[npt.NDArray[np.int64] | None]:
    """For each group the time stamps of its messages in seconds of FIT time; -1 where a message has none in its header.

    The five bits count on from the last time stamp before them in the file, whichever message had it.

    Args:
        groups: All groups of one file of a chain.
        source: The data.
        starts: Where the messages of each group start.
    """
    where, stamps, is_full = [], [], []
    for group, places in zip(groups, starts, strict=True):
        header = np.frombuffer(source.data, np.uint8)[places].astype(np.int64)
        compressed = header >= COMPRESSED
        where.append(places[compressed])
        stamps.append(header[compressed] & OFFSET_MASK)
        is_full.append(np.zeros(len(where[-1]), np.bool_))
        if group.layout.timestamp is not None:
            # The four bytes are the upper half of the eight that end with them.
            full = source.words[places[~compressed] + group.layout.timestamp - 4]
            full = full.byteswap() & np.uint64(NO_TIME) if group.layout.big_endian else full >> np.uint64(32)
            known = full != NO_TIME
            where.append(places[~compressed][known])
            stamps.append(full[known].astype(np.int64))
            is_full.append(np.ones(len(where[-1]), np.bool_))
    place, stamp, full = (np.concatenate(part) for part in (where, stamps, is_full))
    if not len(place):
        return [None] * len(groups)
    order = np.argsort(place)
    place, stamp, full = place[order], stamp[order], full[order]
    steps = np.diff(stamp, prepend=0) & OFFSET_MASK
    steps[full] = 0
    passed = np.cumsum(steps)
    last = np.maximum.accumulate(np.where(full, np.arange(len(stamp)), -1))
    times = np.where(last >= 0, stamp[last] + passed - passed[last], -1)
    times[full] = -1
    result: list[npt.NDArray[np.int64] | None] = []
    for group, places in zip(groups, starts, strict=True):
        found = np.minimum(place.searchsorted(places), len(place) - 1)
        result.append(np.where(place[found] == places, times[found], -1) if group.has_compressed else None)
    return result
