"""Build, then swap: nothing of a night is seen before it is whole, and a broken one leaves no trace."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import textwrap
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from hipdrive.cli.settings_template import settings_template
from hipdrive.errors import BrokenWarehouse
from hipdrive.settings import Home
from hipdrive.tables import TABLES
from hipdrive.tables.run_history import RunEfficiency
from hipdrive.tables.runs import Activity
from hipdrive.tables.sources import Source
from hipdrive.warehouse import Warehouse, connect, facts, lines
from hipdrive.warehouse import warehouse as room
from tests.makers.runs import activities, activity, typed
from tests.makers.warehouse import a_night, ask, fill, finish, frame

if TYPE_CHECKING:
    from collections.abc import Callable


class Crashed(Exception):
    """Thrown by a test where a night might break."""


def crash(*_: object, **__: object) -> None:
    raise Crashed


def leftovers(home: Home) -> list[str]:
    return sorted(path.name for path in home.data.iterdir() if path.name not in {"inbox", "hipdrive.lock"})


# Build, then swap


def test_the_first_night_makes_the_warehouse_and_leaves_nothing_else(home: Home) -> None:
    a_night(home)
    assert leftovers(home) == ["hipdrive.duckdb"]
    assert facts(home)["value"] == "first"


def test_a_night_goes_on_where_the_last_one_ended(home: Home) -> None:
    a_night(home)
    with Warehouse(home) as warehouse:
        fill(warehouse, "sources", {"path": "a.fit"})
        finish(warehouse)
        warehouse.swap("build")
    assert facts(home)["value"] == "first"
    with connect(home) as connection:
        assert connection.execute("SELECT path, size_bytes, modified_ns FROM sources").fetchall() == [
            ("a.fit", 10, 100)
        ]


def test_nothing_is_seen_before_the_swap(home: Home) -> None:
    before = a_night(home)
    with Warehouse(home) as warehouse:
        warehouse.remember({"value": "second"})
        assert facts(home)["value"] == "first"
        assert home.warehouse_file.read_bytes() == before


def test_a_night_without_a_swap_leaves_the_warehouse_as_it_was(home: Home) -> None:
    before = a_night(home)
    with Warehouse(home) as warehouse:
        warehouse.remember({"value": "second"})
    assert home.warehouse_file.read_bytes() == before
    assert leftovers(home) == ["hipdrive.duckdb"]


def while_filling(_: pytest.MonkeyPatch) -> None:
    raise Crashed


def while_copying(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "copyfile", crash)


def while_syncing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "sync", crash)


def while_renaming(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "replace", crash)


@pytest.mark.parametrize("when", [while_filling, while_copying, while_syncing, while_renaming])
def test_a_crash_anywhere_leaves_last_night_s_file_byte_by_byte(
    home: Home, monkeypatch: pytest.MonkeyPatch, when: Callable[[pytest.MonkeyPatch], None]
) -> None:
    before = a_night(home)

    def broken_night() -> None:
        if when is not while_filling:
            when(monkeypatch)
        with Warehouse(home) as warehouse:
            finish(warehouse)
            warehouse.remember({"value": "second"})
            if when is while_filling:
                when(monkeypatch)
            warehouse.swap("build")

    with pytest.raises(Crashed):
        broken_night()
    assert home.warehouse_file.read_bytes() == before
    assert [name for name in leftovers(home) if name != "backups"] == ["hipdrive.duckdb"]
    monkeypatch.undo()
    assert a_night(home, "third") != before


def test_a_process_killed_while_building_leaves_last_night_s_file_and_the_next_night_goes_on(home: Home) -> None:
    before = a_night(home)
    builder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            textwrap.dedent(
                """
                import sys, time
                from pathlib import Path
                from hipdrive.settings import Home
                from hipdrive.warehouse import Warehouse
                with Warehouse(Home(Path(sys.argv[1]))) as warehouse:
                    warehouse.remember({str(n): "x" * 1000 for n in range(50)})
                    print("building", flush=True)
                    time.sleep(60)
                """
            ),
            str(home.folder),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert builder.stdout is not None
    assert builder.stdout.readline() == "building\n"
    builder.send_signal(signal.SIGKILL)
    assert builder.wait() == -signal.SIGKILL
    builder.stdout.close()
    assert "hipdrive.duckdb.next" in leftovers(home)
    assert home.warehouse_file.read_bytes() == before
    a_night(home, "after")
    assert (leftovers(home), facts(home)["value"]) == (["backups", "hipdrive.duckdb"], "after")
    assert "7" not in facts(home)


def test_a_reader_goes_on_during_the_swap_and_the_next_one_sees_the_new_night(home: Home) -> None:
    a_night(home, "first")
    reader = connect(home)
    query = "SELECT value FROM about WHERE key = 'value'"
    assert reader.execute(query).fetchall() == [("first",)]
    a_night(home, "second")
    assert reader.execute(query).fetchall() == [("first",)]
    newer = connect(home)
    assert newer.execute(query).fetchall() == [("second",)]
    newer.close()
    reader.close()


def test_any_duckdb_client_reads_while_a_night_is_being_built(home: Home) -> None:
    a_night(home)
    with Warehouse(home) as warehouse:
        warehouse.remember({"value": "second"})
        read = "import duckdb, sys; print(duckdb.connect(sys.argv[1], read_only=True).sql('FROM about').fetchall())"
        done = subprocess.run(
            [sys.executable, "-c", read, str(home.warehouse_file)], capture_output=True, text=True, check=True
        )
    assert "('value', 'first')" in done.stdout


@pytest.mark.parametrize("nights", [1, 2])
def test_the_file_is_one_that_duckdb_1_5_can_read(home: Home, nights: int) -> None:
    for night in range(nights):
        a_night(home, str(night))
    reader = duckdb.connect(str(home.warehouse_file), read_only=True)
    tags = reader.execute("SELECT tags FROM duckdb_databases() WHERE database_name = 'hipdrive'").fetchall()
    reader.close()
    assert tags == [({"storage_version": "v1.5.0+"},)]


def test_the_file_may_be_renamed_and_still_answers_by_its_views(home: Home, tmp_path: Path) -> None:
    a_night(home)
    shutil.copy(home.warehouse_file, tmp_path / "mine.duckdb")
    reader = duckdb.connect(str(tmp_path / "mine.duckdb"), read_only=True)
    assert reader.execute("SELECT count(*) FROM weeks").fetchall() == [(0,)]
    reader.close()


@pytest.mark.parametrize("name", ["it's a home", "Läufe 🏃", 'a "home"', "a home; DROP TABLE runs"])
def test_a_home_may_have_any_name(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    (folder / "hipdrive.toml").write_text(settings_template(), encoding="utf-8")
    a_night(Home(folder))
    assert facts(Home(folder))["value"] == "first"


@pytest.mark.parametrize("content", [b"this is not a database", b"", bytes(20_000)], ids=["text", "nothing", "zeros"])
def test_a_file_that_is_no_warehouse_is_named_and_stays(home: Home, content: bytes) -> None:
    home.warehouse_file.write_bytes(content)
    with pytest.raises(BrokenWarehouse, match="move it away and run `hipdrive nightly`") as caught:
        a_night(home)
    assert caught.value.path == str(home.warehouse_file)
    assert home.warehouse_file.read_bytes() == content
    assert leftovers(home) == ["hipdrive.duckdb"]


def test_the_file_is_on_disk_before_it_is_renamed(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    synced, replace = lines.sync, Path.replace

    def sync_told(path: Path) -> None:
        told.append(f"sync {path.name}")
        synced(path)

    def replace_told(path: Path, target: Path) -> Path:
        told.append(f"rename {path.name} to {target.name}")
        return replace(path, target)

    monkeypatch.setattr(room, "sync", sync_told)
    monkeypatch.setattr(Path, "replace", replace_told)
    a_night(home)
    assert told == ["sync hipdrive.duckdb.next", "rename hipdrive.duckdb.next to hipdrive.duckdb", "sync data"]


def test_the_copy_lies_beside_the_warehouse_while_it_is_built(home: Home) -> None:
    with Warehouse(home):
        assert {name.removesuffix(".wal") for name in leftovers(home)} == {"hipdrive.duckdb.next"}
    assert leftovers(home) == []


# Tables


def test_a_typed_frame_comes_back_as_it_went_in(warehouse: Warehouse) -> None:
    given = activities(
        activity("a-0", elapsed_time_s=12.5, sub_sport="trail"),
        activity("b-0", start_utc=datetime(2026, 7, 1, 23, 59, 59, 123456, tzinfo=UTC), duplicate_of="a-0"),
    )
    warehouse.append("activities", given)
    assert_frame_equal(warehouse.read("activities", Activity), given)


def test_enums_and_nulls_come_back(warehouse: Warehouse) -> None:
    rows = [
        {"activity_id": "a-0", "run_type": "easy", "is_usable": True},
        {"activity_id": "b-0", "run_type": "hills", "is_usable": True, "heat_c": 2.0},
    ]
    warehouse.append("run_efficiency", typed(RunEfficiency, rows))
    found = warehouse.read("run_efficiency", RunEfficiency)
    assert found.select("run_type", "heat_c", "unusable_reason").rows() == [("easy", None, None), ("hills", 2.0, None)]
    assert found["run_type"].dtype == RunEfficiency.columns()["run_type"].dtype


def test_columns_that_a_frame_lacks_become_null_whatever_their_order(warehouse: Warehouse) -> None:
    warehouse.append("log_spans", pl.DataFrame({"last_date": [date(2026, 3, 9)], "athlete_id": ["me"]}))
    assert ask(warehouse, "SELECT athlete_id, first_date, last_date FROM log_spans") == [("me", None, date(2026, 3, 9))]


def test_a_column_that_a_table_does_not_have_is_our_error(warehouse: Warehouse) -> None:
    with pytest.raises(duckdb.BinderException):
        warehouse.append("log_spans", pl.DataFrame({"athlete_id": ["me"], "mood": ["good"]}))


def test_replacing_leaves_the_new_rows_only(warehouse: Warehouse) -> None:
    warehouse.append("activities", activities(activity("a-0"), activity("b-0")))
    warehouse.replace("activities", activities(activity("c-0")))
    assert ask(warehouse, "SELECT activity_id FROM activities") == [("c-0",)]
    warehouse.replace("activities", Activity.create_empty())
    assert ask(warehouse, "SELECT count(*) FROM activities") == [(0,)]


def test_a_broken_batch_leaves_nothing_and_can_be_tried_again(warehouse: Warehouse) -> None:
    def store(*, breaks: bool) -> None:
        with warehouse.all_or_nothing():
            warehouse.append("activities", activities(activity("a-0")))
            warehouse.append("sources", Source.validate(frame("sources", {"path": "a.fit"}), cast=True))
            if breaks:
                raise Crashed

    with pytest.raises(Crashed):
        store(breaks=True)
    tables = "SELECT (SELECT count(*) FROM activities), (SELECT count(*) FROM sources)"
    assert ask(warehouse, tables) == [(0, 0)]
    store(breaks=False)
    assert ask(warehouse, tables) == [(1, 1)]


def test_what_is_remembered_last_counts(warehouse: Warehouse) -> None:
    warehouse.remember({"tonight": "2026-03-01", "it's": "x'); DROP TABLE about; --"})
    warehouse.remember({"tonight": "2026-03-02"})
    assert sorted(ask(warehouse, "SELECT key, value FROM about WHERE key <> 'schema'")) == [
        ("it's", "x'); DROP TABLE about; --"),
        ("tonight", "2026-03-02"),
    ]


def test_every_table_stands_from_the_first_night_on(warehouse: Warehouse) -> None:
    assert {name for (name,) in ask(warehouse, "SELECT table_name FROM duckdb_tables()")} == {*TABLES, "about"}
