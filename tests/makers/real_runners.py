"""Homes of the corpus's real runners, each with a strength log of another moved in time; nothing of them is stored.

The runs are one person's, the sets another's: the page must be true all the same. A log either ends with the runs, and
the night is the day after them, or it ends half a year before them, and the night is of three years later.
"""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from hipdrive.cli.settings_template import settings_template
from hipdrive.night import commands
from hipdrive.settings import Home
from hipdrive.warehouse import ask

if TYPE_CHECKING:
    from collections.abc import Iterator

CORPUS = Path(os.environ.get("HIPDRIVE_CORPUS") or Path(__file__).parents[3] / "shared" / "corpus")
NO_CORPUS = "no corpus of real files here; set HIPDRIVE_CORPUS to its folder to run this"
OLD_AFTER = timedelta(days=3 * 365)
STOPPED_BEFORE = timedelta(days=180)
_ISO = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_NAMED = re.compile(r"\b\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4}\b")


@dataclass(frozen=True)
class RealRunner:
    """A series of runs with a log: how the log is moved says whether page and log are fresh."""

    series: str
    log: str
    is_fresh: bool

    @property
    def name(self) -> str:
        """`series_a, hevy_kg, fresh`."""
        return f"{self.series}, {Path(self.log).stem}, {'fresh' if self.is_fresh else 'old'}"


RUNNERS = (
    RealRunner("series_a", "hevy_kg.csv", is_fresh=True),
    RealRunner("series_a", "strong_comma_2017_no_duration.csv", is_fresh=False),
    RealRunner("series_b", "fitnotes_weight_unit_column.csv", is_fresh=True),
    RealRunner("series_b", "strong_comma_2026_no_notes.csv", is_fresh=False),
    RealRunner("series_c", "hevy_lbs_miles.csv", is_fresh=True),
    RealRunner("series_c", "strong_comma_duration_us.csv", is_fresh=False),
)


def has_corpus() -> bool:
    """Whether the real files are on this machine."""
    return (CORPUS / "fit" / "series_a").is_dir()


def make_series(series: str, folder: Path) -> Home:
    """A home that has read one series, without any strength log."""
    inbox = folder / "data" / "inbox"
    inbox.mkdir(parents=True)
    (folder / "hipdrive.toml").write_text(settings_template(), encoding="utf-8")
    for file in sorted((CORPUS / "fit" / series).iterdir()):
        shutil.copy(file, inbox / file.name)
    home = Home(folder)
    commands.ingest(home, [home.inbox], last_run_of(series))
    return home


def last_run_of(series: str) -> date:
    """The day of the series' newest file, by its name."""
    days = sorted(re.findall(r"\d{8}", " ".join(file.name for file in (CORPUS / "fit" / series).iterdir())))
    return datetime.strptime(days[-1], "%Y%m%d").date()  # noqa: DTZ007  a day, not a moment


def live_a_night(read: Home, runner: RealRunner, folder: Path, log: str | None = None) -> Path:
    """The page of a night of this runner, in a copy of the home that has read the series; `log` is another text."""
    shutil.copytree(read.folder, folder)
    home, tonight = night_of(folder, runner)
    newest = tonight - (timedelta(days=1) if runner.is_fresh else OLD_AFTER)
    text = log or (CORPUS / "strength" / runner.log).read_text(encoding="utf-8-sig")
    ends = newest if runner.is_fresh else newest - STOPPED_BEFORE
    (folder / "data" / "inbox" / runner.log).write_text(moved(text, ends), encoding="utf-8")
    commands.nightly(home, tonight)
    return home.newest_page


def night_of(folder: Path, runner: RealRunner) -> tuple[Home, date]:
    """The home of a runner and the date of its night."""
    home = Home(folder)
    newest: date = ask(home, "SELECT max(local_date) FROM runs").item()
    return home, newest + (timedelta(days=1) if runner.is_fresh else OLD_AFTER)


def moved(text: str, ends: date) -> str:
    """The log with every date of its own moved by whole weeks, so that its last one is at most six days before."""
    days = sorted(day for day, _ in _dates(text))
    weeks = timedelta(weeks=(ends - days[-1]).days // 7)
    text = _ISO.sub(lambda found: (date.fromisoformat(found[0]) + weeks).isoformat(), text)
    return _NAMED.sub(lambda found: _written(_named(found[0]) + weeks), text)


def _dates(text: str) -> Iterator[tuple[date, str]]:
    yield from ((date.fromisoformat(found), found) for found in _ISO.findall(text))
    yield from ((_named(found), found) for found in _NAMED.findall(text))


def _named(text: str) -> date:
    return datetime.strptime(text, "%d %b %Y").date()  # noqa: DTZ007  a day, not a moment


def _written(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
