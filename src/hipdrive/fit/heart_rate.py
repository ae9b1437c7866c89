"""Heart rates that a strap kept and sent afterwards (`hr` messages), merged into the records of those seconds.

A strap gives the times of beats' rates relative to an anchor. A rate holds until the next one, for at most five
seconds, and is counted every quarter of a second; a record gets the mean of what falls between the record before it
and itself. This is the rule of the FIT SDK, so that the same numbers come out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    import numpy.typing as npt

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
    if not {"timestamp"} <= set(record.columns) or not {"timestamp", "event_timestamp", "filtered_bpm"} <= set(
        hr.columns
    ):
        return record
    times, rates = _rates(hr)
    stamped = record.select(pl.col("timestamp").dt.epoch("s")).to_series()
    ends = stamped.drop_nulls().to_numpy().astype(np.float64)
    if len(times) < 2 or not len(ends) or (np.diff(ends) < 0).any() or (np.diff(times) < 0).any():  # noqa: PLR2004
        return record
    means = _means(ends, times, rates)
    merged = np.full(record.height, np.nan)
    merged[stamped.is_not_null().to_numpy()] = means
    column = pl.Series("heart_rate", merged).fill_nan(None).cast(pl.Int64)
    if "heart_rate" in record.columns:
        column = column.to_frame().select(pl.col("heart_rate").fill_null(record["heart_rate"])).to_series()
    return record.with_columns(column)


def _rates(hr: pl.DataFrame) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Seconds since 1970 and beats a minute of every rate, as far as they fit together."""
    events, beats = (_table(hr[name]) for name in ("event_timestamp", "filtered_bpm"))
    anchors = hr["timestamp"].dt.epoch("us").to_numpy().astype(np.float64) / SECOND_US
    if "fractional_timestamp" in hr.columns:
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


def _table(column: pl.Series) -> npt.NDArray[np.float64]:
    """A column of numbers or of lists of one length as rows, NaN where there is no number."""
    if not isinstance(column.dtype, pl.List):
        return column.cast(pl.Float64).to_numpy()[:, None]
    width = int(column.list.len().max() or 1)  # type: ignore[arg-type]
    missing = pl.Series([[None] * width], dtype=pl.List(pl.Float64))
    return column.cast(pl.List(pl.Float64)).fill_null(missing).explode().to_numpy().reshape(-1, width)


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
