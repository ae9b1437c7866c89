"""What a night reads again, which content of a path counts, and what stands: real files and DuckDB, no Prefect."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from hipdrive.errors import FailedCheck, MissingInbox, NewerWarehouse, WrongUse
from hipdrive.measure.runs import measure_runs
from hipdrive.night import commands
from hipdrive.night.derive import derive_tables
from hipdrive.night.erasure import forget_athlete, forget_source
from hipdrive.read.archives import Opened, open_offer
from hipdrive.read.inbox import Offer
from hipdrive.settings import Archive, Home
from hipdrive.warehouse import (
    Warehouse,
    ask,
    build_of,
    facts,
    list_backups,
    page_is_older,
    read_stamp,
    reread_so_far,
    restore,
)

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
HEADER = "Date,Workout Name,Duration,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes,Workout Notes,RPE\n"
TONIGHT = date(2026, 11, 30)


def log(*rows: str) -> str:
    """A Strong export: `2026-03-02 Squat 60 5` is one set."""
    lines = []
    for number, row in enumerate(rows, start=1):
        day, name, weight, reps = row.split()
        lines.append(f"{day} 18:00:00,Gym,1h,{name},{number},{weight},{reps},0,0,,,\n")
    return HEADER + "".join(lines)


def put(home: Home, name: str, text: str | bytes, *, changed: int = 0) -> Path:
    path = home.inbox / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    if changed:
        os.utime(path, ns=(0, changed))
    return path


def night(home: Home) -> list[str]:
    return commands.nightly(Home(home.folder), TONIGHT).warnings


def sets_that_count(home: Home) -> list[tuple[object, ...]]:
    query = "SELECT local_date, weight_kg, reps FROM strength_sets WHERE superseded_by IS NULL ORDER BY ALL"
    return [tuple(str(cell) for cell in row) for row in ask(home, query).rows()]


def fates(home: Home) -> dict[str, str]:
    return dict(ask(home, "SELECT path, status FROM sources ORDER BY last_offered_utc").rows())


def settle_setting(home: Home, line: str, section: str) -> Home:
    text = home.settings_file.read_text(encoding="utf-8").replace(f"[{section}]\n", f"[{section}]\n{line}\n", 1)
    home.settings_file.write_text(text, encoding="utf-8")
    return Home(home.folder)


# What is read again


def test_a_remedy_that_is_printed_works_the_next_night(home: Home) -> None:
    put(home, "strong.csv", log("2026-03-02 Squat 100 5"))
    night(home)
    assert sets_that_count(home) == [("2026-03-02", "100.0", "5.0")]
    night(settle_setting(home, 'weight_unit = "lb"', "strength"))
    ((_, weight, _),) = sets_that_count(home)
    assert float(str(weight)) == pytest.approx(100 * 0.45359237, abs=0.01)


def test_a_time_zone_that_was_wrong_moves_the_days_the_next_night(home: Home) -> None:
    put(home, "strong.csv", log("2026-03-02 Squat 100 5"))
    night(home)
    (before,) = ask(home, "SELECT started_utc FROM strength_sets")["started_utc"]
    text = home.settings_file.read_text(encoding="utf-8").replace('time_zone = "UTC"', 'time_zone = "Asia/Tokyo"')
    home.settings_file.write_text(text, encoding="utf-8")
    night(home)
    (after,) = ask(home, "SELECT started_utc FROM strength_sets")["started_utc"]
    assert (before - after).total_seconds() == 9 * 3600


def test_an_order_of_dates_brings_a_log_out_of_quarantine_the_next_night(home: Home) -> None:
    rows = "date,exercise,reps,weight\n03/04/2026,Squat,5,60\n04/05/2026,Squat,5,60\n"
    put(home, "table.csv", rows)
    night(home)
    assert sets_that_count(home) == []
    night(settle_setting(home, 'date_order = "day_first"', "strength"))
    assert [row[0] for row in sets_that_count(home)] == ["2026-04-03", "2026-05-04"]


def test_a_raised_bound_opens_the_archive_the_next_night(home: Home, tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.csv").write_text(log(f"2026-03-0{number + 1} Squat 60 5"), encoding="utf-8")
    shutil.make_archive(str(home.inbox / "logs"), "zip", tmp_path, ".")
    text = home.settings_file.read_text(encoding="utf-8")
    night(settle_setting(home, "max_members = 2", "archive"))
    assert fates(home) == {"data/inbox/logs.zip": "quarantined"}
    home.settings_file.write_text(text, encoding="utf-8")
    night(home)
    assert fates(home)["data/inbox/logs.zip"] == "loaded"
    assert len(sets_that_count(home)) >= 3


def test_an_athlete_who_is_named_later_takes_her_folder_the_next_night(home: Home) -> None:
    put(home, "anna/run.fit", (SAMPLE / "run.fit").read_bytes())
    night(home)
    assert ask(home, "SELECT athlete_id FROM runs")["athlete_id"].to_list() == ["me"]
    home.settings_file.write_text(home.settings_file.read_text(encoding="utf-8") + "\n[athletes.anna]\n", "utf-8")
    night(home)
    assert ask(home, "SELECT athlete_id FROM runs")["athlete_id"].to_list() == ["anna"]
    for table in ("activities", "sources", "readings", "daily_load"):
        assert ask(home, f"SELECT count(*) AS n FROM {table} WHERE athlete_id = 'me'").item() == 0, table  # noqa: S608


def test_a_new_edition_of_the_program_reads_everything_again(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    put(home, "strong.csv", log("2026-03-02 Squat 60 5"))
    night(home)
    before = ask(home, "SELECT read_with FROM sources").item()
    monkeypatch.setattr("hipdrive.night.provenance.EDITION", 999)
    night(home)
    after = ask(home, "SELECT read_with FROM sources").item()
    assert (before != after, "edition 999" in after) == (True, True)


def test_a_file_read_in_place_is_looked_for_where_it_lay(home: Home, tmp_path: Path) -> None:
    place = tmp_path / "elsewhere.csv"
    place.write_text(log("2026-03-02 Squat 100 5"), encoding="utf-8")
    commands.ingest(home, [place], TONIGHT)
    night(settle_setting(home, 'weight_unit = "lb"', "strength"))
    ((_, pounds, _),) = sets_that_count(home)
    assert float(str(pounds)) < 50
    place.unlink()
    night(settle_setting(home, 'distance_unit = "km"', "strength"))
    assert sets_that_count(home) != []
    assert ask(home, "SELECT is_gone, read_with LIKE '%distances m%' AS old FROM sources").rows() == [(True, True)]


def test_nothing_new_makes_no_copy_and_opens_no_file(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    put(home, "strong.csv", log("2026-03-02 Squat 60 5"))
    night(home)
    before = home.warehouse_file.stat().st_ino

    def refuse(*_: object) -> None:
        raise AssertionError("a copy was made")

    monkeypatch.setattr(Warehouse, "__enter__", refuse)
    record = commands.nightly(home, TONIGHT)
    assert record.sentence == "Nothing new: the report stands."
    assert commands.ingest(home, [home.inbox], TONIGHT).sources == {}
    assert home.warehouse_file.stat().st_ino == before


# Versions of one path


def test_a_corrected_log_wins_by_when_it_was_offered(home: Home) -> None:
    for order_of_weights in ((600, 60), (60, 600)):
        shutil.rmtree(home.data)
        home.inbox.mkdir(parents=True)
        for number, weight in enumerate(order_of_weights):
            put(home, "strong.csv", log(f"2026-03-02 Squat {weight} 5"), changed=1000 + number)
            night(home)
        assert sets_that_count(home) == [("2026-03-02", f"{order_of_weights[1]}.0", "5.0")]


def test_a_to_b_to_a_returns_to_a(home: Home) -> None:
    texts = [log("2026-03-02 Squat 60 5"), log("2026-03-02 Squat 70 5")]
    for number, text in enumerate([texts[0], texts[1], texts[0]]):
        put(home, "strong.csv", text, changed=1000 + number % 2)  # the third is the first again, time of change too
        night(home)
    assert sets_that_count(home) == [("2026-03-02", "60.0", "5.0")]
    assert ask(home, "SELECT status, counted FROM sources ORDER BY ALL").rows() == [("loaded", 1), ("replaced", 0)]


def test_a_newer_content_replaces_only_the_days_that_it_covers(home: Home) -> None:
    put(home, "strong.csv", log("2026-01-05 Squat 60 5", "2026-03-02 Squat 62 5", "2026-03-04 Squat 64 5"))
    night(home)
    put(home, "strong.csv", log("2026-03-02 Squat 62 5", "2026-03-06 Squat 66 5"), changed=2000)
    night(home)
    assert [row[:2] for row in sets_that_count(home)] == [
        ("2026-01-05", "60.0"),
        ("2026-03-02", "62.0"),
        ("2026-03-06", "66.0"),
    ]
    (reason,) = ask(home, "SELECT reason FROM sources WHERE status = 'replaced'")["reason"]
    assert "1 sets of earlier days still count" in reason


def test_losing_over_a_quarter_of_a_logs_sets_is_told(home: Home) -> None:
    rows = [f"2026-03-{day:02} Squat 60 5" for day in range(1, 13)]
    put(home, "strong.csv", log(*rows))
    assert night(home) == []
    put(home, "strong.csv", log(rows[0], *rows[6:]), changed=2000)
    (warning,) = night(home)
    assert "had 12 sets that counted and now has 7" in warning


def test_an_empty_content_replaces_nothing(home: Home) -> None:
    put(home, "strong.csv", log("2026-03-02 Squat 60 5"))
    night(home)
    put(home, "strong.csv", "", changed=2000)
    night(home)
    assert len(sets_that_count(home)) == 1


def test_another_run_under_an_old_name_is_another_run(home: Home, two_runs: tuple[bytes, bytes]) -> None:
    for number, run in enumerate(two_runs):
        put(home, "latest.fit", run, changed=1000 + number)
        night(home)
    assert ask(home, "SELECT count(*) AS n FROM runs").item() == 2
    put(home, "latest.fit", two_runs[1] + b"\0\0", changed=3000)  # the same run once more, in other bytes
    night(home)
    assert ask(home, "SELECT count(*) AS n FROM runs").item() == 2


# Whose it is


@pytest.fixture
def team(home: Home) -> Home:
    text = home.settings_file.read_text(encoding="utf-8") + "\n[athletes.anna]\n\n[athletes.ben]\n"
    home.settings_file.write_text(text, encoding="utf-8")
    return Home(home.folder)


def test_one_file_in_two_folders_is_two_athletes_run(team: Home) -> None:
    for name in ("anna", "ben"):
        put(team, f"{name}/run.fit", (SAMPLE / "run.fit").read_bytes())
    night(team)
    runs = ask(team, "SELECT athlete_id, activity_id, distance_m FROM runs ORDER BY athlete_id")
    assert runs["athlete_id"].to_list() == ["anna", "ben"]
    assert runs["activity_id"].n_unique() == 2
    assert runs["distance_m"].n_unique() == 1
    assert set(fates(team).values()) == {"loaded"}


def test_a_file_that_moves_to_another_athlete_takes_its_rows_along(team: Home) -> None:
    put(team, "anna/run.fit", (SAMPLE / "run.fit").read_bytes())
    put(team, "anna/strong.csv", log("2026-03-02 Squat 60 5"))
    night(team)
    (team.inbox / "ben").mkdir()
    (team.inbox / "anna" / "run.fit").rename(team.inbox / "ben" / "run.fit")
    night(team)
    assert ask(team, "SELECT athlete_id FROM runs")["athlete_id"].to_list() == ["ben"]
    assert ask(team, "SELECT path FROM sources WHERE athlete_id = 'anna'")["path"].to_list() == [
        "data/inbox/anna/strong.csv"
    ]
    assert ask(team, "SELECT count(*) AS n FROM samples").item() > 100


# What stands


def page(home: Home) -> tuple[str, str] | None:
    return read_stamp(home.newest_page)


def test_a_run_that_was_ingested_is_on_the_page_after_the_next_night(home: Home) -> None:
    put(home, "strong.csv", log("2026-03-02 Squat 60 5"))
    night(home)
    commands.ingest(home, [SAMPLE / "run.fit"], TONIGHT)
    assert page_is_older(home)
    record = commands.nightly(home, TONIGHT)
    assert record.sentence != "Nothing new: the report stands."
    assert not page_is_older(home)
    assert page(home) == (str(build_of(home.warehouse_file)), TONIGHT.isoformat())


def test_a_break_between_the_swap_and_the_page_is_mended_by_the_next_night(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(home, "strong.csv", log("2026-03-02 Squat 60 5"))
    night(home)
    put(home, "later.csv", log("2026-04-02 Squat 60 5"))
    with monkeypatch.context() as broken:
        broken.setattr("hipdrive.report.folders.StagedReport.put_in_place", _break)
        with pytest.raises(KeyboardInterrupt):
            night(home)
    assert page_is_older(home)
    before = build_of(home.warehouse_file)
    night(home)
    assert not page_is_older(home)
    assert build_of(home.warehouse_file) == before  # drawn again, without a copy


def _break(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_new_day_without_news_draws_the_page_alone(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    put(home, "run.fit", (SAMPLE / "run.fit").read_bytes())
    night(home)
    before = build_of(home.warehouse_file)
    monkeypatch.setattr("hipdrive.night.order.estimate_athlete", _break)
    commands.nightly(home, date(2026, 12, 1))
    assert page(home) == (before, "2026-12-01")
    assert (home.reports / "2026-12-01" / "index.html").is_file()
    assert build_of(home.warehouse_file) == before


def test_a_shared_report_leaves_the_warehouse_and_the_runners_page_alone(home: Home) -> None:
    put(home, "run.fit", (SAMPLE / "run.fit").read_bytes())
    night(home)
    before = {path: path.read_bytes() for path in (home.warehouse_file, home.newest_page)}
    _, folder = commands.report(home, TONIGHT, share=True)
    assert folder == home.reports / "shared" / TONIGHT.isoformat()
    assert {path: path.read_bytes() for path in before} == before


# The wall round each file


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
    assert any(warning.startswith("anna: ") for warning in warnings)
    counts = ask(team, "SELECT athlete_id, count(*) AS n FROM strength_sets GROUP BY 1 ORDER BY 1")
    assert counts.rows() == [("anna", 1), ("ben", 2)]
    assert fates(team)["data/inbox/anna/later.csv"] == "quarantined"
    assert (team.reports / "latest" / "anna" / "index.html").read_bytes() == old
    monkeypatch.undo()
    night(team)  # what was set aside is offered again
    assert ask(team, "SELECT count(*) AS n FROM strength_sets WHERE athlete_id = 'anna'").item() == 2


def test_a_severe_check_of_the_only_athlete_stops_the_night(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    put(home, "strong.csv", log("2026-03-02 Squat 60 5"))
    night(home)
    before = home.warehouse_file.read_bytes()
    put(home, "later.csv", log("2026-04-02 Squat 60 5"))

    def poison(warehouse: Warehouse, settings: object, athlete: str, resolver: object) -> None:
        derive_tables(warehouse, settings, athlete, resolver)  # type: ignore[arg-type]
        warehouse._run("UPDATE strength_sets SET hip_dose = 9, local_date = DATE '1999-01-01'")

    monkeypatch.setattr("hipdrive.night.order.derive_tables", poison)
    with pytest.raises(FailedCheck):
        night(home)
    assert home.warehouse_file.read_bytes() == before


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


# Restore and erasure


def test_the_last_three_warehouses_are_kept_and_one_comes_back(home: Home) -> None:
    for day in range(1, 6):
        put(home, f"{day}.csv", log(f"2026-03-0{day} Squat 60 5"))
        night(home)
    night(home)  # nothing new: nothing is kept
    assert len(list_backups(home.data / "backups")) == 3
    restore(home)
    assert len(sets_that_count(home)) == 4
    night(home)
    assert len(sets_that_count(home)) == 5
    with pytest.raises(WrongUse, match="no backup 9 nights back"):
        restore(home, 9)


def test_a_source_is_forgotten_for_good(home: Home) -> None:
    path = put(home, "secret.csv", log("2026-03-02 Zercher 60 5"))
    put(home, "other.csv", log("2026-04-02 Squat 60 5"))
    night(home)
    with pytest.raises(WrongUse, match="lies in the inbox"):
        forget_source(home, "data/inbox/secret.csv", keep_file=False)
    assert forget_source(home, "data/inbox/secret.csv", keep_file=True) == 1
    assert fates(home)["data/inbox/secret.csv"] == "forgotten"
    night(home)
    assert len(sets_that_count(home)) == 1
    path.unlink()
    forget_source(home, "data/inbox/secret.csv", keep_file=False)
    night(home)
    assert fates(home) == {"data/inbox/other.csv": "loaded"}
    for file in home.folder.rglob("*"):
        assert not file.is_file() or b"Zercher" not in file.read_bytes(), file


def test_an_athlete_is_forgotten_everywhere_but_in_the_inbox(team: Home) -> None:
    for name in ("anna", "ben"):
        put(team, f"{name}/strong.csv", log("2026-03-02 Squat 60 5"))
    team.diary_file.write_text(
        "local_date,kind,text,athlete_id\n2026-03-01,note,x,anna\n2026-03-01,note,y,ben\n", "utf-8"
    )
    night(team)
    commands.report(team, TONIGHT, share=True)
    with pytest.raises(WrongUse, match=r"still names anna"):
        forget_athlete(team, "anna")
    text = team.settings_file.read_text(encoding="utf-8").replace("[athletes.anna]\n", "")
    team.settings_file.write_text(text, encoding="utf-8")
    left = Home(team.folder)
    with pytest.raises(WrongUse, match="still there"):
        forget_athlete(left, "anna")
    shutil.rmtree(left.inbox / "anna")
    forget_athlete(left, "anna")
    for file in left.folder.rglob("*"):
        assert "anna" not in str(file.relative_to(left.folder)), file
        assert not file.is_file() or b"anna" not in file.read_bytes(), file
    assert ask(left, "SELECT DISTINCT athlete_id FROM strength_sets")["athlete_id"].to_list() == ["ben"]
    night(left)
    assert facts(left)["build"]


# Everything again


def test_a_backfill_reads_everything_again_and_lists_what_moved(home: Home) -> None:
    put(home, "strong.csv", log("2026-03-02 Squat 60 5", "2026-03-04 Hip_Thrust 60 8"))
    put(home, "run.fit", (SAMPLE / "run.fit").read_bytes())
    night(home)
    assert commands.backfill(home).moved == []
    with Warehouse(home) as warehouse:
        warehouse._run("UPDATE run_measures SET distance_m = 2 * distance_m")
        warehouse._run("UPDATE sources SET read_with = 'long ago'")
        warehouse.swap("tampered")
    record = commands.backfill(home)
    moved = {(one.table, one.column): one for one in record.moved}
    distance = moved["runs", "distance_m"]
    assert distance.rows == distance.of == 1
    assert distance.after == pytest.approx((distance.before or 0) / 2)
    assert record.sources["loaded"] == 2
    assert "long ago" not in ask(home, "SELECT read_with FROM sources")["read_with"].to_list()


def test_a_backfill_that_broke_off_is_gone_on_with(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    for day in range(1, 4):
        put(home, f"{day}.csv", log(f"2026-03-0{day} Squat 60 5"))
    night(home)
    monkeypatch.setattr("hipdrive.night.batches.BATCH_FILES", 1)
    opened: list[str] = []
    real = open_offer

    def count(offer: Offer, bounds: Archive) -> Opened:
        if len(opened) == 2 and not broken:
            broken.append(True)
            raise KeyboardInterrupt
        opened.append(offer.name)
        return real(offer, bounds)

    broken: list[bool] = []
    monkeypatch.setattr("hipdrive.night.batches.open_offer", count)
    with pytest.raises(KeyboardInterrupt):
        commands.backfill(home)
    assert reread_so_far(home) == 2
    night(home)  # the next night goes on there
    assert opened == ["data/inbox/1.csv", "data/inbox/2.csv", "data/inbox/3.csv"]
    assert reread_so_far(home) is None
    assert len(sets_that_count(home)) == 3


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
