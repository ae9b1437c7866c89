"""The stretches of a recording that its clock ran through evenly, and which of them wrote a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from hipdrive.tidy.clock_steps import DAY_S, Clocks, Seconds
from hipdrive.tidy.time_zones import to_seconds

GAP_OVER = 3  # times the gap about the same time in any other stretch is a pause


@dataclass(frozen=True)
class ClockSpans:
    """The stretches of a recording, each by one clock: from when to when, where in the file, and what moves them."""

    first_s: Seconds
    last_s: Seconds
    begins_at: Seconds  # byte of the first record
    ends_at: int  # byte of the last record of all
    shift_s: Seconds
    times: list[Seconds]  # of the records of each, by its clock

    @classmethod
    def of(cls, times: Seconds, clocks: Clocks, byte_offset: pl.Series) -> ClockSpans:
        """Those of records, whose place in the file may not be known."""
        ends = np.append(clocks.first[1:], len(times)) - 1
        alone = clocks.is_placed | clocks.is_stray
        inside = [np.flatnonzero(~alone[a : b + 1]) + a for a, b in zip(clocks.first, ends, strict=True)]
        places = byte_offset.fill_null(-1).to_numpy()
        return cls(
            first_s=np.array([times[rows].min() for rows in inside]),
            last_s=np.array([times[rows].max() for rows in inside]),
            times=[np.sort(times[rows]) for rows in inside],
            begins_at=places[clocks.first],
            ends_at=int(places[-1]),
            shift_s=clocks.shift_s,
        )

    def shift_of(self, times: Seconds, running: Seconds) -> Seconds:
        """What moves a time that was written by one of the clocks: that in whose stretch it lies, or nearest to.

        Of several it is the one nearest to that which was running. A time of another age stays.
        """
        away = np.maximum(np.maximum(self.first_s - times[:, None], times[:, None] - self.last_s), 0)
        tie = np.abs(np.arange(len(self.first_s)) - running[:, None])
        nearest = np.argmin(away * len(self.first_s) + tie, axis=1)
        shifts: Seconds = np.where(away.min(axis=1, initial=10 * DAY_S) < 10 * DAY_S, self.shift_s[nearest], 0)
        return shifts

    def move(self, rows: pl.DataFrame, *names: str) -> pl.DataFrame:
        """Rows with these times moved along with the records about them."""
        running = self._running(rows["byte_offset"].fill_null(-1).to_numpy(), rows["timestamp"])
        for name in names:
            # What begins with a message did so where the one before it was written, the first with the recording.
            at = running if name == "timestamp" else np.append(0, running)[:-1]
            known = rows[name].is_not_null().to_numpy()
            shift = np.zeros(rows.height, np.int64)
            shift[known] = self.shift_of(to_seconds(rows[name].drop_nulls()), at[known])
            rows = rows.with_columns(moved_by(name, shift))
        return rows

    def _running(self, places: Seconds, stamps: pl.Series) -> Seconds:
        """Which stretch was being written where each message of a kind stands.

        Some writers put all messages of a kind together, before the records or after them. Then it is the stretch that
        has a gap at that time, as a pause leaves one, else that of the same rank.
        """
        last = len(self.begins_at) - 1
        running = np.maximum(self.begins_at.searchsorted(places, side="right") - 1, 0)
        by_rank = np.linspace(0, last, len(places)).round().astype(np.int64) if len(places) > 1 else np.array([last])
        apart = (places < self.begins_at[0]) | (places > self.ends_at) | (self.begins_at[0] < 0)
        stretches: Seconds = np.where(apart, by_rank[: len(places)], running)
        for row in np.flatnonzero(apart & stamps.is_not_null().to_numpy()):
            gaps = [self._gap_s(stretch, int(to_seconds(stamps[int(row) : int(row) + 1])[0])) for stretch in self.times]
            if max(gaps) > GAP_OVER * (sorted(gaps)[-2] if last else 0):
                stretches[row] = gaps.index(max(gaps))
        return stretches

    @staticmethod
    def _gap_s(times: Seconds, at: int) -> int:
        """From the record before a time to the record after it; 0 where it does not lie between two."""
        before, after = int(times.searchsorted(at, side="left")) - 1, int(times.searchsorted(at, side="right"))
        return int(times[after] - times[before]) if before >= 0 and after < len(times) else 0


def moved_by(name: str, shift_s: Seconds | int) -> pl.Expr:
    """A time, moved by so many seconds: of all rows, or of each its own."""
    shift = pl.lit(shift_s) if isinstance(shift_s, int) else pl.lit(pl.Series(shift_s))
    return (pl.col(name) + pl.duration(seconds=shift)).alias(name)
