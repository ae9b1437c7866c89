"""A made-up athlete's findings, without the pipeline: the frames that a page is drawn from, drawn by seed."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

import dataframely as dy
import numpy as np
import polars as pl

from hipdrive.catalogue import load_catalogue
from hipdrive.estimate import estimate_effect
from hipdrive.estimate.day_after import estimate_day_after
from hipdrive.estimate.description import describe_associations
from hipdrive.estimate.experiment import declare_experiment
from hipdrive.estimate.history import read_history
from hipdrive.estimate.interim_analyses import estimate_at_last_look
from hipdrive.estimate.pace_parts import split_pace
from hipdrive.estimate.power_analysis import prospect_at_present_rhythm, prospect_in_blocks
from hipdrive.estimate.readiness import measure_readiness
from hipdrive.estimate.rows import effect_rows
from hipdrive.estimate.speed_path import follow_speed
from hipdrive.report import Findings, Planted
from hipdrive.tables.diary import DiaryLine
from hipdrive.tables.estimates import EffectRow, PlanBlock, StrideChange
from hipdrive.tables.run_history import SLOPES, EfficiencySlope, Run
from hipdrive.tables.sources import Reject, Source
from hipdrive.tables.strength import LogSpan
from hipdrive.tables.weeks import NightlyRun
from hipdrive.warehouse import CheckResult, OddRow
from tests.makers.findings_history import (
    LONG_RECORD_WEEKS,
    RUNNING_WEEK,
    TONIGHT,
    describe_athlete,
    draw_days,
    draw_run_minutes,
    draw_runs,
    draw_sets,
    draw_weeks,
    frame,
    list_best_efforts,
    list_programme_weeks,
    list_targets,
)

if TYPE_CHECKING:
    from collections.abc import Callable


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
    runs = draw_runs(starts, level, rng) if has_runs else frame(Run, [])
    runs = runs if spoil is None else Run.cast(spoil(runs))
    tonight = TONIGHT + timedelta(days=nights_later)
    week_rows = draw_weeks(starts, dose, known, runs)
    sets = draw_sets(starts, dose, known, rng)
    days = draw_days(starts, dose, known, runs)
    complete = week_rows.filter(pl.col("is_complete"))
    tonight_effect = estimate_effect(complete) if has_log and has_runs and weeks >= 4 else None
    history = read_history(complete)
    noise = None if tonight_effect is None else tonight_effect.noise
    last_logged = starts[weeks - log_ends_weeks_ago] + timedelta(days=1)
    log_span = [{"athlete_id": "me", "first_date": starts[0], "last_date": last_logged, "log_kind": "written"}]
    return Findings(
        athlete=describe_athlete(runs),
        tonight=tonight,
        weeks=week_rows,
        days=days,
        runs=runs,
        run_minutes=draw_run_minutes(runs),
        best_efforts=list_best_efforts(runs),
        strength_sets=sets,
        programme_weeks=list_programme_weeks(starts, dose, known, sets),
        programme_targets=list_targets(has_log=has_log),
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
            CheckResult("weeks_start_on_monday", True, "a week must begin on a Monday"),
            CheckResult(
                "runs_have_a_believable_pace", False, "a run is between 2:30 and 15:00 a km", (OddRow("run-1"),)
            ),
        ],
        unmatched=pl.DataFrame(
            {"exercise_name": [hostile_name], "sets": [7], "nearest": [["hip_thrust", "sl_hip_thrust", "good_morning"]]}
        ),
        log_span=frame(LogSpan, log_span if has_log else []),
        planted=Planted(effect, weeks, seed, "The runner is made by chance from seed 1.") if is_demo else None,
        pace_parts=split_pace(complete, tonight_effect, tonight_effect.verdict)
        if tonight_effect is not None and weeks >= LONG_RECORD_WEEKS
        else None,
        day_after=estimate_day_after(runs, days) if has_log and has_runs else None,
        stride_changes=_stride_changes() if weeks >= LONG_RECORD_WEEKS else None,
        at_present_rhythm=None if noise is None or history is None else prospect_at_present_rhythm(history, noise),
        in_blocks=None if noise is None or history is None else prospect_in_blocks(history, noise),
        speed_path=follow_speed(runs, _slopes(), tonight),
        readiness=measure_readiness(
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
