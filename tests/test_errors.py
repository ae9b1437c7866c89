"""Every error is one sentence from place to cause to remedy, and keeps its facts."""

from __future__ import annotations

import inspect

import pytest

from hipdrive import errors

EXAMPLES = [
    (errors.ServiceFault("hevy", "it does not accept the key"), "hevy: it does not accept the key"),
    (
        errors.UnreadableFile("inbox/x.fit", "the file is empty; export it again"),
        "inbox/x.fit: the file is empty; export it again",
    ),
    (
        errors.UnknownColumn("strong.csv", "Reps", ["Date", "Weight"]),
        "strong.csv: the column “Reps” is missing (found: Date, Weight); export the complete log again",
    ),
    (
        errors.MissingShard("data/athletes/anna/warehouse.duckdb", "anna"),
        (
            "data/athletes/anna/warehouse.duckdb: anna has no tables here; `hipdrive nightly` makes them from "
            "data/inbox/anna, and `hipdrive restore --athlete anna` puts back the last ones that were kept"
        ),
    ),
    (
        errors.MissingEngine("tcp://desk:8786", "nobody answers"),
        (
            "tcp://desk:8786: no engine works here (nobody answers); start one with `dask scheduler --host desk --port "
            "8786` and on each machine `dask worker tcp://desk:8786 --nthreads 1`, or take engine.address out of "
            "hipdrive.toml"
        ),
    ),
    (
        errors.OtherVersions("tcp://desk:4001", "polars", "2.0", "2.1"),
        "tcp://desk:4001: its polars is 2.0, wanted 2.1; install the same, then start it again",
    ),
    (
        errors.BrokenContract("samples", {"time_utc|nullability": 2, "speed_m_per_s|min": 1}),
        (
            "samples: rows break the table's rules (time_utc|nullability: 2 rows; speed_m_per_s|min: 1 rows); "
            "please report this with the file"
        ),
    ),
    (errors.BrokenSettings("hipdrive.toml", "it is empty"), "hipdrive.toml: it is empty"),
    (
        errors.MissingHome("runs"),
        (
            "runs: no hipdrive.toml here, so this is not a home of hipdrive; make one with `hipdrive init runs`, "
            "or name another with --home"
        ),
    ),
    (
        errors.MissingWarehouse("data/hipdrive.duckdb"),
        (
            "data/hipdrive.duckdb: no warehouse yet; put files into data/inbox and run `hipdrive nightly`, or see an "
            "example with `hipdrive demo`"
        ),
    ),
    (
        errors.BrokenWarehouse("data/hipdrive.duckdb", "it is not a DuckDB file"),
        (
            "data/hipdrive.duckdb: DuckDB cannot open this file (it is not a DuckDB file); move it away and run "
            "`hipdrive nightly`: it reads everything in data/inbox again"
        ),
    ),
    (
        errors.MissingInbox("data/inbox"),
        (
            "data/inbox: the inbox is not there; if it lies on another disk, mount it, else make the folder. "
            "Nothing was changed"
        ),
    ),
    (
        errors.NewerWarehouse("data/hipdrive.duckdb", "0009_later.sql"),
        (
            "data/hipdrive.duckdb: made by a newer version of hipdrive (its tables are those of step 0009_later.sql); "
            "update hipdrive, or name another home with --home. Nothing was changed"
        ),
    ),
    (
        errors.OlderWarehouse("data/hipdrive.duckdb"),
        (
            "data/hipdrive.duckdb: made by an older version, so its files must be read again; run `hipdrive "
            "nightly`, and `hipdrive ingest` for files outside data/inbox"
        ),
    ),
    (
        errors.LockedHome("data/hipdrive.lock", "process 7 on a computer"),
        (
            "data/hipdrive.lock: process 7 on a computer is writing here now; wait until it has finished, "
            "then run this again"
        ),
    ),
    (
        errors.BadQuery("there is no table “weaks”"),
        "query: there is no table “weaks”; `hipdrive sql` without a query lists tables and columns",
    ),
    (
        errors.FailedCheck(
            "weeks_start_on_monday", "a week must begin on a Monday", "1 row does not (week_start 2026-03-03)"
        ),
        (
            "check weeks_start_on_monday: a week must begin on a Monday, but 1 row does not ("
            "week_start 2026-03-03); last night's warehouse and report stay as they were, "
            "please report this with the check's name"
        ),
    ),
    (
        errors.TooLittleData("the effect", "26 weeks", "3"),
        "the effect: not enough data yet; it needs 26 weeks, there is 3",
    ),
    (
        errors.ServerDidNotStart("the port is taken"),
        "Prefect's server did not start (the port is taken); `hipdrive doctor` checks its packages",
    ),
    (
        errors.ServerUnreachable("http://me:key@example.org/api"),
        (
            "http://…@example.org/api: Prefect's server does not answer; start it, or unset PREFECT_API_URL to do "
            "without. The warehouse and the report are as they were"
        ),
    ),
    (
        errors.WrongUse("sql", "Parquet cannot be printed as text", "name a file with --out"),
        "hipdrive sql: Parquet cannot be printed as text; name a file with --out",
    ),
]


@pytest.mark.parametrize(("error", "sentence"), EXAMPLES, ids=lambda value: type(value).__name__)
def test_the_sentence(error: errors.HipdriveError, sentence: str) -> None:
    assert str(error) == sentence


@pytest.mark.parametrize(("error", "_"), EXAMPLES, ids=lambda value: type(value).__name__)
def test_the_facts_are_kept(error: errors.HipdriveError, _: str) -> None:
    given = [name for name in inspect.signature(type(error).__init__).parameters if name != "self"]
    assert given
    assert all(hasattr(error, name) for name in given)


def test_every_error_has_an_example_here() -> None:
    all_errors = {
        kind
        for _, kind in inspect.getmembers(errors, inspect.isclass)
        if issubclass(kind, errors.HipdriveError) and kind is not errors.HipdriveError
    }
    assert {type(error) for error, _ in EXAMPLES} == all_errors


def test_a_table_with_many_columns_names_the_first_twelve() -> None:
    error = errors.UnknownColumn("log.csv", "Reps", [f"c{number}" for number in range(1, 14)])
    assert "c12, …)" in str(error)
    assert "c13" not in str(error)
    assert error.known[-1] == "c13"


def test_a_table_without_a_column_is_an_unreadable_file() -> None:
    assert isinstance(errors.UnknownColumn("log.csv", "Reps", []), errors.UnreadableFile)
