"""TCX and GPX files → the raw tables that FIT files give, under FIT's names and units, marked as what they are.

Both hold less than the FIT file of the same run: no timer, no dynamics, of GPX not even a distance. Where one breaks
off, what stands before the break is read.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as ET

import gpxpy
import polars as pl
from tcxreader.tcxreader import TCXReader

from hipdrive.errors import UnreadableFile
from hipdrive.fit import Fault
from hipdrive.read.runs import RawRun

_MARKS = {"tcx": b"<trainingcenterdatabase", "gpx": b"<gpx"}
_MARK_WITHIN = 2000
# An entity may stand for a billion others, and no device writes any.
_ENTITIES = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_POINTS = {"tcx": b"</Trackpoint>", "gpx": b"</trkpt>"}
_CLOSED = {
    "tcx": b"</Track></Lap></Activity></Activities></TrainingCenterDatabase>",
    "gpx": b"</trkseg></trk></gpx>",
}
_SPORTS = (  # what a sport's word holds, in lower case → FIT's sport; Strava's numbers among them
    (("run", "lauf", "course", "jog", "9"), "running"),
    (("bik", "cycl", "ride", "rad", "1"), "cycling"),
    (("walk", "10"), "walking"),
    (("hik", "4"), "hiking"),
    (("swim", "16"), "swimming"),
)
_LONGEST_NAME = 60
_SEMICIRCLES_PER_DEG = 2**31 / 180  # FIT's unit of positions
_TYPES: dict[str, Any] = {
    "timestamp": pl.Datetime("us", "UTC"),
    "distance": pl.Float64,
    "enhanced_speed": pl.Float64,
    "enhanced_altitude": pl.Float64,
    "heart_rate": pl.Float64,
    "cadence": pl.Float64,
    "power": pl.Float64,
    "temperature": pl.Float64,
    "position_lat": pl.Float64,
    "position_long": pl.Float64,
    "byte_offset": pl.Int64,
}
Point = dict[str, Any]


def recognise(data: bytes) -> str | None:
    """`tcx` or `gpx` by the first bytes; None for anything else."""
    head = data[:_MARK_WITHIN].lower()
    return next((kind for kind, mark in _MARKS.items() if mark in head), None)


def read_track(
    data: bytes,
    kind: str,
    name: str,
    *,
    source_id: str,
    content_sha256: str,
    athlete_id: str,
    mend: Callable[[dict[str, pl.DataFrame]], dict[str, pl.DataFrame]] = dict,
) -> RawRun:
    """One TCX or GPX file; `name` is used in errors only, and `mend` puts right what its athlete knows better.

    Raises:
        UnreadableFile: no point of it can be read.
    """
    if _ENTITIES.search(data):
        raise UnreadableFile(name, f"this {kind.upper()} declares entities, which no device writes; export it again")
    data = data.lstrip(b"\xef\xbb\xbf \t\r\n")  # Strava writes spaces before the first tag, which XML forbids
    parse = {"tcx": _parse_tcx, "gpx": _parse_gpx}[kind]
    parts, faults = _parsed(data, kind, name, parse)
    timed = [(sport, told_m, points) for sport, told_m, points in parts.tracks if any("timestamp" in p for p in points)]
    frames = mend(_frames(timed))
    empty = "a route or track without times, not an activity" if parts.points else "a file without any point"
    file = {
        "source_id": source_id,
        "content_sha256": content_sha256,
        "athlete_id": athlete_id,
        "device": parts.device,
        "file_format": kind,
    }
    return RawRun(source_id, file, frames, faults, None if timed else f"{kind.upper()}: {empty}")


class _Parts:
    """What a file holds: the device's or app's name, and of each track its sport, the distance told and its points."""

    def __init__(self, device: str | None, tracks: Sequence[tuple[str, float | None, list[Point]]]) -> None:
        self.device = " ".join(device.split())[:_LONGEST_NAME] or None if device else None
        self.tracks = tracks
        self.points = sum(len(points) for _, _, points in tracks)


def _parsed(data: bytes, kind: str, name: str, parse: Callable[[bytes], _Parts]) -> tuple[_Parts, Sequence[Fault]]:
    broken = (ET.ParseError, gpxpy.gpx.GPXException, ValueError, KeyError, TypeError, AttributeError)
    try:
        return parse(data), ()
    except broken:
        end = data.rfind(_POINTS[kind])
    try:
        if end < 0:
            raise ValueError
        end += len(_POINTS[kind])
        parts = parse(data[:end] + _CLOSED[kind])
        # A lap tells its whole distance before its points.
        tracks = [(sport, None, points) for sport, _, points in parts.tracks]
        return _Parts(parts.device, tracks), (Fault(end, f"the {kind.upper()} breaks off"),)
    except broken:
        raise UnreadableFile(name, f"this {kind.upper()} cannot be read; export it again, as FIT if you can") from None


def _parse_tcx(data: bytes) -> _Parts:
    exercise = TCXReader().read(io.BytesIO(data), only_gps=False)
    points = [
        _point(
            one.time,
            one.latitude,
            one.longitude,
            distance=one.distance,
            enhanced_altitude=one.elevation,
            heart_rate=one.hr_value,
            cadence=one.tpx_ext.get("RunCadence", one.cadence),
            enhanced_speed=one.tpx_ext.get("Speed"),
            power=one.tpx_ext.get("Watts"),
        )
        for one in exercise.trackpoints or ()
    ]
    author = exercise.author.name if exercise.author else None
    return _Parts(author, [(_sport(exercise.activity_type), exercise.distance or None, points)])


def _parse_gpx(data: bytes) -> _Parts:
    gpx = gpxpy.parse(data)
    tracks: list[tuple[str, float | None, list[Point]]] = []
    for track in gpx.tracks:
        points = [
            _point(
                one.time,
                one.latitude,
                one.longitude,
                enhanced_altitude=one.elevation,
                **_extensions(one.extensions),
            )
            for segment in track.segments
            for one in segment.points
        ]
        tracks.append((_sport(track.type), None, points))
    return _Parts(gpx.creator, tracks)


def _extensions(elements: Iterable[Any]) -> dict[str, object]:
    """Heart rate, cadence, power and temperature of a GPX point, whatever name space an app gives them."""
    names = {"hr": "heart_rate", "cad": "cadence", "power": "power", "atemp": "temperature", "speed": "enhanced_speed"}
    names |= {"heartrate": "heart_rate", "cadence": "cadence"}
    found: dict[str, object] = {}
    for element in elements:
        for one in element.iter():
            column = names.get(str(one.tag).rsplit("}", 1)[-1].lower())
            if column and one.text and re.fullmatch(r"\s*-?\d+(\.\d+)?\s*", one.text):
                found.setdefault(column, float(one.text))
    return found


def _point(time: datetime | None, latitude: float | None, longitude: float | None, **columns: object) -> Point:
    point: Point = {name: value for name, value in columns.items() if value is not None}
    if time is not None:
        point["timestamp"] = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    if latitude is not None and longitude is not None:
        point |= {"position_lat": latitude * _SEMICIRCLES_PER_DEG, "position_long": longitude * _SEMICIRCLES_PER_DEG}
    return point


def _frames(tracks: Sequence[tuple[str, float | None, list[Point]]]) -> dict[str, pl.DataFrame]:
    records: list[Point] = []
    sessions: list[Mapping[str, object]] = []
    for sport, told_m, points in tracks:
        times = [point["timestamp"] for point in points if "timestamp" in point]
        records += points
        sessions.append(
            {
                "timestamp": max(times),
                "start_time": min(times),
                "sport": sport,
                "total_elapsed_time": (max(times) - min(times)).total_seconds(),
                "total_distance": told_m,
            }
        )
    if not sessions:
        return {}
    rows = [{**dict.fromkeys(_TYPES), **point, "byte_offset": place} for place, point in enumerate(records)]
    times_of = {"timestamp": _TYPES["timestamp"], "start_time": _TYPES["timestamp"]}
    return {
        "record": pl.DataFrame(rows, schema=_TYPES),
        "session": pl.DataFrame(sessions, schema_overrides={**times_of, "total_distance": pl.Float64}),
    }


def _sport(word: str | None) -> str:
    plain = (word or "").strip().lower()
    for marks, sport in _SPORTS:
        if any(plain == mark if mark.isdigit() else mark in plain for mark in marks):
            return sport
    return "generic"
