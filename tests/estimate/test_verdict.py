from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from hipdrive.estimate.quantity import Quantity
from hipdrive.estimate.verdict import Decision, Experiment, Facts, decide
from hipdrive.tables.estimates import VERDICTS

SOUND = Facts(
    known_weeks=104,
    weeks=100,
    runs=400,
    block_changes=8,
    contrast=0.6,
    season_share=0.1,
    covariate_share=0.3,
    achieved=Quantity(0.03, 0.015, 0.045),
    p_value=0.01,
    shift_p_value=0.02,
    lead_p_value=0.5,
    robustness_value=0.3,
    load_benchmark=0.1,
)
KEPT = Experiment(done_on=0.9, done_off=0.05, p_value=0.03, pairs=6)


def interval(lo: float, hi: float) -> Quantity:
    return Quantity((lo + hi) / 2, lo, hi)


def verdict_of(**changes: object) -> str:
    return decide(replace(SOUND, **changes)).verdict  # type: ignore[arg-type]


def test_faster_and_every_check_passed_is_associated() -> None:
    assert decide(SOUND) == Decision("associated", (), SOUND)


@pytest.mark.parametrize(
    ("border", "inside", "ground"),
    [
        ({"known_weeks": 26}, {"known_weeks": 25}, "few_weeks"),
        ({"runs": 60}, {"runs": 59}, "few_runs"),
        ({"block_changes": 2}, {"block_changes": 1}, "few_changes"),
        ({"contrast": 0.15}, {"contrast": 0.149}, "too_even"),
        ({"covariate_share": 0.9}, {"covariate_share": 0.901}, "entangled"),
        (
            {"season_share": 0.5, "known_weeks": 77},
            {"season_share": 0.51, "known_weeks": 77},
            "seasonal",
        ),
        ({"season_share": 0.9, "known_weeks": 78}, {"season_share": 0.9, "known_weeks": 77}, "seasonal"),
    ],
)
def test_what_cannot_be_estimated(border: dict[str, object], inside: dict[str, object], ground: str) -> None:
    assert verdict_of(**border) != "cannot_be_estimated"
    decision = decide(replace(SOUND, **inside))  # type: ignore[arg-type]
    assert decision.verdict == "cannot_be_estimated"
    assert decision.grounds == (ground,)


def test_logs_of_other_dates_and_no_log_have_their_own_reason() -> None:
    elsewhere = decide(replace(SOUND, weeks=0, runs=0, achieved=Quantity()))
    assert elsewhere.grounds == ("other_dates",)
    no_log = decide(replace(SOUND, known_weeks=0, weeks=0, runs=0, achieved=Quantity()))
    assert no_log.grounds == ("no_log",)


def test_nothing_fitted_is_never_a_verdict_about_running() -> None:
    assert decide(replace(SOUND, achieved=Quantity())).grounds == ("nothing_left",)


@pytest.mark.parametrize(
    ("lo", "hi", "verdict"),
    [
        (-0.0301, 0.03, "not_enough_data"),
        (-0.03, 0.03, "no_clear_sign"),
        (0.0, 0.061, "not_enough_data"),
        (0.0, 0.06, "no_clear_sign"),
        (1e-9, 0.0611, "associated"),
        (-0.01, 0.01, "practically_none"),
        (-0.0101, 0.01, "no_clear_sign"),
        (-0.01, 0.0101, "no_clear_sign"),
        (0.002, 0.01, "practically_none"),
        (0.002, 0.0101, "associated"),
        (-0.03, 0.0, "no_clear_sign"),
        (-0.03, -1e-9, "slower"),
        (-0.01, -0.001, "practically_none"),
    ],
)
def test_borders_of_the_interval(lo: float, hi: float, verdict: str) -> None:
    assert verdict_of(achieved=interval(lo, hi)) == verdict


@pytest.mark.parametrize("achieved", [interval(0.015, 0.045), interval(-0.045, -0.015)])
@pytest.mark.parametrize(
    ("passes", "fails", "check"),
    [
        ({"lead_p_value": 0.101}, {"lead_p_value": 0.10}, "future_dose"),
        ({"robustness_value": 0.101}, {"robustness_value": 0.1}, "training_load"),
        ({}, {"lead_p_value": None}, "future_dose"),
        ({}, {"load_benchmark": None}, "training_load"),
    ],
)
def test_each_check_can_fail_alone(
    achieved: Quantity, passes: dict[str, object], fails: dict[str, object], check: str
) -> None:
    assert verdict_of(achieved=achieved, **passes) in {"associated", "slower"}
    failed = decide(replace(SOUND, achieved=achieved, **fails))  # type: ignore[arg-type]
    assert failed.verdict == "check_failed"
    assert failed.grounds == (check,)


def test_the_shifts_are_shown_and_no_gate() -> None:
    assert verdict_of(shift_p_value=0.9) == verdict_of(shift_p_value=None) == "associated"


@pytest.mark.parametrize(
    ("experiment", "verdict"),
    [
        (KEPT, "supported"),
        (replace(KEPT, done_on=0.70, done_off=0.15), "supported"),
        (replace(KEPT, done_on=0.699), "associated"),
        (replace(KEPT, done_off=0.151), "associated"),
        (replace(KEPT, p_value=0.05), "supported"),
        (replace(KEPT, p_value=0.0501), "associated"),
        (replace(KEPT, p_value=None), "associated"),
        (replace(KEPT, pairs=5), "supported"),
        (replace(KEPT, pairs=4), "associated"),
        (replace(KEPT, p_value=0.9, answer="supported"), "supported"),
        (replace(KEPT, done_off=0.9, answer="supported"), "supported"),
        (replace(KEPT, answer="no_clear_sign"), "associated"),
    ],
)
def test_the_draw_alone_may_say_supported(experiment: Experiment, verdict: str) -> None:
    assert verdict_of(experiment=experiment) == verdict


@pytest.mark.parametrize(
    "against",
    [
        {"known_weeks": 20},
        {"runs": 10},
        {"block_changes": 0},
        {"achieved": Quantity()},
        {"achieved": interval(-0.2, 0.2)},
        {"achieved": interval(-0.005, 0.005)},
        {"achieved": interval(-0.05, -0.01)},
        {"p_value": 0.9, "lead_p_value": 0.01, "robustness_value": 0.0},
    ],
)
def test_it_is_asked_before_all_other_rules(against: dict[str, object]) -> None:
    assert verdict_of(experiment=KEPT, **against) == "supported"
    assert verdict_of(experiment=replace(KEPT, p_value=0.06), **against) == verdict_of(**against)


def test_every_verdict_can_be_reached() -> None:
    seen = set()
    ends = (-0.08, -0.02, -0.005, 0.005, 0.02, 0.08)
    for lo, hi, lead_p, weeks, experiment in product(ends, ends, (0.01, 0.5), (20, 104), (None, KEPT)):
        if lo < hi:
            seen.add(
                verdict_of(achieved=interval(lo, hi), lead_p_value=lead_p, known_weeks=weeks, experiment=experiment)
            )
    assert seen == set(VERDICTS)
