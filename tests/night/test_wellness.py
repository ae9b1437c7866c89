"""Resting heart rate from monitoring files and the diary, through a night: one value a day, and nothing lost."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from hipdrive.cli.settings_template import settings_template
from hipdrive.night import commands
from hipdrive.night.erasure import forget_source
from hipdrive.settings import Home
from hipdrive.warehouse import ask
from tests.makers.runs import at, fit_bytes

TONIGHT = date(2026, 11, 30)
DAY = 86_400


@pytest.fixture
def home(tmp_path: Path) -> Home:
    (tmp_path / "hipdrive.toml").write_text(settings_template(), encoding="utf-8")
    home = Home(tmp_path)
    home.inbox.mkdir(parents=True)
    return home


def monitoring(*beats: tuple[int, int]) -> bytes:
    rates = [{"timestamp": at(day * DAY), "current_day_resting_heart_rate": rate} for day, rate in beats]
    return fit_bytes(("monitoring_hr_data", rates), kind="monitoring_b")


def put(home: Home, name: str, data: bytes) -> None:
    (home.inbox / name).write_bytes(data)


def night(home: Home) -> None:
    commands.nightly(Home(home.folder), TONIGHT)


def told(home: Home) -> list[tuple[object, ...]]:
    query = "SELECT local_date, resting_heart_rate_bpm, source FROM daily_wellness ORDER BY local_date"
    return [(str(day)[-2:], beats, source) for day, beats, source in ask(home, query).rows()]


def fates(home: Home) -> dict[str, tuple[object, ...]]:
    rows = ask(home, "SELECT path, status, counted, reason FROM sources ORDER BY path, last_offered_utc").rows()
    return {path.split("/")[-1]: tuple(rest) for path, *rest in rows}


def test_a_day_has_one_value_the_last_that_was_told_and_the_diarys_word_goes_first(home: Home) -> None:
    put(home, "a.fit", monitoring((0, 50), (1, 51)))
    put(
        home,
        "b.fit",
        fit_bytes(
            ("monitoring_hr_data", [{"timestamp": at(3600), "current_day_resting_heart_rate": 48}]), kind="monitoring_b"
        ),
    )
    put(home, "steps.fit", fit_bytes(("monitoring", [{"timestamp": at(0), "cycles": 50.0}]), kind="monitoring_b"))
    home.diary_file.write_text("local_date,kind,text\n2026-03-03,resting_heart_rate,46 bpm\n", encoding="utf-8")
    night(home)
    assert told(home) == [("02", 48.0, "watch"), ("03", 46.0, "diary")]
    found = fates(home)
    assert found["b.fit"] == ("loaded", 1, "a day's monitoring, not an activity; resting heart rate of 1 day")
    assert found["a.fit"][:2] == ("loaded", 0)
    assert str(found["a.fit"][2]).endswith("each of its days is in another file or in the diary")
    assert found["steps.fit"] == ("skipped", 0, "a day's monitoring, not an activity")


def test_a_newer_content_replaces_the_days_that_it_tells_and_the_others_stay(home: Home) -> None:
    put(home, "a.fit", monitoring((0, 50), (1, 51)))
    night(home)
    put(home, "a.fit", monitoring((1, 45), (2, 46)))
    night(home)
    assert [row[:2] for row in told(home)] == [("02", 50.0), ("03", 45.0), ("04", 46.0)]


def test_what_a_file_told_goes_with_it(home: Home) -> None:
    put(home, "a.fit", monitoring((0, 50)))
    put(home, "b.fit", monitoring((1, 51)))
    night(home)
    (home.inbox / "a.fit").unlink()
    night(home)
    assert len(told(home)) == 2
    forget_source(Home(home.folder), "data/inbox/a.fit", keep_file=False)
    assert [row[0] for row in told(home)] == ["03"]
    assert ask(home, "SELECT count(*) FROM resting_heart_rates").item() == 1


def test_days_that_the_log_says_were_without_strength_work_reach_the_warehouse(home: Home) -> None:
    text = "date,exercise,reps,until\n2026-03-02,squat,5,\n2026-03-09,none,,2026-03-15\n"
    (home.inbox / "log.csv").write_text(text, encoding="utf-8")
    night(home)
    assert ask(home, "SELECT count(*) FROM none_spans").item() == 1
