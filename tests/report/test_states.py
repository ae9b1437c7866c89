from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import polars as pl
import pytest

from hipdrive.estimate.experiment import declare_experiment
from hipdrive.estimate.verdict import Experiment
from hipdrive.report.states import LOG_STOPPED_AFTER_DAYS, State, choose_state, days_without_log

if TYPE_CHECKING:
    from collections.abc import Callable

    from hipdrive.report import Findings


@pytest.mark.parametrize(
    ("weeks", "expected"),
    [
        (1, State.UNDER_12_WEEKS),
        (11, State.UNDER_12_WEEKS),
        (12, State.FROM_12_WEEKS),
        (25, State.FROM_12_WEEKS),
        (26, State.FROM_26_WEEKS),
        (51, State.FROM_26_WEEKS),
        (52, State.FROM_52_WEEKS),
    ],
)
def test_weeks_with_runs_and_a_known_dose_choose_the_state(
    make_findings: Callable[..., Findings], weeks: int, expected: State
) -> None:
    assert choose_state(make_findings(weeks)) is expected


def test_years_of_running_before_the_log_do_not_count(
    make_findings: Callable[..., Findings], with_frames: Callable[..., Findings]
) -> None:
    findings = make_findings(60)
    known_since = findings.weeks["week_start"][50]
    weeks = findings.weeks.with_columns(dose_known=pl.col("week_start") >= known_since)
    assert choose_state(with_frames(findings, weeks=weeks)) is State.UNDER_12_WEEKS


def test_a_demo_is_a_demo_at_any_length(make_findings: Callable[..., Findings]) -> None:
    assert choose_state(make_findings(4, is_demo=True)) is State.DEMO


def test_no_runs_come_before_no_log(make_findings: Callable[..., Findings]) -> None:
    assert choose_state(make_findings(20, has_runs=False, has_log=False)) is State.NO_RUNS
    assert choose_state(make_findings(20, has_log=False)) is State.NO_STRENGTH_LOG


@pytest.mark.parametrize(("days", "is_stopped"), [(LOG_STOPPED_AFTER_DAYS, False), (LOG_STOPPED_AFTER_DAYS + 1, True)])
def test_a_log_has_stopped_when_runs_went_on_without_it(
    make_findings: Callable[..., Findings], with_frames: Callable[..., Findings], days: int, *, is_stopped: bool
) -> None:
    findings = make_findings(30)
    last_run: date = findings.runs["local_date"].to_list()[-1]
    log_span = findings.log_span.with_columns(last_date=pl.lit(last_run - timedelta(days=days)))
    stopped = with_frames(findings, log_span=log_span)
    assert days_without_log(stopped) == days
    assert (choose_state(stopped) is State.LOG_STOPPED) is is_stopped


def test_a_log_that_outlives_the_runs_has_not_stopped(
    make_findings: Callable[..., Findings], with_frames: Callable[..., Findings]
) -> None:
    findings = make_findings(30)
    log_span = findings.log_span.with_columns(last_date=pl.lit(date(2027, 1, 1)))
    assert days_without_log(with_frames(findings, log_span=log_span)) == 0


def _with_blocks(findings: Findings, start: date, pairs: int = 2) -> Findings:
    declared = datetime(start.year, start.month, start.day, tzinfo=UTC) - timedelta(days=3)
    plans, blocks = declare_experiment("me", declared, start, 3, pairs=pairs)
    return dataclasses.replace(findings, plans=plans, plan_blocks=blocks)


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (date(2026, 11, 16), State.EXPERIMENT),  # the first week of its first block
        (date(2026, 11, 23), State.FROM_12_WEEKS),  # declared, and begins next Monday
        (date(2026, 4, 13), State.EXPERIMENT),  # the last week of its last
        (date(2026, 4, 6), State.FROM_12_WEEKS),  # over, and no estimate has looked at it yet
    ],
)
def test_a_running_experiment_comes_before_the_weeks(
    make_findings: Callable[..., Findings], start: date, expected: State
) -> None:
    assert choose_state(_with_blocks(make_findings(16), start)) is expected


def test_an_experiment_that_has_ended_leads_with_its_verdict(make_findings: Callable[..., Findings]) -> None:
    findings = make_findings(60)
    assert findings.look is not None
    look = dataclasses.replace(findings.look, experiment=Experiment(0.9, 0.05, 0.031, 6))
    assert choose_state(dataclasses.replace(findings, look=look)) is State.EXPERIMENT


def test_a_log_that_stopped_comes_before_an_experiment(make_findings: Callable[..., Findings]) -> None:
    stopped = make_findings(60, log_ends_weeks_ago=10)
    assert choose_state(_with_blocks(stopped, date(2026, 11, 16))) is State.LOG_STOPPED


def test_there_are_fewer_than_ten_states() -> None:
    assert len(State) < 10
