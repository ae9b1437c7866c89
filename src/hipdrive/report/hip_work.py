"""The card of hip work: of this week, or of the end of the log; and of whom the five exercises are asked.

Two figures with two names: hip work is what all exercises give, 1 a full week of it; the five exercises are the
article's, done or not. Who lifts heavy has the one without the other, and is not sent to a band without a word.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from hipdrive.measure.adherence import FULL_PROGRAMME, programme_done
from hipdrive.report import words
from hipdrive.report.description import RECENT_WEEKS, adherence
from hipdrive.report.gate import FRESH_DAYS, has_fresh_runs, last_logged, may_say, newest_run

if TYPE_CHECKING:
    from hipdrive.report.findings import Findings

LOG_WEEKS = 26
LITTLE_OF_IT = 0.25  # of hip work: with less of it from the five, they are not how this runner trains
MOST_NAMED = 2
NEXT_SESSION = "Next session"
IF_WANTED = "The five of the article"


@dataclass(frozen=True)
class Line:
    """A name and its value."""

    name: str
    value: str


@dataclass(frozen=True)
class HipWork:
    """The card of hip work: of this week, or of the end of the log; `is_other` where it is not from the five."""

    title: str
    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()
    has_targets: bool = False
    is_other: bool = False

    @property
    def targets_title(self) -> str:
        """Of the five and how much of each."""
        return IF_WANTED if self.is_other else NEXT_SESSION


@dataclass(frozen=True)
class OtherWork:
    """Exercises outside the five that most of the hip work came from, the most telling first, and the heaviest load."""

    exercises: tuple[str, ...]
    heaviest_kg: float | None


def tell_hip_work(findings: Findings) -> HipWork | None:
    """This week's hip work; where the log is old, its last half-year; None without any log."""
    if last_logged(findings) is None:
        is_old = newest_run(findings) is not None and not has_fresh_runs(findings)
        return HipWork("The programme" if is_old else "This week", (), has_targets=True)
    if may_say(findings, "targets of this week"):
        other = other_work(findings)
        notes = () if other is None else _other_words(other)
        return HipWork("This week", tuple(_of_this_week(findings)), notes, has_targets=True, is_other=other is not None)
    weeks = findings.weeks.filter("is_complete", "dose_known").tail(LOG_WEEKS)
    if weeks.is_empty():
        return None
    some = weeks.filter(pl.col("hip_dose") > 0).height
    full = weeks.filter(pl.col("hip_dose") >= FULL_PROGRAMME).height
    return HipWork(
        "Hip work",
        (
            Line("Weeks with any", f"{some} of {weeks.height}"),
            Line("Weeks at full or more", f"{full} of {weeks.height}"),
        ),
        (
            f"The last {words.count(weeks.height, 'week')} of the log.",
            f"No targets while the log is older than {FRESH_DAYS} days.",
        ),
    )


def other_work(findings: Findings) -> OtherWork | None:
    """What the newest hip work came from where it was hardly the five; None where it was, or there was none."""
    recent = findings.weeks.filter("is_complete", "dose_known").tail(RECENT_WEEKS)
    known = findings.exercises.select("exercise", "label", "in_programme").with_columns(
        pl.col("exercise").cast(pl.String)
    )
    given = (
        findings.strength_sets.filter(
            pl.col("hip_dose") > 0,
            pl.col("superseded_by").is_null(),
            pl.col("local_date").dt.truncate("1w").is_in(recent["week_start"].implode()),
        )
        .with_columns(pl.col("exercise").cast(pl.String))
        .join(known, on="exercise")
        .group_by("exercise", "label", "in_programme")
        .agg(pl.col("hip_dose").sum(), pl.col("weight_kg").max())
        .sort("hip_dose", "exercise", descending=[True, False])
    )
    all_of_it, of_the_five = (float(part["hip_dose"].sum()) for part in (given, given.filter("in_programme")))
    if all_of_it == 0 or of_the_five >= LITTLE_OF_IT * all_of_it:
        return None
    named = given.filter(~pl.col("in_programme")).head(MOST_NAMED)
    loads = named["weight_kg"].drop_nulls().to_list()
    return OtherWork(tuple(named["label"].to_list()), max(loads, default=None))


def _of_this_week(findings: Findings) -> list[Line]:
    so_far = findings.weeks.filter(~pl.col("is_complete")).tail(1)["hip_dose"].to_list()
    said = "not logged yet" if not so_far or so_far[0] is None else words.number(so_far[0], 2)
    lines = [Line("Hip work so far", said)]
    last = findings.weeks.filter("is_complete").tail(1)["hip_dose"].to_list()
    if last and last[0] is not None:
        lines.append(Line("Last week, full = 1", words.number(last[0], 2)))
    items = adherence(findings)
    done = programme_done(items)
    if done is not None:
        lines.append(Line(f"The five, {words.count(items[0].weeks, 'week')}", f"{words.percent(done)} done"))
    return lines


def _other_words(other: OtherWork) -> tuple[str, ...]:
    load = "" if not other.heaviest_kg else f", up to {words.mass(other.heaviest_kg)}"
    named = words.listed([label[:1].lower() + label[1:] for label in other.exercises])
    return (
        f"Your hip work comes from {named}{load}.",
        "The five of the article are light, with band and body weight: nothing says that you need them beside yours.",
    )
