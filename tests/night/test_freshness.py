"""What of last night is still up to date, and what is drawn again."""

from __future__ import annotations

from datetime import date

import pytest

from hipdrive.night import commands
from hipdrive.night.freshness import ESTIMATED, estimated
from hipdrive.settings import Home
from hipdrive.warehouse import (
    BUILD,
    build_of,
    facts,
    page_is_older,
    read_stamp,
)
from tests.makers.nights import SAMPLE, TONIGHT, log, night, put


def page(home: Home) -> tuple[str, str] | None:
    return read_stamp(home.newest_page)


def test_a_run_that_was_ingested_is_on_the_page_after_the_next_night(home: Home) -> None:
    put(home, "strong.csv", log("2026-03-02 Squat 60 5"))
    night(home)
    commands.ingest(home, [SAMPLE / "run.fit"], TONIGHT)
    assert page_is_older(home)
    record = commands.nightly(home, TONIGHT)
    assert record.sentence != "Nothing new: the report is up to date."
    assert not page_is_older(home)
    assert page(home) == (str(build_of(home.warehouse_file)), TONIGHT.isoformat())
    assert facts(home)[ESTIMATED] == estimated(facts(home)[BUILD])  # drawn of an estimate that knows the run


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
