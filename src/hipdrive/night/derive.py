"""What looks over all files at once: duplicates, efficiency, dose, programme, load; then views and checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import dataframely as dy
import polars as pl

from hipdrive.catalogue import Resolver
from hipdrive.measure.duplicates import mark_duplicates
from hipdrive.measure.efficiency import measure_efficiency
from hipdrive.measure.load import measure_daily_load
from hipdrive.measure.programme import measure_programme, measure_targets
from hipdrive.measure.strength import measure_log_spans, measure_strength_sets
from hipdrive.measure.stride_at_speed import measure_run_strides
from hipdrive.night.plans import follow_plans, keep_plans
from hipdrive.read.diary import read_diary
from hipdrive.settings import LEG_OF_HEIGHT, Home, Settings
from hipdrive.tables.runs import Activity, RunMeasure, RunWindow
from hipdrive.tables.strength import TidyStrengthSet
from hipdrive.tables.weeks import AthleteSetting
from hipdrive.tidy.names import renew_names
from hipdrive.warehouse import CheckResult, Warehouse, read_nights


def derive_tables(warehouse: Warehouse, home: Home, today: Mapping[str, date], resolver: Resolver) -> Sequence[str]:
    """What looks over all files at once: duplicates, efficiency, load, dose, programme; then the views.

    Args:
        warehouse: the private copy, with every batch stored.
        home: settings.
        today: each athlete's date tonight; the week it lies in is not complete.
        resolver: names of exercises → catalogue, by today's aliases.

    Returns:
        The lines of the diary that nobody understood.
    """
    settings = home.settings
    activities = mark_duplicates(warehouse.read("activities", Activity))
    warehouse.replace("activities", activities)
    runs, windows = warehouse.read("run_measures", RunMeasure), warehouse.read("run_windows", RunWindow)
    athletes, diary = _athlete_settings(settings, today), read_diary(home.diary_file, settings.athlete_ids)
    efficiency = measure_efficiency(activities, runs, windows, diary.lines, athletes)
    strides = measure_run_strides(activities, windows, efficiency.runs, efficiency.athletes, athletes)
    warehouse.replace("athlete_settings", athletes)
    warehouse.replace("diary", diary.lines)
    warehouse.replace("run_efficiency", efficiency.runs)
    warehouse.replace("athlete_levels", efficiency.athletes)
    warehouse.replace("run_strides", strides)

    catalogue = resolver.catalogue
    sets = measure_strength_sets(
        renew_names(warehouse.read("strength_sets", TidyStrengthSet), resolver),
        catalogue.exercises,
        sessions_per_week=settings.programme.sessions_per_week,
        sets_per_session=settings.programme.sets_per_session,
    )
    warehouse.replace("strength_sets", sets)
    warehouse.replace("exercises", catalogue.exercises)
    log_spans = measure_log_spans(sets)
    warehouse.replace("log_spans", log_spans)
    programme = settings.programme
    programme_weeks = measure_programme(
        sets,
        catalogue.exercises,
        log_spans,
        sessions_per_week=programme.sessions_per_week,
        sets_per_session=programme.sets_per_session,
    )
    warehouse.replace("programme_weeks", programme_weeks)
    targets = measure_targets(
        sets, catalogue.exercises, sets_per_session=programme.sets_per_session, athlete_ids=settings.athlete_ids
    )
    warehouse.replace("programme_targets", targets)

    run_days = (
        runs.join(activities.filter(pl.col("duplicate_of").is_null()), on="activity_id")
        .group_by("athlete_id", "local_date")
        .agg(run_distance_m=pl.col("distance_m").sum(), run_time_s=pl.col("moving_time_s").sum())
    )
    dates = pl.concat([run_days.select("athlete_id", "local_date"), sets.select("athlete_id", "local_date")])
    spans = dates.group_by("athlete_id").agg(
        first_date=pl.col("local_date").min(), last_date=pl.col("local_date").max()
    )
    warehouse.replace("daily_load", measure_daily_load(run_days, spans))
    warehouse.replace("nightly_runs", read_nights(home))
    warehouse.remember({"tonight": today[settings.athlete_ids[0]].isoformat()})
    keep_plans(warehouse, home)
    warehouse.build_views()
    follow_plans(warehouse)
    return diary.rejects


def check_tables(warehouse: Warehouse, diary_rejects: Sequence[str]) -> list[CheckResult]:
    """Rows that should not exist.

    Raises:
        FailedCheck: rows that must not exist.
    """
    return [*warehouse.run_checks(), _diary_check(diary_rejects)]


def _diary_check(rejects: Sequence[str]) -> CheckResult:
    example = rejects[0] if rejects else ""
    sentence = "every line of data/diary.csv should be one that hipdrive understands"
    return CheckResult("diary_is_understood", is_severe=False, sentence=sentence, rows=len(rejects), example=example)


def _athlete_settings(settings: Settings, today: Mapping[str, date]) -> dy.DataFrame[AthleteSetting]:
    rows = [
        {
            "athlete_id": athlete,
            "night_date": today[athlete],
            "time_zone": settings.of(athlete).time_zone,
            "mass_kg": settings.of(athlete).mass_kg,
            "height_m": settings.of(athlete).height_m,
            "leg_length_m": settings.of(athlete).leg_length_m or LEG_OF_HEIGHT * settings.of(athlete).height_m,
            "max_heart_rate_bpm": settings.of(athlete).max_heart_rate_bpm,
            "resting_heart_rate_bpm": settings.of(athlete).resting_heart_rate_bpm,
            "trimp_weighting": settings.of(athlete).trimp_weighting,
            "left_at_default": ", ".join(settings.of(athlete).left_at_default) or None,
        }
        for athlete in settings.athlete_ids
    ]
    types = {name: column.dtype for name, column in AthleteSetting.columns().items()}
    return AthleteSetting.validate(pl.DataFrame(rows, schema=types))
