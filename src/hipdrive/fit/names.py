"""Numbers of named values → texts, for whole blocks at a time, as the views that Arrow keeps texts in.

A view is sixteen bytes: the text's length, then either the text itself (up to twelve bytes) or its first four bytes
and where the whole of it stands in a blob beside the views. The views of all named values of the profile are made
once; looking up a block is one search in a sorted array and one gather.
"""

from __future__ import annotations

import struct
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from hipdrive.fit.arrow import INLINE_TEXT
from hipdrive.fit.profile import ENUMS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy.typing as npt

TYPE_SHIFT = np.uint64(40)  # a key is a type's number above this bit and a stored value (at most 32 bits) below it
TYPE_NUMBERS = {name: number for number, name in enumerate(ENUMS)}
VIEW_SIZE = 16
View = np.dtype(np.complex128)  # sixteen bytes that numpy moves fast; never calculated with


def pack_views(texts: Iterable[bytes]) -> tuple[bytes, bytes]:
    """The texts' views, and the blob that the long ones of them stand in."""
    views, blob = bytearray(), bytearray()
    for text in texts:
        if len(text) <= INLINE_TEXT:
            views += struct.pack("<I12s", len(text), text)
        else:
            views += struct.pack("<I4sII", len(text), text[:4], 0, len(blob))
            blob += text
    return bytes(views), bytes(blob)


def _tables(
    enums: Mapping[str, Mapping[int, str]],
) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.complex128], list[bytes]]:
    keys, views, blobs = [], [], []
    for kind, values in enums.items():
        ordered = sorted(values)
        packed, blob = pack_views(values[value].encode() for value in ordered)
        views.append(packed)
        blobs.append(blob)
        keys += [TYPE_NUMBERS[kind] << int(TYPE_SHIFT) | value for value in ordered]
    return np.array(keys, np.uint64), np.frombuffer(b"".join(views) + bytes(VIEW_SIZE), View), blobs


_KEYS, _VIEWS, BLOBS = _tables(ENUMS)
BLOB_SIZES = np.array([len(blob) for blob in BLOBS])
_LAST = len(_KEYS) - 1
_NO_VIEW = len(_KEYS)


def type_key(kind: str) -> int:
    """What has to be added to a stored value of that type to find it."""
    return TYPE_NUMBERS[kind] << int(TYPE_SHIFT)


@lru_cache(maxsize=1024)
def _digits(number: int) -> bytes:
    """The view of a number; one that is stored in at most 32 bits fits into it."""
    return pack_views([str(number).encode()])[0]


def views_of(
    numbers: npt.NDArray[np.uint64], types: npt.NDArray[np.uint64], good: npt.NDArray[np.bool_]
) -> npt.NDArray[np.complex128]:
    """The views of stored values; a value without a name is given as its digits.

    Args:
        numbers: Stored values, one row per element.
        types: The `type_key` of each row, as a column.
        good: Which values are there at all.
    """
    if not len(numbers):
        return np.empty(numbers.shape, View)
    keys = numbers | types
    found = _KEYS.searchsorted(keys)
    found[found > _LAST] = _LAST
    named = _KEYS[found] == keys
    named &= good
    found[~named] = _NO_VIEW
    views = _VIEWS[found]
    named ^= good
    if named.any():
        views[named] = np.frombuffer(b"".join(map(_digits, numbers[named].tolist())), View)
    return views
