"""Asking the warehouse: read-only, by athlete, in types that a frame and JSON can hold."""

from __future__ import annotations

import os
from datetime import date, datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest

from hipdrive.errors import BadQuery, BrokenWarehouse, MissingHome, MissingWarehouse
from hipdrive.settings import Home
from hipdrive.tables import TABLES, VIEWS
from hipdrive.tables.weeks import Day, NightlyRun
from hipdrive.warehouse import Warehouse, ask, connect, describe_tables, facts, migrations, read_table
from hipdrive.warehouse.limits import spill_folder
from tests.makers.warehouse import a_run, fill, finish, nightly_row, rest_days


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Two athletes with a run, a set, a file and a rejected row each."""
    folder = tmp_path_factory.mktemp("home")
    (folder / "hipdrive.toml").touch()
    made = Home(folder)
    with Warehouse(made) as warehouse:
        for athlete, letter in (("me", "a"), ("it's anna", "b")):
            rest_days(warehouse, 0, 6, athlete_id=athlete)
            a_run(warehouse, f"{letter}-0", 0, athlete_id=athlete, source_id=letter)
            fill(warehouse, "samples", {"activity_id": f"{letter}-0", "timer_s": 1.0, "is_moving": True})
            fill(warehouse, "laps", {"activity_id": f"{letter}-0", "lap_index": 0})
            fill(warehouse, "run_windows", {"activity_id": f"{letter}-0", "window_index": 0})
            fill(warehouse, "run_strides", {"activity_id": f"{letter}-0", "cadence_at_reference_speed_spm": 170.0})
            fill(
                warehouse,
                "best_efforts",
                {"activity_id": f"{letter}-0", "target_m": 400.0, "time_s": 200.0, "speed_m_per_s": 2.0},
            )
            fill(warehouse, "diary", {"athlete_id": athlete, "local_date": date(2026, 3, 2), "kind": "note"})
            fill(warehouse, "sources", {"path": f"{letter}.fit", "source_id": letter, "athlete_id": athlete})
            fill(warehouse, "rejects", {"source_id": letter, "place": "records", "reason": "drawn", "rows": 1})
            fill(warehouse, "strength_sets", {"athlete_id": athlete, "local_date": date(2026, 3, 2), "hip_dose": 0.5})
        fill(warehouse, "exercises", {"exercise": "hip_thrust"})
        warehouse.append("nightly_runs", NightlyRun.validate(nightly_row()))
        finish(warehouse)
        warehouse.swap("build")
    return made


def test_a_home_may_be_named_by_its_folder(home: Home) -> None:
    for place in (home, home.folder, str(home.folder)):
        connection = connect(place)
        assert connection.execute("SELECT count(*) FROM runs").fetchall() == [(2,)]
        connection.close()


def test_duckdb_prints_no_bar_of_its_own(home: Home) -> None:
    is_on = "SELECT current_setting('enable_progress_bar')"
    with connect(home) as connection:
        assert connection.execute(is_on).fetchall() == [(False,)]
    with Warehouse(home) as copy:
        assert copy._connection.execute(is_on).fetchall() == [(False,)]


def test_where_there_is_no_home_or_no_warehouse_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(MissingHome):
        connect(tmp_path)
    (tmp_path / "hipdrive.toml").touch()
    with pytest.raises(MissingWarehouse):
        connect(tmp_path)


def test_before_the_first_night_nothing_is_known(tmp_path: Path) -> None:
    (tmp_path / "hipdrive.toml").touch()
    empty = Home(tmp_path)
    assert facts(empty) == {}


def test_a_file_that_is_no_warehouse_is_named(tmp_path: Path) -> None:
    (tmp_path / "hipdrive.toml").touch()
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "hipdrive.duckdb").write_bytes(b"no database at all")
    with pytest.raises(BrokenWarehouse, match=r"data/hipdrive\.duckdb: DuckDB cannot open this file"):
        connect(tmp_path)


@pytest.mark.parametrize(
    "statement",
    ["INSERT INTO about VALUES ('a', 'b')", "DELETE FROM sources", "DROP TABLE samples", "CREATE TABLE mine (a INT)"],
)
def test_a_connection_writes_nothing(home: Home, statement: str) -> None:
    before = home.warehouse_file.read_bytes()
    connection = connect(home)
    with pytest.raises(duckdb.InvalidInputException):
        connection.execute(statement)
    connection.close()
    assert home.warehouse_file.read_bytes() == before


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO about VALUES ('a', 'b')",
        "CREATE TABLE mine (a INT)",
        "COPY (SELECT 1) TO 'out.csv'",
        "EXPORT DATABASE 'out'",
        "ATTACH 'out.duckdb'",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "SELECT * FROM read_text('hipdrive.toml')",
        "SELECT * FROM glob('*')",
        "SELECT * FROM 'https://localhost/x.parquet'",
    ],
)
def test_a_query_touches_neither_files_nor_the_network(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, statement: str
) -> None:
    monkeypatch.chdir(tmp_path)
    before = home.warehouse_file.read_bytes()
    with pytest.raises(BadQuery):
        ask(home, statement)
    assert home.warehouse_file.read_bytes() == before
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("query", "cause"),
    [
        ("SELEC 1", "syntax error at or near"),
        ("SELECT nothing FROM weeks", "nothing"),
        ("SELECT * FROM weaks", "weaks"),
        ("", "gives no rows"),
        ("-- a remark", "gives no rows"),
    ],
)
def test_a_query_that_cannot_be_answered_says_why_and_what_to_do(home: Home, query: str, cause: str) -> None:
    with pytest.raises(BadQuery) as caught:
        ask(home, query)
    said = str(caught.value).splitlines()
    assert cause in said[0]
    assert said[-1].endswith("`hipdrive sql` without a query lists tables and columns")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT 1 AS a, 2 AS a, 3 AS a_1", {"a": [1], "a_1": [2], "a_1_1": [3]}),
        ("SELECT INTERVAL 90 SECOND AS i", {"i": ["00:01:30"]}),
        ("SELECT [INTERVAL 1 DAY] AS i", {"i": ["[1 day]"]}),
        ("SELECT sum(rows) AS n FROM rejects", {"n": [2]}),
        ("SELECT 1.25::DECIMAL(10, 2) AS d", {"d": [1.25]}),
        ('SELECT \'a"b\' AS "a""b"', {'a"b': ['a"b']}),
        ("SELECT start_utc FROM runs LIMIT 1", {"start_utc": [datetime(2026, 3, 2, 7)]}),  # noqa: DTZ001
        ("SELECT NULL AS x", {"x": [None]}),
        ("SELECT * FROM range(3) t(x) ORDER BY x DESC", {"x": [2, 1, 0]}),
        ("SELECT 1 AS x WHERE false", {"x": []}),
    ],
)
def test_an_answer_holds_what_frames_and_json_can(home: Home, query: str, expected: dict[str, list[object]]) -> None:
    assert ask(home, query).to_dict(as_series=False) == expected


def test_a_number_too_large_to_be_exact_is_refused_rather_than_changed(home: Home) -> None:
    with pytest.raises(BadQuery, match="out of range"):
        ask(home, "SELECT 170141183460469231731687303715884105727::HUGEINT")


@pytest.mark.parametrize("statement", ["SHOW TABLES", "DESCRIBE weeks", "SUMMARIZE days", "EXPLAIN SELECT 1"])
def test_questions_about_the_warehouse_are_questions(home: Home, statement: str) -> None:
    assert ask(home, statement).height > 0


OWN = sorted({*TABLES, *VIEWS} - {"exercises", "nightly_runs"})


@pytest.mark.parametrize("table", OWN)
def test_an_athlete_sees_only_their_own_rows(home: Home, table: str) -> None:
    everyone, anna = (ask(home, f"FROM {table}", athlete) for athlete in (None, "it's anna"))
    assert anna.height * 2 == everyone.height
    if anna.height:
        kept = {"athlete_id": "it's anna", "activity_id": "b-0"}
        for column, value in kept.items():
            if column in anna.columns:
                assert set(anna[column]) == {value}


def test_some_tables_with_rows_were_among_them(home: Home) -> None:
    with_rows = [table for table in OWN if ask(home, f"FROM {table}").height]
    assert {"rejects", "samples", "laps", "sources", "days", "weeks", "runs", "strength_sets"} <= set(with_rows)


def test_what_belongs_to_nobody_is_seen_by_everyone(home: Home) -> None:
    assert ask(home, "FROM exercises", "it's anna").height == 1
    assert ask(home, "FROM nightly_runs", "nobody").height == 1


def test_nobody_sees_nothing(home: Home) -> None:
    assert {ask(home, f"FROM {table}", "nobody").height for table in OWN} == {0}


def test_a_table_is_read_as_a_typed_frame(home: Home) -> None:
    days = read_table(home, "days", Day)
    assert days.columns == list(Day.columns())
    assert days.select(pl.col("athlete_id").n_unique(), pl.len()).row(0) == (2, 14)


def test_the_build_remembers_its_night(home: Home) -> None:
    assert facts(home) == {"tonight": "2026-03-20", "schema": migrations()[-1].name, "build": "build"}


def test_tables_are_described_views_first(home: Home) -> None:
    described = describe_tables(home)
    assert [name for name, _, _ in described] == [*sorted(VIEWS), *sorted(TABLES)]
    weeks = next(entry for entry in described if entry[0] == "weeks")
    assert weeks[1].startswith("One athlete's ISO week, none missing")
    assert ("heat_c", "DOUBLE", "mean degrees above 10 °C; unit: °C") in weeks[2]


def test_a_query_that_needs_more_memory_than_it_may_have_spills_beside_the_warehouse_and_leaves_nothing(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    connection = connect(home)
    (most,) = connection.execute("SELECT current_setting('memory_limit')").fetchall()
    assert most == ("488.2 MiB",)
    connection.execute("SET memory_limit = '40MB'")
    connection.execute("CREATE TEMP TABLE many AS SELECT hash(range) AS number FROM range(8_000_000)")
    assert spill_folder(home.warehouse_file).is_dir()
    connection.close()
    assert not spill_folder(home.warehouse_file).exists()
    assert not list(tmp_path.iterdir())


def test_a_query_may_use_every_core_where_a_night_uses_one(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLARS_MAX_THREADS", "1")
    assert ask(home, "SELECT current_setting('threads') AS threads")["threads"].to_list() == [os.cpu_count()]
    (of_a_night,) = connect(home).execute("SELECT current_setting('threads')").fetchall()
    assert of_a_night == (1,)


def test_a_query_that_takes_too_long_is_broken_off(home: Home) -> None:
    with pytest.raises(BadQuery, match=r"broken off after 0\.2 s"):
        ask(home, "SELECT sum(a.range * b.range) FROM range(10000000) a, range(10000000) b", within_s=0.2)


def test_a_connection_opens_no_other_file(home: Home) -> None:
    connection = connect(home)
    with connection, pytest.raises(duckdb.PermissionException):
        connection.execute("SELECT * FROM read_text($file)", {"file": str(home.settings_file)}).fetchall()


def test_a_night_takes_nothing_from_a_query_that_spills(home: Home) -> None:
    connection = connect(home)
    connection.execute("SET memory_limit = '40MB'")
    connection.execute("CREATE TEMP TABLE many AS SELECT hash(range) AS number FROM range(8_000_000)")
    spilled = {file.name for file in spill_folder(home.warehouse_file).iterdir()}
    with Warehouse(home):
        pass
    assert {file.name for file in spill_folder(home.warehouse_file).iterdir()} == spilled
    connection.close()


def test_what_a_killed_night_wrote_aside_goes_with_the_next(home: Home) -> None:
    left = spill_folder(home.warehouse_file.with_name("hipdrive.duckdb.next"))
    left.mkdir()
    (left / "duckdb_temp").write_bytes(b"rows of somebody")
    with Warehouse(home):
        assert not left.exists()
