"""What is told of a night: how long each part took, how it ended, what needs a person."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version

import dataframely as dy
import polars as pl

from hipdrive.night.calendar import build_name
from hipdrive.night.moved import Moved
from hipdrive.settings import Home
from hipdrive.tables.weeks import NightlyRun
from hipdrive.warehouse import write_night

STAGES = ("ingest", "measure", "estimate", "report")
_STATUS_AFTER = {True: "needs_a_person", False: "done"}


@dataclass
class NightRecord:
    """One night while it runs; its line goes to `data/nights.jsonl` when it ends, whichever way."""

    started_utc: datetime
    sources: dict[str, int] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # worth telling, with nothing to be done
    seconds: dict[str, float] = field(default_factory=lambda: dict.fromkeys(STAGES, 0.0))
    page: str | None = None
    moved: list[Moved] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)
    unreadable: list[tuple[str, str]] = field(default_factory=list)  # tonight's quarantined files, and why

    @property
    def run_id(self) -> str:
        """The night's name: when it began, in UTC."""
        return build_name(self.started_utc)

    @property
    def sentence(self) -> str:
        """What tonight's pages say, a line an athlete."""
        return "\n".join(self.sentences) or "Nothing new: the report is up to date."

    @property
    def needs_a_person(self) -> bool:
        """Whether something was met that only a person can settle."""
        return bool(self.sources.get("quarantined") or self.warnings)

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Add the seconds spent inside to a stage."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[stage] += time.perf_counter() - began

    def count(self, ledger: pl.DataFrame) -> None:
        """Add how many files became what, and which could not be read."""
        for status, files in ledger.group_by("status").len().iter_rows():
            self.sources[status] = self.sources.get(status, 0) + files
        bad = ledger.filter(pl.col("status") == "quarantined").select("path", "reason").sort("path")
        self.unreadable += [(path, reason or "") for path, reason in bad.rows()]

    def row(self, status: str, message: str | None) -> dy.DataFrame[NightlyRun]:
        """The night as one row of `nightly_runs`."""
        row = {
            "run_id": self.run_id,
            "started_utc": self.started_utc,
            "finished_utc": datetime.now(UTC),
            "status": status,
            "sources_new": sum(self.sources.values()),
            "quarantined": self.sources.get("quarantined", 0),
            **{f"seconds_{stage}": seconds for stage, seconds in self.seconds.items()},
            "version": version("hipdrive"),
            "message": message,
        }
        types = {name: column.dtype for name, column in NightlyRun.columns().items()}
        return NightlyRun.validate(pl.DataFrame([row], schema=types))


@contextmanager
def recorded_night(home: Home) -> Iterator[NightRecord]:
    """A night whose end is recorded in `data/nights.jsonl`, also when it breaks."""
    night = NightRecord(datetime.now(UTC))
    try:
        yield night
    except BaseException as error:
        with contextlib.suppress(OSError):  # a full or read-only disk: the error itself says so
            write_night(home, night.row("stopped", f"{type(error).__name__}: {error}"))
        raise
    write_night(home, night.row(_STATUS_AFTER[night.needs_a_person], None))


def in_markdown(night: NightRecord) -> str:
    """The night as markdown, for those who look at it in Prefect."""
    lines = ["# hipdrive, the night", "", night.sentence, "", "| files | number |", "| --- | ---: |"]
    lines += [f"| {status} | {count} |" for status, count in sorted(night.sources.items())] or ["| new | 0 |"]
    lines += ["", "| stage | seconds |", "| --- | ---: |"]
    lines += [f"| {stage} | {seconds:.2f} |" for stage, seconds in night.seconds.items()]
    if night.notes:
        lines += ["", "## Notes", "", *(f"- {note}" for note in night.notes)]
    if night.warnings:
        lines += ["", "## Worth a look", "", *(f"- {warning}" for warning in night.warnings)]
    return "\n".join(lines)
