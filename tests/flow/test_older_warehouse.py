"""A warehouse of an older version: what its files can give is read again in the copy, the rest is kept."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from hipdrive.cli.settings_template import settings_template
from hipdrive.errors import OlderWarehouse
from hipdrive.night import commands
from hipdrive.settings import Home
from hipdrive.warehouse import ask, facts, migrations

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
NEW_TABLES = (
    "best_efforts",
    "run_strides",
    "diary",
    "readings",
    "answers",
    "timer_spans",
    "efficiency_slopes",
    "none_spans",
    "log_overlaps",
    "pace_parts",
    "races",
    "resting_heart_rates",
    "daily_wellness",
    "team_effects",
    "team_members",
    "team_starts",
)
READ = (
    "activities",
    "samples",
    "laps",
    "run_windows",
    "run_measures",
    "best_efforts",
    "strength_sets",
    "runs",
    "weeks",
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    (tmp_path / "hipdrive.toml").write_text(settings_template(), encoding="utf-8")
    home = Home(tmp_path)
    home.inbox.mkdir(parents=True)
    for file in SAMPLE.iterdir():
        shutil.copy(file, home.inbox)
    return home


def make_older(home: Home) -> None:
    """Takes from the warehouse what the version before the first migration did not have."""
    connection = duckdb.connect()
    connection.execute(f"ATTACH '{home.warehouse_file}' AS old")
    connection.execute("USE old")
    views = connection.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()
    for (view,) in views:
        connection.execute(f'DROP VIEW "{view}"')
    for step in migrations():
        for line in step.read_text(encoding="utf-8").splitlines():
            if line.startswith("ALTER TABLE") and " ADD COLUMN " in line:
                _, _, table, _, _, _, _, _, column, _ = line.rstrip(";").split()
                connection.execute(f'ALTER TABLE "{table}" DROP COLUMN IF EXISTS "{column}"')
    for table in NEW_TABLES:
        connection.execute(f'DROP TABLE "{table}"')
    connection.execute("DELETE FROM about")
    connection.close()


def everything(home: Home) -> dict[str, pl.DataFrame]:
    frames = {table: ask(home, f"SELECT * FROM {table}") for table in READ}
    ordered = {table: frame.select(sorted(frame.columns)) for table, frame in frames.items()}
    return {table: frame.sort(pl.all()) for table, frame in ordered.items()}


def test_an_older_warehouse_is_read_again_and_is_then_like_a_new_one(home: Home) -> None:
    commands.ingest(home, [home.inbox])
    new = everything(home)
    make_older(home)
    with pytest.raises(OlderWarehouse, match="run `hipdrive nightly`"):
        commands.report(home, date(2026, 11, 26), athlete=None, share=False)
    commands.ingest(home, [home.inbox])
    for table, frame in everything(home).items():
        assert_frame_equal(frame, new[table])
    assert facts(home)["schema"] == migrations()[-1].name
    commands.report(home, date(2026, 11, 26), athlete=None, share=False)


def test_rows_of_a_file_since_gone_are_kept(home: Home) -> None:
    commands.ingest(home, [home.inbox])
    make_older(home)
    (home.inbox / "run.fit").unlink()
    commands.ingest(home, [home.inbox])
    assert ask(home, "SELECT count(*) AS n FROM runs")["n"].to_list() == [1]
    assert ask(home, "SELECT count(*) > 100 AS kept FROM samples")["kept"].to_list() == [True]
    assert facts(home)["schema"] == migrations()[-1].name
