"""Strength tables: the row as an app wrote it, the set as we trust it, its dose, and the programme it belongs to."""

from __future__ import annotations

import dataframely as dy

KINDS = (
    "hip",
    "lower_other",
    "plantarflexor",
    "mobility",
    "upper",
    "core",
    "whole_body",
)
QUANTITIES = ("reps", "hold", "distance")
SET_TYPES = ("normal", "warmup", "drop", "failure", "rest", "note")
SIDES = ("left", "right")
LOG_KINDS = ("written", "watch")
MATCHES = ("exact", "alias", "fuzzy", "watch", "excluded", "none")
WEIGHT_UNITS = ("kg", "lb")
DISTANCE_UNITS = ("m", "km", "mi", "ft", "yd")
_DOSE = "1.0 is the credit of one full prescribed week (D_ref, docs/strength.md)"


class Exercise(dy.Schema):
    """One row per exercise of the catalogue.

    Hip-extension weights are tiers of muscle activity, not measured effects on running. EMG ranks exercises badly from
    study to study: a weight may be off by 0.2, and `source` says where it is a judgement.
    """

    exercise = dy.String(primary_key=True, description="key of the exercise")
    label = dy.String(description="its name as people write it")
    hip_extension_weight = dy.Float64(
        min=0.0,
        max=1.0,
        description="how much of a set counts as hip-extension work",
        metadata={"unit": "fraction", "source": "column `source`", "caveat": "a tier, good to about ± 0.2"},
    )
    kind = dy.Enum(
        KINDS,
        description="which dose its sets enter: `hip` hip_dose, `upper` and `core` upper_dose, `plantarflexor` "
        "plantarflexor_dose, `mobility` mobility_min; `whole_body` and `lower_other` only by their hip weight",
    )
    in_programme = dy.Bool(description="one of the five items of the article's programme")
    quantity = dy.Enum(QUANTITIES, description="what a set of it is counted by")
    reps_min = dy.Float64(
        min=0.0,
        description="repetitions of one full set; for bounds, ground contacts of one full set",
        metadata={"unit": "reps", "source": "the article for its own items, else 5 (docs/strength.md)"},
    )
    reps_max = dy.Float64(
        nullable=True,
        description="upper end of the article's range",
        metadata={"unit": "reps", "source": "the article"},
    )
    hold_min_s = dy.Float64(
        min=0.0, description="hold that makes one full set", metadata={"unit": "s", "source": "docs/strength.md: 30 s"}
    )
    distance_min_m = dy.Float64(
        min=0.0,
        description="distance that makes one full set",
        metadata={"unit": "m", "source": "docs/strength.md: 50 m for bounds"},
    )
    distance_max_m = dy.Float64(
        nullable=True, description="distance the item progresses to", metadata={"unit": "m", "source": "the article"}
    )
    rep_s = dy.Float64(
        nullable=True,
        description="seconds that one repetition of a stretch counts as when only repetitions were logged",
        metadata={"unit": "s", "source": "assumption of this project"},
    )
    is_lift = dy.Bool(description="its effort is judged by load against e1RM when a load is known")
    unloaded = dy.String(
        nullable=True, description="the exercise that a set of this name is when no load and no equipment were logged"
    )
    cue = dy.String(nullable=True, description="what to mind while doing it")
    source = dy.String(min_length=1, description="where the weight comes from; `reasoned` where it is a judgement")


class RawStrengthSet(dy.Schema):
    """One row of a strength log as its app wrote it, in columns that all formats share; units are not converted yet.

    Rest timers and notes are rows too. A watch's set has no name, only a category and an exercise number.
    """

    line = dy.Int64(min=0, description="line of the file; of a watch, the order of the set", metadata={"unit": "count"})
    log_kind = dy.Enum(LOG_KINDS, description="written by hand or app, or recorded by a watch")
    started_local = dy.Datetime(
        nullable=True, description="start of the workout on the athlete's clock", metadata={"unit": "local time"}
    )
    started_utc = dy.Datetime(
        nullable=True,
        time_zone="UTC",
        description="start of the workout where the log states it in UTC",
        metadata={"unit": "UTC"},
    )
    has_clock = dy.Bool(description="false where the log gives only the day")
    duration_s = dy.Float64(nullable=True, description="length of the workout", metadata={"unit": "s"})
    workout_name = dy.String(nullable=True, description="title of the workout")
    exercise_name = dy.String(nullable=True, description="name of the exercise as logged")
    set_label = dy.String(nullable=True, description="number or mark of the set as logged")
    set_type = dy.Enum(SET_TYPES, description="what the mark means")
    reps = dy.Float64(nullable=True, description="repetitions", metadata={"unit": "reps"})
    weight = dy.Float64(
        nullable=True,
        description="load as logged",
        metadata={"unit": "see weight_unit", "caveat": "0 and null both occur for none"},
    )
    weight_unit = dy.Enum(
        WEIGHT_UNITS, nullable=True, description="unit of weight; null where the log does not state it"
    )
    distance = dy.Float64(nullable=True, description="distance as logged", metadata={"unit": "see distance_unit"})
    distance_unit = dy.Enum(
        DISTANCE_UNITS, nullable=True, description="unit of distance; null where the log does not state it"
    )
    hold_s = dy.Float64(nullable=True, description="time of the set", metadata={"unit": "s"})
    rpe = dy.Float64(
        nullable=True,
        description="rating of perceived exertion, 10 less repetitions in reserve",
        metadata={"unit": "RPE"},
    )
    side = dy.Enum(SIDES, nullable=True, description="the one side that was trained; null for both")
    superset = dy.String(nullable=True, description="mark of the superset")
    notes = dy.String(nullable=True, description="note on the set")
    watch_category = dy.String(nullable=True, description="FIT category of the first guess, name or number")
    watch_exercise = dy.Int64(
        nullable=True, description="FIT exercise number within the category", metadata={"unit": "FIT id"}
    )


class RawNoneSpan(dy.Schema):
    """One line of a hand-made log that says: no strength work on these days."""

    line = dy.Int64(min=0, description="line of the file", metadata={"unit": "count"})
    first_date = dy.Date(description="first of the days", metadata={"unit": "local date"})
    last_date = dy.Date(description="last of the days", metadata={"unit": "local date"})


class NoneSpan(dy.Schema):
    """Days of which the athlete says that there was no strength work: a known zero, not an unlogged one."""

    athlete_id = dy.String(description="the athlete")
    source_id = dy.String(description="the file")
    line = dy.Int64(min=0, description="line of the file", metadata={"unit": "count"})
    first_date = dy.Date(description="first of the days", metadata={"unit": "local date"})
    last_date = dy.Date(description="last of the days", metadata={"unit": "local date"})


class RejectedRow(dy.Schema):
    """One row of a strength log that could not be used, and why."""

    line = dy.Int64(min=0, description="line of the file", metadata={"unit": "count"})
    reason = dy.String(description="why it was left out")


class TidyStrengthSet(dy.Schema):
    """One set, cleaned: SI units, the athlete's day, the exercise understood or shown as not understood.

    Who is missing: sets that nobody logged, and rows counted as rejects. Known lies: loads of dumbbells are those of
    one hand in most apps and of both in some; a watch's exercise is its first guess; a workout's start stands for all
    its sets.
    """

    athlete_id = dy.String(description="the athlete")
    source_id = dy.String(description="the file")
    workout_id = dy.String(description="one workout of one file")
    workout_name = dy.String(nullable=True, description="title of the workout")
    log_kind = dy.Enum(LOG_KINDS, description="written by hand or app, or recorded by a watch")
    started_utc = dy.Datetime(
        time_zone="UTC",
        description="start of the workout",
        metadata={"unit": "UTC", "caveat": "noon of the day where the log gives only the day; see has_clock"},
    )
    has_clock = dy.Bool(description="false where the log gives only the day")
    duration_s = dy.Float64(nullable=True, min=0, description="length of the workout", metadata={"unit": "s"})
    local_date = dy.Date(description="the athlete's day", metadata={"unit": "local date"})
    set_index = dy.Int64(min=0, description="order of the set within its workout, from 0", metadata={"unit": "count"})
    line = dy.Int64(min=0, description="line of the file it stands in", metadata={"unit": "count"})
    set_type = dy.Enum(SET_TYPES, description="normal, warm-up, drop or failure set; rest and note rows are not sets")
    exercise_name = dy.String(nullable=True, description="name as logged")
    exercise = dy.String(nullable=True, description="key in the catalogue; null where the name is not understood")
    equipment = dy.String(nullable=True, description="equipment read from the name")
    match = dy.Enum(
        MATCHES,
        description="how the name was understood: `exact`, `alias`, `fuzzy`, `watch` (a watch's category), "
        "`excluded` (cardio, rest, note: left out on purpose), `none`",
    )
    match_score = dy.Float64(
        nullable=True,
        min=0,
        max=100,
        description="likeness of the name to the catalogue's",
        metadata={"unit": "percent"},
    )
    reps = dy.Float64(nullable=True, min=0, description="repetitions", metadata={"unit": "reps"})
    weight_kg = dy.Float64(
        nullable=True,
        min=0,
        description="load; null for none",
        metadata={"unit": "kg", "caveat": "as logged: dumbbells mostly per hand"},
    )
    hold_s = dy.Float64(nullable=True, min=0, description="time of the set", metadata={"unit": "s"})
    distance_m = dy.Float64(nullable=True, min=0, description="distance of the set", metadata={"unit": "m"})
    rpe = dy.Float64(
        nullable=True,
        min=0,
        max=10,
        description="rating of perceived exertion, 10 less repetitions in reserve",
        metadata={"unit": "RPE"},
    )
    side = dy.Enum(SIDES, nullable=True, description="the one side that was trained; null for both")
    notes = dy.String(
        nullable=True, description="note on the set", metadata={"caveat": "private; never in a shared report"}
    )


class StrengthSet(TidyStrengthSet):
    """One set with its dose; every dose of a day or week is the plain sum of these rows.

    Warm-ups, sets without a known exercise and sets that another log already covers carry no dose. A credit is
    weight · effort · quantity; a dose is a credit over D_ref. The rule is untested against outcomes.
    """

    e1rm_kg = dy.Float64(
        nullable=True,
        min=0,
        description="estimated one-repetition maximum: the largest load · (1 + reps/30) of this exercise and equipment "
        "over the last 90 days, this set's day included",
        metadata={"unit": "kg", "source": "Epley, repetitions ≤ 12", "caveat": "null where no such set was logged"},
    )
    effort_fraction = dy.Float64(
        nullable=True,
        min=0,
        description="effort e of the credit",
        metadata={"unit": "fraction", "source": "docs/strength.md"},
    )
    quantity_fraction = dy.Float64(
        nullable=True,
        min=0,
        description="quantity q of the credit",
        metadata={"unit": "fraction", "source": "docs/strength.md"},
    )
    superseded_by = dy.String(
        nullable=True,
        description="`workout_id` that counts in place of this one's, because another log holds the same workout; "
        "where a later export of the app no longer holds it, the first letters of that export's `source_id`",
    )
    hip_dose = dy.Float64(
        nullable=True,
        min=0,
        description="credit of hip-extension work; " + _DOSE,
        metadata={"unit": "dose", "caveat": "null for an unknown exercise; 0 where superseded or a warm-up"},
    )
    heavy_hip_dose = dy.Float64(
        nullable=True, min=0, description="the hip dose of a set at 80 % of e1RM or more", metadata={"unit": "dose"}
    )
    upper_dose = dy.Float64(
        nullable=True,
        min=0,
        description="credit of upper-body and core work by the same rule: the negative control; " + _DOSE,
        metadata={"unit": "dose"},
    )
    plantarflexor_dose = dy.Float64(
        nullable=True,
        min=0,
        description="credit of calf work by the same rule: a competing exposure; " + _DOSE,
        metadata={"unit": "dose"},
    )
    mobility_min = dy.Float64(
        nullable=True,
        min=0,
        description="time spent stretching",
        metadata={"unit": "min", "caveat": "not part of any dose"},
    )


class ProgrammeWeek(dy.Schema):
    """One athlete's ISO week and programme item; none is missing between first and last day of the log."""

    athlete_id = dy.String(primary_key=True, description="the athlete")
    week_start = dy.Date(primary_key=True, description="its Monday", metadata={"unit": "local date"})
    exercise = dy.String(primary_key=True, description="the item")
    is_strengthening = dy.Bool(description="one of the four items that make adherence; the stretch is shown apart")
    prescribed_sets = dy.Float64(
        min=0,
        description="sets prescribed for the week",
        metadata={"unit": "sets", "source": "settings; the article gives none"},
    )
    done_sets = dy.Float64(min=0, description="sets done; one side alone is half a set", metadata={"unit": "sets"})
    adherence_fraction = dy.Float64(
        min=0, max=1, description="done over prescribed, at most 1", metadata={"unit": "fraction"}
    )


class ProgrammeTarget(dy.Schema):
    """One athlete's next session: one row per item of the programme."""

    athlete_id = dy.String(primary_key=True, description="the athlete")
    exercise = dy.String(primary_key=True, description="the item")
    label = dy.String(description="its name")
    sets = dy.Int64(min=1, description="sets to do", metadata={"unit": "sets"})
    reps = dy.Float64(nullable=True, description="repetitions a set, each side", metadata={"unit": "reps"})
    distance_m = dy.Float64(nullable=True, description="metres a set", metadata={"unit": "m"})
    last_date = dy.Date(nullable=True, description="when it was last done", metadata={"unit": "local date"})
    last_reps = dy.Float64(nullable=True, description="repetitions of the weakest set then", metadata={"unit": "reps"})
    last_distance_m = dy.Float64(nullable=True, description="metres of the weakest set then", metadata={"unit": "m"})
    cue = dy.String(nullable=True, description="what to mind while doing it")


class LogSpan(dy.Schema):
    """One unbroken span of days that an athlete's strength logs speak for, as long as it goes.

    Outside of an athlete's spans the dose is unknown, not zero.
    """

    athlete_id = dy.String(primary_key=True, description="the athlete")
    first_date = dy.Date(primary_key=True, description="first day of the span", metadata={"unit": "local date"})
    last_date = dy.Date(description="last day of the span", metadata={"unit": "local date"})
    log_kind = dy.Enum(LOG_KINDS, description="`watch` only where there is no written log at all")


class WeekSet(dy.Schema):
    """One strength set that carries a dose, with the ISO week it enters and the line of the user's file it stands in.

    For each athlete and week the doses sum to those of `weeks`. Hip dose is weight times effort times quantity over the
    credit of one full prescribed week.
    """

    athlete_id = dy.String(description="the athlete")
    week_start = dy.Date(description="the Monday of its week", metadata={"unit": "local date"})
    local_date = dy.Date(description="the athlete's day", metadata={"unit": "local date"})
    workout_id = dy.String(description="the workout")
    set_index = dy.Int64(min=0, description="order of the set within its workout", metadata={"unit": "count"})
    exercise_name = dy.String(nullable=True, description="name as logged")
    exercise = dy.String(description="key in the catalogue")
    match = dy.Enum(MATCHES, description="how the name was understood")
    hip_extension_weight = dy.Float64(
        description="how much of a set counts as hip-extension work", metadata={"unit": "fraction"}
    )
    effort_fraction = dy.Float64(nullable=True, description="effort of the credit", metadata={"unit": "fraction"})
    quantity_fraction = dy.Float64(nullable=True, description="quantity of the credit", metadata={"unit": "fraction"})
    reps = dy.Float64(nullable=True, description="repetitions", metadata={"unit": "reps"})
    weight_kg = dy.Float64(nullable=True, description="load", metadata={"unit": "kg"})
    hold_s = dy.Float64(nullable=True, description="time of the set", metadata={"unit": "s"})
    distance_m = dy.Float64(nullable=True, description="distance of the set", metadata={"unit": "m"})
    hip_dose = dy.Float64(min=0, description="its part of the week's hip dose", metadata={"unit": "dose"})
    heavy_hip_dose = dy.Float64(min=0, description="the part lifted at 80 % of e1RM or more", metadata={"unit": "dose"})
    upper_dose = dy.Float64(min=0, description="its part of the week's upper-body dose", metadata={"unit": "dose"})
    plantarflexor_dose = dy.Float64(min=0, description="its part of the week's calf dose", metadata={"unit": "dose"})
    mobility_min = dy.Float64(min=0, description="time spent stretching", metadata={"unit": "min"})
    path = dy.String(nullable=True, description="the file it was read from")
    line = dy.Int64(min=0, description="its line there", metadata={"unit": "count"})
