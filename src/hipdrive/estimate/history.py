"""One athlete's weeks as the arrays of the model: which weeks speak, what is explained, and by what.

Weeks of unknown dose (before the first and after the last day that a strength log speaks for) and the running week are
cut off; unlogged is not zero. Weeks without a usable run are not rows of the model; their place in time is kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from hipdrive.errors import BrokenContract
from hipdrive.estimate.exposure import LARGEST_WEEKLY_DOSE, expose

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from numpy.typing import NDArray

PRIMARY_OUTCOME = "speed_at_reference_hr_m_per_s"
OUTCOME_OF_A_RUN = "bounded_speed_at_reference_hr_m_per_s"  # no usable run is without it
PRIMARY_EXPOSURE = "hip_dose"
AS_RUN = "speed_as_run_m_per_s"  # the primary outcome before repairs
ACUTE = "acute_hip_dose"
COVARIATES = ("heat_c", "ctl", "atl", ACUTE)
RACE_COVARIATES = ("race_ramp", "race_late_ramp", "race_taper", "race_recovery")
FEWEST_RACES = 2  # in the span; fewer make no cycle
RESTING = "resting_heart_rate_bpm"
RESTING_COVERS = 0.7  # of the weeks that enter; where it is told of fewer it is not a covariate
SEASON = ("season_sine", "season_cosine")
STEP_COLUMNS = ("device", "gear")
NEEDED = ("week_start", "runs", *COVARIATES, "hip_dose", "upper_dose")
WEEKS_OF_A_YEAR = 52.18
SEASON_FROM_WEEKS = 78  # a year and a half: less cannot tell season from trend
CTL_FLOOR, ATL_FLOOR = 0.0007, 0.007  # of the mean load; the logs of smaller loads would rule the fit
DEPENDENT_BELOW = 1e-6  # of a column's length left after the columns before it: it adds nothing but rounding


@dataclass(frozen=True)
class History:
    """The arrays of one athlete; `rows` weeks enter, of `calendar_weeks` on the calendar.

    Attributes:
        first_week: Monday of calendar week 0.
        week: calendar index of each row, shape (rows,).
        dose: weekly hip dose on the calendar, clipped, shape (calendar_weeks,).
        upper_dose: the same of upper-body work.
        outcome: natural log of the outcome, shape (rows,).
        runs: usable runs behind each row.
        as_run: the same before anything was taken out of the runs that hip work tells: what a draw may be tested on.
        weight: of so many runs with the error of a plain one a row is worth; what its noise is reckoned from.
        design: covariates, shape (rows, columns), without columns that add nothing.
        covariates: their names.
        steps: one indicator per later device or shoe, shape (rows, steps); a check, no part of the model.
        is_unwell: rows with a diary line of illness or injury in their week or the one before; a check.
        resting_bpm: resting heart rate, NaN where a row has none; also the outcome of a check.
        is_known: weeks of known dose on the calendar, shape (calendar_weeks,).
        races: weeks with a race.
        told_weeks: complete weeks from calendar week 0 on, those of unknown dose at the end among them.
        earlier: weekly dose of the weeks just before calendar week 0; it still acts.
    """

    first_week: date
    week: NDArray[np.int64]
    dose: NDArray[np.float64]
    upper_dose: NDArray[np.float64]
    outcome: NDArray[np.float64]
    as_run: NDArray[np.float64]
    runs: NDArray[np.float64]
    weight: NDArray[np.float64]
    design: NDArray[np.float64]
    covariates: tuple[str, ...]
    steps: NDArray[np.float64]
    is_unwell: NDArray[np.bool_]
    resting_bpm: NDArray[np.float64]
    is_known: NDArray[np.bool_]
    races: int = 0
    told_weeks: int = 0
    earlier: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))

    @property
    def calendar_weeks(self) -> int:
        """Weeks from the first to the last of known dose."""
        return len(self.dose)

    @property
    def known_weeks(self) -> int:
        """Weeks of known dose: those of a gap in the log are on the calendar, but nothing is known of them."""
        return int(self.is_known.sum())

    @property
    def rows(self) -> int:
        """Weeks that enter the model."""
        return len(self.week)

    def exposure(self, mean_lag_weeks: float, dose: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        """Exposure of each row, shape (rows,) or (rows, variants); of another dose where one is given."""
        return expose(self.dose if dose is None else dose, mean_lag_weeks, earlier=self.earlier)[self.week]

    def within(self, first: int, last: int) -> History:
        """The calendar weeks from `first` to `last` alone; what came before enters as earlier dose."""
        rows = (self.week >= first) & (self.week <= last)
        is_short = last - first + 1 < SEASON_FROM_WEEKS
        names = [name for name in self.covariates if not (is_short and name in SEASON)]
        design, kept = _independent(self.design[rows][:, [self.covariates.index(name) for name in names]], names)
        return replace(
            self,
            first_week=self.first_week + timedelta(weeks=first),
            week=self.week[rows] - first,
            dose=self.dose[first : last + 1],
            upper_dose=self.upper_dose[first : last + 1],
            outcome=self.outcome[rows],
            as_run=self.as_run[rows],
            runs=self.runs[rows],
            weight=self.weight[rows],
            design=design,
            covariates=kept,
            steps=self.steps[rows],
            is_unwell=self.is_unwell[rows],
            resting_bpm=self.resting_bpm[rows],
            is_known=self.is_known[first : last + 1],
            earlier=np.concatenate([self.earlier, self.dose[:first]]),
        )

    def without(self, *names: str) -> History:
        """The same without some covariates."""
        kept = [index for index, name in enumerate(self.covariates) if name not in names]
        return replace(self, design=self.design[:, kept], covariates=tuple(self.covariates[index] for index in kept))

    def of_rows(self, rows: NDArray[np.bool_]) -> History:
        """The same with only some of the rows."""
        design, kept = _independent(self.design[rows], self.covariates)
        return replace(
            self,
            week=self.week[rows],
            outcome=self.outcome[rows],
            as_run=self.as_run[rows],
            runs=self.runs[rows],
            weight=self.weight[rows],
            design=design,
            covariates=kept,
            steps=self.steps[rows],
            is_unwell=self.is_unwell[rows],
            resting_bpm=self.resting_bpm[rows],
        )


def read_history(weeks: pl.DataFrame, outcome: str = PRIMARY_OUTCOME) -> History | None:
    """Turn weeks into the arrays of the model; None where not one week has a known dose.

    A null `heat_c` beside a run takes the athlete's mean, and so does a null resting heart rate, which is a covariate
    where it is told of 70 % of the rows or more; a row that lacks another covariate is left out. A dose
    unknown between known ones takes the mean of the known ones and its row is left out.

    Raises:
        BrokenContract: a column is missing, or a week stands twice (two athletes in one frame, for example).
    """
    calendar = _on_the_calendar(weeks, outcome)
    spoken = np.flatnonzero(calendar["is_known"].to_numpy())
    if spoken.size == 0:
        return None
    told = int(np.flatnonzero(calendar["is_complete"].to_numpy())[-1]) - int(spoken[0]) + 1
    calendar = calendar[int(spoken[0]) : int(spoken[-1]) + 1]
    known = calendar["is_known"].to_numpy()
    value = {
        name: calendar[name].to_numpy()
        for name in (*COVARIATES, *RACE_COVARIATES, RESTING, "runs", "weight", "as_run", "outcome")
    }
    needed = np.stack([value[name] for name in ("outcome", "ctl", "atl", ACUTE)])
    enters = known & (value["runs"] >= 1) & np.isfinite(needed).all(axis=0)
    week = np.flatnonzero(enters)
    races = int((value["race_ramp"] == 1).sum())
    resting = value[RESTING][enters]
    is_covered = outcome != RESTING and week.size > 0 and np.isfinite(resting).mean() >= RESTING_COVERS
    taken = (*COVARIATES, *(RACE_COVARIATES if races >= FEWEST_RACES else ()), *((RESTING,) if is_covered else ()))
    design, names = _design(week, {name: value[name][enters] for name in taken}, calendar.height)
    return History(
        first_week=calendar["week_start"][0],
        week=week,
        dose=_dose(calendar["hip_dose"].to_numpy(), known),
        upper_dose=_dose(calendar["upper_dose"].to_numpy(), known),
        outcome=value["outcome"][enters],
        as_run=value["as_run"][enters],
        runs=value["runs"][enters],
        weight=value["weight"][enters],
        design=design,
        covariates=names,
        steps=_steps(calendar, enters),
        is_unwell=calendar["is_unwell"].to_numpy()[enters],
        resting_bpm=resting,
        is_known=known,
        races=races,
        told_weeks=told,
    )


def independent_columns(matrix: NDArray[np.float64]) -> list[int]:
    """Which columns add a direction to those before them; the others would only divide by rounding errors."""
    kept: list[int] = []
    basis = np.empty((matrix.shape[0], 0))
    for index, column in enumerate(matrix.T):
        length = float(np.linalg.norm(column))
        rest = column - basis @ (basis.T @ column)
        rest -= basis @ (basis.T @ rest)
        left = float(np.linalg.norm(rest))
        if length > 0 and left > DEPENDENT_BELOW * length:
            kept.append(index)
            basis = np.column_stack([basis, rest / left])
    return kept


def _on_the_calendar(weeks: pl.DataFrame, outcome: str) -> pl.DataFrame:
    missing = [name for name in (*NEEDED, outcome) if name not in weeks.columns]
    if missing:
        raise BrokenContract("weeks", {f"the column {name} is there": weeks.height for name in missing})
    as_run = [AS_RUN, outcome] if outcome == PRIMARY_OUTCOME and AS_RUN in weeks.columns else [outcome]
    runs = pl.col("runs").cast(pl.Float64).fill_null(0).fill_nan(0)
    flags = [pl.col(name).fill_null(value=False) for name in ("dose_known", "is_complete") if name in weeks.columns]
    frame = weeks.select(
        pl.col("week_start").cast(pl.Date),
        *(pl.col(name).cast(pl.Float64).fill_null(np.nan) for name in (*COVARIATES, "hip_dose", "upper_dose")),
        *(pl.col(name).cast(pl.String) for name in STEP_COLUMNS if name in weeks.columns),
        *(_or_zero(name, weeks) for name in RACE_COVARIATES),
        pl.col(RESTING).cast(pl.Float64).fill_null(np.nan)
        if RESTING in weeks.columns
        else pl.lit(np.nan).alias(RESTING),
        runs=runs,
        weight=pl.col("effective_runs").cast(pl.Float64).fill_null(runs) if "effective_runs" in weeks.columns else runs,
        is_unwell=pl.col("is_unwell").fill_null(value=False) if "is_unwell" in weeks.columns else pl.lit(value=False),
        as_run=pl.coalesce(_log_above_zero(name) for name in as_run),
        outcome=_log_above_zero(outcome),
        is_complete=pl.col("is_complete").fill_null(value=False) if "is_complete" in weeks.columns else pl.lit(True),
        is_known=pl.all_horizontal(pl.lit(True), *flags),
    ).sort("week_start")
    repeated = frame.height - frame["week_start"].n_unique()
    if repeated:
        raise BrokenContract("weeks", {"each week stands once, of one athlete": repeated})
    if frame.is_empty():
        return frame
    every_week = pl.date_range(frame["week_start"][0], frame["week_start"][-1], "1w", eager=True).alias("week_start")
    return (
        every_week.to_frame()
        .join(frame, on="week_start", how="left", maintain_order="left")
        .with_columns(
            pl.col(*COVARIATES, RESTING, "hip_dose", "upper_dose", "as_run", "outcome").fill_null(np.nan),
            pl.col(*RACE_COVARIATES, "runs", "weight").fill_null(0.0),
            pl.col("is_unwell", "is_complete").fill_null(value=False),
            is_known=pl.col("is_known").fill_null(value=False) & pl.col("hip_dose").is_finite().fill_null(value=False),
        )
    )


def _log_above_zero(name: str) -> pl.Expr:
    return pl.when(pl.col(name).cast(pl.Float64) > 0).then(pl.col(name).cast(pl.Float64).log())


def _or_zero(name: str, weeks: pl.DataFrame) -> pl.Expr:
    if name not in weeks.columns:
        return pl.lit(0.0).alias(name)
    return pl.col(name).cast(pl.Float64).fill_null(0.0).fill_nan(0.0)


def _dose(dose: NDArray[np.float64], known: NDArray[np.bool_]) -> NDArray[np.float64]:
    spoken = known & np.isfinite(dose)
    clipped = np.clip(dose, 0.0, LARGEST_WEEKLY_DOSE)
    mean = float(clipped[spoken].mean()) if spoken.any() else 0.0
    filled: NDArray[np.float64] = np.where(spoken, clipped, mean)
    return filled


def _steps(calendar: pl.DataFrame, enters: NDArray[np.bool_]) -> NDArray[np.float64]:
    indicators = [np.empty((int(enters.sum()), 0))]
    for name in (column for column in STEP_COLUMNS if column in calendar.columns):
        worn = calendar[name].forward_fill().backward_fill().filter(pl.Series(enters)).fill_null("")
        indicators += [
            (worn == one).to_numpy().astype(np.float64)[:, None] for one in worn.unique(maintain_order=True)[1:]
        ]
    return np.hstack(indicators)


def _design(
    week: NDArray[np.int64], value: dict[str, NDArray[np.float64]], calendar_weeks: int
) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    mean_load = max(float(value["ctl"].mean()), 1e-6) if week.size else 1.0
    chronic = np.log(np.maximum(value["ctl"], CTL_FLOOR * mean_load))
    acute = np.log(np.maximum(value["atl"], ATL_FLOOR * mean_load))
    columns = {
        "level": np.ones(week.size),
        "trend": (week - week.mean()) / 52 if week.size else np.empty(0),
        "heat": _mean_where_unseen(value["heat_c"]),
        "chronic_load": chronic,
        "load_ratio": acute - chronic,
        ACUTE: value[ACUTE],
    }
    if calendar_weeks >= SEASON_FROM_WEEKS:
        year = 2 * np.pi * week / WEEKS_OF_A_YEAR
        columns |= {"season_sine": np.sin(year), "season_cosine": np.cos(year)}
    columns |= {name: value[name] for name in RACE_COVARIATES if name in value}
    if RESTING in value:
        columns[RESTING] = _mean_where_unseen(value[RESTING])
    return _independent(np.column_stack(list(columns.values())), tuple(columns))


def _mean_where_unseen(values: NDArray[np.float64]) -> NDArray[np.float64]:
    seen = np.isfinite(values)
    filled: NDArray[np.float64] = np.where(seen, values, values[seen].mean() if seen.any() else 0.0)
    return filled


def _independent(matrix: NDArray[np.float64], names: Sequence[str]) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    kept = independent_columns(matrix)
    return matrix[:, kept], tuple(names[index] for index in kept)
