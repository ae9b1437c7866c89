"""The page's one number: speed at reference heart rate over the last 28 days, and its change.

The number is the mean of ln speed over the runs of 28 days; its interval holds the scatter of one run (6 % is usual for
a watch and counts as six runs), 15 % more for what the runs of a week share, and what is not known of the slopes that
brought them to the reference. Its change is from the 28 days before, and from the same 28 days a year (52 weeks) ago,
both with tonight's slopes. It means "in the weather as it was": heat is not taken out, and a difference of mean
temperature is told beside it. What goes with a change is never its cause: without any effect 24 % of made-up runners
see an interval without 0, since fitness and weather wander.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy.special import stdtrit

from hipdrive.estimate.neighbours import clip_to_neighbours
from hipdrive.estimate.quantity import Quantity, fraction
from hipdrive.measure.slopes import EXPECTED_SCATTER, EXPECTED_WEIGHT, OF_A_RUN, kinds
from hipdrive.tables.run_history import SLOPES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SPAN_DAYS = 28
FEWEST_RUNS = 4  # in a span, for a number and for a comparison
NEWEST_RUNS, NEWEST_DAYS = 6, 56  # where the last span has fewer
A_YEAR_OF_SPANS = 13
SHARED_WITHIN_WEEKS = 1.15
WARMER_FROM_C = 3.0
COLUMNS = (
    "local_date",
    "run_type",
    "bounded_speed_at_reference_hr_m_per_s",
    "heart_rate_above_reference_bpm",
    "temperature_c",
)


@dataclass(frozen=True)
class SpeedNow:
    """Mean speed at reference heart rate of some runs, with its 95 % interval.

    Attributes:
        speed_m_per_s: exp of the mean ln speed; `lo_m_per_s`, `hi_m_per_s` its interval.
        runs: so many.
        first_day: of the first of them.
        last_day: of the last.
        is_of_last_28_days: false where they are the newest six instead, of eight weeks.
        is_old: whether the newest of them is older than 28 days: then nothing of this is about now.
    """

    speed_m_per_s: float
    lo_m_per_s: float
    hi_m_per_s: float
    runs: int
    first_day: date
    last_day: date
    is_of_last_28_days: bool
    is_old: bool

    @property
    def pace_s_per_km(self) -> float:
        """The same as a pace."""
        return 1000 / self.speed_m_per_s

    @property
    def pace_half_width_s_per_km(self) -> float:
        """Half the length of its interval as paces."""
        return (1000 / self.lo_m_per_s - 1000 / self.hi_m_per_s) / 2

    @property
    def half_width(self) -> float:
        """Half the length of its interval as a fraction of speed."""
        return (self.hi_m_per_s - self.lo_m_per_s) / 2 / self.speed_m_per_s


@dataclass(frozen=True)
class SpeedChange:
    """Change of speed at reference heart rate between two spans of 28 days.

    Attributes:
        change: as a fraction of speed, with its 95 % interval.
        pace_then_s_per_km: of the earlier span, for the change in seconds a kilometre.
        runs_now: in the last 28 days.
        runs_then: in the earlier span.
        warmer_c: by how much the later span was warmer, where both have temperatures and they differ by 3 °C or more.
    """

    change: Quantity
    pace_then_s_per_km: float
    runs_now: int
    runs_then: int
    warmer_c: float | None

    @property
    def is_seen(self) -> bool:
        """Whether the interval leaves 0 out; else there is no change that can be seen."""
        return self.change.excludes(0.0)


@dataclass(frozen=True)
class RecentSpeed:
    """All of it for one night.

    Attributes:
        now: None where the newest six runs do not lie within eight weeks: then the runs alone are shown.
        since_month: the change from the 28 days before; None with under four runs in either: too few to compare.
        since_year: the same from the 28 days a year ago.
    """

    now: SpeedNow | None
    since_month: SpeedChange | None
    since_year: SpeedChange | None


@dataclass(frozen=True)
class _Runs:
    """Usable runs by day: number of the day, ln speed (clipped), place in the design, temperature: one row a run."""

    day: NDArray[np.int64]
    value: Floats
    z: Floats
    temperature_c: Floats
    covariance: Floats

    def among(self, first: int, last: int) -> NDArray[np.int64]:
        """Places of the runs of these days, both included."""
        return np.flatnonzero((self.day >= first) & (self.day <= last))


def describe_speed_now(runs: pl.DataFrame, slopes: pl.DataFrame, tonight: date) -> RecentSpeed:
    """The number of the night, and its two changes.

    Six runs at 3 m/s and the reference heart rate within the last 28 days: 3 m/s, and with the usual 6 % a run an
    interval of about ± 5 %.

    Args:
        runs: one athlete's, of the view `runs`: `COLUMNS`, and `is_usable`.
        slopes: theirs, of the table `efficiency_slopes`.
        tonight: the athlete's date; the last 28 days end with it.
    """
    given = _read(runs, slopes)
    last = _number(tonight)
    return RecentSpeed(_now(given, last), _change(given, last, 1), _change(given, last, A_YEAR_OF_SPANS))


def draw_speed_curve(runs: pl.DataFrame, slopes: pl.DataFrame, days: Iterable[date]) -> pl.DataFrame:
    """The number as it was on other days, with tonight's slopes: `day runs speed_m_per_s lo_m_per_s hi_m_per_s`.

    Days whose 28 days hold fewer than four usable runs have no row. The last point, at tonight, is the number itself.
    """
    given = _read(runs, slopes)
    rows = []
    for day in days:
        picked = given.among(_number(day) - SPAN_DAYS + 1, _number(day))
        if picked.size >= FEWEST_RUNS:
            rows.append((day, int(picked.size), *_mean(given, picked)))
    names = {"day": pl.Date, "runs": pl.Int64} | dict.fromkeys(
        ("speed_m_per_s", "lo_m_per_s", "hi_m_per_s"), pl.Float64
    )
    return pl.DataFrame(rows, schema=names, orient="row")


def _read(runs: pl.DataFrame, slopes: pl.DataFrame) -> _Runs:
    usable = (
        runs.filter(pl.col("is_usable") & pl.col("bounded_speed_at_reference_hr_m_per_s").is_not_null())
        .select(COLUMNS)
        .with_columns(pl.col(COLUMNS[2:]).cast(pl.Float64))
        .sort(COLUMNS)
    )
    day = usable["local_date"].cast(pl.Int32).cast(pl.Int64).to_numpy()
    value = usable["bounded_speed_at_reference_hr_m_per_s"].log().to_numpy()
    z = np.column_stack([usable["heart_rate_above_reference_bpm"].to_numpy(), kinds(usable["run_type"])])
    order = slopes.sort(pl.col("slope").cast(pl.Enum(SLOPES)))
    matrix = order.select(f"covariance_with_{name}" for name in SLOPES[:OF_A_RUN]).to_numpy()[:OF_A_RUN]
    temperature = usable["temperature_c"].cast(pl.Float64).fill_null(np.nan).to_numpy()
    return _Runs(day, clip_to_neighbours(day, value) if value.size else value, z, temperature, matrix)


def _now(given: _Runs, last: int) -> SpeedNow | None:
    picked = given.among(last - SPAN_DAYS + 1, last)
    is_recent = picked.size >= FEWEST_RUNS
    if not is_recent:
        picked = np.flatnonzero(given.day <= last)[-NEWEST_RUNS:]
        if picked.size < NEWEST_RUNS or given.day[picked[-1]] - given.day[picked[0]] >= NEWEST_DAYS:
            return None
    first_day, last_day = (
        date(1970, 1, 1) + timedelta(days=int(given.day[place])) for place in (picked[0], picked[-1])
    )
    is_old = bool(given.day[picked[-1]] <= last - SPAN_DAYS)
    return SpeedNow(*_mean(given, picked), int(picked.size), first_day, last_day, is_recent, is_old)


def _mean(given: _Runs, picked: NDArray[np.int64]) -> tuple[float, float, float]:
    """Exp of the mean ln speed of these runs, and its 95 % interval."""
    value, z = given.value[picked], given.z[picked].mean(axis=0)
    freedom = EXPECTED_WEIGHT + picked.size - 1
    variance = (EXPECTED_WEIGHT * EXPECTED_SCATTER**2 + float(((value - value.mean()) ** 2).sum())) / freedom
    error = np.sqrt(SHARED_WITHIN_WEEKS * variance / picked.size + z @ given.covariance @ z)
    half = float(stdtrit(freedom, 0.975) * error)
    middle = float(value.mean())
    return float(np.exp(middle)), float(np.exp(middle - half)), float(np.exp(middle + half))


def _change(given: _Runs, last: int, spans_back: int) -> SpeedChange | None:
    now, then = (given.among(end - SPAN_DAYS + 1, end) for end in (last, last - SPAN_DAYS * spans_back))
    if min(now.size, then.size) < FEWEST_RUNS:
        return None
    until = given.day <= last
    _, span = np.unique((last - given.day[until]) // SPAN_DAYS, return_inverse=True)
    value = given.value[until]
    rest = value - (np.bincount(span, value) / np.bincount(span))[span]
    freedom = value.size - int(span.max()) - 1
    variance = float(rest @ rest) / freedom
    apart = given.z[now].mean(axis=0) - given.z[then].mean(axis=0)
    error = np.sqrt(SHARED_WITHIN_WEEKS * variance * (1 / now.size + 1 / then.size) + apart @ given.covariance @ apart)
    half = float(stdtrit(freedom, 0.975) * error)
    earlier = float(given.value[then].mean())
    change = float(given.value[now].mean()) - earlier
    return SpeedChange(
        Quantity(*(fraction(each) for each in (change, change - half, change + half))),
        1000 / float(np.exp(earlier)),
        int(now.size),
        int(then.size),
        _warmer(given.temperature_c[now], given.temperature_c[then]),
    )


def _warmer(now: Floats, then: Floats) -> float | None:
    known = [each[np.isfinite(each)] for each in (now, then)]
    if min(each.size for each in known) == 0:
        return None
    warmer = float(known[0].mean() - known[1].mean())
    return warmer if abs(warmer) >= WARMER_FROM_C else None


def _number(day: date) -> int:
    return (day - date(1970, 1, 1)).days
