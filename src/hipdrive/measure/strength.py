"""Sets → doses: how much hip-extension work a set was, in units of one full prescribed week.

Credit of a set: c = w · e · q. w is the exercise's hip-extension weight, e its effort, q its quantity; the dose is
c / D_ref. The same rule with weight 1 gives the upper-body and core dose (the negative control) and the calf dose (a
competing exposure). The rule is untested against outcomes, and weights are tiers good to about ± 0.2.
"""

from __future__ import annotations

from collections.abc import Sequence

import dataframely as dy
import polars as pl

from hipdrive.measure.strength_overlap import find_overlaps
from hipdrive.tables.strength import Exercise, StrengthSet, TidyStrengthSet
from hipdrive.tables.strength_overlap import SupersededWorkout

UNRATED_EFFORT = 0.75  # of a set without a rating; D_ref uses the same, so that who rates nothing still reaches 1.0
HARD_RPE, MODERATE_RPE = 7.0, 5.0  # repetitions in reserve ≤ 3, and 4 to 5
HARD_EFFORT, MODERATE_EFFORT, EASY_EFFORT = 1.0, 0.75, 0.5
FULL_EFFORT_LOAD = 0.75  # of e1RM: a lift at this load has effort 1
LOAD_EFFORT_RANGE = (0.5, 1.2)
HEAVY_LOAD = 0.80  # of e1RM
QUANTITY_MAX = 1.25
ONE_SIDE = 0.5
E1RM_REPS_MAX = 12.0  # Epley's formula is not used beyond
E1RM_WINDOW = "90d"
STRETCH_REP_S = 30.0  # of a stretch whose entry says nothing else
_LIFT = ["athlete_id", "exercise", "equipment"]


def measure_strength_sets(
    sets: dy.DataFrame[TidyStrengthSet],
    exercises: dy.DataFrame[Exercise],
    superseded: dy.DataFrame[SupersededWorkout] | None = None,
    *,
    sessions_per_week: float = 2.0,
    sets_per_session: int = 1,
) -> dy.DataFrame[StrengthSet]:
    """Every set with its e1RM, effort, quantity and doses.

    The whole history of an athlete goes in at once, because e1RM looks back 90 days.

    Worked number: 20 repetitions of the single-leg glute bridge, unrated: 0.6 · 0.75 · clip(20/15, 0, 1.25) = 0.5625;
    with two sessions a week D_ref is 3.75, so the dose is 0.15.

    Args:
        sets: of one athlete or many.
        exercises: the catalogue.
        superseded: workouts that another log stands for, as `find_overlaps` gives them; found here, from the sets
            alone, where none are given.
        sessions_per_week: how often the programme is prescribed; the article gives none.
        sets_per_session: of each item.
    """
    reference = reference_credit(exercises, sessions_per_week, sets_per_session)
    superseded = find_overlaps(sets).superseded if superseded is None else superseded
    marked = sets.join(superseded, on=["athlete_id", "workout_id"], how="left", maintain_order="left")
    known = marked.join(
        exercises.select(*_ENTRY, pl.col("hip_extension_weight").alias("_weight")),
        on="exercise",
        how="left",
        maintain_order="left",
    )
    measured = _with_e1rm(known).with_columns(effort_fraction=_effort(), quantity_fraction=_quantity())
    credit = pl.col("effort_fraction") * pl.col("quantity_fraction") / reference
    is_unknown = pl.col("match") == "none"
    counts = (
        pl.col("superseded_by").is_null()
        & pl.col("set_type").is_in(["normal", "drop", "failure"])
        & pl.col("exercise").is_not_null()
    )

    def dose(weight: pl.Expr) -> pl.Expr:
        return pl.when(is_unknown).then(None).when(counts).then((weight * credit).fill_null(0.0)).otherwise(0.0)

    hip_dose = dose(pl.col("_weight"))
    is_heavy = (pl.col("weight_kg") / pl.col("e1rm_kg") >= HEAVY_LOAD).fill_null(value=False) & pl.col("is_lift")
    measured = measured.with_columns(
        hip_dose=hip_dose,
        heavy_hip_dose=pl.when(is_unknown).then(None).when(is_heavy).then(hip_dose).otherwise(0.0),
        upper_dose=dose(pl.col("kind").is_in(["upper", "core"]).cast(pl.Float64)),
        plantarflexor_dose=dose((pl.col("kind") == "plantarflexor").cast(pl.Float64)),
        mobility_min=pl.when(is_unknown)
        .then(None)
        .when(counts & (pl.col("kind") == "mobility"))
        .then(_stretch_s() / 60)
        .otherwise(0.0),
    )
    return StrengthSet.validate(measured.select(list(StrengthSet.create_empty().schema)), cast=True)


def reference_credit(exercises: dy.DataFrame[Exercise], sessions_per_week: float, sets_per_session: int) -> float:
    """D_ref: the credit of one full prescribed week of the strengthening items, at unrated effort and q = 1."""
    items = exercises.filter(pl.col("in_programme"), pl.col("kind") != "mobility")
    return float(items["hip_extension_weight"].sum()) * UNRATED_EFFORT * sessions_per_week * sets_per_session


_ENTRY: Sequence[str] = (
    "exercise",
    "kind",
    "quantity",
    "reps_min",
    "hold_min_s",
    "distance_min_m",
    "rep_s",
    "is_lift",
)


def _with_e1rm(sets: pl.DataFrame) -> pl.DataFrame:
    """Epley 1985: load · (1 + reps/30), at most 12 repetitions; the largest of the last 90 days, today included."""
    tells = pl.col("reps").is_between(1, E1RM_REPS_MAX) & (pl.col("weight_kg") > 0)
    estimate = pl.when(tells).then(pl.col("weight_kg") * (1 + pl.col("reps") / 30))
    best = (
        # Days on which a lift told nothing stay in, so that they have the maximum of the days before.
        sets.filter(pl.col("superseded_by").is_null() & pl.col("is_lift"))
        .with_columns(pl.col("equipment").fill_null(""))
        .group_by(*_LIFT, "local_date")
        .agg(estimate.max().alias("_best"))
        .sort(*_LIFT, "local_date")
        .rolling("local_date", period=E1RM_WINDOW, group_by=_LIFT)
        .agg(pl.col("_best").max().alias("e1rm_kg"))
    )
    lifts = sets.with_columns(pl.col("equipment").fill_null("").alias("_equipment"))
    best = best.rename({"equipment": "_equipment"})
    return lifts.join(
        best, on=["athlete_id", "exercise", "_equipment", "local_date"], how="left", maintain_order="left"
    )


def _effort() -> pl.Expr:
    load = (pl.col("weight_kg") / pl.col("e1rm_kg") / FULL_EFFORT_LOAD).clip(*LOAD_EFFORT_RANGE)
    return (
        pl.when(pl.col("is_lift") & load.is_not_null())
        .then(load)
        .when((pl.col("rpe") >= HARD_RPE) | (pl.col("rpe").is_null() & (pl.col("set_type") == "failure")))
        .then(HARD_EFFORT)
        .when(pl.col("rpe") >= MODERATE_RPE)
        .then(MODERATE_EFFORT)
        .when(pl.col("rpe").is_not_null())
        .then(EASY_EFFORT)
        .otherwise(UNRATED_EFFORT)
    )


def _quantity() -> pl.Expr:
    """What was logged over what makes a full set, by the exercise's own measure first, then by what there is."""
    by_reps = pl.col("reps") / pl.col("reps_min")
    by_hold = pl.col("hold_s") / pl.col("hold_min_s")
    by_distance = pl.col("distance_m") / pl.col("distance_min_m")
    amount = (
        pl.when(pl.col("quantity") == "hold")
        .then(pl.coalesce(by_hold, by_reps, by_distance))
        .when(pl.col("quantity") == "distance")
        .then(pl.coalesce(by_distance, by_reps, by_hold))
        .otherwise(pl.coalesce(by_reps, by_hold, by_distance))
    )
    sides = pl.when(pl.col("side").is_not_null()).then(ONE_SIDE).otherwise(1.0)
    return amount.clip(0, QUANTITY_MAX) * sides


def _stretch_s() -> pl.Expr:
    return pl.coalesce("hold_s", pl.col("reps") * pl.col("rep_s").fill_null(STRETCH_REP_S), 0.0)
