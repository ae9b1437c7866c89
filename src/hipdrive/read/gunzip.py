"""Gzip bytes → what they hold, up to a limit and up to the first fault."""

from __future__ import annotations

import io
import zlib
from typing import IO

from hipdrive.errors import UnreadableFile

GZIP_MARK = b"\x1f\x8b"
STEP_BYTES = 65_536


def gunzip(name: str, given: bytes, limit: int) -> tuple[bytes, str | None]:
    """All members of a gzip, one after the other, and what was met on the way; a byte over the limit shows a bomb.

    Args:
        name: for the error.
        given: the packed bytes.
        limit: how many bytes may come out.

    Raises:
        UnreadableFile: nothing comes out.
    """
    out = io.BytesIO()
    fault = gunzip_into(out, io.BytesIO(given), limit)
    if not out.tell():
        raise UnreadableFile(name, f"{fault or 'the gzip is empty'}; copy the file again from where it came")
    return out.getvalue(), fault


def gunzip_into(out: IO[bytes], packed: IO[bytes], limit: int) -> str | None:
    """The same from file to file; gives what was met on the way, and stops after one byte more than the limit."""
    size, rest = 0, b""
    fault = None
    while fault is None and (step := rest or packed.read(STEP_BYTES)):
        if len(step) == 1:
            step += packed.read(STEP_BYTES)  # a mark may be cut in two
        if not step.startswith(GZIP_MARK):
            left = step + packed.read()
            return f"the last {len(left)} bytes are not gzip: left out" if left.strip(b"\0") else None
        unpack = zlib.decompressobj(wbits=31)
        while fault is None and not unpack.eof and step:
            before = unpack.copy()
            try:
                piece = _feed(unpack, step, limit - size)
            except zlib.error as error:
                piece = _feed_up_to_fault(before, step, limit - size)
                fault = f"the gzip breaks after {size + len(piece)} unpacked bytes ({error})"
            size += len(piece)
            out.write(piece)
            if size > limit:
                return None
            rest = unpack.unused_data
            step = b"" if unpack.eof else packed.read(STEP_BYTES)
        if fault is None and not unpack.eof:
            fault = f"the gzip ends early, after {size} unpacked bytes"
    return fault


def _feed(unpack: zlib._Decompress, step: bytes, room: int) -> bytes:
    """What a step of a gzip unpacks to, or one byte more than there is room for."""
    pieces: list[bytes] = []
    size = 0
    while step and size <= room:
        pieces.append(unpack.decompress(step, room + 1 - size))
        size += len(pieces[-1])
        step = unpack.unconsumed_tail
    return b"".join(pieces)


def _feed_up_to_fault(unpack: zlib._Decompress, step: bytes, room: int) -> bytes:
    """The same byte by byte: a call that meets a fault gives nothing of what it had unpacked before it."""
    pieces: list[bytes] = []
    size = 0
    for place in range(len(step)):
        try:
            pieces.append(_feed(unpack, step[place : place + 1], room - size))
        except zlib.error:
            break
        size += len(pieces[-1])
    return b"".join(pieces)
