"""What the page offers to read further: the list of runs, two periods, the outcomes, and the parts of pace."""

from __future__ import annotations

import dataclasses
import re
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from hipdrive.estimate.two_periods import correlations, wander_of
from hipdrive.report import OPENED_RUNS, draw_page
from hipdrive.report.compare import offer_comparison
from hipdrive.report.figures.outcomes import draw_outcomes, outcome_names
from hipdrive.report.figures.parts import NAMES, draw_parts
from hipdrive.report.figures.theme import Figure
from hipdrive.report.habits import written_for
from hipdrive.report.run_list import NO_VALUE, SHOWN_RUNS, list_runs
from hipdrive.settings import Habits
from hipdrive.tables.estimates import PacePart
from hipdrive.tables.run_history import Run

if TYPE_CHECKING:
    from collections.abc import Callable

    from hipdrive.report import Findings


def test_the_newest_runs_are_listed_and_the_newest_of_them_open(make_findings: Callable[..., Findings]) -> None:
    findings = make_findings(104)
    listed = list_runs(findings)
    assert listed is not None
    newest = findings.runs.sort("start_utc", descending=True).head(SHOWN_RUNS)
    assert [row.iso_day for row in listed.rows] == [day.isoformat() for day in newest["local_date"]]
    assert [row.opens for row in listed.rows] == [True] * OPENED_RUNS + [False] * (SHOWN_RUNS - OPENED_RUNS)
    assert set(listed.minutes) == {row.key for row in listed.rows if row.opens}
    first = listed.minutes["r0"]
    assert isinstance(first, dict)
    assert first["heart_rate"][0] is None
    assert all(len(first[name]) == 30 for name in ("minute", "pace", "heart_rate", "cadence"))


def test_why_a_run_does_not_count_is_said_once_under_a_letter(make_findings: Callable[..., Findings]) -> None:
    listed = list_runs(make_findings(104))
    assert listed is not None
    (told,) = listed.reasons
    assert told == ("a", "fewer than 15 usable minutes")
    counts = [row.cells[-1].text for row in listed.rows]
    assert set(counts) == {"yes", "no (a)"}
    at_heart_rate = [row.cells[4].text for row in listed.rows if row.cells[-1].text != "yes"]
    assert set(at_heart_rate) == {NO_VALUE}


def test_what_a_watch_did_not_record_is_a_dash_and_sorts_last(make_findings: Callable[..., Findings]) -> None:
    findings = make_findings(16)
    bare = Run.cast(findings.runs.with_columns(pl.lit(None).alias(name) for name in ("heart_rate_bpm", "cadence_spm")))
    listed = list_runs(dataclasses.replace(findings, runs=bare, run_minutes=None))
    assert listed is not None
    assert listed.opened == 0
    assert {(row.cells[3].text, row.cells[3].by) for row in listed.rows} == {(NO_VALUE, "")}


def test_the_list_follows_the_readers_habits(make_findings: Callable[..., Findings]) -> None:
    findings = make_findings(16)
    with written_for(Habits(units="imperial", date_style="iso")):
        listed = list_runs(findings)
    assert listed is not None
    assert listed.columns[1:3] == ("mi", "min/mi")
    newest = findings.runs.sort("start_utc")["distance_m"][-1]
    assert listed.rows[0].cells[1].text == f"{newest / 1609.344:.1f}"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", listed.rows[0].day)


def test_without_a_run_there_is_no_list(make_findings: Callable[..., Findings]) -> None:
    assert list_runs(make_findings(8, has_runs=False)) is None


@pytest.mark.parametrize(("weeks", "length"), [(104, 12), (20, 10), (8, 4)])
def test_two_periods_stand_there_at_first(make_findings: Callable[..., Findings], weeks: int, length: int) -> None:
    offered = offer_comparison(make_findings(weeks))
    assert offered is not None
    for begin, end in (offered.earlier, offered.later):
        assert begin.weekday() == 0
        assert end - begin == timedelta(weeks=length, days=-1)
    assert offered.later[0] - offered.earlier[1] == timedelta(days=1)


def test_no_periods_are_offered_of_too_few_weeks_or_of_hip_work_alone(make_findings: Callable[..., Findings]) -> None:
    assert offer_comparison(make_findings(4)) is None
    assert offer_comparison(make_findings(30, has_runs=False)) is None


def test_independent_weeks_are_worth_their_number_and_a_slow_drift_is_not() -> None:
    rng = np.random.default_rng(3)
    noise, drift = rng.normal(size=400), np.cumsum(rng.normal(size=400))
    assert len(correlations(noise)) <= 2
    assert len(correlations(drift)) > 10
    reach = wander_of(noise).reach
    assert reach == pytest.approx(1.96 * noise.std(), rel=0.05)
    assert wander_of(np.full(20, 3.0)).alike == ()
    assert wander_of(np.array([1.0, np.nan, 2.0])).reach is None or wander_of(np.array([1.0, 2.0])).reach is None


def test_outcomes_are_those_that_the_record_holds(make_findings: Callable[..., Findings]) -> None:
    figures = draw_outcomes(make_findings(104))
    assert {figure.key for figure in figures} == set(outcome_names())
    bare = Run.cast(
        make_findings(104).runs.with_columns(pl.lit(None).alias("contact_time_at_reference_speed_s").cast(pl.Float64))
    )
    without = draw_outcomes(dataclasses.replace(make_findings(104), runs=bare, best_efforts=None))
    assert [figure.key for figure in without] == ["speed", "step_length_and_hip_work"]


def test_hip_work_stands_under_each_outcome_and_no_strip_where_no_log_speaks(
    make_findings: Callable[..., Findings],
) -> None:
    for has_log in (True, False):
        for figure in draw_outcomes(make_findings(60, has_log=has_log)):
            assert isinstance(figure, Figure)
            assert ("Hip work each week" in str(figure.spec)) is has_log
            assert "datum.hip_dose >=" not in str(figure.spec)


def test_the_parts_of_pace_are_one_figure_and_hip_work_is_one_only_where_the_table_holds_it(
    make_findings: Callable[..., Findings],
) -> None:
    findings = make_findings(104)
    figure = draw_parts(findings)
    assert figure is not None
    assert findings.pace_parts is not None
    parts = set(findings.pace_parts["part"].cast(pl.String))
    assert set(figure.table["part"]) == parts
    for part in parts:
        assert f"{NAMES[part]} from " in figure.text
    without = PacePart.cast(findings.pace_parts.filter(pl.col("part") != "strength"))
    silent = draw_parts(dataclasses.replace(findings, pace_parts=without))
    assert silent is not None
    assert NAMES["strength"] + " from" not in silent.text
    assert "What hip work might have done stays in fitness" in silent.note


def test_a_part_with_a_hopeless_range_is_left_out_and_few_runs_have_none(
    make_findings: Callable[..., Findings],
) -> None:
    findings = make_findings(104)
    assert findings.pace_parts is not None
    wide = PacePart.cast(
        findings.pace_parts.with_columns(
            pl.when(pl.col("part") == "season").then(0.9).otherwise(pl.col("hi_fraction")).alias("hi_fraction")
        )
    )
    figure = draw_parts(dataclasses.replace(findings, pace_parts=wide))
    assert figure is not None
    assert "season" not in figure.table["part"]
    assert draw_parts(make_findings(8)) is None


def test_no_place_and_no_clock_time_is_in_the_minutes(make_findings: Callable[..., Findings]) -> None:
    page = draw_page(make_findings(16), shared=True)
    assert '"minutes":{"specs"' in page
    runs = page[page.index('"runs":{"r0"') :][:4000]
    assert set(re.findall(r'"([a-z_]+)":\[', runs)) == {"minute", "pace", "heart_rate", "cadence"}
