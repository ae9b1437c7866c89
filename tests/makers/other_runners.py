"""Made-up runners who are unlike the usual one: lifters, owners of two watches, readers of miles."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import polars as pl

from hipdrive.settings import Habits
from hipdrive.tables.strength import ProgrammeTarget, ProgrammeWeek, StrengthSet
from tests.makers.findings import make_findings

if TYPE_CHECKING:
    from hipdrive.report import Findings

IMPERIAL = Habits(units="imperial", date_style="month_day", week_start="sunday")
HEAVY = {
    "band_drive_back": ("hip_thrust", "Hip Thrust (Barbell)"),
    "sl_glute_bridge": ("back_squat", "Squat (Barbell)"),
}
HEAVY_KG = 160.0


def make_lifter(weeks: int = 40) -> Findings:
    """Squats and hip-thrusts 160 kg on the days on which others do bands, and none of the five."""
    findings = make_findings(weeks)
    usual = pl.col("exercise").cast(pl.String)
    exercise, name = (
        usual.replace_strict({key: what[part] for key, what in HEAVY.items()}, default=None) for part in (0, 1)
    )
    sets = findings.strength_sets.filter(pl.col("exercise").is_in(list(HEAVY))).with_columns(
        exercise=exercise, exercise_name=name, reps=5.0, weight_kg=HEAVY_KG, hip_dose=0.4, heavy_hip_dose=0.4
    )
    return dataclasses.replace(
        findings,
        strength_sets=StrengthSet.cast(sets),
        programme_weeks=ProgrammeWeek.cast(
            findings.programme_weeks.with_columns(done_sets=pl.lit(0.0), adherence_fraction=pl.lit(0.0))
        ),
        programme_targets=ProgrammeTarget.cast(
            findings.programme_targets.with_columns(
                pl.lit(None).alias(name) for name in ("last_date", "last_reps", "last_distance_m")
            )
        ),
    )


def make_owner_of_two_watches(weeks: int = 60, ago: int = 12) -> Findings:
    """Another watch on the wrist since some weeks ago."""

    def spoil(runs: pl.DataFrame) -> pl.DataFrame:
        first = runs.filter(pl.col("local_date") > pl.col("local_date").max() - pl.duration(weeks=ago)).head(1)
        changed = pl.col("activity_id").is_in(first["activity_id"].to_list())
        later = pl.col("local_date") >= first["local_date"].item()
        device = pl.when(later).then(pl.lit("coros demo")).otherwise(pl.col("device"))
        return runs.with_columns(is_device_change=changed, device=device)

    return make_findings(weeks, spoil=spoil)


def make_reader_of_miles(weeks: int = 60) -> Findings:
    """Reads miles, pounds and degrees Fahrenheit, months before days, weeks from Sunday."""
    return dataclasses.replace(make_findings(weeks), habits=IMPERIAL)
