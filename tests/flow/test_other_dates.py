"""Real runs beside real strength logs of other years: nothing to compare, and the reason is said."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from hipdrive.estimate import estimate_effect
from hipdrive.estimate.interim_analyses import estimate_at_last_look
from hipdrive.night import commands
from hipdrive.settings import Home
from hipdrive.tables.weeks import Week
from hipdrive.warehouse import ask, read_table


@pytest.mark.parametrize(
    "log",
    [
        pytest.param("strong_comma_duration_us.csv", id="years before"),
        pytest.param("hevy_kg.csv", id="months after", marks=pytest.mark.campaign),
    ],
)
def test_runs_with_a_log_of_other_dates_cannot_be_estimated(home: Home, corpus: Path, log: str) -> None:
    commands.ingest(home, [corpus / "series_a", corpus.parent / "strength" / log])
    weeks = read_table(home, "weeks", Week).filter("is_complete").sort("week_start")
    assert weeks["runs"].sum() >= 15
    assert weeks["dose_known"].sum() >= 20
    effect = estimate_effect(weeks)
    assert effect.verdict == "cannot_be_estimated"
    assert effect.decision.grounds == ("other_dates",)
    look = estimate_at_last_look(weeks)
    assert look is None or look.decision.grounds == ("other_dates",)
    _, page = commands.report(home, date(2026, 11, 26), athlete=None, share=False)
    stored = ask(home, "SELECT verdict, runs, estimate_fraction FROM effects WHERE is_primary")
    assert stored.rows() == [("cannot_be_estimated", 0, None)]
    assert "the two are from other dates" in (page / "index.html").read_text(encoding="utf-8")
