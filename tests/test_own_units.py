"""The terminal speaks the reader's units and days too: what became of files, and the planner."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import polars as pl

from hipdrive.cli.asking import _as_they_read
from hipdrive.cli.console import Common
from hipdrive.cli.questions import plan
from hipdrive.settings import Home

if TYPE_CHECKING:
    import pytest

SOURCES = pl.DataFrame(
    {"athlete_id": ["me", "bo", "me"], "reason": ["its session says 12.1 km", "its session says 12.1 km", None]}
)


def _home_of(home: Home, text: str) -> Home:
    home.settings_file.write_text(text, encoding="utf-8")
    return Home(home.folder)


def test_each_file_is_told_of_in_its_athlete_s_units(home: Home) -> None:
    mixed = _home_of(home, 'units = "imperial"\n[athletes.bo]\nunits = "metric"\n')
    told = _as_they_read(mixed, SOURCES)["reason"].to_list()
    assert told == ["its session says 7.5 mi", "its session says 12.1 km", None]
    assert _as_they_read(_home_of(home, ""), SOURCES).equals(SOURCES)


def test_the_planner_writes_days_as_its_reader_does(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    iso = _home_of(home, 'date_style = "iso"\n')
    plan(start=True, common=Common(home=iso.folder))
    said = capsys.readouterr().out
    assert f"{datetime.now(UTC):%Y}-" in said
    assert f"{datetime.now(UTC):%B}" not in said
