"""Our own plain CSV, for those who write by hand: a row is one set, or several alike.

`date` and `exercise` must be there and one of `reps`, `hold_s`, `distance_m`; all else is optional: `time`, `workout`,
`sets`, `weight_kg` or `weight_lb` or `weight`, `rpe` or `rir`, `side` (left, right), `type` (warmup, drop, failure),
`notes`. The repetitions may spell out sets (“3x8@60”). A row whose exercise is `none` says that on its day, or up to
the day in `until`, there was no strength work: a known zero.
"""

from __future__ import annotations

from dataclasses import replace

import dataframely as dy
import polars as pl

from hipdrive.read.strength import spelled
from hipdrive.read.strength.delimited import Table
from hipdrive.read.strength.draft import Draft
from hipdrive.read.strength.headings import heading
from hipdrive.read.strength.marks import set_types
from hipdrive.read.strength.raw import RawStrength
from hipdrive.tables.strength import RawNoneSpan, RejectedRow

FORMAT = "plain_csv"
NOTHING = "none"
_AMOUNTS = ("reps", "hold_s", "distance_m", "until")
_NAMES = {
    "date": ["date", "day"],
    "until": ["until", "end date", "last day"],
    "time": ["time", "start"],
    "workout": ["workout", "workout name", "title"],
    "exercise": ["exercise", "exercise name"],
    "sets": ["sets"],
    "reps": ["reps", "repetitions"],
    "spelled load": [spelled.LOAD],
    "weight_kg": ["weight_kg", "weight (kg)", "kg"],
    "weight_lb": ["weight_lb", "weight_lbs", "weight (lbs)", "weight (lb)", "lb", "lbs"],
    "weight": ["weight", "load"],
    "weight unit": ["weight unit", "unit"],
    "hold_s": ["hold_s", "seconds", "duration_s", "hold"],
    "spelled hold": [spelled.HOLD],
    "distance_m": ["distance_m", "metres", "meters", "distance (m)"],
    "spelled distance": [spelled.DISTANCE],
    "rpe": ["rpe"],
    "spelled rpe": [spelled.RPE],
    "rir": ["rir", "reps in reserve"],
    "side": ["side"],
    "type": ["type", "set type"],
    "notes": ["notes", "note"],
}
SIDES = {"left": "left", "l": "left", "right": "right", "r": "right"}


def recognise(header: tuple[str, ...]) -> bool:
    """Whether a header is ours: a day, an exercise and an amount."""
    present = {heading(name) for name in header}

    def has(meaning: str) -> bool:
        return any(heading(name) in present for name in _NAMES[meaning])

    return has("date") and has("exercise") and any(has(amount) for amount in _AMOUNTS)


def read(table: Table) -> RawStrength:
    """Every set of a plain CSV, and the days without strength work that it names.

    Raises:
        UnknownColumn: a column is missing without which no set can be read.
    """
    whole = Draft(table, _NAMES)
    whole.require("date", "exercise")
    is_none = whole.text("exercise").str.to_lowercase().eq(NOTHING).fill_null(value=False)
    nothing = Draft(replace(table, frame=table.frame.filter(is_none), rejects=[]), _NAMES)
    spans = _none_spans(nothing)
    # Days are told apart by all rows together, also those of the spans.
    sets = replace(table, frame=table.frame.filter(~is_none), met=table.rows)
    log = _read_sets(_spelled(sets))
    rejects = RejectedRow.validate(pl.concat([log.rejects, nothing.rejected()]).sort("line"))
    return replace(log, rejects=rejects, none_spans=spans)


def _spelled(table: Table) -> Table:
    columns = Draft(table, _NAMES)
    weights = [name for name in ("weight_kg", "weight_lb", "weight") if columns.has(name)]
    return spelled.spell_out(
        table,
        columns.header_of("reps") if columns.has("reps") else None,
        count=columns.header_of("sets") if columns.has("sets") else None,
        load=columns.header_of(weights[0]) if weights else None,
    )


def _read_sets(table: Table) -> RawStrength:
    draft = Draft(table, _NAMES)
    unit_of_column = "weight unit" if draft.has("weight") else ""
    weight, weight_unit = draft.measured(
        "weight", {"kg": "weight_kg", "lb": "weight_lb", None: "weight"}, unit_column=unit_of_column
    )
    spelled_load, spelled_unit = draft.measured("weight", {None: "spelled load"})
    in_column = "kg" if draft.has("weight_kg") else "lb" if draft.has("weight_lb") else None
    distance, distance_unit = draft.measured("distance", {"m": "distance_m"}, otherwise="m")
    spelled_distance, spelled_distance_unit = draft.measured("distance", {None: "spelled distance"})
    starts = draft.workout_starts("date", "time", "workout") if draft.has("time") else draft.moments("date")
    side = draft.text("side").str.to_lowercase()
    draft.refuse_where(side.is_not_null() & ~side.is_in([*SIDES, "both"]), "the side is neither left, right nor both")
    return draft.finish(
        FORMAT,
        {
            **starts,
            "workout_name": draft.text("workout"),
            "exercise_name": draft.text("exercise"),
            "set_type": set_types(draft.text("type")),
            "reps": draft.number("reps"),
            "weight": weight.fill_null(spelled_load),
            "weight_unit": _first_of(weight_unit, spelled_unit, in_column),
            "distance": distance.fill_null(spelled_distance),
            "distance_unit": distance_unit.zip_with(distance.is_not_null(), spelled_distance_unit).fill_null("m"),
            "hold_s": draft.seconds("hold_s").fill_null(draft.seconds("spelled hold")),
            "rpe": draft.rating("rpe", "rir").fill_null(draft.rating("spelled rpe")),
            "side": side.replace_strict(SIDES, default=None, return_dtype=pl.String),
            "notes": draft.text("notes"),
        },
        repeats=draft.count("sets"),
    )


def _first_of(stated: pl.Series, spelled_out: pl.Series, in_header: str | None) -> pl.Series:
    units = stated.fill_null(spelled_out)
    return units.fill_null(in_header) if in_header else units


def _none_spans(draft: Draft) -> dy.DataFrame[RawNoneSpan]:
    first = draft.moments("date")["started_local"].dt.date()
    last = draft.optional_moments("until")["started_local"].dt.date()
    written = draft.text("until")
    draft.refuse_where(written.is_not_null() & last.is_null(), "its last day is not a date that hipdrive can read")
    draft.refuse_where(last < first, "its last day is before its first")
    spans = draft.table.frame.select("line").with_columns(first_date=first, last_date=last.fill_null(first))
    return RawNoneSpan.validate(spans.join(draft.rejected(), on="line", how="anti").drop_nulls())
