"""Whether bytes are an original file that an inbox can read, whole, and of the activity that was asked for."""

from __future__ import annotations

import gzip
import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import polars as pl

from hipdrive.fit import decode

_MOST_MEMBERS = 100
_HEAD = 400
_SAME_START_S, _ZONE_STEP_S, _WIDEST_ZONE_S = 120, 900, 54_000
_SAME_DISTANCE = 0.05


class NotAnOriginalError(Exception):
    """What came is not a file that can be offered; its words say why."""


@dataclass(frozen=True)
class Original:
    """A file as it came.

    Attributes:
        suffix: how its name must end.
        content_sha256: of what it holds, unpacked: an archive made anew each time holds the same.
        sessions: start in UTC and distance in m of each session of its FIT files.
    """

    suffix: str
    content_sha256: str
    sessions: tuple[tuple[datetime, float | None], ...]


def examine(data: bytes, *, is_counted: bool, limit: int) -> Original:
    """What a download is.

    Args:
        data: as it came.
        is_counted: whether HTTP vouches for its length; if not, a FIT file's own header is asked.
        limit: unpacked bytes.

    Raises:
        NotAnOriginalError: it is empty, a web page, cut off, or larger than the limit.
    """
    if not data:
        raise NotAnOriginalError("nothing came")
    suffix, inner = _unpacked(data, limit)
    if not inner:
        raise NotAnOriginalError("an archive without files came")
    kinds = [_kind(content) for content in inner]
    if all(kind is None for kind in kinds):
        is_page = any(content.lstrip()[:1] == b"<" for content in inner)
        raise NotAnOriginalError(
            "a web page came in place of a file" if is_page else "what came is not FIT, TCX or GPX"
        )
    if not is_counted and any(kind == ".fit" and _is_cut(one) for kind, one in zip(kinds, inner, strict=True)):
        raise NotAnOriginalError("the file was cut off on its way")
    sha = hashlib.sha256(b"".join(sorted(hashlib.sha256(content).digest() for content in inner))).hexdigest()
    fits = [content for kind, content in zip(kinds, inner, strict=True) if kind == ".fit"]
    name = suffix if suffix == ".zip" else f"{kinds[0]}{suffix}"
    return Original(name, sha, tuple(session for content in fits for session in _sessions(content)))


def is_of(original: Original, start_utc: datetime | None, distance_m: float | None, *, is_local: bool) -> bool:
    """Whether a file is of the activity as it was listed; a start or a distance alone may have been corrected there.

    Args:
        original: what came.
        start_utc: as listed; None where it was not.
        distance_m: as listed.
        is_local: the listed start is the athlete's local time, which is off by quarters of an hour.
    """
    if not original.sessions or start_utc is None:
        return True
    whole = sum(metres or 0.0 for _, metres in original.sessions)
    for start, metres in (*original.sessions, (original.sessions[0][0], whole)):
        apart_s = abs((start - start_utc).total_seconds())
        if is_local and apart_s <= _WIDEST_ZONE_S:
            apart_s = min(apart_s % _ZONE_STEP_S, _ZONE_STEP_S - apart_s % _ZONE_STEP_S)
        if apart_s <= _SAME_START_S:
            return True
        if distance_m and metres and abs(metres - distance_m) <= _SAME_DISTANCE * distance_m:
            return True
    return False


def _unpacked(data: bytes, limit: int) -> tuple[str, list[bytes]]:
    try:
        if data.startswith(b"\x1f\x8b"):
            with gzip.open(io.BytesIO(data)) as file:
                return ".gz", [_bounded(file.read(limit + 1), limit)]
        if data.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                return ".zip", list(_members(archive, limit))
    except (EOFError, OSError, zlib.error, zipfile.BadZipFile, RuntimeError, ValueError, NotImplementedError):
        raise NotAnOriginalError("the archive is broken or was cut off on its way") from None
    return "", [data]


def _members(archive: zipfile.ZipFile, limit: int) -> Iterator[bytes]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > _MOST_MEMBERS:
        raise NotAnOriginalError(f"an archive of {len(entries)} files came")
    for entry in entries:
        with archive.open(entry) as member:
            content = _bounded(member.read(limit + 1), limit)
        limit -= len(content)
        yield content


def _bounded(data: bytes, limit: int) -> bytes:
    if len(data) > limit:
        raise NotAnOriginalError("it would unpack to more than fetch.max_body_mb")
    return data


def _kind(data: bytes) -> str | None:
    if data[8:12] == b".FIT":
        return ".fit"
    head = data[:_HEAD].lower()
    if b"<trainingcenterdatabase" in head:
        return ".tcx"
    return ".gpx" if b"<gpx" in head else None


def _is_cut(data: bytes) -> bool:
    return data[0] + int.from_bytes(data[4:8], "little") + 2 > len(data)


def _sessions(data: bytes) -> list[tuple[datetime, float | None]]:
    frame = decode(data, messages=("session",)).frames.get("session")
    if frame is None or not isinstance(frame.schema.get("start_time"), pl.Datetime):
        return []
    has_distance = "total_distance" in frame.columns and frame.schema["total_distance"].is_numeric()
    distances = frame["total_distance"].to_list() if has_distance else [None] * frame.height
    return [
        (start.astimezone(UTC) if start.tzinfo else start.replace(tzinfo=UTC), distance)
        for start, distance in zip(frame["start_time"], distances, strict=True)
        if start is not None
    ]
