"""A made-up athlete's findings, without the pipeline: the frames that a page is drawn from, drawn by seed."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar, cast

import dataframely as dy
import numpy as np
import polars as pl

from hipdrive.catalogue import load_catalogue
from hipdrive.estimate import estimate_effect
from hipdrive.estimate.day_after import estimate_day_after
from hipdrive.estimate.description import describe_associations
from hipdrive.estimate.experiment import declare_experiment
from hipdrive.estimate.history import read_history
from hipdrive.estimate.looks import estimate_at_last_look
from hipdrive.estimate.planner import prospect_at_present_rhythm, prospect_in_blocks
from hipdrive.estimate.rows import effect_rows
from hipdrive.estimate.speed_path import follow_speed
from hipdrive.estimate.way_to_go import measure_way_to_go
from hipdrive.report import Findings, Planted
from hipdrive.tables.diary import DiaryLine
from hipdrive.tables.estimates import EffectRow, PlanBlock, StrideChange
from hipdrive.tables.questions import BestEffortBySeason
from hipdrive.tables.run_history import SLOPES, EfficiencySlope, Run
from hipdrive.tables.sources import Reject, Source
from hipdrive.tables.strength import LogSpan, ProgrammeTarget, ProgrammeWeek, StrengthSet
from hipdrive.tables.weeks import Athlete, Day, NightlyRun, Week
from hipdrive.warehouse import CheckResult

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

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


def make_findings(
    weeks: int = 104,
    *,
    effect: float = 0.04,
    seed: int = 1,
    is_demo: bool = False,
    has_log: bool = True,
    has_runs: bool = True,
    log_ends_weeks_ago: int = 0,
    hostile_name: str = "Hip thingy <script>alert(1)</script>",
    nights_later: int = 0,
    spoil: Callable[[pl.DataFrame], pl.DataFrame] | None = None,
) -> Findings:
    """One athlete with so many complete weeks, two runs' worth of dirt in the inbox and a night before this one.

    `spoil` changes the runs before anything is worked out from them; the page is of so many nights after the record.
    """
    rng = np.random.default_rng(seed)
    starts = [RUNNING_WEEK - timedelta(weeks=weeks - index) for index in range(weeks + 1)]
    dose = np.where((np.arange(weeks + 1) // 7) % 2 == 0, rng.normal(0.85, 0.2, weeks + 1), 0.05).clip(0, 1.6)
    level = np.cumsum(rng.normal(0, 0.004, weeks + 1)) + effect * np.convolve(dose, np.ones(8) / 8)[: weeks + 1]
    known = np.array([has_log and index <= weeks - log_ends_weeks_ago for index in range(weeks + 1)])
    runs = _runs(starts, level, rng) if has_runs else frame(Run, [])
    runs = runs if spoil is None else Run.cast(spoil(runs))
    tonight = TONIGHT + timedelta(days=nights_later)
    week_rows = _weeks(starts, dose, known, runs)
    sets = _sets(starts, dose, known, rng)
    days = _days(starts, dose, known, runs)
    complete = week_rows.filter(pl.col("is_complete"))
    tonight_effect = estimate_effect(complete) if has_log and has_runs and weeks >= 4 else None
    history = read_history(complete)
    noise = None if tonight_effect is None else tonight_effect.noise
    last_logged = starts[weeks - log_ends_weeks_ago] + timedelta(days=1)
    log_span = [{"athlete_id": "me", "first_date": starts[0], "last_date": last_logged, "log_kind": "written"}]
    return Findings(
        athlete=_athlete(runs),
        tonight=tonight,
        weeks=week_rows,
        days=days,
        runs=runs,
        best_efforts=_best_efforts(runs),
        strength_sets=sets,
        programme_weeks=_programme_weeks(starts, dose, known, sets),
        programme_targets=_targets(has_log=has_log),
        associations=describe_associations(week_rows),
        effects=_effects(complete) if tonight_effect is not None else frame(EffectRow, []),
        effect=tonight_effect,
        look=None if tonight_effect is None else estimate_at_last_look(complete),
        exercises=load_catalogue().exercises,
        sources=_sources(),
        rejects=frame(
            Reject,
            [
                {
                    "source_id": "a" * 64,
                    "place": "line 14",
                    "reason": "a set needs repetitions, a time or a distance",
                    "rows": 3,
                }
            ],
        ),
        nights=_nights(),
        checks=[
            CheckResult("weeks_start_on_monday", True, "a week must begin on a Monday", 0),
            CheckResult("runs_have_a_believable_pace", False, "a run is between 2:30 and 15:00 a km", 1),
        ],
        unmatched=pl.DataFrame(
            {"exercise_name": [hostile_name], "sets": [7], "nearest": [["hip_thrust", "sl_hip_thrust", "good_morning"]]}
        ),
        log_span=frame(LogSpan, log_span if has_log else []),
        planted=Planted(effect, weeks, seed, "The runner is made by chance from seed 1.") if is_demo else None,
        day_after=estimate_day_after(runs, days) if has_log and has_runs else None,
        stride_changes=_stride_changes() if weeks >= LONG_RECORD_WEEKS else None,
        at_present_rhythm=None if noise is None or history is None else prospect_at_present_rhythm(history, noise),
        in_blocks=None if noise is None or history is None else prospect_in_blocks(history, noise),
        speed_path=follow_speed(runs, _slopes(), tonight),
        way_to_go=measure_way_to_go(
            week_rows, None if tonight_effect is None else tonight_effect.decision.facts, tonight
        ),
        diary=frame(DiaryLine, []),
    )


def _slopes() -> dy.DataFrame[EfficiencySlope]:
    zeros = {f"covariance_with_{name}": 0.0 for name in SLOPES}
    return frame(EfficiencySlope, [{"athlete_id": "me", "slope": name, "per_unit": 0.0} | zeros for name in SLOPES])


def _stride_changes() -> dy.DataFrame[StrideChange]:
    changes = {
        "contact_time_at_reference_speed_s": (0.252, -0.004, -0.013, 0.005),
        "cadence_at_reference_speed_spm": (168.0, 0.012, 0.004, 0.020),
        "step_length_at_reference_speed_m": (1.12, -0.011, -0.020, -0.002),
        "vertical_ratio_at_reference_speed_fraction": (0.082, None, None, None),
    }
    names = ("first_half_mean", "change_fraction", "lo_fraction", "hi_fraction")
    return frame(
        StrideChange,
        [{"measure": key, "runs": 120} | dict(zip(names, row, strict=True)) for key, row in changes.items()],
    )


def with_frames(findings: Findings, **frames: pl.DataFrame) -> Findings:
    """The same findings with other frames, as a test has changed them."""
    return dataclasses.replace(findings, **cast("dict[str, Any]", frames))


def with_effect(findings: Findings, achieved: tuple[float, float, float], verdict: str = "no_clear_sign") -> Findings:
    """The same findings with another estimate tonight: (estimate, lo, hi), the same for a sustained dose."""
    estimate, lo, hi = achieved
    rows = [
        row | {"estimate_fraction": estimate, "lo_fraction": lo, "hi_fraction": hi, "verdict": verdict}
        for row in findings.effects.iter_rows(named=True)
    ]
    return dataclasses.replace(findings, effect=None, look=None, effects=frame(EffectRow, rows))


def with_experiment(findings: Findings, arm: str) -> Findings:
    """Nine weeks and a half into a declared experiment, in a block of this arm; how the first block went is known."""
    plans, blocks = declare_experiment("me", datetime(2026, 9, 10, tzinfo=UTC), date(2026, 9, 14), 3)
    arms = [arm if index % 2 else {"on": "off", "off": "on"}[arm] for index in blocks["block_index"]]
    done = pl.when(pl.col("block_index") == 0).then(0.04 if arm == "on" else 0.83)
    drawn = blocks.with_columns(pl.Series("arm", arms), adherence_fraction=done)
    return dataclasses.replace(findings, plans=plans, plan_blocks=PlanBlock.cast(drawn))


def _runs(starts: list[date], level: np.ndarray, rng: np.random.Generator) -> dy.DataFrame[Run]:
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


def _best_efforts(runs: pl.DataFrame) -> dy.DataFrame[BestEffortBySeason]:
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


def _weeks(starts: list[date], dose: np.ndarray, known: np.ndarray, runs: pl.DataFrame) -> dy.DataFrame[Week]:
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


def _days(starts: list[date], dose: np.ndarray, known: np.ndarray, runs: pl.DataFrame) -> dy.DataFrame[Day]:
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


def _sets(
    starts: list[date], dose: np.ndarray, known: np.ndarray, rng: np.random.Generator
) -> dy.DataFrame[StrengthSet]:
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


def _programme_weeks(
    starts: list[date], dose: np.ndarray, known: np.ndarray, sets: pl.DataFrame
) -> dy.DataFrame[ProgrammeWeek]:
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


def _targets(*, has_log: bool) -> dy.DataFrame[ProgrammeTarget]:
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


def _athlete(runs: pl.DataFrame) -> dy.DataFrame[Athlete]:
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


def _effects(complete: pl.DataFrame) -> dy.DataFrame[EffectRow]:
    """Estimates of a few nights: of every sixth week of the last year and of tonight."""
    ends = sorted({*range(max(26, complete.height - 48), complete.height, 6), complete.height})
    rows = []
    for end in ends:
        night = estimate_effect(complete.head(end))
        look = estimate_at_last_look(complete.head(end))
        rows.append(effect_rows(night, f"2026-night-{end:04d}", "me", look=look))
    return EffectRow.validate(pl.concat(rows), cast=True)


def _sources() -> dy.DataFrame[Source]:
    seen = datetime(2026, 11, 17, 2, 30, tzinfo=UTC)
    described = [
        ("runs/runner.name@example.org_1234.fit", "loaded", None, 1, 3600, 0),
        ("runs/again.fit.gz", "duplicate", "the same content as runs/runner.name@example.org_1234.fit", 0, 0, 0),
        ("runs/swim.fit", "skipped", "a swim: only runs and strength workouts are wanted", 1, 900, 0),
        ("runs/broken.fit", "quarantined", "byte 12: the header promises 40,000 bytes, the file has 12", 0, 0, 0),
        ("strong.csv", "loaded", None, 0, 0, 912),
    ]
    return frame(
        Source,
        [
            {
                "path": path,
                "source_id": letter * 64,
                "format": path.rsplit(".", 1)[-1],
                "size_bytes": 1000,
                "first_seen_utc": seen,
                "athlete_id": "me",
                "status": status,
                "reason": reason,
                "activities": activities,
                "records": records,
                "sets": sets,
                "counted": sets + activities if status == "loaded" else 0,
                "is_gone": False,
            }
            for letter, (path, status, reason, activities, records, sets) in zip("cdefa", described, strict=True)
        ],
    )


def _nights() -> dy.DataFrame[NightlyRun]:
    start = datetime(2026, 11, 17, 2, 30, tzinfo=UTC)
    return frame(
        NightlyRun,
        [
            {
                "run_id": "2026-night-0098",
                "started_utc": start,
                "finished_utc": start + timedelta(seconds=9),
                "status": "done",
                "sources_new": 2,
                "quarantined": 1,
                "seconds_ingest": 2.1,
                "seconds_measure": 1.0,
                "seconds_estimate": 3.0,
                "seconds_report": 2.2,
                "version": "0.1.0",
            }
        ],
    )
