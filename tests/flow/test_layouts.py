"""A home of every earlier layout, as that version left it, comes to today's tables in one night and loses nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from hipdrive.night import commands
from hipdrive.night.work import Work, find_work
from hipdrive.settings import Home
from hipdrive.tables import TABLES
from hipdrive.warehouse import ask, facts, migrations

GOLDEN = Path(__file__).parents[1] / "golden"
LAYOUTS = sorted((GOLDEN / "layouts").glob("*.sql"))
TONIGHT = date(2026, 11, 30)
THERE, GONE = ("runs/watch_1hz.fit", "strength/plain.csv"), "runs/paused.fit"
READ = ("activities", "samples", "laps", "run_windows", "run_measures", "best_efforts", "strength_sets")


def make_home(folder: Path, layout: Path | None) -> Home:
    inbox = folder / "data" / "inbox"
    inbox.mkdir(parents=True)
    (folder / "hipdrive.toml").write_text('[athlete]\ntime_zone = "Europe/Berlin"\n', encoding="utf-8")
    for file in THERE:
        (inbox / Path(file).name).write_bytes((GOLDEN / file).read_bytes())
    home = Home(folder)
    if layout is not None:
        with duckdb.connect() as connection:
            connection.execute(f"ATTACH '{home.warehouse_file}' AS old (storage_version 'v1.5.0')")
            connection.execute("USE old")
            connection.execute(layout.read_text(encoding="utf-8"))
    return home


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = make_home(tmp_path_factory.mktemp("fresh"), None)
    commands.nightly(home, TONIGHT)
    return home


def rows(home: Home, table: str) -> pl.DataFrame:
    """What was read of the files that are there."""
    theirs = ask(home, "SELECT source_id FROM sources WHERE NOT is_gone")["source_id"].to_list()
    mine = "source_id" if "source_id" in TABLES[table].column_names() else None
    where = f"{mine} IN $ids" if mine else "activity_id IN (SELECT activity_id FROM activities WHERE source_id IN $ids)"
    listed = "[" + ", ".join(f"'{one}'" for one in theirs) + "]"
    # Another recording of the same run may be one that is gone.
    return ask(home, f"SELECT * FROM {table} WHERE {where.replace('$ids', listed)} ORDER BY ALL").drop(
        "duplicate_of", strict=False
    )


def test_there_is_a_home_before_each_migration() -> None:
    assert [layout.stem for layout in LAYOUTS] == [f"{number:04}" for number in range(len(migrations()))]
    assert all(layout.stat().st_size < 100_000 for layout in LAYOUTS)


# The oldest takes every step, the newest the last one; those between are of the campaign.
@pytest.mark.parametrize(
    "layout",
    [LAYOUTS[0], *(pytest.param(one, marks=pytest.mark.campaign) for one in LAYOUTS[1:-1]), LAYOUTS[-1]],
    ids=lambda layout: layout.stem,
)
def test_a_night_brings_an_older_home_to_today(tmp_path: Path, layout: Path, fresh: Home) -> None:
    home = make_home(tmp_path, layout)
    before = {table: ask(home, f"SELECT count(*) FROM {table}").item() for table in ("samples", "strength_sets")}
    record = commands.nightly(home, TONIGHT)
    assert not record.sources.get("quarantined")
    assert facts(home)["schema"] == migrations()[-1].name
    for table, schema in TABLES.items():
        assert set(schema.column_names()) <= set(ask(home, f"SELECT * FROM {table} LIMIT 0").columns), table
    for table in READ:
        assert_frame_equal(rows(home, table), rows(fresh, table), check_row_order=False, check_column_order=False)
    kept = dict(ask(home, "SELECT path, is_gone FROM sources").iter_rows())
    assert kept == {f"data/inbox/{Path(file).name}": file == GONE for file in (*THERE, GONE)}
    assert ask(home, "SELECT count(*) FROM samples").item() >= before["samples"] > 0
    assert ask(home, "SELECT count(*) FROM strength_sets").item() == before["strength_sets"]
    assert find_work(home, TONIGHT).work is Work.NOTHING
