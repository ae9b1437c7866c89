"""All real files in one inbox: first sessions as the manifest has them, and a reason for whatever differs."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from benchmarks.ingest import new_home, real_files
from hipdrive.night import commands
from hipdrive.settings import Home
from hipdrive.warehouse import ask

SAME = 0.001
ROUNDED_BPM = 0.5  # the manifest has whole beats
_FIRST = """
SELECT s.path[16:] AS path, s.reason, a.sport, a.distance_m, a.timer_time_s, m.told_distance_m, h.*
FROM sources s
JOIN activities a ON a.activity_id = left(s.content_sha256, 16) || '-0'
LEFT JOIN run_measures m USING (activity_id)
LEFT JOIN (
    SELECT
        activity_id,
        avg(heart_rate_bpm) AS plain_bpm,
        sum(heart_rate_bpm * step_s) / sum(step_s) FILTER (heart_rate_bpm IS NOT NULL) AS timed_bpm,
        count(*) FILTER (heart_rate_bpm IS NULL) / count(*) AS unknown
    FROM (
        SELECT *, coalesce(least(timer_s - lag(timer_s) OVER run, 30), 1) AS step_s
        FROM samples WINDOW run AS (PARTITION BY activity_id ORDER BY timer_s)
    )
    GROUP BY activity_id
) h USING (activity_id)
"""


@pytest.fixture(scope="module")
def home(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    folder = tmp_path_factory.mktemp("corpus")
    real_files(corpus.parent, new_home(folder))
    home = Home(folder)
    commands.ingest(home, [home.inbox], date(2026, 11, 30))
    return home


@pytest.fixture(scope="module")
def first(home: Home, corpus: Path) -> pl.DataFrame:
    """First sessions with what the manifest says of them."""
    told = pl.read_csv(corpus / "MANIFEST.csv", infer_schema_length=None).select(
        "path",
        "record_messages",
        ref_m=pl.col("ref_total_distance_m").cast(pl.Float64, strict=False),
        ref_s=pl.col("ref_total_timer_time_s").cast(pl.Float64, strict=False),
        ref_bpm=pl.col("ref_avg_heart_rate").cast(pl.Float64, strict=False),
    )
    found = ask(home, _FIRST).with_columns(path=pl.col("path").str.replace(r"(\.zip)/.*", "$1"))
    return told.join(found, on="path")


def off(first: pl.DataFrame, ours: str, theirs: str) -> pl.DataFrame:
    known = first.filter(pl.col(theirs) > 0, pl.col(ours).is_not_null())
    return known.filter((pl.col(ours) / pl.col(theirs) - 1).abs() > SAME)


def test_every_file_has_an_outcome_and_nearly_all_are_read(home: Home) -> None:
    fates = Counter(dict(ask(home, "SELECT status, count(*) FROM sources WHERE container IS NULL GROUP BY 1").rows()))
    assert fates.total() == 464 + 31
    assert fates["quarantined"] == 2


def test_the_distance_of_every_run_is_read_as_told(first: pl.DataFrame) -> None:
    runs = first.filter(pl.col("sport") == "running", pl.col("ref_m") > 0)
    assert runs.height >= 330
    assert off(runs, "told_distance_m", "ref_m").is_empty()


def test_the_distance_that_counts_differs_only_where_records_cover_less_than_is_told(first: pl.DataFrame) -> None:
    runs = first.filter(pl.col("sport") == "running", pl.col("ref_m") > 0)
    differ = off(runs, "distance_m", "ref_m")
    assert differ.height <= 0.12 * runs.height
    # Never more than told; by over a hundredth only where a reason says so, or where there is next to nothing.
    assert differ.filter(pl.col("distance_m") > pl.col("ref_m")).is_empty()
    much = differ.filter(pl.col("distance_m") < 0.99 * pl.col("ref_m"), pl.col("ref_m") > 100)
    assert much.filter(~pl.col("reason").fill_null("").str.contains("were left out")).height <= 1


def test_the_timer_differs_only_where_the_reason_says_so(first: pl.DataFrame) -> None:
    assert first.filter(pl.col("ref_s") > 0, pl.col("timer_time_s").is_not_null()).height >= 430
    differ = off(first, "timer_time_s", "ref_s")
    assert differ.height <= 8
    assert differ["reason"].str.contains("its session says").all()


def test_heart_rates_of_runs_are_the_manifest_s_where_every_second_was_recorded(first: pl.DataFrame) -> None:
    known = first.filter(pl.col("ref_bpm") > 0, pl.col("plain_bpm").is_not_null())
    assert known.height >= 240
    near = pl.min_horizontal((pl.col(one) - pl.col("ref_bpm")).abs() for one in ("plain_bpm", "timed_bpm"))
    known = known.with_columns(differs=near > ROUNDED_BPM + SAME * pl.col("ref_bpm"))
    # Elsewhere the mean of the few records is not that of the beats, or beats that cannot be true are left out.
    is_steady = (pl.col("record_messages") >= 0.95 * pl.col("ref_s")) & (pl.col("unknown") == 0)
    steady = known.filter(pl.col("sport") == "running", is_steady, pl.col("ref_s") > 60)
    assert steady.height >= 40
    assert int(steady["differs"].sum()) <= 1  # an app's own mean
    assert int(known["differs"].sum()) <= 0.3 * known.height
