"""Whatever one file raises stays with it, and no night ends by it."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from hipdrive.errors import FailedCheck, MissingInbox, NewerWarehouse
from hipdrive.measure.runs import measure_runs
from hipdrive.night import commands
from hipdrive.night.derive import derive_tables
from hipdrive.settings import Home
from hipdrive.warehouse import (
    Warehouse,
    ask,
)
from tests.makers.nights import SAMPLE, TONIGHT, fates, log, night, put


@pytest.mark.parametrize(
    "where", ["hipdrive.night.one_file.read_strength", "hipdrive.night.one_file.tidy_strength_sets"]
)
@pytest.mark.parametrize("error", [ZeroDivisionError("by nought"), pl.exceptions.PanicException("thread panicked")])
def test_whatever_a_log_raises_stays_with_it(
    home: Home, monkeypatch: pytest.MonkeyPatch, where: str, error: BaseException
) -> None:
    put(home, "odd.csv", log("2026-03-02 Squat 60 5"))
    put(home, "run.fit", (SAMPLE / "run.fit").read_bytes())

    def burst(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(where, burst)
    record = commands.nightly(home, TONIGHT)
    assert record.needs_a_person
    assert fates(home) == {"data/inbox/odd.csv": "quarantined", "data/inbox/run.fit": "loaded"}
    (reason,) = ask(home, "SELECT reason FROM sources WHERE status = 'quarantined'")["reason"]
    assert type(error).__name__ in reason
    assert str(error) not in reason  # a library quotes what the file holds


def test_whatever_measuring_one_run_raises_stays_with_it(
    home: Home, monkeypatch: pytest.MonkeyPatch, two_runs: tuple[bytes, bytes]
) -> None:
    for number, run in enumerate(two_runs):
        put(home, f"{number}.fit", run)
    measure: Callable[..., object] = measure_runs
    first = f"{hashlib.sha256(two_runs[0]).hexdigest()[:16]}-0"

    def burst(activities: pl.DataFrame, *rest: object) -> object:
        if first in activities["activity_id"].to_list():
            raise pl.exceptions.ComputeError("that one")
        return measure(activities, *rest)

    monkeypatch.setattr("hipdrive.night.batches.measure_runs", burst)
    commands.nightly(home, TONIGHT)
    assert fates(home) == {"data/inbox/0.fit": "quarantined", "data/inbox/1.fit": "loaded"}
    assert ask(home, "SELECT count(*) AS n FROM runs").item() == 1


@pytest.mark.parametrize("error", [MemoryError(), OSError(28, "No space left on device")])
def test_the_machines_trouble_is_no_files_fault(
    home: Home, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    put(home, "odd.csv", log("2026-03-02 Squat 60 5"))

    def burst(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("hipdrive.night.one_file.read_strength", burst)
    with pytest.raises(type(error)):
        commands.nightly(home, TONIGHT)
    assert not home.warehouse_file.exists()


def test_a_severe_check_stops_its_athlete_and_not_the_team(team: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("anna", "ben"):
        put(team, f"{name}/strong.csv", log("2026-03-02 Squat 60 5"))
    night(team)
    old = (team.reports / "latest" / "anna" / "index.html").read_bytes()

    def poison(warehouse: Warehouse, settings: object, athlete: str, resolver: object) -> None:
        derive_tables(warehouse, settings, athlete, resolver)  # type: ignore[arg-type]
        if athlete == "anna":
            warehouse._run(
                "UPDATE strength_sets SET hip_dose = 9, local_date = DATE '1999-01-01' WHERE athlete_id = 'anna'"
            )

    monkeypatch.setattr("hipdrive.night.order.derive_tables", poison)
    for name in ("anna", "ben"):
        put(team, f"{name}/later.csv", log("2026-04-02 Squat 60 5"))
    warnings = night(team)
    (told,) = [warning for warning in warnings if "does not" in warning or "do not (" in warning]
    assert re.fullmatch(r"anna: .* (?:does|do) not \(athlete_id anna, .*\); .*the tables and the page stay .*", told)
    counts = ask(team, "SELECT athlete_id, count(*) AS n FROM strength_sets GROUP BY 1 ORDER BY 1")
    assert counts.rows() == [("anna", 1), ("ben", 2)]
    assert "data/inbox/anna/later.csv" not in fates(team)
    assert (team.reports / "latest" / "anna" / "index.html").read_bytes() == old
    monkeypatch.undo()
    night(team)  # what was set aside is offered again
    assert ask(team, "SELECT count(*) AS n FROM strength_sets WHERE athlete_id = 'anna'").item() == 2


def test_a_severe_check_of_the_only_athlete_stops_the_night(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    put(home, "strong.csv", log("2026-03-02 Squat 60 5"))
    night(home)
    before = home.warehouse_file.read_bytes()
    page = (home.reports / "latest" / "index.html").read_bytes()
    put(home, "later.csv", log("2026-04-02 Squat 60 5"))

    def poison(warehouse: Warehouse, settings: object, athlete: str, resolver: object) -> None:
        derive_tables(warehouse, settings, athlete, resolver)  # type: ignore[arg-type]
        warehouse._run("UPDATE strength_sets SET hip_dose = 9, local_date = DATE '1999-01-01'")

    monkeypatch.setattr("hipdrive.night.order.derive_tables", poison)
    with pytest.raises(FailedCheck, match=r"do(?:es)? not \(athlete_id me, "):
        night(home)
    assert home.warehouse_file.read_bytes() == before
    assert (home.reports / "latest" / "index.html").read_bytes() == page


def body(home: Home) -> str:
    """The newest page without its stamp."""
    return home.newest_page.read_text(encoding="utf-8").partition("<body")[2]


def test_news_by_which_deriving_breaks_are_set_aside_and_offered_again(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(home, "strong.csv", log("2026-03-02 Squat 60 5"))
    night(home)
    page = body(home)
    put(home, "later.csv", log("2026-04-02 Squat 60 5"))

    def burst(*_: object) -> None:
        raise ZeroDivisionError("60 kg")

    with monkeypatch.context() as patch:
        patch.setattr("hipdrive.night.order.derive_tables", burst)
        (told,) = [warning for warning in night(home) if "ZeroDivisionError" in warning]
    assert told.startswith("me: hipdrive failed on this file")
    assert told.endswith("the tables and the page stay those of the last good night")
    assert fates(home) == {"data/inbox/later.csv": "quarantined", "data/inbox/strong.csv": "loaded"}
    assert ask(home, "SELECT local_date FROM strength_sets")["local_date"].cast(str).to_list() == ["2026-03-02"]
    assert body(home) == page
    night(home)
    assert set(fates(home).values()) == {"loaded"}
    assert ask(home, "SELECT count(*) AS n FROM strength_sets").item() == 2


def test_an_inbox_that_went_away_changes_nothing(home: Home) -> None:
    put(home, "strong.csv", log("2026-03-02 Squat 60 5"))
    night(home)
    home.inbox.rename(home.data / "elsewhere")
    with pytest.raises(MissingInbox):
        night(home)
    assert ask(home, "SELECT is_gone FROM sources")["is_gone"].to_list() == [False]


def test_a_warehouse_of_a_newer_program_is_refused(home: Home) -> None:
    put(home, "strong.csv", log("2026-03-02 Squat 60 5"))
    night(home)
    with Warehouse(home) as warehouse:
        warehouse.remember({"schema": "9999_the_future.sql"})
        warehouse.swap("later")
    before = home.warehouse_file.read_bytes()
    put(home, "later.csv", log("2026-04-02 Squat 60 5"))
    with pytest.raises(NewerWarehouse, match="newer version of hipdrive"):
        night(home)
    assert home.warehouse_file.read_bytes() == before


def test_a_folder_that_the_system_refuses_is_a_row_and_its_files_are_not_gone(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(home, "closed/strong.csv", log("2026-03-02 Squat 60 5"))
    night(home)
    scan = os.scandir

    def refuse(place: str | Path) -> object:
        if str(place).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(place))
        return scan(place)

    monkeypatch.setattr("os.scandir", refuse)
    night(home)
    assert ask(home, "SELECT path, status, is_gone FROM sources ORDER BY path").rows() == [
        ("data/inbox/closed", "quarantined", False),
        ("data/inbox/closed/strong.csv", "loaded", False),
    ]
    monkeypatch.undo()
    night(home)
    assert fates(home) == {"data/inbox/closed/strong.csv": "loaded"}
