"""What the command line says to someone who got something wrong: one plain sentence, the right exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from hipdrive.demo import make_sample
from hipdrive.warehouse import example_queries

HIPDRIVE = str(Path(sys.executable).with_name("hipdrive"))
DONE, NEEDS_A_PERSON, WRONG_USE, STOPPED = 0, 1, 2, 3


def run_hipdrive(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT", "HIPDRIVE"))}
    return subprocess.run(
        [HIPDRIVE, *words], cwd=folder, capture_output=True, text=True, check=False, env=environment, timeout=120
    )


def assert_one_sentence(done: subprocess.CompletedProcess[str], code: int, *parts: str) -> None:
    assert done.returncode == code, (done.stdout, done.stderr)
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) <= 2, done.stderr
    for part in parts:
        assert part in done.stderr


@pytest.fixture
def home(tmp_path: Path) -> Path:
    assert run_hipdrive(tmp_path, "init").returncode == DONE
    return tmp_path


@pytest.fixture(scope="module")
def sampled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home into which the shipped sample was ingested."""
    home = tmp_path_factory.mktemp("sampled")
    assert run_hipdrive(home, "init").returncode == DONE
    for name, content in make_sample():
        (home / "data" / "inbox" / name).write_bytes(content)
    done = run_hipdrive(home, "ingest", "data/inbox")
    assert done.returncode == DONE, done.stderr
    return home


def test_a_folder_that_is_no_home(tmp_path: Path) -> None:
    assert_one_sentence(run_hipdrive(tmp_path, "nightly"), WRONG_USE, "no hipdrive.toml", "hipdrive init")


def test_a_home_in_the_environment(home: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    environment = {**os.environ, "HIPDRIVE_HOME": str(home)}
    done = subprocess.run(
        [HIPDRIVE, "sources"], cwd=elsewhere, capture_output=True, text=True, check=False, env=environment
    )
    assert_one_sentence(done, WRONG_USE, "no warehouse yet")


def test_broken_toml(home: Path) -> None:
    (home / "hipdrive.toml").write_text("[athlete\n", encoding="utf-8")
    assert_one_sentence(run_hipdrive(home, "nightly"), STOPPED, "hipdrive.toml", "not valid TOML", "line 1")


def test_a_setting_nobody_knows(home: Path) -> None:
    (home / "hipdrive.toml").write_text("[athlete]\nheigth_m = 1.8\n", encoding="utf-8")
    assert_one_sentence(run_hipdrive(home, "nightly"), STOPPED, "athlete.heigth_m", "not a setting")


def test_a_time_zone_that_is_none(home: Path) -> None:
    (home / "hipdrive.toml").write_text('[athlete]\ntime_zone = "Mars/Olympus"\n', encoding="utf-8")
    assert_one_sentence(
        run_hipdrive(home, "ingest", "data"), STOPPED, "athlete.time_zone", "Mars/Olympus", "Europe/Berlin"
    )


def test_an_alias_to_an_exercise_that_is_none(home: Path) -> None:
    (home / "hipdrive.toml").write_text('[aliases]\n"Thing" = "hip_trust"\n', encoding="utf-8")
    assert_one_sentence(run_hipdrive(home, "ingest", "data"), STOPPED, "hip_trust", "hip_thrust")


def test_a_path_that_is_not_there(home: Path) -> None:
    assert_one_sentence(run_hipdrive(home, "ingest", "nowhere"), WRONG_USE, "nowhere", "check the path")


def test_an_empty_inbox_is_no_error(home: Path) -> None:
    done = run_hipdrive(home, "ingest", "data/inbox")
    assert done.returncode == DONE
    assert "nothing new" in done.stdout


def test_an_unreadable_file_is_listed_and_needs_a_person(home: Path) -> None:
    (home / "data" / "inbox" / "broken.fit").write_bytes(b"\x0e\x10\x00\x00\x10\x00\x00\x00.FIT\x00\x00")
    done = run_hipdrive(home, "ingest", "data/inbox")
    assert done.returncode == NEEDS_A_PERSON
    listed = run_hipdrive(home, "sources", "--status", "quarantined")
    assert "data/inbox/broken.fit" in listed.stdout
    assert "1 quarantined" in listed.stdout


def test_a_second_init_overwrites_nothing(home: Path) -> None:
    (home / "hipdrive.toml").write_text("# mine\n", encoding="utf-8")
    assert_one_sentence(run_hipdrive(home, "init"), WRONG_USE, "is a home already")
    assert (home / "hipdrive.toml").read_text(encoding="utf-8") == "# mine\n"


def test_a_time_that_is_none(home: Path) -> None:
    assert_one_sentence(run_hipdrive(home, "schedule", "--at", "25:00"), WRONG_USE, "25:00", "03:30")


def test_a_word_that_is_no_command(home: Path) -> None:
    done = run_hipdrive(home, "nigthly")
    assert done.returncode == WRONG_USE
    assert "nightly" in done.stderr


def test_sql_without_a_query_lists_columns_with_units(sampled: Path) -> None:
    done = run_hipdrive(sampled, "sql")
    assert done.returncode == DONE
    assert "weeks: One athlete's ISO week" in done.stdout
    assert "contact_time_s (double) mean ground contact time of what was run, not walked; unit: s" in done.stdout


def test_every_example_query_runs(sampled: Path) -> None:
    listed = run_hipdrive(sampled, "sql").stdout
    examples = example_queries()
    assert len(examples) == 11
    for question, query in examples:
        assert question in listed
        done = run_hipdrive(sampled, "sql", query)
        assert done.returncode == DONE, (query, done.stderr)


def test_sql_as_json_is_one_array_and_nothing_else(sampled: Path) -> None:
    query = (
        "SELECT DATE '2026-03-01' AS day, TIMESTAMP '2026-03-01 07:30:00' AS at, "
        "'NaN'::DOUBLE AS nothing, [1, 2] AS pair"
    )
    done = run_hipdrive(sampled, "sql", query, "--format", "json")
    assert json.loads(done.stdout) == [
        {"day": "2026-03-01", "at": "2026-03-01T07:30:00", "nothing": None, "pair": [1, 2]}
    ]
    assert done.stderr == ""


def test_sql_of_no_rows_is_an_empty_array(sampled: Path) -> None:
    done = run_hipdrive(sampled, "sql", "SELECT 1 AS one WHERE false", "--format", "json")
    assert json.loads(done.stdout) == []


def test_every_dose_of_a_week_leads_to_the_lines_of_the_log_that_made_it(sampled: Path) -> None:
    query = """
        SELECT w.week_start, w.hip_dose, w.upper_dose, sum(s.hip_dose) AS hip, sum(s.upper_dose) AS upper,
            any_value(s.path) AS path, min(s.line) AS line
        FROM weeks AS w INNER JOIN week_sets AS s USING (athlete_id, week_start) GROUP BY ALL ORDER BY ALL
    """
    weeks = json.loads(run_hipdrive(sampled, "sql", query, "--format", "json").stdout)
    assert len(weeks) == 2
    for week in weeks:
        assert (week["hip"], week["upper"]) == pytest.approx((week["hip_dose"], week["upper_dose"]))
        assert week["path"] == "data/inbox/strong.csv"
        assert week["line"] > 1


def test_sql_cannot_write(sampled: Path) -> None:
    done = run_hipdrive(sampled, "sql", "DELETE FROM activities")
    assert_one_sentence(done, WRONG_USE, "read-only")
    count = run_hipdrive(sampled, "sql", "SELECT count(*) AS n FROM activities", "--format", "json")
    assert json.loads(count.stdout)[0]["n"] > 0


def test_sql_that_duckdb_does_not_understand(sampled: Path) -> None:
    done = run_hipdrive(sampled, "sql", "SELECT * FORM runs")
    assert (done.returncode, "Traceback" in done.stderr) == (WRONG_USE, False)
    lines = done.stderr.splitlines()
    place = next(number for number, line in enumerate(lines) if line.startswith("LINE 1: SELECT * FORM"))
    assert lines[place + 1].index("^") == lines[place].index("runs")
    assert "hipdrive sql" in lines[-1]


def test_sql_takes_one_statement(sampled: Path) -> None:
    for query in ("SELECT 1; SELECT 2", "", "SET memory_limit = '99GB'; SELECT 1", "SET memory_limit = '99GB'"):
        assert run_hipdrive(sampled, "sql", query).returncode == WRONG_USE, query
    assert run_hipdrive(sampled, "sql", "SELECT 1;").returncode == DONE


def test_no_answer_tells_where_the_home_lies(sampled: Path) -> None:
    place = str(sampled.resolve())
    for query in ("SELECT path FROM duckdb_databases()", "SELECT * FROM read_text('data/inbox/x')", "SHOW DATABASES"):
        done = run_hipdrive(sampled, "sql", query, "--format", "csv")
        assert place not in done.stdout + done.stderr, query


def test_no_files_yet_is_said_only_where_there_are_none(sampled: Path) -> None:
    listed = run_hipdrive(sampled, "sources", "--status", "quarantined").stdout
    assert "no files yet" not in listed
    assert "files is quarantined" in listed


def test_sql_into_parquet_needs_a_file(sampled: Path, tmp_path: Path) -> None:
    assert_one_sentence(run_hipdrive(sampled, "sql", "SELECT 1", "--format", "parquet"), WRONG_USE, "--out")
    target = tmp_path / "one.parquet"
    done = run_hipdrive(sampled, "sql", "SELECT 1 AS one", "--format", "parquet", "--out", str(target))
    assert done.returncode == DONE
    assert target.stat().st_size > 0


def test_tables_are_exported_without_positions_unless_asked(sampled: Path, tmp_path: Path) -> None:
    done = run_hipdrive(sampled, "sql", "--export", str(tmp_path / "plain"), "--table", "samples", "--table", "runs")
    assert done.returncode == DONE, done.stderr
    assert "--gps" in done.stdout
    assert sorted(file.name for file in (tmp_path / "plain").iterdir()) == ["runs.parquet", "samples.parquet"]
    plain = pl.read_parquet(tmp_path / "plain" / "samples.parquet")
    assert plain.height > 0
    assert not {"latitude_deg", "longitude_deg"} & set(plain.columns)
    asked = run_hipdrive(sampled, "sql", "--export", str(tmp_path / "gps"), "--table", "samples", "--gps")
    assert asked.returncode == DONE
    assert pl.read_parquet(tmp_path / "gps" / "samples.parquet")["latitude_deg"].count() > 0


def test_an_answer_as_parquet_holds_no_position_unless_asked(sampled: Path, tmp_path: Path) -> None:
    target = tmp_path / "samples.parquet"
    query = ("sql", "SELECT * FROM samples LIMIT 5", "--format", "parquet", "--out", str(target))
    assert run_hipdrive(sampled, *query).returncode == DONE
    assert "latitude_deg" not in pl.read_parquet_schema(target)
    assert run_hipdrive(sampled, *query, "--gps").returncode == DONE
    assert "latitude_deg" in pl.read_parquet_schema(target)


def test_an_export_takes_no_query_and_knows_its_tables(sampled: Path, tmp_path: Path) -> None:
    both = run_hipdrive(sampled, "sql", "SELECT 1", "--export", str(tmp_path))
    assert_one_sentence(both, WRONG_USE, "--export", "no query")
    unknown = run_hipdrive(sampled, "sql", "--export", str(tmp_path), "--table", "weaks")
    assert_one_sentence(unknown, WRONG_USE, "weaks", "weeks")


def test_an_exercise_is_explained(sampled: Path) -> None:
    done = run_hipdrive(sampled, "exercises", "Hip Thrust (Barbell)")
    assert "hip_thrust" in done.stdout


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Squat", ["“Squat” → back_squat", "the catalogue's name “squat”", "Without a load in the log: bw_squat"]),
        ("Bulgarian Split Squad", ["“Bulgarian Split Squad” → split_squat", "of 100)", "reading squad as squat"]),
        ("Running", ["“Running” → excluded", "cardio"]),
        ("Uncle Otto", ["“Uncle Otto” → none", "The nearest:", "[aliases]"]),
    ],
)
def test_a_name_is_explained(home: Path, name: str, said: list[str]) -> None:
    done = run_hipdrive(home, "exercises", name)
    assert done.returncode == DONE
    for part in said:
        assert part in done.stdout


def test_names_nobody_knows_come_with_the_three_nearest(home: Path) -> None:
    rows = ["date,exercise,reps", "2026-03-02,Uncle Otto,8", "2026-03-02,Uncle Otto,8", "2026-03-02,Hip Thrust,8"]
    (home / "data" / "inbox" / "log.csv").write_text("\n".join(rows), encoding="utf-8")
    assert run_hipdrive(home, "ingest", "data/inbox").returncode == DONE
    listed = run_hipdrive(home, "exercises", "--unmatched").stdout.splitlines()[1:]
    assert len(listed) == 1
    assert listed[0].split()[:3] == ["Uncle", "Otto", "2"]
    assert listed[0].count(",") == 2


def test_doctor_says_what_to_do(home: Path) -> None:
    done = run_hipdrive(home, "doctor")
    assert done.returncode == NEEDS_A_PERSON
    assert "hipdrive nightly" in done.stdout


def test_fast_commands_do_not_wait_for_prefect(sampled: Path) -> None:
    watch = """
import sys
import hipdrive.cli.app
sys.argv = ["hipdrive", "sql", "SELECT 1"]
try:
    hipdrive.cli.app.main()
except SystemExit:
    print("prefect" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", watch], cwd=sampled, capture_output=True, text=True, check=True)
    assert done.stdout.strip().splitlines()[-1] == "False"
