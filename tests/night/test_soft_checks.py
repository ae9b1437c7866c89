"""A soft check asks for a person only where one can settle what it found."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hipdrive.night import commands
from hipdrive.night.soft_checks import REMEMBERED_DAYS, needs_a_person
from hipdrive.settings import Home
from hipdrive.warehouse import OddRow, ask
from tests.makers.exports import FIRST, made_run
from tests.makers.nights import TONIGHT, log, put

PACE = "a run's pace should lie between"


def slow(days_ago: int) -> bytes:
    """A kilometre at 23 minutes."""
    return made_run((TONIGHT - FIRST.date()).days - days_ago, seconds=1400, speed_m_per_s=0.72)


@pytest.mark.parametrize(
    ("row", "is_for_a_person"),
    [
        (OddRow("line 3"), True),
        (OddRow("a", "me", "new", TONIGHT), True),
        (OddRow("a", "me", "new", TONIGHT + timedelta(days=400)), True),
        (OddRow("a", "me", "known", TONIGHT), False),
        (OddRow("a", "me", "new", TONIGHT, is_left_out=True), False),
        (OddRow("a", "me", "new", TONIGHT - timedelta(days=REMEMBERED_DAYS - 1)), True),
        (OddRow("a", "me", "new", TONIGHT - timedelta(days=REMEMBERED_DAYS)), False),
        (OddRow("a", "me", "new", None), False),
    ],
)
def test_a_person_is_asked_about_what_they_can_settle(row: OddRow, *, is_for_a_person: bool) -> None:
    assert needs_a_person(row, frozenset({"known"}), TONIGHT) is is_for_a_person


def test_one_odd_old_run_is_told_and_asks_for_nobody(home: Home) -> None:
    put(home, "old.fit", slow(2000))
    record = commands.nightly(Home(home.folder), TONIGHT)
    assert not record.needs_a_person
    (note,) = [one for one in record.notes if one.startswith(PACE)]
    assert "1 row does not (athlete_id me, activity_id " in note


def test_a_new_finding_asks_for_a_person_once(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hipdrive.measure.efficiency.USABLE_WINDOWS", 0)
    put(home, "new.fit", slow(1))
    record = commands.nightly(Home(home.folder), TONIGHT)
    (warning,) = record.warnings
    assert warning.startswith(PACE)
    (activity,) = ask(home, "SELECT activity_id FROM runs")["activity_id"]
    assert activity in warning
    put(home, "sets.csv", log("2026-03-02 Squat 60 5"))
    for again in (commands.nightly(Home(home.folder), TONIGHT), commands.backfill(Home(home.folder))):
        assert not again.needs_a_person
        assert [activity in note for note in again.notes if note.startswith(PACE)] == [True]


def test_a_teams_night_tells_its_athletes_notes(team: Home) -> None:
    put(team, "anna/old.fit", slow(2000))
    record = commands.nightly(Home(team.folder), TONIGHT)
    assert not record.needs_a_person
    assert [one for one in record.notes if one.startswith(f"anna: {PACE}")]
