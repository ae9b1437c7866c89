"""The runs, days, weeks and sets of a made-up athlete as finished tables, drawn by seed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

import dataframely as dy
import numpy as np
import polars as pl

from hipdrive.tables.questions import BestEffortBySeason
from hipdrive.tables.run_history import Run
from hipdrive.tables.strength import ProgrammeTarget, ProgrammeWeek, StrengthSet
from hipdrive.tables.weeks import Athlete, Day, Week

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

S = TypeVar("S", bound=dy.Schema)
TONIGHT = date(2026, 11, 18)
RUNNING_WEEK = date(2026, 11, 16)
RUN_DAYS = (1, 3, 5, 6)  # Tuesday, Thursday, Saturday, Sunday
STRENGTH_DAYS = (0, 3)
LONG_RECORD_WEEKS = 26
ITEMS = {
    "band_drive_back": ("Band drive back", 20.0, 0.5),
    "sl_glute_bridge": ("Single-leg glute bridge", 15.0, 0.6),
    "band_donkey_kick": ("Donkey kick with band", 15.0, 0.6),
    "sl_bounds": ("Straight-leg bounds", 50.0, 0.8),
    "hip_flexor_stretch": ("Two-joint hip-flexor stretch", 8.0, 0.0),
}


def frame(schema: type[S], rows: Sequence[Mapping[str, object]]) -> dy.DataFrame[S]:
    """Rows as a typed frame; columns that no row names are null."""
    empty = schema.create_empty().schema
    return schema.validate(
        pl.DataFrame([{name: row.get(name) for name in empty} for row in rows], schema=empty, orient="row"), cast=True
    )


def draw_runs(starts: list[date], level: np.ndarray, rng: np.random.Generator) -> dy.DataFrame[Run]:
    """Usable runs on the days of running, faster or slower by the level of their week."""
    rows = []
    stride = np.random.default_rng(7)
    for index, start in enumerate(starts):
        for weekday in RUN_DAYS:
            when = start + timedelta(days=weekday)
            if when > TONIGHT or rng.random() < 0.08:
                continue
            speed = 3.1 * float(np.exp(level[index] + rng.normal(0, 0.03)))
            cadence = float(rng.normal(168, 1.5))
            is_usable = bool(rng.random() < 0.85)
            at = datetime(when.year, when.month, when.day, 17, 30, tzinfo=UTC)
            rows.append(
                {
                    "activity_id": f"{index:04d}{weekday}-0",
                    "athlete_id": "me",
                    "local_date": when,
                    "start_utc": at,
                    "device": "garmin demo",
                    "file_format": "fit",
                    "run_type": "long" if weekday == 6 else "easy",
                    "is_usable": is_usable,
                    "unusable_reason": None if is_usable else "fewer than 15 usable minutes",
                    "distance_m": float(rng.normal(9500, 1500)),
                    "moving_time_s": 3000.0,
                    "pace_s_per_km": 1000 / speed * float(rng.normal(1.03, 0.02)),
                    "heart_rate_bpm": float(rng.normal(148, 3)),
                    "cadence_spm": cadence,
                    "step_length_m": speed * 60 / cadence,
                    "stride_length_m": speed * 120 / cadence,
                    "contact_time_s": float(rng.normal(0.252, 0.004)),
                    "vertical_ratio_fraction": float(rng.normal(0.082, 0.002)),
                    "stride_reference_speed_m_per_s": 3.1,
                    "contact_time_at_reference_speed_s": float(stride.normal(0.252, 0.003)),
                    "cadence_at_reference_speed_spm": float(stride.normal(168, 1.2)),
                    "step_length_at_reference_speed_m": float(stride.normal(1.107, 0.008)),
                    "vertical_ratio_at_reference_speed_fraction": float(stride.normal(0.082, 0.0015)),
                    "usable_windows": 30 if is_usable else 8,
                    "standing_time_s": 0.0,
                    "stops": 0,
                    "jump_distance_m": 0.0,
                    "vehicle_distance_m": 0.0,
                    "masked_heart_rate_s": 0.0,
                    "is_device_change": False,
                    "level_minutes": 0,
                    "speed_at_reference_hr_m_per_s": speed if is_usable else None,
                    "heart_rate_above_reference_bpm": 0.0 if is_usable else None,
                    "speed_at_reference_hr_se_m_per_s": 0.15 if is_usable else None,
                    "bounded_speed_at_reference_hr_m_per_s": speed if is_usable else None,
                    "heat_c": float(rng.uniform(0, 8)),
                }
            )
    return frame(Run, rows)


def list_best_efforts(runs: pl.DataFrame) -> dy.DataFrame[BestEffortBySeason]:
    """Every run's 1 km and 5 km at its own pace; the fastest of each quarter."""
    found = (
        runs.select("athlete_id", "activity_id", "local_date", "pace_s_per_km")
        .join(pl.DataFrame({"target_m": [1000.0, 5000.0], "faster": [0.9, 0.95]}), how="cross")
        .with_columns(
            season_start=pl.col("local_date").dt.truncate("1q"),
            is_doubtful=pl.lit(value=False),
            pace_s_per_km=pl.col("pace_s_per_km") * pl.col("faster"),
        )
        .with_columns(
            time_s=pl.col("pace_s_per_km") * pl.col("target_m") / 1000, speed_m_per_s=1000 / pl.col("pace_s_per_km")
        )
        .sort("season_start", "target_m", "time_s")
        .unique(["season_start", "target_m"], keep="first", maintain_order=True)
    )
    return frame(BestEffortBySeason, found.rows(named=True))


def draw_weeks(starts: list[date], dose: np.ndarray, known: np.ndarray, runs: pl.DataFrame) -> dy.DataFrame[Week]:
    """A row a week."""
    means = ["heat_c", "pace_s_per_km", "heart_rate_bpm", "cadence_spm", "step_length_m", "stride_length_m"]
    means += ["contact_time_s", "vertical_ratio_fraction"]
    by_week = {
        row["week_start"]: row
        for row in runs.with_columns(week_start=pl.col("local_date").dt.truncate("1w"))
        .group_by("week_start")
        .agg(
            pl.col("speed_at_reference_hr_m_per_s").log().mean().exp(),
            pl.col(means).filter(pl.col("is_usable")).mean(),
            runs_all=pl.len(),
            runs=pl.col("is_usable").sum(),
            run_distance_m=pl.col("distance_m").sum(),
            run_time_s=pl.col("moving_time_s").sum(),
        )
        .iter_rows(named=True)
    }
    nothing = {"runs_all": 0, "runs": 0, "run_distance_m": 0.0, "run_time_s": 0.0}
    rows = []
    for index, start in enumerate(starts):
        doses = {
            "hip_dose": float(dose[index]),
            "heavy_hip_dose": 0.0,
            "upper_dose": 0.3 + 0.1 * (index % 3),
            "plantarflexor_dose": 0.0,
            "mobility_min": 4.0,
            "acute_hip_dose": float(dose[index]) / 4,
        }
        rows.append(
            nothing
            | by_week.get(start, {})
            | (doses if known[index] else dict.fromkeys(doses))
            | {
                "athlete_id": "me",
                "week_start": start,
                "is_complete": start < RUNNING_WEEK,
                "dose_known": bool(known[index]),
            }
            | {"ctl": 5.0 + 0.01 * index + 0.5 * float(np.sin(index / 5)), "atl": 5.2 + float(np.sin(index / 2))}
        )
    return frame(Week, rows)


def draw_days(starts: list[date], dose: np.ndarray, known: np.ndarray, runs: pl.DataFrame) -> dy.DataFrame[Day]:
    """A row a day."""
    ran = dict(runs.group_by("local_date").agg(pl.col("distance_m").sum()).iter_rows())
    rows = []
    for index, start in enumerate(starts):
        for weekday in range(7):
            when = start + timedelta(days=weekday)
            if when > TONIGHT:
                continue
            of_day = float(dose[index]) / 2 if weekday in STRENGTH_DAYS else 0.0
            doses = {"hip_dose": of_day, "heavy_hip_dose": 0.0, "upper_dose": 0.1, "plantarflexor_dose": 0.0}
            doses |= {"mobility_min": 0.0, "acute_hip_dose": of_day}
            rows.append(
                {"athlete_id": "me", "local_date": when, "run_distance_m": ran.get(when, 0.0), "run_time_s": 0.0}
                | {"ctl": 5.0, "atl": 5.0, "dose_known": bool(known[index])}
                | (doses if known[index] else dict.fromkeys(doses))
            )
    return frame(Day, rows)


def draw_sets(
    starts: list[date], dose: np.ndarray, known: np.ndarray, rng: np.random.Generator
) -> dy.DataFrame[StrengthSet]:
    """The sets of the days of strength work."""
    rows = []
    for index, start in enumerate(starts):
        for weekday in STRENGTH_DAYS:
            when = start + timedelta(days=weekday)
            if not known[index] or dose[index] < 0.3 or when > TONIGHT:
                continue
            for number, (key, (label, quantity, weight)) in enumerate(ITEMS.items()):
                if key == "sl_bounds" and rng.random() < 0.6:
                    continue
                is_distance = key == "sl_bounds"
                rows.append(
                    {
                        "athlete_id": "me",
                        "source_id": "b" * 64,
                        "workout_id": f"{when}",
                        "log_kind": "written",
                        "started_utc": datetime(when.year, when.month, when.day, 6, tzinfo=UTC),
                        "has_clock": True,
                        "local_date": when,
                        "set_index": number,
                        "line": index * 10 + number,
                        "set_type": "normal",
                        "exercise_name": label,
                        "exercise": key,
                        "match": "exact",
                        "reps": None if is_distance else quantity + index // 12,
                        "distance_m": quantity + 2 * (index // 12) if is_distance else None,
                        "hip_dose": weight * 0.75 / 3.75,
                        "upper_dose": 0.0,
                    }
                )
    return frame(StrengthSet, rows)


def list_programme_weeks(
    starts: list[date], dose: np.ndarray, known: np.ndarray, sets: pl.DataFrame
) -> dy.DataFrame[ProgrammeWeek]:
    """What of the five was done, week by week."""
    done = {
        (week, exercise): number
        for week, exercise, number in sets.with_columns(week_start=pl.col("local_date").dt.truncate("1w"))
        .group_by("week_start", "exercise")
        .len()
        .iter_rows()
    }
    return frame(
        ProgrammeWeek,
        [
            {
                "athlete_id": "me",
                "week_start": start,
                "exercise": key,
                "is_strengthening": key != "hip_flexor_stretch",
                "prescribed_sets": 2.0,
                "done_sets": float(done.get((start, key), 0)),
                "adherence_fraction": min(1.0, done.get((start, key), 0) / 2),
            }
            for index, start in enumerate(starts)
            if known[index] and dose[index] >= 0
            for key in ITEMS
        ],
    )


def list_targets(*, has_log: bool) -> dy.DataFrame[ProgrammeTarget]:
    """The programme's next targets."""
    last = date(2026, 11, 12) if has_log else None
    rows = []
    for key, (label, quantity, _weight) in ITEMS.items():
        is_distance = key == "sl_bounds"
        amount, done = ("distance_m", "last_distance_m") if is_distance else ("reps", "last_reps")
        rows.append(
            {"athlete_id": "me", "exercise": key, "label": label, "sets": 1, "last_date": last, "cue": "Stand tall."}
            | {amount: quantity + 1, done: quantity if has_log else None}
        )
    return frame(ProgrammeTarget, rows)


def describe_athlete(runs: pl.DataFrame) -> dy.DataFrame[Athlete]:
    """The athlete and the level of their running."""
    speed = runs["speed_at_reference_hr_m_per_s"].median()
    reference = {"reference_hr_bpm": 148.0, "reference_speed_m_per_s": speed, "reference_pace_s_per_km": None}
    if isinstance(speed, float):
        reference["reference_pace_s_per_km"] = 1000 / speed
    person = {"athlete_id": "me", "time_zone": "Europe/Berlin", "mass_kg": 70.0, "height_m": 1.75}
    person |= {
        "leg_length_m": 0.93,
        "resting_heart_rate_bpm": 60.0,
        "trimp_weighting": "male",
        "left_at_default": "mass_kg, height_m",
    }
    return frame(Athlete, [person | (reference if isinstance(speed, float) else {})])
