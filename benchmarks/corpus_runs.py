"""The real runs of the corpus, measured: a series is one athlete; every file of a mixed folder is one by itself.

Nothing to run: `benchmarks.absurd_values` and `benchmarks.few_runs` measure by it.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import dataframely as dy
import polars as pl

from hipdrive.errors import UnreadableFile
from hipdrive.measure.duplicates import mark_duplicates
from hipdrive.measure.efficiency import Efficiency, measure_efficiency
from hipdrive.measure.grade import measure_grade
from hipdrive.measure.runs import measure_runs
from hipdrive.measure.stride import measure_strides
from hipdrive.measure.timer_spans import measure_timer_spans
from hipdrive.measure.windows import measure_run_windows
from hipdrive.read.runs import RawRun, concat_runs, read_run
from hipdrive.tables.diary import DiaryLine
from hipdrive.tables.run_measures import RunMeasure, RunWindow
from hipdrive.tables.runs import Activity
from hipdrive.tables.weeks import AthleteSetting
from hipdrive.tidy.runs import tidy_runs


@dataclass(frozen=True)
class Measured:
    """The tables of one folder; `source_id` of an activity is the file's path in the corpus."""

    activities: dy.DataFrame[Activity]
    runs: dy.DataFrame[RunMeasure]
    windows: dy.DataFrame[RunWindow]

    def efficiency(self, activity_ids: Iterable[str] | None = None) -> Efficiency:
        """Stage 1 over these runs, or over some of them as if there were no others."""
        tables = (self.activities, self.runs, self.windows)
        if activity_ids is not None:
            names = pl.Series(list(activity_ids))
            tables = tuple(table.filter(pl.col("activity_id").is_in(names)) for table in tables)  # type: ignore[assignment]
        athletes = self.activities["athlete_id"].unique().to_list()
        return measure_efficiency(*tables, DiaryLine.create_empty(), _settings(athletes))


def measure_folder(corpus: Path, folder: str) -> Measured:
    """Read and measure all runs of one folder of the corpus."""
    raw = concat_runs(list(_read(corpus, folder)))
    zones = dict.fromkeys(raw.files["athlete_id"].unique(), "UTC")
    tidy = tidy_runs(raw.files, raw.sessions, raw.laps, raw.timer_events, raw.records, zones)
    samples = measure_strides(measure_grade(tidy.samples))
    windows = measure_run_windows(tidy.activities, samples)
    return Measured(
        mark_duplicates(tidy.activities, measure_timer_spans(tidy.samples)),
        measure_runs(tidy.activities, samples, windows),
        windows,
    )


def measure_corpus(corpus: Path, folders: Iterable[str]) -> pl.DataFrame:
    """One row a run of these folders: `file`, `session_index` and the columns of `RunEfficiency`."""
    parts = []
    for folder in folders:
        measured = measure_folder(corpus, folder)
        names = measured.activities.select("activity_id", "session_index", file="source_id")
        parts.append(names.join(measured.efficiency().runs, on="activity_id"))
    return pl.concat(parts)


def _read(corpus: Path, folder: str) -> Iterator[RawRun]:
    seen = set()
    for path in sorted((corpus / folder).iterdir()):
        data = path.read_bytes()
        data = gzip.decompress(data) if path.suffix == ".gz" else data
        content = sha256(data).hexdigest()
        if content in seen or path.suffix == ".zip":
            continue
        seen.add(content)
        name = f"{folder}/{path.name}"
        athlete = folder if folder.startswith("series") else name
        try:
            run = read_run(data, path.name, source_id=name, content_sha256=content, athlete_id=athlete)
        except UnreadableFile:
            continue
        if run.not_an_activity is None:
            yield run


def _settings(athletes: list[str]) -> dy.DataFrame[AthleteSetting]:
    same = {"time_zone": "UTC", "mass_kg": 70.0, "height_m": 1.75, "leg_length_m": 0.93}
    same |= {"resting_heart_rate_bpm": 60.0, "trimp_weighting": "male"}
    types = {name: column.dtype for name, column in AthleteSetting.columns().items()}
    rows = [{name: (same | {"athlete_id": athlete}).get(name) for name in types} for athlete in athletes]
    return AthleteSetting.validate(pl.DataFrame(rows, schema=types))
