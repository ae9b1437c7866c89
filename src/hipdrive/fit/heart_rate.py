"""Heart rates that a strap kept and sent afterwards (`hr` messages), merged into the records of those seconds.

A strap gives the times of beats' rates relative to an anchor. A rate holds until the next one, for at most five
seconds, and is counted every quarter of a second; a record gets the mean of what falls between the record before it
and itself. This is the rule of the FIT SDK, so that the same numbers come out.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    import numpy.typing as npt

TIMES, RATES = "timestamp", ("event_timestamp", "filtered_bpm")
STEP_S = 0.25  # a rate is counted again after so long
MOST_STEPS = 20  # but at most so often: five seconds
ROLLOVER_S = float(0x400000)  # the strap's clock starts again: 2³² ticks of 1/1024 s
SECOND_US = 1_000_000
CHUNK = 1 << 16  # rates spread out at a time, so that a hostile file cannot blow up memory


def merge_heart_rates(record: pl.DataFrame, hr: pl.DataFrame) -> pl.DataFrame:
    """The records with the heart rate of the strap where it has one, otherwise as they are.

    Args:
        record: `timestamp` and, if the watch measured, `heart_rate` in beats a minute.
        hr: `event_timestamp` and `filtered_bpm`, lists of the same length; `timestamp` and `fractional_timestamp` of
            anchors.
    """
    own = record.schema.get("heart_rate", pl.Int64())
    if not own.is_integer() or not _has(record, TIMES) or not _has(hr, TIMES, *RATES):
        return record
    times, rates = _rates(hr)
    stamped = _seconds(record["timestamp"])
    there = ~np.isnan(stamped)
    ends = np.floor(stamped[there])
    if len(times) < 2 or not len(ends) or (np.diff(ends) < 0).any() or (np.diff(times) < 0).any():  # noqa: PLR2004
        return record
    merged = np.full(record.height, np.nan)
    merged[there] = _means(ends, times, rates)
    measured = record["heart_rate"].to_list() if "heart_rate" in record.columns else [None] * record.height
    values = [value if math.isnan(mean) else int(mean) for value, mean in zip(measured, merged.tolist(), strict=True)]
    column = pl.Series("heart_rate", values, pl.Int64)
    if "heart_rate" in record.columns:
        return record.replace_column(record.columns.index("heart_rate"), column)
    return record.insert_column(record.width, column)


def _has(frame: pl.DataFrame, *names: str) -> bool:
    """Whether the columns are there and are what they are in a sound file: times, or numbers or lists of them."""
    kinds = [frame.schema.get(name) for name in names]
    return all(
        kind == pl.Datetime("us", "UTC") if name == TIMES else kind is not None and _number(kind).is_numeric()
        for name, kind in zip(names, kinds, strict=True)
    )


def _number(kind: pl.DataType) -> pl.DataType:
    return kind.inner if isinstance(kind, pl.List) else kind  # type: ignore[return-value]  # a list's inner is a type


def _rates(hr: pl.DataFrame) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Seconds since 1970 and beats a minute of every rate, as far as they fit together."""
    events, beats = (_table(hr[name]) for name in ("event_timestamp", "filtered_bpm"))
    anchors = _seconds(hr["timestamp"])
    if _has(hr, "fractional_timestamp") and not isinstance(hr.schema["fractional_timestamp"], pl.List):
        anchors = anchors + np.nan_to_num(hr["fractional_timestamp"].to_numpy())
    fits = (~np.isnan(events)).sum(axis=1) == (~np.isnan(beats)).sum(axis=1)
    is_anchor = ~np.isnan(anchors) & ~np.isnan(events[:, 0])
    latest = np.maximum.accumulate(np.where(is_anchor, np.arange(len(anchors)), -1))
    fits &= latest >= 0
    latest = latest[fits]
    since = events[fits] - events[latest, :1]
    since = np.where(since < -ROLLOVER_S, since + ROLLOVER_S, since)
    times = anchors[latest, None] + since
    return times[~np.isnan(times)], beats[fits][~np.isnan(beats[fits])]


def _seconds(times: pl.Series) -> npt.NDArray[np.float64]:
    """Times as seconds since 1970, NaN where there is none."""
    stamps = times.to_numpy()
    seconds = stamps.astype("datetime64[us]").astype(np.int64) / SECOND_US
    return np.where(np.isnat(stamps), np.nan, seconds)


def _table(column: pl.Series) -> npt.NDArray[np.float64]:
    """A column of numbers or of lists of one length as rows, NaN where there is no number."""
    if not isinstance(column.dtype, pl.List):
        return np.array(column.to_list(), np.float64)[:, None]
    rows = column.to_list()
    width = max((len(row) for row in rows if row is not None), default=1)
    return np.array([row if row is not None else [None] * width for row in rows], np.float64).reshape(-1, width)


def _means(
    ends: npt.NDArray[np.float64], times: npt.NDArray[np.float64], rates: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """The rounded mean rate of each record, NaN where there is none. Records end at `ends`, in seconds."""
    gaps = np.append(np.diff(times), 0.0)
    again = np.clip(np.ceil(gaps / STEP_S) - 1, 0, MOST_STEPS).astype(np.int64)
    sums, counts = np.zeros(len(ends)), np.zeros(len(ends))
    for first in range(0, len(times), CHUNK):
        part = slice(first, first + CHUNK)
        repeats = again[part] + 1
        steps = np.arange(repeats.sum()) - np.repeat(np.cumsum(repeats) - repeats, repeats)
        spread = np.repeat(times[part], repeats) + STEP_S * steps
        values = np.repeat(rates[part], repeats)
        place = ends.searchsorted(spread)  # the first record that ends then or later
        inside = (place < len(ends)) & ((place > 0) | (spread > ends[0] - 1))
        sums += np.bincount(place[inside], values[inside], len(ends))
        counts += np.bincount(place[inside], minlength=len(ends))
    means = np.full(len(ends), np.nan)
    known = (counts > 0) & (ends < times[-1])
    means[known] = np.floor(sums[known] / counts[known] + 0.5)
    # A second record of the same second has the last rate before it.
    second = np.flatnonzero(np.append(False, ends[1:] == ends[:-1]) & (ends < times[-1]))
    last = times.searchsorted(ends[second], side="right") - 1
    held = np.minimum(np.floor((ends[second] - times[last]) / STEP_S), again[last]) * STEP_S
    near = (last >= 0) & (times[last] + held > ends[second] - 1)
    means[second[near]] = rates[last[near]]
    return means
