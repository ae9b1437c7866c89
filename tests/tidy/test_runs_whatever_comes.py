"""What holds for any rows, and for real files: nothing is lost, nothing breaks a contract, order does not matter."""

from __future__ import annotations

import gzip
import hashlib
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from hipdrive.errors import UnreadableFile
from hipdrive.measure.grade import measure_grade
from hipdrive.measure.runs import measure_runs
from hipdrive.measure.windows import measure_run_windows
from hipdrive.read.runs import RawRuns, concat_runs, read_run
from hipdrive.tables.run_files import RawFile, RawLap, RawRecord, RawSession, RawTimerEvent
from hipdrive.tables.runs import SPEED_FAULTS
from hipdrive.tidy.run_samples import mask_values, merge_twins
from hipdrive.tidy.runs import TidyRuns, tidy_runs
from tests.makers.runs import START, at, raw_file, raw_records, raw_session, spread, tidy, timer, typed

NEVER_SET = datetime(1989, 12, 31, 0, 0, 5, tzinfo=UTC)

if TYPE_CHECKING:
    from pathlib import Path

counts = st.lists(st.integers(0, 300), min_size=2, max_size=30, unique=True).map(sorted)


@settings(max_examples=25)
@given(seconds=counts, shift=st.integers(-10_000_000, 10_000_000))
def test_a_time_shift_changes_no_duration(seconds: list[int], shift: int) -> None:
    events = [(0.0, "start"), (100.0, "stop"), (150.0, "start")]
    here = tidy(raw_records(seconds), events=timer(*events))
    there = tidy(
        raw_records([second + shift for second in seconds], distance=[3.0 * second for second in seconds]),
        sessions=[raw_session(shift)],
        events=timer(*((second + shift, kind) for second, kind in events)),
    )
    times = ["timer_s", "moving_s", "speed_m_per_s"]
    assert_frame_equal(here.samples.select(times), there.samples.select(times))


@settings(max_examples=25)
@given(seconds=counts, shuffled=st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(seconds: list[int], shuffled: object) -> None:
    records = raw_records(seconds, heart_rate=list(range(100, 100 + len(seconds))))
    order = list(range(len(seconds)))
    shuffled.shuffle(order)  # type: ignore[attr-defined]
    events = timer((0, "start"), (100, "stop"), (150, "start"))
    here, there = tidy(records, events=events), tidy(RawRecord.validate(records[order]), events=events[::-1])
    assert_frame_equal(here.samples, there.samples)
    assert_frame_equal(here.activities, there.activities)


@settings(max_examples=25)
@given(cut=st.integers(1, 28), every=st.sampled_from([1, 3, 8]))
def test_a_run_split_in_two_is_as_long_as_before(cut: int, every: int) -> None:
    seconds = [every * step for step in range(30)]
    whole = tidy(raw_records(seconds), sessions=[])
    parts = [raw_records(seconds[: cut + 1]), raw_records(seconds[cut:], source_id="b")]
    both = tidy(pl.concat(parts), files=[raw_file("a"), raw_file("b")], sessions=[])
    for name in ("distance_m", "timer_time_s"):
        assert both.activities[name].sum() == whole.activities[name].sum()
    assert both.samples["moving_s"].sum() == whole.samples["moving_s"].sum()


@given(order=st.permutations("abc"))
def test_the_order_of_files_does_not_matter(order: list[str]) -> None:
    def tidied(names: list[str]) -> TidyRuns:
        records = [raw_records([0, 1, 5], source_id=name, cadence=60 + ord(name)) for name in names]
        files = [raw_file(name) for name in names]
        return tidy(pl.concat(records), files=files, sessions=[raw_session(3, source_id="b")])

    here, there = tidied(["a", "b", "c"]), tidied(order)
    assert_frame_equal(here.samples, there.samples)
    assert_frame_equal(here.activities, there.activities)


def test_files_tidied_together_come_out_as_each_alone() -> None:
    def tidied(*names: str) -> TidyRuns:
        records = [raw_records(range(3), source_id=name, heart_rate=0 if name == "b" else 120) for name in names]
        return tidy(pl.concat(records), files=[raw_file(name) for name in names], sessions=[])

    together, alone = tidied("a", "b"), [tidied("a"), tidied("b")]
    assert_frame_equal(together.samples, pl.concat([one.samples for one in alone]))
    assert_frame_equal(together.rejects, pl.concat([one.rejects for one in alone]))


def test_what_was_put_together_or_masked_once_stays_so() -> None:
    twins = pl.DataFrame(spread(3, activity_id="a-0", timestamp=[at(0), at(0), at(1)], heart_rate=[120, None, 121]))
    once = merge_twins(twins)
    assert once.height == 2
    assert_frame_equal(merge_twins(once), once)
    samples = tidy(raw_records(range(3), heart_rate=[0, 100, 250])).samples
    flags = samples.with_columns(source_id=pl.lit("a"), speed_fault=pl.lit(None, dtype=pl.Enum(SPEED_FAULTS)))
    again, counts_again = mask_values(flags)
    assert_frame_equal(again.drop("heart_rate_fault"), flags.drop("heart_rate_fault"))
    assert counts_again.is_empty()


anything = st.one_of(st.none(), st.floats(-1e9, 1e9), st.sampled_from([0.0, 1.0, 90.0, 180.0, 65535.0]))
any_time = st.one_of(
    st.none(),
    st.integers(-5, 900).map(at),
    st.sampled_from([NEVER_SET, START + timedelta(days=30_000), START - timedelta(days=5000)]),
)
any_source = st.sampled_from("ab")
any_records = st.lists(
    st.fixed_dictionaries(
        {"source_id": any_source, "timestamp": any_time},
        optional={name: anything for name in RawRecord.columns() if name not in {"source_id", "timestamp"}},
    ),
    max_size=25,
)
any_sessions = st.lists(
    st.fixed_dictionaries(
        {"source_id": any_source, "sport": st.sampled_from([None, "running", "cycling"])},
        optional={
            "start_time": any_time,
            "timestamp": any_time,
            "total_elapsed_time": anything,
            "total_timer_time": anything,
            "total_distance": anything,
        },
    ),
    max_size=3,
)
any_laps = st.lists(
    st.fixed_dictionaries({"source_id": any_source, "start_time": any_time, "timestamp": any_time}), max_size=3
)
any_events = st.lists(
    st.fixed_dictionaries(
        {
            "source_id": any_source,
            "timestamp": any_time,
            "event_type": st.sampled_from(["start", "stop", "stop_all", "marker", None]),
        }
    ),
    max_size=6,
)


@settings(max_examples=60)
@given(records=any_records, sessions=any_sessions, laps=any_laps, events=any_events)
def test_nothing_that_a_file_can_say_breaks_a_contract(
    records: list[dict[str, object]],
    sessions: list[dict[str, object]],
    laps: list[dict[str, object]],
    events: list[dict[str, object]],
) -> None:
    result = tidy_runs(
        typed(RawFile, [raw_file("a"), raw_file("b")]),
        typed(RawSession, sessions),
        typed(RawLap, laps),
        typed(RawTimerEvent, events),
        typed(RawRecord, records),
        {"me": "UTC"},
    )
    samples = measure_grade(result.samples)
    windows = measure_run_windows(result.activities, samples)
    measure_runs(result.activities, samples, windows)
    gone = result.rejects.filter(pl.col("reason").str.starts_with("record "))["rows"].sum()
    assert samples.height + gone == len(records)


def tidied_folder(folder: Path) -> tuple[RawRuns, TidyRuns]:
    runs, seen = [], set()
    for path in sorted([*folder.glob("*.fit"), *folder.glob("*.fit.gz")]):
        data = path.read_bytes()
        data = gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data
        name = hashlib.sha256(data).hexdigest()
        if name not in seen:
            seen.add(name)
            try:
                runs.append(read_run(data, path.name, source_id=name, content_sha256=name, athlete_id="me"))
            except UnreadableFile:
                continue
    raw = concat_runs(runs)
    return raw, tidy_runs(raw.files, raw.sessions, raw.laps, raw.timer_events, raw.records, {"me": "Europe/Berlin"})


@pytest.mark.parametrize("folder", ["mixed", "series_a", "series_b", "series_c"])
def test_every_record_of_the_corpus_is_a_sample_or_counted(corpus: Path, folder: str) -> None:
    raw, result = tidied_folder(corpus / folder)
    gone = result.rejects.filter(pl.col("reason").str.starts_with("record "))["rows"].sum()
    assert result.samples.height + gone == raw.records.height > 10_000


@pytest.mark.parametrize("folder", ["series_a", "series_b", "series_c"])
def test_the_timer_of_real_runs_is_the_watch_s_own(corpus: Path, folder: str) -> None:
    _, result = tidied_folder(corpus / folder)
    ended = result.samples.group_by("activity_id").agg(ended_s=pl.col("timer_s").max())
    runs = result.activities.join(ended, on="activity_id").filter(
        pl.col("sport") == "running", pl.col("timer_time_s") > 300
    )
    off = sorted((runs["ended_s"] / runs["timer_time_s"] - 1).abs())
    assert len(off) > 30
    assert off[len(off) // 2] < 0.001
    assert off[int(0.95 * len(off))] < 0.01


@pytest.mark.parametrize("folder", ["series_a", "series_b", "series_c"])
def test_real_runners_run_at_the_pace_of_runners(corpus: Path, folder: str) -> None:
    """Moving time over distance; it fell to 2:10 a km where a distance written in steps was taken for halts."""
    _, result = tidied_folder(corpus / folder)
    samples = measure_grade(result.samples)
    windows = measure_run_windows(result.activities, samples)
    runs = measure_runs(result.activities, samples, windows).filter(pl.col("distance_m") > 1000)
    assert runs.filter(pl.col("pace_s_per_km").is_between(150, 1100)).height == runs.height > 30
