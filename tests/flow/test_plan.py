"""An experiment is declared once, before it begins, and every night after keeps it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hipdrive.cli.settings_template import settings_template
from hipdrive.demo import make_sample
from hipdrive.errors import LockedHome, WrongUse
from hipdrive.night import commands
from hipdrive.night.freshness import fingerprint
from hipdrive.night.plans import declare
from hipdrive.settings import Home
from hipdrive.warehouse import Warehouse, all_plans, ask, facts, is_of_older_version, only_writer
from tests.flow.test_cli import DONE, WRONG_USE, assert_one_sentence, run_hipdrive

BEFORE_THE_SAMPLE = datetime(2026, 10, 29, 20, tzinfo=UTC)  # a Thursday; the sample's log begins on the Monday after


@pytest.fixture
def home(tmp_path: Path) -> Home:
    (tmp_path / "hipdrive.toml").write_text(settings_template(), encoding="utf-8")
    inbox = tmp_path / "data" / "inbox"
    inbox.mkdir(parents=True)
    for name, content in make_sample():
        (inbox / name).write_bytes(content)
    return Home(tmp_path)


def test_what_was_declared_survives_nights_and_the_loss_of_the_warehouse(home: Home) -> None:
    plan, drawn = declare(home, "me", BEFORE_THE_SAMPLE)
    assert drawn["start_date"][0] == (BEFORE_THE_SAMPLE + timedelta(days=4)).date()
    commands.ingest(home, [home.inbox])
    query = "SELECT block_index, arm, adherence_fraction FROM plan_blocks ORDER BY block_index"
    first_night = ask(home, query)
    assert first_night["arm"].to_list() == drawn["arm"].to_list()
    done = ask(home, "SELECT least(hip_dose, 1) AS done FROM weeks WHERE is_complete AND dose_known")["done"].mean()
    assert first_night["adherence_fraction"].to_list() == [pytest.approx(done), *[None] * 11]
    commands.ingest(home, [home.inbox])
    assert ask(home, query).equals(first_night)
    home.warehouse_file.unlink()
    commands.ingest(home, [home.inbox])
    assert ask(home, query).equals(first_night)
    assert ask(home, "SELECT seed FROM plans")["seed"].to_list() == plan["seed"].to_list()


def test_a_draw_is_never_drawn_again(home: Home) -> None:
    declare(home, "me", BEFORE_THE_SAMPLE)
    for later in (timedelta(minutes=1), timedelta(weeks=95)):
        with pytest.raises(WrongUse, match="is declared already and runs until 3 September 2028"):
            declare(home, "me", BEFORE_THE_SAMPLE + later)
    declare(home, "me", BEFORE_THE_SAMPLE + timedelta(weeks=97))
    assert all_plans(home).plans.height == 2


def test_each_declaration_draws_anew(home: Home) -> None:
    seeds = set()
    for years in range(4):
        plan, _ = declare(home, "me", BEFORE_THE_SAMPLE + timedelta(weeks=97 * years))
        seeds.add(plan["seed"].item())
    assert len(seeds) == 4


def test_an_experiment_begins_after_today_wherever_the_runner_lives(home: Home) -> None:
    sunday_evening_in_the_west = datetime(2026, 11, 2, 4, tzinfo=UTC)
    text = settings_template().replace('time_zone = "UTC"', 'time_zone = "America/Los_Angeles"')
    (home.folder / "hipdrive.toml").write_text(text, encoding="utf-8")
    _, blocks = declare(Home(home.folder), "me", sunday_evening_in_the_west)
    assert blocks["start_date"][0] == datetime(2026, 11, 9, tzinfo=UTC).date()


def test_nothing_is_declared_while_another_process_writes(home: Home) -> None:
    with only_writer(home.data), pytest.raises(LockedHome):
        declare(home, "me", BEFORE_THE_SAMPLE)
    assert all_plans(home).plans.is_empty()


def test_a_night_without_new_files_is_not_left_out_after_a_declaration(home: Home) -> None:
    tonight = BEFORE_THE_SAMPLE.date()
    before = fingerprint(home, tonight)
    declare(home, "me", BEFORE_THE_SAMPLE)
    assert fingerprint(home, tonight) != before
    assert "given" not in facts(home)


def test_the_command_line(home: Home) -> None:
    asked = run_hipdrive(home.folder, "plan")
    assert asked.returncode == DONE, asked.stderr
    assert "typical runner" in asked.stdout
    assert "plan --start" in asked.stdout
    declared = run_hipdrive(home.folder, "plan", "--start")
    assert declared.returncode == DONE, declared.stderr
    assert declared.stdout.count("  on") == declared.stdout.count("  off") == 6
    seed = str(all_plans(home).plans["seed"].item())
    assert seed in declared.stdout
    assert_one_sentence(run_hipdrive(home.folder, "plan", "--start"), WRONG_USE, "is declared already", "never changed")
    again = run_hipdrive(home.folder, "plan")
    assert declared.stdout in again.stdout
    assert "plan --start" not in again.stdout  # what would be refused
    assert_one_sentence(run_hipdrive(home.folder, "plan", "--athlete", "ada"), WRONG_USE, "ada", "the settings name me")


def test_a_warehouse_of_an_older_version_waits_for_its_night_and_takes_a_declaration(home: Home) -> None:
    commands.ingest(home, [home.inbox])
    with Warehouse(home) as warehouse:
        warehouse._run("DELETE FROM about WHERE key = 'schema'")
        warehouse.swap("build")
    assert_one_sentence(run_hipdrive(home.folder, "plan"), WRONG_USE, "older version", "hipdrive nightly")
    declare(home, "me", BEFORE_THE_SAMPLE)
    assert not is_of_older_version(home)
    commands.ingest(home, [home.inbox])
    assert ask(home, "SELECT adherence_fraction FROM plan_blocks WHERE block_index = 0")["adherence_fraction"][0] > 0
