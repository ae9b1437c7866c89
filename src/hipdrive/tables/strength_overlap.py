"""Which strength logs hold the same history: what is known of each log, what overlaps, and what the user ruled."""

from __future__ import annotations

import dataframely as dy

VERDICTS = ("both", "first", "second")
OVERLAP_RULES = ("later_export", "richer", "log_over_watch", "watch_twice", "ruled")


class StrengthLog(dy.Schema):
    """One file that holds strength sets, as the ledger knows it."""

    athlete_id = dy.String(primary_key=True, description="the athlete")
    source_id = dy.String(primary_key=True, description="the file")
    path = dy.String(description="where it lies, for words")
    app = dy.String(
        nullable=True,
        description="the app that exported it; null for a log made by hand and for a table of no known app",
    )
    exported_utc = dy.Datetime(
        nullable=True,
        time_zone="UTC",
        description="when the export was made, where the file or its name states it",
        metadata={"unit": "UTC"},
    )
    exported_date = dy.Date(
        nullable=True, description="the athlete's day of it: until then the log speaks", metadata={"unit": "local date"}
    )
    modified_utc = dy.Datetime(
        nullable=True, time_zone="UTC", description="last change of the file", metadata={"unit": "UTC"}
    )


class LogRuling(dy.Schema):
    """What the user says of two logs, against what the files show."""

    athlete_id = dy.String(description="the athlete")
    first_source_id = dy.String(description="one log")
    second_source_id = dy.String(description="the other")
    verdict = dy.Enum(VERDICTS, description="both count whole, or which of the two counts where they overlap")


class StrengthActivity(dy.Schema):
    """One strength workout that a watch timed, with or without sets: it tells the clock of a log."""

    athlete_id = dy.String(description="the athlete")
    started_utc = dy.Datetime(time_zone="UTC", description="start", metadata={"unit": "UTC"})
    local_date = dy.Date(description="the athlete's day", metadata={"unit": "local date"})
    duration_s = dy.Float64(nullable=True, min=0, description="length", metadata={"unit": "s"})


class SupersededWorkout(dy.Schema):
    """One workout of one file whose sets do not count, and what counts in its place."""

    athlete_id = dy.String(primary_key=True, description="the athlete")
    workout_id = dy.String(primary_key=True, description="the workout")
    superseded_by = dy.String(
        description="the `workout_id` that counts; where a later export of the app no longer holds the workout, the "
        "first letters of that export's `source_id`"
    )


class LogOverlap(dy.Schema):
    """Two logs of one athlete that hold the same workouts: what of the first gives way to the second, and why."""

    athlete_id = dy.String(primary_key=True, description="the athlete")
    source_id = dy.String(primary_key=True, description="the log whose workouts give way")
    other_source_id = dy.String(primary_key=True, description="the log that counts in their place")
    rule = dy.Enum(
        OVERLAP_RULES,
        description="`later_export` of the same app, the `richer` of two logs, `log_over_watch`, `watch_twice` (two "
        "files of the watch), or `ruled` in hipdrive.toml",
    )
    first_date = dy.Date(description="day of the first workout that gives way", metadata={"unit": "local date"})
    last_date = dy.Date(description="day of the last", metadata={"unit": "local date"})
    workouts = dy.Int64(min=0, description="workouts that both hold", metadata={"unit": "count"})
    deleted_workouts = dy.Int64(
        min=0, description="workouts that the later export no longer holds", metadata={"unit": "count"}
    )
    differing_sets = dy.Int64(
        min=0,
        description="sets of the workouts that give way which the other log does not hold alike",
        metadata={"unit": "count"},
    )
    shift_min_s = dy.Float64(
        nullable=True,
        description="least shift of the clock from this log to the other",
        metadata={"unit": "s", "caveat": "null where one of them has no clock"},
    )
    shift_max_s = dy.Float64(nullable=True, description="largest shift of the clock", metadata={"unit": "s"})
