"""What looks over all files of an athlete at once: what counts, duplicates, efficiency, dose, programme, load."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import dataframely as dy
import polars as pl

from hipdrive.catalogue import Resolver
from hipdrive.errors import FailedCheck
from hipdrive.measure.duplicates import mark_duplicates
from hipdrive.measure.efficiency import measure_efficiency
from hipdrive.measure.labels import label_runs, told_races
from hipdrive.measure.load import measure_daily_load
from hipdrive.measure.programme import measure_programme, measure_targets
from hipdrive.measure.strength import measure_strength_sets
from hipdrive.measure.strength_overlap import count_counted, find_overlaps
from hipdrive.measure.strength_spans import measure_log_spans
from hipdrive.measure.stride_at_speed import measure_run_strides
from hipdrive.measure.wellness import measure_daily_wellness
from hipdrive.night.ledger import homeless, mark_gone, renamed, settle, what_counts
from hipdrive.night.plans import keep_plans
from hipdrive.night.strength_logs import list_rulings, list_strength_activities, list_strength_logs
from hipdrive.night.versions import replaced_activities, replaced_sets, version_pairs
from hipdrive.read.diary import Diary
from hipdrive.settings import LEG_OF_HEIGHT, Home, Settings
from hipdrive.tables.diary import DiaryLine
from hipdrive.tables.run_labels import ListedFile
from hipdrive.tables.run_measures import RunMeasure, RunWindow
from hipdrive.tables.runs import Activity, TimerSpan
from hipdrive.tables.sources import Reading, Source
from hipdrive.tables.strength import LogSpan, NoneSpan, StrengthSet, TidyStrengthSet
from hipdrive.tables.strength_overlap import SupersededWorkout
from hipdrive.tables.weeks import AthleteSetting
from hipdrive.tables.wellness import DailyWellness, RestingHeartRate
from hipdrive.tidy.names import renew_names
from hipdrive.warehouse import CheckResult, OddRow, StoredTables, Warehouse, read_fetches, read_items, read_nights

_DOSES = ("hip_dose", "heavy_hip_dose", "upper_dose", "plantarflexor_dose", "mobility_min")


def settle_sources(warehouse: Warehouse, gone: frozenset[str] | None, elsewhere: frozenset[str] = frozenset()) -> None:
    """Let the ledger say what became of every path, now that tonight's files are read.

    Args:
        warehouse: the private copy.
        gone: paths that are no longer there; None where nobody looked.
        elsewhere: contents that lie in the folder of an athlete whom the copy does not know.
    """
    sources, readings = warehouse.read("sources", Source), warehouse.read("readings", Reading)
    if gone is not None:
        sources = mark_gone(sources, gone)
    settled = settle(sources, readings, elsewhere)
    warehouse.unread(homeless(settled, readings))
    warehouse.rename_sources(renamed(settled, warehouse.read("readings", Reading)))
    warehouse.replace("sources", settled)


def write_shared_tables(
    warehouse: Warehouse, home: Home, today: Mapping[str, date], resolver: Resolver, diary: Diary
) -> None:
    """What all athletes share: settings, diary, catalogue, earlier nights, declared experiments."""
    settings = home.settings
    warehouse.replace("athlete_settings", _athlete_settings(settings, today))
    warehouse.replace("diary", diary.lines)
    warehouse.replace("exercises", resolver.catalogue.exercises)
    warehouse.replace("nightly_runs", read_nights(home))
    warehouse.replace("fetches", read_fetches(home))
    warehouse.replace("fetched_items", read_items(home))
    warehouse.remember({"tonight": today[settings.first_athlete].isoformat()})
    keep_plans(warehouse, home)


def derive_tables(warehouse: Warehouse, settings: Settings, athlete: str, resolver: Resolver) -> None:
    """One athlete's tables that look over all files at once.

    Args:
        warehouse: the private copy, with every batch stored.
        settings: of the home.
        athlete: whose tables.
        resolver: names of exercises → catalogue, by today's aliases.
    """
    pairs = version_pairs(warehouse.read("sources", Source, athlete))
    activities = _activities(warehouse, athlete, pairs)
    _label_runs(warehouse, athlete, activities)
    sets = _sets(warehouse, settings, athlete, resolver, pairs, activities)
    run_days = _derive_runs(warehouse, athlete, activities)
    log_spans = _derive_programme(warehouse, settings, athlete, resolver, sets)
    today = warehouse.read("athlete_settings", AthleteSetting, athlete)["night_date"][0]
    spans = _spans_of_days(run_days, sets, log_spans, today)
    warehouse.replace_of(athlete, "daily_load", measure_daily_load(run_days, spans))
    sources = warehouse.read("sources", Source, athlete)
    wellness = _derive_wellness(warehouse, athlete, sources)
    counted = what_counts(sources, count_counted(sets), run_days.explode("source_id"), activities, wellness)
    warehouse.replace_of(athlete, "sources", counted)


def _activities(warehouse: Warehouse, athlete: str, pairs: pl.DataFrame) -> dy.DataFrame[Activity]:
    """The athlete's activities with `duplicate_of` settled: by versions of a path first, then by the time they ran."""
    activities, spans = (
        warehouse.read("activities", Activity, athlete),
        warehouse.read("timer_spans", TimerSpan, athlete),
    )
    replaced = replaced_activities(activities, spans, pairs)
    live = mark_duplicates(
        Activity.cast(activities.join(replaced, on="activity_id", how="anti", maintain_order="left")), spans
    )
    old = activities.join(replaced, on="activity_id", maintain_order="left").with_columns(duplicate_of="replaced_by")
    marked = Activity.validate(pl.concat([live, old.select(live.columns)]).sort("start_utc", "activity_id"))
    warehouse.replace_of(athlete, "activities", marked)
    return marked


def _label_runs(warehouse: Warehouse, athlete: str, activities: dy.DataFrame[Activity]) -> None:
    """Names, gear and races of lists, said of the athlete's activities; the races stand in the diary."""
    listed = warehouse.read("listed_files", ListedFile, athlete)
    labels = label_runs(listed, warehouse.read("sources", Source, athlete), activities)
    warehouse.replace_of(athlete, "run_labels", labels)
    if labels["is_race"].any():
        diary = warehouse.read("diary", DiaryLine, athlete)
        warehouse.replace_of(athlete, "diary", told_races(labels, activities, diary))


def _sets(
    warehouse: Warehouse,
    settings: Settings,
    athlete: str,
    resolver: Resolver,
    pairs: pl.DataFrame,
    activities: dy.DataFrame[Activity],
) -> dy.DataFrame[StrengthSet]:
    """The athlete's sets with doses; those that a newer content of their path or another log covers count nothing."""
    stored = renew_names(warehouse.read("strength_sets", TidyStrengthSet, athlete), resolver)
    zones = {athlete: settings.of(athlete).time_zone}
    marked = stored.join(
        replaced_sets(stored, pairs, zones),
        on=["athlete_id", "source_id", "local_date"],
        how="left",
        maintain_order="left",
    )
    is_live = pl.col("replaced_by").is_null()
    logged = TidyStrengthSet.cast(marked.filter(is_live).drop("replaced_by"))
    logs = list_strength_logs(warehouse.read("sources", Source, athlete), logged)
    overlaps = find_overlaps(logged, logs, list_rulings(settings.overlaps, logs), list_strength_activities(activities))
    warehouse.replace_of(athlete, "log_overlaps", overlaps.logs)
    live, replaced = (
        measure_strength_sets(
            TidyStrengthSet.cast(rows),
            resolver.catalogue.exercises,
            superseded,
            sessions_per_week=settings.programme.sessions_per_week,
            sets_per_session=settings.programme.sets_per_session,
        )
        for rows, superseded in (
            (logged, overlaps.superseded),
            (marked.filter(~is_live).drop("replaced_by"), SupersededWorkout.create_empty()),
        )
    )
    key = ["workout_id", "set_index"]
    by = marked.select(*key, "replaced_by").unique(key)
    old = replaced.join(by, on=key, how="left", maintain_order="left").with_columns(
        pl.when(pl.col(name).is_not_null()).then(0.0).alias(name) for name in _DOSES
    )
    old = old.with_columns(superseded_by="replaced_by")
    sets = StrengthSet.validate(pl.concat([live, old.select(live.columns)]))
    warehouse.replace_of(athlete, "strength_sets", sets)
    return sets


def _derive_runs(warehouse: Warehouse, athlete: str, activities: dy.DataFrame[Activity]) -> pl.DataFrame:
    """Efficiency and stride over all runs; gives distance, time and sources of each day's runs that count."""
    runs = warehouse.read("run_measures", RunMeasure, athlete)
    windows = warehouse.read("run_windows", RunWindow, athlete)
    athletes = AthleteSetting.cast(warehouse.read("athlete_settings", AthleteSetting, athlete))
    diary = warehouse.read("diary", DiaryLine, athlete)
    efficiency = measure_efficiency(activities, runs, windows, diary, athletes)
    strides = measure_run_strides(activities, windows, efficiency.runs, efficiency.athletes, athletes)
    warehouse.replace_of(athlete, "run_efficiency", efficiency.runs)
    warehouse.replace_of(athlete, "athlete_levels", efficiency.athletes)
    warehouse.replace_of(athlete, "efficiency_slopes", efficiency.slopes)
    warehouse.replace_of(athlete, "run_strides", strides)
    return (
        runs.join(activities.filter(pl.col("duplicate_of").is_null()), on="activity_id")
        .group_by("athlete_id", "local_date")
        .agg(pl.col("source_id"), run_distance_m=pl.col("distance_m").sum(), run_time_s=pl.col("moving_time_s").sum())
    )


def _derive_wellness(warehouse: Warehouse, athlete: str, sources: dy.DataFrame[Source]) -> dy.DataFrame[DailyWellness]:
    told = warehouse.read("resting_heart_rates", RestingHeartRate, athlete)
    wellness = measure_daily_wellness(told, warehouse.read("diary", DiaryLine, athlete), sources)
    warehouse.replace_of(athlete, "daily_wellness", wellness)
    return wellness


def _derive_programme(
    warehouse: Warehouse, settings: Settings, athlete: str, resolver: Resolver, sets: dy.DataFrame[StrengthSet]
) -> dy.DataFrame[LogSpan]:
    programme, exercises = settings.programme, resolver.catalogue.exercises
    sources = warehouse.read("sources", Source, athlete)
    counts = sources.filter(pl.col("status") == "loaded").select("athlete_id", "source_id")
    nones = warehouse.read("none_spans", NoneSpan, athlete).join(counts, on=["athlete_id", "source_id"], how="semi")
    log_spans = measure_log_spans(sets, list_strength_logs(sources, sets), nones)
    programme_weeks = measure_programme(
        sets,
        exercises,
        log_spans,
        sessions_per_week=programme.sessions_per_week,
        sets_per_session=programme.sets_per_session,
    )
    targets = measure_targets(sets, exercises, sets_per_session=programme.sets_per_session, athlete_ids=(athlete,))
    warehouse.replace_of(athlete, "log_spans", log_spans)
    warehouse.replace_of(athlete, "programme_weeks", programme_weeks)
    warehouse.replace_of(athlete, "programme_targets", targets)
    return log_spans


def _spans_of_days(run_days: pl.DataFrame, sets: pl.DataFrame, log_spans: pl.DataFrame, today: date) -> pl.DataFrame:
    """First and last day of an athlete: of runs, of sets, and up to tonight of what a log speaks for."""
    told = log_spans.filter(pl.col("first_date") <= today).with_columns(pl.col("last_date").clip(upper_bound=today))
    dates = [
        run_days.select("athlete_id", "local_date"),
        sets.select("athlete_id", "local_date"),
        *(told.select("athlete_id", local_date=name) for name in ("first_date", "last_date")),
    ]
    return (
        pl.concat(dates)
        .group_by("athlete_id")
        .agg(first_date=pl.col("local_date").min(), last_date=pl.col("local_date").max())
    )


def check_tables(warehouse: StoredTables, diary_rejects: Sequence[str]) -> list[CheckResult]:
    """Rows that should not exist, check by check."""
    return [*warehouse.run_checks(), _diary_check(diary_rejects)]


def failed(checks: Sequence[CheckResult]) -> list[CheckResult]:
    """The checks that found rows that must not exist."""
    return [check for check in checks if check.is_severe and check.rows]


def raise_failed(check: CheckResult) -> None:
    """Stop for a check.

    Raises:
        FailedCheck: always.
    """
    raise FailedCheck(check.name, check.sentence, check.rows_in_words)


def _diary_check(rejects: Sequence[str]) -> CheckResult:
    sentence = "every line of data/diary.csv should be one that hipdrive understands"
    found = tuple(OddRow(reject) for reject in rejects)
    return CheckResult("diary_is_understood", is_severe=False, sentence=sentence, found=found)


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
        for athlete in today
    ]
    types = {name: column.dtype for name, column in AthleteSetting.columns().items()}
    return AthleteSetting.validate(pl.DataFrame(rows, schema=types))
