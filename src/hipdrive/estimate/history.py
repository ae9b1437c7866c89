"""One athlete's weeks as the arrays of the model: which weeks speak, what is explained, and by what.

Weeks of unknown dose (before the first and after the last day that a strength log speaks for) and the running week are
cut off; unlogged is not zero. Weeks without a usable run are no rows of the model but keep their place on the calendar.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from hipdrive.errors import BrokenContract
from hipdrive.estimate.exposure import LARGEST_WEEKLY_DOSE

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray

PRIMARY_OUTCOME = "speed_at_reference_hr_m_per_s"
PRIMARY_EXPOSURE = "hip_dose"
COVARIATES = ("heat_c", "ctl", "atl", "acute_hip_dose")
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
        design: covariates, shape (rows, columns), without columns that add nothing.
        covariates: their names.
        steps: one indicator per later device or shoe, shape (rows, steps); a check, no part of the model.
    """

    first_week: date
    week: NDArray[np.int64]
    dose: NDArray[np.float64]
    upper_dose: NDArray[np.float64]
    outcome: NDArray[np.float64]
    runs: NDArray[np.float64]
    design: NDArray[np.float64]
    covariates: tuple[str, ...]
    steps: NDArray[np.float64]

    @property
    def calendar_weeks(self) -> int:
        """Weeks from the first to the last of known dose."""
        return len(self.dose)

    @property
    def rows(self) -> int:
        """Weeks that enter the model."""
        return len(self.week)


def read_history(weeks: pl.DataFrame, outcome: str = PRIMARY_OUTCOME) -> History | None:
    """Turn weeks into the arrays of the model; None where not one week has a known dose.

    A null `heat_c` beside a run takes the athlete's mean; a row that lacks another covariate is left out. A dose
    unknown between known ones takes the mean of the known ones and its row is left out.

    Raises:
        BrokenContract: a column is missing, or a week stands twice (two athletes in one frame, for example).
    """
    calendar = _on_the_calendar(weeks, outcome)
    spoken = np.flatnonzero(calendar["is_known"].to_numpy())
    if spoken.size == 0:
        return None
    calendar = calendar[int(spoken[0]) : int(spoken[-1]) + 1]
    known = calendar["is_known"].to_numpy()
    value = {name: calendar[name].to_numpy() for name in (*COVARIATES, "runs", "outcome")}
    needed = np.stack([value[name] for name in ("outcome", "ctl", "atl", "acute_hip_dose")])
    enters = known & (value["runs"] >= 1) & np.isfinite(needed).all(axis=0)
    week = np.flatnonzero(enters)
    design, names = _design(week, {name: value[name][enters] for name in COVARIATES}, calendar.height)
    return History(
        first_week=calendar["week_start"][0],
        week=week,
        dose=_dose(calendar["hip_dose"].to_numpy(), known),
        upper_dose=_dose(calendar["upper_dose"].to_numpy(), known),
        outcome=value["outcome"][enters],
        runs=value["runs"][enters],
        design=design,
        covariates=names,
        steps=_steps(calendar, enters),
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
    flags = [pl.col(name).fill_null(value=False) for name in ("dose_known", "is_complete") if name in weeks.columns]
    frame = weeks.select(
        pl.col("week_start").cast(pl.Date),
        *(pl.col(name).cast(pl.Float64).fill_null(np.nan) for name in (*COVARIATES, "hip_dose", "upper_dose")),
        *(pl.col(name).cast(pl.String) for name in STEP_COLUMNS if name in weeks.columns),
        runs=pl.col("runs").cast(pl.Float64).fill_null(0).fill_nan(0),
        outcome=pl.when(pl.col(outcome).cast(pl.Float64) > 0).then(pl.col(outcome).cast(pl.Float64).log()),
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
            pl.col(*COVARIATES, "hip_dose", "upper_dose", "outcome").fill_null(np.nan),
            pl.col("runs").fill_null(0.0),
            is_known=pl.col("is_known").fill_null(value=False) & pl.col("hip_dose").is_finite().fill_null(value=False),
        )
    )


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
    heat = value["heat_c"]
    seen = np.isfinite(heat)
    mean_load = max(float(value["ctl"].mean()), 1e-6) if week.size else 1.0
    chronic = np.log(np.maximum(value["ctl"], CTL_FLOOR * mean_load))
    acute = np.log(np.maximum(value["atl"], ATL_FLOOR * mean_load))
    columns = {
        "level": np.ones(week.size),
        "trend": (week - week.mean()) / 52 if week.size else np.empty(0),
        "heat": np.where(seen, heat, heat[seen].mean() if seen.any() else 0.0),
        "chronic load": chronic,
        "acute to chronic load": acute - chronic,
        "acute hip dose": value["acute_hip_dose"],
    }
    if calendar_weeks >= SEASON_FROM_WEEKS:
        year = 2 * np.pi * week / WEEKS_OF_A_YEAR
        columns |= {"season (sine)": np.sin(year), "season (cosine)": np.cos(year)}
    matrix = np.column_stack(list(columns.values()))
    kept = independent_columns(matrix)
    names = tuple(columns)
    return matrix[:, kept], tuple(names[index] for index in kept)
