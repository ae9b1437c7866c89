"""What a night says of itself: how long each part took, how it ended, and the summary that Prefect keeps."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version

import dataframely as dy
import polars as pl

from hipdrive.catalogue import load_catalogue
from hipdrive.settings import Home
from hipdrive.tables.weeks import NightlyRun
from hipdrive.warehouse import facts, migrations, plans_text, write_night

STAGES = ("ingest", "measure", "estimate", "report")
_STATUS_AFTER = {True: "needs_a_person", False: "done"}


@dataclass
class Night:
    """One night while it runs; its row goes to the diary when it ends, whichever way."""

    home: Home
    started_utc: datetime
    sources: dict[str, int] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=lambda: dict.fromkeys(STAGES, 0.0))
    page: str | None = None
    sentence: str = "Nothing new: the report stands."

    @property
    def run_id(self) -> str:
        """The night's name: when it began, in UTC."""
        return self.started_utc.strftime("%Y%m%dT%H%M%S.%fZ")

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
        """Take over how many files became what."""
        self.sources = dict(ledger.group_by("status").len().iter_rows())

    def row(self, status: str, message: str | None) -> dy.DataFrame[NightlyRun]:
        """The night as one row of the diary."""
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
def told(home: Home) -> Iterator[Night]:
    """A night whose end is written to the diary, also when it breaks."""
    night = Night(home, datetime.now(UTC))
    try:
        yield night
    except BaseException as error:
        write_night(home, night.row("stopped", f"{type(error).__name__}: {error}"))
        raise
    write_night(home, night.row(_STATUS_AFTER[night.needs_a_person], None))


def fingerprint(home: Home, tonight: date) -> dict[str, str]:
    """What besides the files decides the tables: settings, catalogue, version, diary, plans, running week."""
    catalogue = load_catalogue().exercises.write_json()
    diary = home.diary_file.read_bytes().hex() if home.diary_file.is_file() else ""
    plans = plans_text(home)
    given = (
        f"{home.settings.model_dump_json()} {catalogue} {version('hipdrive')} {migrations()[-1].name} {diary} {plans}"
    )
    running_week = tonight - timedelta(days=tonight.weekday())
    return {"given": hashlib.sha256(given.encode()).hexdigest(), "running_week": running_week.isoformat()}


def stands_already(home: Home, wanted: Mapping[str, str]) -> bool:
    """Whether the warehouse was built with the same settings in the same week, and its page is there."""
    remembered = facts(home)
    return wanted.items() <= remembered.items() and (home.reports / "latest" / "index.html").is_file()


def summarise(night: Night) -> str:
    """The night in markdown, for those who look at it in Prefect."""
    lines = ["# hipdrive, the night", "", night.sentence, "", "| files | number |", "| --- | ---: |"]
    lines += [f"| {status} | {count} |" for status, count in sorted(night.sources.items())] or ["| new | 0 |"]
    lines += ["", "| stage | seconds |", "| --- | ---: |"]
    lines += [f"| {stage} | {seconds:.2f} |" for stage, seconds in night.seconds.items()]
    if night.warnings:
        lines += ["", "## Worth a look", "", *(f"- {warning}" for warning in night.warnings)]
    return "\n".join(lines)
