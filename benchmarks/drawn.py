"""The demo's made-up runners as arrays: what their speed was made of, measured through files or drawn without them.

`measured_life` takes what `benchmarks.lives` kept of the whole pipeline; `drawn_life` does the same with runs drawn
straight from the generator, in a hundredth of the time. What moves speed is additive in ln speed, so any part can be
taken out, and any response put in, afterwards.

Nothing to run: `benchmarks.suspects` and `benchmarks.planted` draw by it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from benchmarks.lives import LAST_DAY, live
from hipdrive.demo import physiology, run_samples, runner
from hipdrive.demo.running_plan import RunType, draw_absences
from hipdrive.measure.slopes import fit_slopes

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from hipdrive.demo import MadeUpRunner

    Floats = NDArray[np.float64]

TYPES = ("long", "tempo", "intervals")
COUNTS_AS = {"race": "tempo", "hills": "intervals"}
WARM_UP_S = 600
TEMPO_FROM_BPM = 157.0  # mean of a run above which the pipeline calls these runners' tempo runs so
REFERENCE_BPM = physiology.REFERENCE_HEART_RATE_BPM


@dataclass(frozen=True)
class Life:
    """One runner's usable runs as arrays, what moved their speed, and the weeks around them.

    Attributes:
        weeks: of the pipeline, or drawn.
        day: of each run, from the first.
        y: mean ln graded speed of its usable minutes.
        heart_rate: mean of the same, in beats a minute.
        kind: as the pipeline classified the run.
        planned: as it was planned.
        heat: mean degrees above 10.
        parts: what each suspect added to ln speed, by its name, a value a run.
        response: what a full effect of 1 in ln speed would have added, a value a run.
    """

    weeks: pl.DataFrame
    day: NDArray[np.int64]
    y: Floats
    heart_rate: Floats
    kind: NDArray[np.str_]
    planned: NDArray[np.str_]
    heat: Floats
    parts: dict[str, Floats]
    response: Floats


def parts_of(made: MadeUpRunner) -> dict[str, Floats]:
    """What moved ln speed at a given heart rate, by day."""
    weeks, seed = made.truth.weeks, made.truth.seed
    first = LAST_DAY - timedelta(days=7 * weeks - 1)
    absences = draw_absences(weeks, runner._stream(seed, runner._ABSENCES))
    daily_km = runner._daily_km([run for run, _ in made.runs], first, 7 * weeks)
    return {
        "illness": physiology.illness_log_speed(absences.is_ill),
        "fatigue": physiology.fatigue_log_speed(made.truth.by_day["hip_dose"].to_numpy()),
        "load": physiology.load_log_speed(daily_km),
    }


def response_of(made: MadeUpRunner) -> Floats:
    """Lagged dose by day: what ln(1 + effect) is multiplied with."""
    return np.repeat(physiology.planted_log_speed(made.truth.by_week["hip_dose"].to_numpy(), math.e - 1), 7)


def measured_life(seed: int, folder: Path) -> Life:
    """A runner whose files went through the whole pipeline."""
    made = live(seed)
    weeks = pl.read_parquet(folder / f"0-{seed:04d}-weeks.parquet")
    runs = pl.read_parquet(folder / f"0-{seed:04d}-runs.parquet")
    plans = pl.DataFrame(
        {
            "local_date": [run.start.date() for run, _ in made.runs],
            "planned": [run.run_type.value for run, _ in made.runs],
        }
    ).unique("local_date", maintain_order=True)
    runs = runs.join(plans, on="local_date", how="left", maintain_order="left")
    first = LAST_DAY - timedelta(days=7 * made.truth.weeks - 1)
    day = np.array([(one - first).days for one in runs["local_date"]])
    return Life(
        weeks=weeks,
        day=day,
        y=runs["ln_graded_speed"].to_numpy(),
        heart_rate=runs["heart_rate_bpm"].to_numpy(),
        kind=runs["run_type"].replace(COUNTS_AS).to_numpy().astype(str),
        planned=runs["planned"].to_numpy().astype(str),
        heat=runs["heat_c"].fill_null(runs["heat_c"].mean()).to_numpy(),
        parts={name: part[day] for name, part in parts_of(made).items()},
        response=response_of(made)[day],
    )


def drawn_life(seed: int) -> Life:
    """A runner straight from the generator: what a run's minutes come to, without a file for them."""
    made = live(seed)
    rng = np.random.default_rng([seed, 99])
    first = LAST_DAY - timedelta(days=7 * made.truth.weeks - 1)
    rows = []
    for run, conditions in made.runs:
        wanted = np.repeat([one.heart_rate_bpm for one in run.efforts], [one.seconds for one in run.efforts])[
            WARM_UP_S:
        ]
        offset = (
            run_samples.HEART_RATE_NOISE_SD_BPM * rng.standard_t(run_samples.HEART_RATE_NOISE_DEGREES) / math.sqrt(1.5)
        )
        scale = run_samples.SATELLITE_SCALE_SD * rng.standard_normal()
        if run.is_treadmill:
            continue
        drift = (2.5 + 0.25 * max(conditions.air_c - 12, 0)) * wanted.size / 7200
        rows.append(
            (
                (run.start.date() - first).days,
                math.log(physiology.REFERENCE_SPEED_M_PER_S)
                + conditions.log_speed
                + physiology.LOG_SPEED_PER_BPM * (wanted.mean() - REFERENCE_BPM)
                + scale,
                wanted.mean() + offset + drift,
                run.run_type.value,
                max(conditions.air_c + run_samples.WRIST_WARMTH_C - 10, 0),
            )
        )
    days, y, heart_rate, planned, heat = (np.array(column) for column in zip(*rows, strict=True))
    kind = np.where((planned == RunType.TEMPO) & (heart_rate < TEMPO_FROM_BPM), RunType.EASY.value, planned)
    return Life(
        weeks=_drawn_weeks(made),
        day=days,
        y=y,
        heart_rate=heart_rate,
        kind=kind,
        planned=planned,
        heat=heat,
        parts={name: part[days] for name, part in parts_of(made).items()},
        response=response_of(made)[days],
    )


def _drawn_weeks(made: MadeUpRunner) -> pl.DataFrame:
    days = 7 * made.truth.weeks
    first = LAST_DAY - timedelta(days=days - 1)
    km = runner._daily_km([run for run, _ in made.runs], first, days)
    start = km[:28].mean()
    load = {}
    for name, tau in (("ctl", 42.0), ("atl", 7.0)):
        level, levels = start, np.empty(days)
        for day, value in enumerate(km):
            level += (1 - math.exp(-1 / tau)) * (value - level)
            levels[day] = level
        load[name] = levels
    dose = made.truth.by_day["hip_dose"].to_numpy()
    load["acute_hip_dose"] = np.convolve(dose, np.exp(-np.arange(14) / 2))[:days]
    all_days = np.unique([(run.start.date() - first).days for run, _ in made.runs])
    on_run_days = pl.DataFrame({"week": all_days // 7, **{name: series[all_days] for name, series in load.items()}})
    weekly = on_run_days.group_by("week").mean()
    return (
        made.truth.by_week.select("week_start", "hip_dose")
        .with_row_index("week")
        .with_columns(pl.col("week").cast(pl.Int64), upper_dose=pl.lit(0.0))
        .join(weekly, on="week", how="left", maintain_order="left")
        .drop("week")
    )


def weeks_of(life: Life, y: Floats, kind: NDArray[np.str_], slope: float | None = None) -> pl.DataFrame:
    """The weeks with another outcome: stage 1 of the measure, then the weekly mean."""
    above = life.heart_rate - np.median(life.heart_rate)
    offsets = np.column_stack([kind == name for name in TYPES]).astype(float)
    week = life.day // 7
    z = np.column_stack([above, offsets, life.heat])
    order = np.argsort(week, kind="stable")
    if slope is not None:
        z[:, 0] = 0.0
        y = y - slope * above
    fit = fit_slopes(y[order], z[order], np.unique(week[order], return_inverse=True)[1])
    ln_speed = fit.values(y, z)
    first = LAST_DAY - timedelta(days=7 * life.weeks.height - 1)
    by_week = (
        pl.DataFrame({"week": week, "v": ln_speed, "h": life.heat})
        .group_by("week")
        .agg(
            speed_at_reference_hr_m_per_s=pl.col("v").mean().exp(),
            heat_c=pl.col("h").mean(),
            runs=pl.len().cast(pl.Int64),
        )
        .with_columns(week_start=pl.lit(first) + pl.duration(weeks=pl.col("week")))
        .drop("week")
    )
    kept = life.weeks.drop("speed_at_reference_hr_m_per_s", "heat_c", "runs", strict=False)
    return kept.join(by_week, on="week_start", how="left", maintain_order="left").with_columns(
        pl.col("runs").fill_null(0)
    )
