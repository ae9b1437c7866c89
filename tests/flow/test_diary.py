"""The athlete's diary reaches the warehouse: a race, shoes, and a line that nobody understands."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from hipdrive.night import commands
from hipdrive.night.freshness import fingerprint
from hipdrive.settings import Home
from hipdrive.warehouse import ask

SAMPLE_RUN = Path(__file__).parents[2] / "data" / "sample" / "run.fit"


def test_a_race_and_shoes_of_the_diary_stand_in_runs_and_a_bad_line_is_told(home: Home) -> None:
    commands.ingest(home, [SAMPLE_RUN])
    day = ask(home, "SELECT local_date FROM runs").item()
    assert ask(home, "SELECT run_type, gear FROM runs").row(0)[1] is None
    home.diary_file.write_text(f"local_date,kind,text\n{day},race,town\n{day},shoes,blue\nyesterday,note,x\n", "utf-8")
    night = commands.ingest(home, [SAMPLE_RUN])
    assert ask(home, "SELECT run_type, gear FROM runs").rows() == [("race", "blue")]
    assert ask(home, "SELECT kind FROM diary ORDER BY kind")["kind"].to_list() == ["race", "shoes"]
    (warning,) = [one for one in night.warnings if "diary" in one]
    assert "line 4: “yesterday” is not a valid day" in warning


def test_a_line_in_the_diary_makes_a_night_that_has_something_to_do(home: Home) -> None:
    before = fingerprint(home, date(2026, 3, 1))
    home.diary_file.write_text("local_date,kind\n2026-03-01,note\n", "utf-8")
    assert fingerprint(home, date(2026, 3, 1)) != before
    assert fingerprint(home, date(2026, 3, 1)) == fingerprint(home, date(2026, 3, 1))
