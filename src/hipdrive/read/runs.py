"""FIT bytes → raw running tables, under FIT's own names and units.

A file that breaks off gives what stands before the break; a file with nothing in it is an `UnreadableFile`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby

import dataframely as dy
import numpy as np
import polars as pl

from hipdrive import fit
from hipdrive.errors import UnreadableFile
from hipdrive.read.developer_fields import name_developer_fields
from hipdrive.read.file_kinds import name_other_kind
from hipdrive.tables.run_files import RawFile, RawLap, RawRecord, RawSession, RawTimerEvent

_FIT_MARK = b".FIT"
FIT_EPOCH = datetime(1989, 12, 31, tzinfo=UTC)
# The messages that anything is made of, here and by who reads the watch's sets and days.
MESSAGES = frozenset(
    {
        "activity",
        "device_info",
        "event",
        "file_id",
        "lap",
        "monitoring_hr_data",
        "monitoring_info",
        "record",
        "session",
        "set",
        "sport",
        "timestamp_correlation",
    }
)
_ORDERED = ("record", "session", "lap", "event")  # messages of which it counts where they stand
_PAIRED = ("ant", "antplus", "bluetooth", "bluetooth_low_energy")  # FIT's words for what is not in the watch itself


@dataclass(frozen=True)
class RawRun:
    """What one FIT file says about activities, and how far it could be trusted.

    Attributes:
        source_id: the file.
        file: the values of its row of `RawFile`.
        frames: the decoded messages, also for those who read other things from the same file (the watch's sets).
        faults: what was wrong inside the bytes, in order.
        not_an_activity: what the file is, where it is sound but holds no activity.
    """

    source_id: str
    file: Mapping[str, object]
    frames: Mapping[str, pl.DataFrame]
    faults: Sequence[fit.Fault]
    not_an_activity: str | None

    @property
    def records(self) -> int:
        """How many record messages it holds."""
        return self.frames["record"].height if "record" in self.frames else 0


@dataclass(frozen=True)
class RawRuns:
    """The raw tables of any number of files."""

    files: dy.DataFrame[RawFile]
    sessions: dy.DataFrame[RawSession]
    laps: dy.DataFrame[RawLap]
    timer_events: dy.DataFrame[RawTimerEvent]
    records: dy.DataFrame[RawRecord]


def is_fit(data: bytes) -> bool:
    """Whether bytes begin with a FIT header, by its mark."""
    return data[8:12] == _FIT_MARK


def read_run(
    data: bytes,
    name: str,
    *,
    source_id: str,
    content_sha256: str,
    athlete_id: str,
    mend: Callable[[dict[str, pl.DataFrame]], dict[str, pl.DataFrame]] | None = None,
) -> RawRun:
    """One FIT file, decoded; `name` is used in errors only, and `mend` puts right what its athlete knows better.

    Raises:
        UnreadableFile: no message could be read.
    """
    decoded = fit.decode(data, messages=None if mend else MESSAGES)  # what is to be mended can be anything
    frames = _with_places(decoded)
    if mend is not None:
        frames = mend(frames)
    if not decoded.starts:
        cause = decoded.faults[0].reason if decoded.faults else "it holds no message"
        raise UnreadableFile(name, f"nothing in it can be read ({cause}); copy it again from the watch or the service")
    file_type = _text(_first(frames, "file_id", "type"))
    kind = name_other_kind(decoded.starts, file_type)
    if kind is not None and decoded.faults and file_type in {None, "activity"}:
        cause = decoded.faults[0].reason
        raise UnreadableFile(
            name, f"no activity in it can be read ({cause}); copy it again from the watch or the service"
        )
    clock, local_clock = _clocks(frames)
    file = {
        "source_id": source_id,
        "content_sha256": content_sha256,
        "athlete_id": athlete_id,
        "file_format": "fit",
        "device": _device(frames),
        "sensors": _sensors(frames),
        "timestamp": clock,
        "local_timestamp": local_clock,
        "time_created": _first(frames, "file_id", "time_created"),
        "power_on": _power_on(frames),
        **_sports(frames),
    }
    return RawRun(source_id, file, frames, decoded.faults, kind)


def concat_runs(runs: Sequence[RawRun]) -> RawRuns:
    """The raw tables of many files at once; a field that a file lacks is null in its rows.

    Tables are typed here and not file by file, because checking a contract costs the same for 10 rows as for 100,000.
    """
    types = {name: column.dtype for name, column in RawFile.columns().items()}
    events = _concat(runs, "event", RawTimerEvent, "event")
    return RawRuns(
        files=RawFile.validate(pl.DataFrame([run.file for run in runs], schema=types)),
        sessions=RawSession.validate(_concat(runs, "session", RawSession)),
        laps=RawLap.validate(_concat(runs, "lap", RawLap)),
        timer_events=RawTimerEvent.validate(events.filter(pl.col("event") == "timer").drop("event")),
        records=RawRecord.validate(_concat(runs, "record", RawRecord)),
    )


def _with_places(decoded: fit.Decoded) -> dict[str, pl.DataFrame]:
    """The frames, with what developer fields measure, and where each message stands in the file where that counts."""
    frames = name_developer_fields(decoded)
    for name in _ORDERED:
        if name in frames:
            # Not as an expression, which costs a short file more than reading it does.
            frames[name] = frames[name].hstack([pl.Series("byte_offset", decoded.offsets(name))])
    return frames


def _concat(runs: Sequence[RawRun], message: str, schema: type[dy.Schema], *more: str) -> pl.DataFrame:
    """One message of all files with the schema's columns and types, and `more` as text; NaN is null.

    Column by column, since a query costs the same for 10 rows as for 100,000, and most files are short.
    """
    types = {name: column.dtype for name, column in schema.columns().items()} | dict.fromkeys(more, pl.String())
    held = [(run.source_id, run.frames[message]) for run in runs if message in run.frames]
    if not held:
        return pl.DataFrame(schema=types)
    sources = pl.Series("source_id", [source_id for source_id, _ in held])
    heights = [frame.height for _, frame in held]
    columns = [sources.gather(np.repeat(np.arange(len(held)), heights))]
    for name, dtype in types.items():
        if name != "source_id":
            parts = [
                _scalars(frame.get_column(name), dtype)
                if name in frame.columns
                else pl.Series([None], dtype=dtype).new_from_index(0, frame.height)
                for _, frame in held
            ]
            columns.append(pl.concat(parts).alias(name))
    floats = [pl.col(name) for name, dtype in types.items() if dtype.is_float()]
    return pl.DataFrame(columns).with_columns(pl.when(value.is_finite()).then(value) for value in floats)


def _scalars(values: pl.Series, dtype: pl.DataType) -> pl.Series:
    """A field as one value a message of a column's type: of an array field (a few devices send them) the first."""
    if isinstance(values.dtype, pl.List):
        values = values.list.first()
    if values.dtype.is_float() and not dtype.is_float():
        values = values.zip_with(values.is_finite(), pl.Series([None], dtype=values.dtype))
    return values.cast(dtype, strict=False)


def _first(frames: Mapping[str, pl.DataFrame], message: str, field: str) -> object:
    frame = frames.get(message)
    if frame is None or field not in frame.columns:
        return None
    return frame.get_column(field).first(ignore_nulls=True)


def _clocks(frames: Mapping[str, pl.DataFrame]) -> tuple[object, object]:
    """UTC and local time of one and the same instant, by the first message that has both."""
    fields = ["timestamp", "local_timestamp"]
    frame = frames.get("activity")
    if frame is None or not set(fields) <= set(frame.columns):
        return None, None
    pairs = zip(*(frame.get_column(field) for field in fields), strict=True)
    return next((pair for pair in pairs if None not in pair), (None, None))


def _power_on(frames: Mapping[str, pl.DataFrame]) -> datetime | None:
    """The UTC of the zero of a clock that counts from power-on, by the first message that ties the two."""
    frame = frames.get("timestamp_correlation")
    fields = ["timestamp", "system_timestamp"]
    if frame is None or any(frame.schema.get(field) != pl.Datetime("us", "UTC") for field in fields):
        return None
    both = frame.select(fields).drop_nulls()
    return FIT_EPOCH + (both[0, "timestamp"] - both[0, "system_timestamp"]) if both.height else None


def _sports(frames: Mapping[str, pl.DataFrame]) -> dict[str, list[str | None] | None]:
    """Sports and sub sports in the order written: of `sport` messages, else of laps, neighbours alike told once."""
    for message in ("sport", "lap"):
        frame = frames.get(message)
        if frame is None or "sport" not in frame.columns:
            continue
        told = [pair for pair in zip(*(_texts(frame, name) for name in ("sport", "sub_sport")), strict=True) if pair[0]]
        if message == "lap":
            told = [pair for pair, _ in groupby(told)]
        if told:
            return {"sports": [sport for sport, _ in told], "sub_sports": [sub for _, sub in told]}
    return {"sports": None, "sub_sports": None}


def _texts(frame: pl.DataFrame, name: str) -> list[str | None]:
    """A field of each message in words; None throughout where no message has it."""
    return (
        frame.get_column(name).cast(pl.String, strict=False).to_list() if name in frame.columns else [None] * len(frame)
    )


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


def _sensors(frames: Mapping[str, pl.DataFrame]) -> str | None:
    """Straps and pods that were paired with the recording device, by maker and product, sorted; None without one.

    A new strap can shift contact time as much as a new watch, so it has to be told.
    """
    frame = frames.get("device_info")
    if frame is None or not {"source_type", "manufacturer"} <= set(frame.columns):
        return None
    # A handful of rows a file: plain Python is done before an expression has been planned.
    products = [
        frame[name].to_list() for name in ("garmin_product", "product_name", "product") if name in frame.columns
    ]
    named = set()
    for row, (source, maker) in enumerate(zip(frame["source_type"], frame["manufacturer"], strict=True)):
        product = next((values[row] for values in products if values[row] is not None), None)
        if source in _PAIRED and maker is not None and product is not None:
            named.add(f"{maker} {product}")
    return ", ".join(sorted(named)) or None
