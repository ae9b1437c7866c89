"""A raw strength log → sets in SI units on the athlete's own days, each exercise understood or shown as not understood.

Rows that cannot be true are left out and listed: negative or impossible numbers, and sets in which nothing was done.
"""

from __future__ import annotations

from datetime import date, time

import dataframely as dy
import polars as pl

from hipdrive.catalogue import Resolver
from hipdrive.tables.strength import NoneSpan, RawNoneSpan, RawStrengthSet, RejectedRow, TidyStrengthSet

KG_IN = {"kg": 1.0, "lb": 0.45359237}  # international avoirdupois pound, exact
M_IN = {"m": 1.0, "km": 1000.0, "mi": 1609.344, "ft": 0.3048, "yd": 0.9144}  # international, exact
# Bounds of the possible, wide on purpose: what lies beyond is a slip of the thumb, not a set.
REPS_MAX = 1000.0
WEIGHT_MAX_KG = 700.0  # above the heaviest leg press and partial lifts that people log
ASSISTANCE_MAX_KG = 150.0
HOLD_MAX_S = 4 * 3600.0
DISTANCE_MAX_M = 100_000.0
RPE_MAX = 10.0
FIRST_DATE = date(1990, 1, 1)  # before there was anything to log with
_MOST = {"reps": REPS_MAX, "weight_kg": WEIGHT_MAX_KG, "hold_s": HOLD_MAX_S, "distance_m": DISTANCE_MAX_M}
_ID_LETTERS = 16
_DUST_DIGITS = 6  # of a kilogram, and of a metre: beyond stands the dust of conversions, 74.99999999999999
# Days of 2000 to 2050 as a spreadsheet counts them: what it makes of a plan of “5-8”, at the latest as a number.
_SHEET_DAYS = (36526, 55153)
_WARMUP = (
    r"(?i)\bwarm[ -]?ups?\b|aufw[äa]rm|[ée]chauffement|calentamiento|riscaldamento|aquecimento|uppv[äa]rm|rozgrzew"
    r"|opwarm"
)
_NOON = pl.duration(hours=12)


def tidy_strength_sets(
    raw: dy.DataFrame[RawStrengthSet],
    *,
    athlete_id: str,
    source_id: str,
    time_zone: str,
    weight_unit: str,
    distance_unit: str,
    resolver: Resolver,
    last_date: date | None = None,
) -> tuple[dy.DataFrame[TidyStrengthSet], dy.DataFrame[RejectedRow]]:
    """The sets of one log that can be true, and the rows left out with line and cause.

    Rest timers, notes and cardio stay as rows with `match` = `excluded`. A rating of effort outside 0 to 10 is dropped,
    its set kept. Where the log gives only a day, or a start at midnight to the second, which is how spreadsheets write
    a day, `started_utc` is that day's noon in `time_zone`.

    Args:
        raw: one log as its reader gives it.
        athlete_id: whose it is.
        source_id: the file it comes from.
        time_zone: IANA zone of logs that state none.
        weight_unit: `kg` or `lb`, for logs that state none.
        distance_unit: `m`, `km` or `mi`, for logs that state none.
        resolver: names → catalogue.
        last_date: the last day that can have a set: tomorrow, for who is ahead of this machine; null for any.
    """
    sets = _with_exercises(raw, resolver).with_columns(has_clock=_has_clock())
    sets = sets.with_columns(
        set_type=pl.when(pl.col("set_type") == "normal", _says_warmup()).then(pl.lit("warmup")).otherwise("set_type"),
        athlete_id=pl.lit(athlete_id),
        source_id=pl.lit(source_id),
        weight_kg=_load(pl.col("weight") * _factor("weight_unit", KG_IN, weight_unit)).round(_DUST_DIGITS),
        distance_m=_positive(pl.col("distance") * _factor("distance_unit", M_IN, distance_unit)).round(_DUST_DIGITS),
        reps=_positive(pl.col("reps")),
        hold_s=_positive(pl.col("hold_s")),
        rpe=pl.when(pl.col("rpe").is_between(0, RPE_MAX, closed="right")).then("rpe"),
        duration_s=pl.when(pl.col("duration_s") >= 0).then("duration_s"),
        side=pl.coalesce("side", pl.col("named_side").cast(raw.schema["side"])),
        **_start(time_zone),
    )
    sets = sets.with_columns(_cause(last_date))
    rejects = sets.filter(pl.col("reason").is_not_null()).select("line", "reason").sort("line")
    kept = sets.filter(pl.col("reason").is_null()).with_columns(_possible(), exercise=as_loaded())
    kept = _in_workouts(kept, source_id)
    columns = list(TidyStrengthSet.create_empty().schema)
    return TidyStrengthSet.validate(kept.select(columns), cast=True), RejectedRow.validate(rejects, cast=True)


def tidy_none_spans(raw: dy.DataFrame[RawNoneSpan], *, athlete_id: str, source_id: str) -> dy.DataFrame[NoneSpan]:
    """The days of which one log says that there was no strength work, as the athlete's own.

    Args:
        raw: as the reader gives them.
        athlete_id: whose log it is.
        source_id: the file it comes from.
    """
    spans = raw.with_columns(athlete_id=pl.lit(athlete_id), source_id=pl.lit(source_id))
    return NoneSpan.validate(spans.select(list(NoneSpan.create_empty().schema)))


def name_unstated_units(raw: dy.DataFrame[RawStrengthSet], *, weight_unit: str, distance_unit: str) -> list[str]:
    """What the settings decided for a log that does not state its units, one sentence a quantity.

    Args:
        raw: one log as its reader gives it.
        weight_unit: of the settings.
        distance_unit: of the settings.
    """
    taken = {"weight": weight_unit, "distance": distance_unit}
    counts = {name: raw.filter((pl.col(name) != 0) & pl.col(f"{name}_unit").is_null()).height for name in taken}
    return [
        f"{count} sets state no unit of {name}: taken as {taken[name]} (strength.{name}_unit in hipdrive.toml)"
        for name, count in counts.items()
        if count
    ]


def _factor(unit: str, factors: dict[str, float], default: str) -> pl.Expr:
    return pl.col(unit).cast(pl.String).fill_null(default).replace_strict(factors, return_dtype=pl.Float64)


def _load(weight_kg: pl.Expr) -> pl.Expr:
    """A negative load is the help of an assisting machine or band: no load."""
    return pl.when((weight_kg > 0) | (weight_kg < -ASSISTANCE_MAX_KG)).then(weight_kg)


def _positive(quantity: pl.Expr) -> pl.Expr:
    """Zero means not entered, in every app; negative numbers stay, to be named as what they are."""
    return pl.when(quantity != 0).then(quantity)


def _has_clock() -> pl.Expr:
    is_midnight = pl.col("started_local").dt.time() == time(0)
    is_day_alone = is_midnight & pl.col("started_utc").is_null() & (pl.col("log_kind") == "written")
    return pl.col("has_clock") & ~is_day_alone.fill_null(value=False)


def _start(time_zone: str) -> dict[str, pl.Expr]:
    """Start in UTC and the athlete's day; an hour that the clock change skips is read as the hour after."""
    on_clock = pl.when("has_clock").then("started_local").otherwise(pl.col("started_local").dt.truncate("1d") + _NOON)
    zoned = on_clock.dt.replace_time_zone(time_zone, ambiguous="earliest", non_existent="null")
    skipped = (on_clock + pl.duration(hours=1)).dt.replace_time_zone(
        time_zone, ambiguous="earliest", non_existent="null"
    )
    from_local = pl.coalesce(zoned, skipped).dt.convert_time_zone("UTC")
    from_utc = pl.col("started_utc").dt.convert_time_zone(time_zone).dt.replace_time_zone(None)
    return {
        "started_utc": pl.coalesce("started_utc", from_local),
        "local_date": pl.coalesce("started_local", from_utc).dt.date(),
    }


def _with_exercises(raw: pl.DataFrame, resolver: Resolver) -> pl.DataFrame:
    """Each row with its exercise and how it was found; rests and notes are excluded whatever they are called."""
    is_watch = pl.col("log_kind") == "watch"
    written = resolver.resolve_names(raw.filter(~is_watch)["exercise_name"].drop_nulls())
    guesses = resolver.resolve_watch_guesses(raw.filter(is_watch).select("watch_category", "watch_exercise"))
    sets = raw.join(written, on="exercise_name", how="left", maintain_order="left").join(
        guesses,
        on=["watch_category", "watch_exercise"],
        how="left",
        nulls_equal=True,
        suffix="_watch",
        maintain_order="left",
    )
    is_excluded = pl.col("set_type").is_in(["rest", "note"])
    return sets.with_columns(
        exercise_name=pl.when(is_watch).then("watch_name").otherwise("exercise_name"),
        exercise=pl.when(is_excluded).then(None).when(is_watch).then("exercise_watch").otherwise("exercise"),
        unloaded=pl.when(is_excluded).then(None).when(is_watch).then("unloaded_watch").otherwise("unloaded"),
        match=pl.when(is_excluded)
        .then(pl.lit("excluded"))
        .when(is_watch)
        .then("match_watch")
        .otherwise("match")
        .fill_null("none"),
    )


def _possible() -> list[pl.Expr]:
    """Quantities within their bounds; of a rest, a note or cardio what lies beyond is nothing, and the row stays."""
    return [pl.when(pl.col(name).is_between(0, most)).then(name).alias(name) for name, most in _MOST.items()]


def _says_warmup() -> pl.Expr:
    """Whether a set is called a warm-up by its exercise's name: “Deadlift (warm up)”."""
    return pl.col("exercise_name").str.contains(_WARMUP).fill_null(value=False)


def _cause(last_date: date | None) -> pl.Expr:
    """Why a row cannot be a set, or null."""
    is_set = pl.col("match") != "excluded"
    nothing = pl.all_horizontal(pl.col(name).is_null() for name in ("reps", "hold_s", "distance_m"))
    return (
        pl.when(pl.col("local_date").is_null())
        .then(pl.lit("there is no date"))
        .when(pl.col("local_date") < FIRST_DATE)
        .then(pl.format("{} is before 1990", "local_date"))
        .when(pl.col("local_date") > pl.lit(last_date, pl.Date))
        .then(pl.format("{} lies in the future", "local_date"))
        .when(~is_set)
        .then(None)
        .when(pl.col("exercise_name").is_null())
        .then(pl.lit("no exercise is named"))
        .when(pl.col("reps").is_between(*_SHEET_DAYS))
        .then(pl.format("{} repetitions: a spreadsheet turned them into a date", pl.col("reps").cast(pl.Int64)))
        .when(~pl.col("reps").is_between(0, REPS_MAX))
        .then(pl.format("{} repetitions are not possible", pl.col("reps").round(1)))
        .when(~pl.col("weight_kg").is_between(0, WEIGHT_MAX_KG))
        .then(pl.format("{} kg is not possible", pl.col("weight_kg").round(1)))
        .when(~pl.col("hold_s").is_between(0, HOLD_MAX_S))
        .then(pl.format("{} s is not possible", pl.col("hold_s").round(1)))
        .when(~pl.col("distance_m").is_between(0, DISTANCE_MAX_M))
        .then(pl.format("{} m is not possible", pl.col("distance_m").round(1)))
        .when(nothing)
        .then(pl.lit("no repetitions, time or distance: nothing was done"))
        .alias("reason")
    )


def as_loaded() -> pl.Expr:
    """The exercise, and where the name leaves a load open and none was logged, what it is without one.

    “Squat” without a load is the body-weight squat, also as a watch's bare category: a watch without a load says
    nothing, so this errs towards the smaller dose there.
    """
    is_bare = pl.col("weight_kg").is_null() & pl.col("unloaded").is_not_null()
    return pl.when(is_bare).then("unloaded").otherwise("exercise")


def _in_workouts(sets: pl.DataFrame, source_id: str) -> pl.DataFrame:
    """Workouts numbered by start and title, sets numbered by their order in the file."""
    number = pl.struct("started_utc", "workout_name").rank("dense").cast(pl.Int64) - 1
    sets = sets.with_columns(
        pl.format("{}-{}", pl.lit(source_id[:_ID_LETTERS]), number).alias("workout_id"), workout_number=number
    ).sort("workout_number", "line", maintain_order=True)
    return sets.with_columns(pl.int_range(pl.len()).over("workout_id").alias("set_index"))
