"""Garmin Connect's table of one strength workout: a row a set, with its exercise, time, rest, repetitions and weight.

Columns as the page of an activity shows them: `Set`, `Exercise Name`, `Time`, `Rest`, `Reps`, `Weight`, `Volume`. The
table carries no date: it is taken from a column of one where a tool has added it, else from the file's name.
"""

from __future__ import annotations

import re
from dataclasses import replace

import polars as pl

from hipdrive.errors import UnreadableFile
from hipdrive.read.strength.delimited import Table
from hipdrive.read.strength.draft import Draft
from hipdrive.read.strength.headings import heading
from hipdrive.read.strength.raw import RawStrength

FORMAT = "garmin_csv"
_DAY = "day of file"
_NAMES = {
    "Date": ["Date", "SessionStart", "Session Start", "Start Time", "LocalDate", "Local Date", "Activity Date", _DAY],
    "Title": ["Title", "Activity Name"],
    "Set": ["Set", "Sets"],
    "Kind": ["Set Type", "Step Type", "Type"],
    "Exercise": ["Exercise Name", "Exercise"],
    "Time": ["Time", "Duration"],
    "Reps": ["Reps", "Total Reps", "Repetitions"],
    "Weight": ["Weight", "Weight (kg)", "Weight (lbs)", "Weight (lb)"],
}
_NEEDED = (
    {"set", "sets"},
    {"exercise name", "exercise"},
    {"time"},
    {"rest"},
    {"reps"},
    {"weight", "weight kg", "weight lbs"},
)
_IN_NAME = re.compile(r"(?<!\d)(20\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)")
_SUM = ("summary", "total", "totals", "zusammenfassung", "gesamt", "resumen", "resume", "riepilogo", "resumo")
_NO_SET = ("rest", "rest_step", "recovery", "cooldown", "ruhe", "pause")


def recognise(header: tuple[str, ...]) -> bool:
    """Whether a header is the table of sets on an activity's page."""
    present = {heading(name) for name in header}
    return all(present & names for names in _NEEDED)


def read(table: Table) -> RawStrength:
    """Every set of one workout; the row of sums is passed over.

    Raises:
        UnreadableFile: neither the table nor the file's name says the day.
    """
    draft = Draft(table, _NAMES)
    if not draft.has("Date"):
        day = _IN_NAME.search(table.path.rsplit("/", 1)[-1])
        if day is None:
            raise UnreadableFile(
                table.path,
                "this table of Garmin Connect does not say on which day the workout was; put the day into the file's "
                "name, such as 2026-03-02 strength.csv, or export the activity's original FIT file instead",
            )
        frame = table.frame.with_columns(pl.lit("-".join(day.groups())).alias(_DAY))
        table = replace(table, header=(*table.header, _DAY), frame=frame, met=table.rows)
    is_sum = pl.any_horizontal(pl.col(table.frame.columns[:2]).str.to_lowercase().is_in(_SUM)).fill_null(value=False)
    return _read_sets(replace(table, frame=table.frame.filter(~is_sum), met=table.rows))


def _read_sets(table: Table) -> RawStrength:
    draft = Draft(table, _NAMES)
    kinds = draft.text("Kind").str.to_lowercase()
    weight, weight_unit = draft.quantity("weight", "Weight")
    set_type = pl.repeat("normal", kinds.len(), dtype=pl.String, eager=True)
    set_type = set_type.set((kinds == "warmup").fill_null(value=False), "warmup")
    return draft.finish(
        FORMAT,
        {
            **draft.moments("Date"),
            "workout_name": draft.text("Title"),
            "exercise_name": draft.text("Exercise").str.replace_all("_", " "),
            "set_label": draft.text("Set"),
            "set_type": set_type.set(kinds.is_in(_NO_SET).fill_null(value=False), "rest"),
            "reps": draft.number("Reps"),
            "weight": weight,
            "weight_unit": weight_unit,
            "hold_s": draft.seconds("Time"),
        },
    )
