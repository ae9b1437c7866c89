"""What was read and what was not: files by status and reason, rows left out, names nobody knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from hipdrive.estimate.declared import silent_off_days
from hipdrive.measure.strength_spans import unnamed_weeks
from hipdrive.report import words
from hipdrive.report.as_read import as_read

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hipdrive.report.findings import Findings

SHOWN_FILES = 5  # of each reason; the rest are counted
SHOWN_NAMES = 20
STATUS_WORDS = {  # those that need a person first
    "quarantined": "could not be read",
    "skipped": "understood, not wanted",
    "unreadable_and_gone": "could not be read, and is gone since",
    "forgotten": "forgotten at your request",
    "duplicate": "a copy of another",
    "replaced": "replaced by a newer version",
    "loaded": "read",
}


_STATUS = pl.col("status").cast(pl.String)
_IS_UNREADABLE = _STATUS == "quarantined"  # a fault of today as long as the file is there

# Settings of the body in words; the maximal heart rate needs none, for without a setting it is the runner's own.
_DEFAULTS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "mass_kg": lambda body: f"a body mass of {words.mass(body['mass_kg'])}",
    "height_m": lambda body: f"a height of {words.body_length(body['height_m'])}",
    "leg_length_m": lambda body: f"a leg of {words.body_length(body['leg_length_m'])} (0.53 of the height)",
    "resting_heart_rate_bpm": lambda body: (
        f"a resting heart rate of {words.number(body['resting_heart_rate_bpm'])} bpm"
    ),
    "trimp_weighting": lambda _: "the load curve for men",
}


@dataclass(frozen=True)
class FileGroup:
    """Files with one fate and one reason; `shown` are a few of their names."""

    status: str
    reason: str
    files: int
    shown: list[str]


@dataclass(frozen=True)
class UnknownName:
    """A name in the log that no exercise answers to, and the three nearest."""

    name: str
    sets: int
    nearest: list[str]


def group_files(findings: Findings, *, shared: bool) -> list[FileGroup]:
    """Files by what became of them, those that need a person first; on a shared page without reasons and names."""
    order = pl.Enum(list(STATUS_WORDS))
    keys = ["status"] if shared else ["status", "alike"]
    fate = pl.when(_IS_UNREADABLE & pl.col("is_gone")).then(pl.lit("unreadable_and_gone")).otherwise(_STATUS)
    groups = (
        findings.sources.with_columns(status=fate.cast(order))
        .with_columns(alike=_reason_alike())
        .sort("path")
        .group_by(keys, maintain_order=True)
        .agg(pl.len().alias("files"), pl.col("reason").first(), pl.col("path").head(SHOWN_FILES))
        .sort("status", "files", descending=[False, True], maintain_order=True)
    )
    return [
        FileGroup(
            STATUS_WORDS[row["status"]],
            "" if shared else as_read(words.without_addresses(row["reason"] or "")),
            row["files"],
            [] if shared or row["status"] == "loaded" else [words.without_addresses(path) for path in row["path"]],
        )
        for row in groups.iter_rows(named=True)
    ]


def _reason_alike() -> pl.Expr:
    """Reasons that differ only in where in the file, or in which other file, count as one."""
    named = pl.col("reason").str.replace_all(r"\S*[\w)]\.(?:fit|csv|zip|gz|tcx|json)\S*", "another file")
    return named.str.replace_all(r"\d[\d,.]*\d|\d", "…")


def unknown_names(findings: Findings, *, shared: bool) -> list[UnknownName]:
    """Names nobody knows, the most often logged first; none on a shared page, for people write anything there."""
    if shared:
        return []
    labels = dict(findings.exercises.select("exercise", "label").iter_rows())
    rows = findings.unmatched.sort("sets", "exercise_name", descending=[True, False]).head(SHOWN_NAMES)
    return [
        UnknownName(row["exercise_name"], row["sets"], [f"{labels.get(key, key)} ({key})" for key in row["nearest"]])
        for row in rows.iter_rows(named=True)
    ]


def group_rejects(findings: Findings) -> list[tuple[str, int]]:
    """Rows of files that were left out, by reason, the commonest first."""
    rows = (
        findings.rejects.group_by("reason").agg(pl.col("rows").sum()).sort("rows", "reason", descending=[True, False])
    )
    return [(as_read(words.without_addresses(reason)), count) for reason, count in rows.iter_rows()]


def defaults_sentence(findings: Findings) -> str:
    """Which numbers of the body are defaults, and what rests on them; empty where the settings say all."""
    (athlete,) = findings.athlete.iter_rows(named=True) if findings.athlete.height else ({},)
    left = (athlete.get("left_at_default") or "").split(", ")
    named = [_DEFAULTS[name](athlete) for name in left if name in _DEFAULTS]
    if not named:
        return ""
    return (
        f"Stride mechanics and training load rest on defaults: {words.listed(named)}. "
        "Set your own under [athlete] in hipdrive.toml; pace at heart rate and the estimate do not use them."
    )


def quality_sentence(findings: Findings) -> str:
    """The section's opening: how much was read, and what needs a person."""
    broken = findings.sources.filter(_IS_UNREADABLE & ~pl.col("is_gone")).height
    read = findings.sources.filter(_STATUS == "loaded").height
    unknown = int(findings.unmatched["sets"].sum()) if findings.unmatched.height else 0
    said = [f"{words.count(read, 'file')} read"]
    said.append(f"{words.number(broken)} could not be read" if broken else "none was unreadable")
    if unknown:
        said.append(
            f"{words.count(unknown, 'set carries', 'sets carry')} a name that hipdrive does not know and "
            f"{'counts' if unknown == 1 else 'count'} nowhere"
        )
    last_run = findings.runs["local_date"].max()
    if isinstance(last_run, date):
        said.append(f"the newest run is from {words.day(last_run)}")
    more = filter(None, (_unnamed_sentence(findings), silence_sentence(findings)))
    return " ".join([f"{'; '.join(said)}.", *more])


def _unnamed_sentence(findings: Findings) -> str:
    weeks = unnamed_weeks(findings.strength_sets, findings.weeks)
    if not weeks:
        return ""
    return (
        f"In {words.count(weeks, 'week')} the hip work is unknown, and not zero: hipdrive does not know the names of "
        "some sets, or the watch gave them none."
    )


def silence_sentence(findings: Findings) -> str:
    """The question for days of a block off that no log speaks for; empty without any."""
    blocks = findings.plan_blocks
    days = None if blocks is None else silent_off_days(blocks, findings.log_span, findings.tonight)
    if days is None:
        return ""
    first, last = (day.isoformat() for day in days)
    return (
        f"Your block off has days that no log covers: if you did no strength work, "
        f"`hipdrive log none {first} {last}` says so, and they count as zero."
    )
