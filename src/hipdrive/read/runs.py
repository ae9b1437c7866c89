"""FIT bytes → raw running tables, under FIT's own names and units.

A file that breaks off gives what stands before the break; a file with nothing in it is an `UnreadableFile`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import dataframely as dy
import polars as pl

from hipdrive import fit
from hipdrive.errors import UnreadableFile
from hipdrive.tables.runs import RawFile, RawLap, RawRecord, RawSession, RawTimerEvent

_FIT_MARK = b".FIT"

S = TypeVar("S", bound=dy.Schema)


@dataclass(frozen=True)
class RawRun:
    """What one FIT file says about activities, and how far it could be trusted.

    `frames` are all decoded messages, for those who read other things from the same file (the watch's sets);
    `not_an_activity` says what the file is where it is sound but holds none.
    """

    file: dy.DataFrame[RawFile]
    sessions: dy.DataFrame[RawSession]
    laps: dy.DataFrame[RawLap]
    timer_events: dy.DataFrame[RawTimerEvent]
    records: dy.DataFrame[RawRecord]
    frames: Mapping[str, pl.DataFrame]
    faults: Sequence[fit.Fault]
    not_an_activity: str | None


def is_fit(data: bytes) -> bool:
    """Whether bytes begin with a FIT header, by its mark."""
    return data[8:12] == _FIT_MARK


def read_run(data: bytes, name: str, *, source_id: str, content_sha256: str, athlete_id: str) -> RawRun:
    """One FIT file as raw tables; `name` is used in errors only.

    Raises:
        UnreadableFile: no message could be read.
    """
    decoded = fit.decode(data)
    frames = decoded.frames
    if not any(frame.height for frame in frames.values()):
        reason = str(decoded.faults[0].reason) if decoded.faults else "the FIT file is empty"
        raise UnreadableFile(name, f"{reason}; nothing in it can be read: copy it again from the watch or the service")
    events = frames.get("event", pl.DataFrame())
    if {"event", "event_type"} <= set(events.columns):
        events = events.filter(pl.col("event").cast(pl.String) == "timer")
    else:
        events = pl.DataFrame()
    return RawRun(
        file=_file_row(frames, source_id, content_sha256, athlete_id),
        sessions=_conform(frames.get("session"), RawSession, source_id),
        laps=_conform(frames.get("lap"), RawLap, source_id),
        timer_events=_conform(events, RawTimerEvent, source_id),
        records=_conform(frames.get("record"), RawRecord, source_id),
        frames=frames,
        faults=decoded.faults,
        not_an_activity=_kind_without_activity(frames),
    )


def _conform(frame: pl.DataFrame | None, schema: type[S], source_id: str) -> dy.DataFrame[S]:
    if frame is None or frame.is_empty():
        return schema.create_empty()
    wanted = []
    for name, column in schema.columns().items():
        if name == "source_id":
            wanted.append(pl.lit(source_id).alias(name))
        elif name in frame.columns:
            wanted.append(_scalar(frame, name).cast(column.dtype, strict=False).alias(name))
        else:
            wanted.append(pl.lit(None, dtype=column.dtype).alias(name))
    return schema.validate(frame.select(wanted))


def _scalar(frame: pl.DataFrame, name: str) -> pl.Expr:
    """A field as one value a message: of an array field (a few devices send them) the first."""
    return pl.col(name).list.first() if isinstance(frame.schema[name], pl.List) else pl.col(name)


def _first(frames: Mapping[str, pl.DataFrame], message: str, field: str) -> object:
    frame = frames.get(message)
    if frame is None or field not in frame.columns:
        return None
    values = frame.get_column(field).drop_nulls()
    return values[0] if len(values) else None


def _file_row(
    frames: Mapping[str, pl.DataFrame], source_id: str, content_sha256: str, athlete_id: str
) -> dy.DataFrame[RawFile]:
    row = {
        "source_id": source_id,
        "content_sha256": content_sha256,
        "athlete_id": athlete_id,
        "device": _device(frames),
        "timestamp": _first(frames, "activity", "timestamp"),
        "local_timestamp": _first(frames, "activity", "local_timestamp"),
        "sport": _text(_first(frames, "sport", "sport")),
        "sub_sport": _text(_first(frames, "sport", "sub_sport")),
    }
    types = {name: column.dtype for name, column in RawFile.columns().items()}
    return RawFile.validate(pl.DataFrame([row], schema=types))


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _device(frames: Mapping[str, pl.DataFrame]) -> str | None:
    manufacturer = _first(frames, "file_id", "manufacturer")
    product = next(
        (
            found
            for field in ("garmin_product", "product_name", "product")
            if (found := _first(frames, "file_id", field)) is not None
        ),
        None,
    )
    words = [str(word) for word in (manufacturer, product) if word is not None]
    return " ".join(words) or None


def _kind_without_activity(frames: Mapping[str, pl.DataFrame]) -> str | None:
    if any(message in frames for message in ("record", "session", "set")):
        return None
    kind = _first(frames, "file_id", "type")
    return (
        f"a FIT file of type “{kind}”, which holds no activity" if kind is not None else "a FIT file without activity"
    )
