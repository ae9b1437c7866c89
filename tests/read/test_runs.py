"""FIT bytes → raw tables: golden files, one file per kind of damage, and what devices write beside the rule."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import fitparse
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from hipdrive.errors import UnreadableFile
from hipdrive.fit import encode
from hipdrive.read.runs import RawRun, RawRuns, concat_runs, is_fit, read_run
from hipdrive.tables.run_files import RawRecord
from hipdrive.tidy.runs import tidy_runs
from tests.makers.runs import START, at, event_rows, fit_bytes, record_rows

GOLDEN = Path(__file__).parents[1] / "golden" / "runs"
INDEX: dict[str, Any] = tomllib.loads((GOLDEN / "index.toml").read_text(encoding="utf-8"))
BROKEN: dict[str, Any] = INDEX.pop("broken")


def read(data: bytes, source_id: str = "a") -> RawRun:
    return read_run(data, "inbox/x.fit", source_id=source_id, content_sha256=source_id * 64, athlete_id="me")


def read_one(*messages: tuple[str, list[dict[str, object]]]) -> RawRuns:
    return concat_runs([read(fit_bytes(*messages))])


def expected_records(name: str) -> pl.DataFrame:
    """The rows drawn for a golden file, with the columns of all records."""
    drawn = pl.read_csv(GOLDEN / f"{name}.csv", infer_schema_length=None)
    empty = RawRecord.create_empty()
    columns = [
        pl.lit("a").alias("source_id"),
        *(
            pl.col(column).cast(dtype)
            for column, dtype in empty.schema.items()
            if column in drawn.columns and column != "timestamp"
        ),
    ]
    times = pl.Series("timestamp", [datetime.fromisoformat(time) for time in drawn["timestamp"]]).cast(
        pl.Datetime("us", "UTC")
    )
    return pl.concat([empty, drawn.select(columns).with_columns(times)], how="diagonal")


def test_every_golden_file_is_in_the_index() -> None:
    assert {path.stem for path in GOLDEN.glob("*.fit")} == {path.stem for path in GOLDEN.glob("*.csv")} == set(INDEX)
    assert {path.stem for path in (GOLDEN / "broken").glob("*.fit")} == set(BROKEN)


@pytest.mark.parametrize("name", INDEX)
def test_a_golden_file_reads_as_its_rows_and_its_entry_say(name: str) -> None:
    told = INDEX[name]
    run = read((GOLDEN / f"{name}.fit").read_bytes())
    raw = concat_runs([run])
    # FIT speaks of altitude and speed in two fields, and a device may fill either.
    twins = ["speed", "altitude", "byte_offset"]
    assert_frame_equal(raw.records.drop(twins), expected_records(name).drop(twins), rel_tol=0, abs_tol=0.05)
    assert (run.faults, run.not_an_activity, run.records) == ([], None, told["records"])
    assert raw.files["device"].to_list() == [told["device"]]

    tidy = tidy_runs(raw.files, raw.sessions, raw.laps, raw.timer_events, raw.records, {"me": "UTC"})
    counts = tidy.samples.group_by("activity_id").len(name="samples")
    activities = tidy.activities.join(counts, on="activity_id").sort("session_index")
    columns = ["sport", "sub_sport", "samples", "timer_time_s", "distance_m"]
    assert [list(row) for row in activities.select(columns).iter_rows()] == told["activities"]
    assert set(activities["utc_offset_s"]) == {told["utc_offset_s"]}
    assert tidy.laps.height == told["laps"]


@pytest.mark.parametrize("name", sorted(INDEX))
def test_fitparse_reads_the_golden_files_as_we_do(name: str) -> None:
    theirs = [message.get_values() for message in fitparse.FitFile(str(GOLDEN / f"{name}.fit")).get_messages("record")]
    ours = read((GOLDEN / f"{name}.fit").read_bytes()).frames["record"]
    assert len(theirs) == ours.height
    for column in set(ours.columns) & {"timestamp", "distance", "heart_rate", "cadence", "step_length"}:
        values = [row.get(column) for row in theirs]
        if column == "timestamp":
            values = [value.replace(tzinfo=UTC) for value in values]
        mine = ours[column].to_list()
        assert mine == [list(value) if isinstance(value, tuple) else value for value in values], column


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_gives_what_is_left_of_it_or_one_sentence(name: str) -> None:
    data, told = (GOLDEN / "broken" / f"{name}.fit").read_bytes(), BROKEN[name]
    if "refused" in told:
        with pytest.raises(UnreadableFile) as caught:
            read(data)
        assert told["refused"] in caught.value.reason
        assert str(caught.value).startswith("inbox/x.fit: ")
        assert caught.value.reason.endswith("copy it again from the watch or the service")
    else:
        run = read(data)
        assert run.records == told["records"]
        assert bool(run.faults) == (name != "settings")


def test_a_fit_file_is_known_by_its_mark() -> None:
    assert is_fit(fit_bytes())
    assert not is_fit(b"")
    assert not is_fit(b"Date;Reps.FIT")


def test_only_the_timer_s_events_are_kept() -> None:
    raw = read_one(
        ("record", record_rows([0])),
        (
            "event",
            [*event_rows((0, "start"), (5, "stop_all")), {"timestamp": at(3), "event": "lap", "event_type": "stop"}],
        ),
    )
    assert raw.timer_events.sort("timestamp").drop("byte_offset").rows() == [
        ("a", at(0), "start"),
        ("a", at(5), "stop_all"),
    ]


def test_a_file_without_events_laps_and_sessions_has_empty_tables() -> None:
    raw = read_one(("record", record_rows([0, 1])))
    assert (raw.records.height, raw.timer_events.height, raw.laps.height, raw.sessions.height) == (2, 0, 0, 0)


def test_of_a_list_the_first_value_counts() -> None:
    raw = read_one(("record", record_rows([0, 1], heart_rate=[[150, 80], [None, 90]])))
    assert raw.records["heart_rate"].to_list() == [150, None]


def test_what_is_no_number_is_no_value() -> None:
    run = read(fit_bytes(("record", record_rows([0, 1, 2]))))
    odd = run.frames["record"].with_columns(power=pl.Series([float("nan"), float("inf"), 250.0]))
    changed = RawRun(run.source_id, run.file, {**run.frames, "record": odd}, run.faults, None)
    assert concat_runs([changed]).records["power"].to_list() == [None, None, 250]


def test_files_with_different_fields_stand_in_one_table() -> None:
    with_pulse = read(fit_bytes(("record", record_rows([0], heart_rate=150))), "a")
    with_power = read(fit_bytes(("record", record_rows([0], power=250))), "b")
    rows = concat_runs([with_pulse, with_power]).records.select("source_id", "heart_rate", "power").rows()
    assert rows == [("a", 150, None), ("b", None, 250)]


def test_no_file_at_all_gives_empty_tables() -> None:
    raw = concat_runs([])
    assert [frame.height for frame in (raw.files, raw.sessions, raw.laps, raw.timer_events, raw.records)] == [0] * 5


def test_the_device_is_named_by_maker_and_product() -> None:
    garmin = {"type": "activity", "manufacturer": "garmin", "garmin_product": "fenix7", "time_created": START}
    record = pl.DataFrame(record_rows([0]))
    file = read(encode([("file_id", pl.DataFrame([garmin])), ("record", record)])).file
    assert file["device"] == "garmin fenix7"
    assert read(encode([("record", record)])).file["device"] is None


def test_utc_and_local_time_are_those_of_one_message() -> None:
    """A second activity of a chained file, in another zone, must not lend its local time to the first."""
    clock: list[dict[str, object]] = [
        {"timestamp": at(10), "local_timestamp": None},
        {"timestamp": at(90_000), "local_timestamp": at(90_000).replace(tzinfo=None) + timedelta(hours=9)},
    ]
    file = read(fit_bytes(("record", record_rows([0])), ("activity", clock))).file
    assert file["timestamp"] == at(90_000)
    assert file["local_timestamp"] == at(90_000).replace(tzinfo=None) + timedelta(hours=9)


def test_a_file_that_tells_no_local_time_has_none() -> None:
    file = read(fit_bytes(("record", record_rows([0])), ("activity", [{"timestamp": at(10)}]))).file
    assert (file["timestamp"], file["local_timestamp"]) == (None, None)


def test_every_file_of_the_corpus_is_read_or_refused_in_one_sentence(corpus: Path) -> None:
    refused = []
    for path in sorted(corpus.glob("mixed/*.fit")):
        try:
            concat_runs([read(path.read_bytes())])
        except UnreadableFile as error:
            refused.append(error.reason)
    assert len(refused) < 10, refused
    assert all(len(reason.splitlines()) == 1 for reason in refused)


def test_straps_and_pods_are_named_and_what_is_in_the_watch_is_not() -> None:
    def told(index: int, maker: str, product: int, source: str) -> dict[str, object]:
        fields = {"device_index": index, "manufacturer": maker, "product": product, "source_type": source}
        return {"timestamp": START, **fields}

    info = [
        told(1, "garmin", 3291, "local"),
        told(3, "stryd", 1, "antplus"),
        told(4, "garmin", 5, "antplus"),
        told(5, "garmin", 5, "antplus"),
    ]
    assert read(fit_bytes(("device_info", info))).file["sensors"] == "garmin hrm2ss, stryd 1"
    assert read(fit_bytes(("device_info", info[:1]))).file["sensors"] is None
    assert read(fit_bytes(("record", record_rows(range(3))))).file["sensors"] is None
