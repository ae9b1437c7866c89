from __future__ import annotations

import re
from dataclasses import replace
from itertools import product

import pytest

from hipdrive.estimate.quantity import Quantity
from hipdrive.estimate.verdict import Decision, Experiment, Facts, decide
from hipdrive.tables.estimates import VERDICTS

SOUND = Facts(
    calendar_weeks=104,
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
KEPT = Experiment(done_on=0.9, done_off=0.05, p_value=0.03)


def interval(lo: float, hi: float) -> Quantity:
    return Quantity((lo + hi) / 2, lo, hi)


def verdict_of(**changes: object) -> str:
    return decide(replace(SOUND, **changes)).verdict  # type: ignore[arg-type]


def test_faster_and_every_check_passed_is_associated() -> None:
    assert decide(SOUND) == Decision(
        "associated",
        "Strength work went with faster running, not shown to be the cause: between 1.5 % faster and 4.5 % faster.",
    )


@pytest.mark.parametrize(
    ("border", "inside", "reason"),
    [
        ({"calendar_weeks": 26}, {"calendar_weeks": 25}, "There are 25 weeks of known strength work"),
        ({"runs": 60}, {"runs": 59}, "There are 59 usable runs"),
        ({"block_changes": 2}, {"block_changes": 1}, "off: 1; a comparison needs 2"),
        ({"contrast": 0.15}, {"contrast": 0.149}, "rose by 0.15 of the programme"),
        ({"covariate_share": 0.9}, {"covariate_share": 0.901}, "explain 90 % of your strength work"),
        (
            {"season_share": 0.5, "calendar_weeks": 77},
            {"season_share": 0.51, "calendar_weeks": 77},
            "time of year explains 51 %",
        ),
        ({"season_share": 0.9, "calendar_weeks": 78}, {"season_share": 0.9, "calendar_weeks": 77}, "under 78 weeks"),
    ],
)
def test_what_cannot_be_estimated(border: dict[str, object], inside: dict[str, object], reason: str) -> None:
    assert verdict_of(**border) != "cannot_be_estimated"
    decision = decide(replace(SOUND, **inside))  # type: ignore[arg-type]
    assert decision.verdict == "cannot_be_estimated"
    assert len(decision.reasons) == 1
    assert reason in decision.reasons[0]


def test_logs_of_other_dates_and_no_log_have_their_own_reason() -> None:
    elsewhere = decide(replace(SOUND, weeks=0, runs=0, achieved=Quantity()))
    assert elsewhere.reasons == (
        "No week has both a usable run and a strength log that speaks for it: the two cover other dates.",
    )
    assert elsewhere.sentence.startswith("This cannot be estimated yet: no week has both a usable run")
    no_log = decide(replace(SOUND, calendar_weeks=0, weeks=0, runs=0, achieved=Quantity()))
    assert no_log.reasons == ("No strength log speaks for any of these weeks.",)


def test_nothing_fitted_is_never_a_verdict_about_running() -> None:
    decision = decide(replace(SOUND, achieved=Quantity()))
    assert decision.verdict == "cannot_be_estimated"
    assert decision.reasons


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


def test_what_is_ruled_out_is_said_up_to_three_per_cent() -> None:
    assert "more than 3.0 % is unlikely" in decide(replace(SOUND, achieved=interval(-0.02, 0.03))).sentence
    assert "unlikely" not in decide(replace(SOUND, achieved=interval(-0.02, 0.0301))).sentence


@pytest.mark.parametrize("achieved", [interval(0.015, 0.045), interval(-0.045, -0.015)])
@pytest.mark.parametrize(
    ("passes", "fails", "reason"),
    [
        ({"shift_p_value": 0.049}, {"shift_p_value": 0.05}, "moved to other dates"),
        ({"lead_p_value": 0.101}, {"lead_p_value": 0.10}, "later strength work"),
        ({"robustness_value": 0.101}, {"robustness_value": 0.1}, "hidden cause"),
        ({}, {"shift_p_value": None}, "moved to other dates"),
        ({}, {"lead_p_value": None}, "later strength work"),
        ({}, {"load_benchmark": None}, "hidden cause"),
    ],
)
def test_each_check_can_fail_alone(
    achieved: Quantity, passes: dict[str, object], fails: dict[str, object], reason: str
) -> None:
    assert verdict_of(achieved=achieved, **passes) in {"associated", "slower"}
    failed = decide(replace(SOUND, achieved=achieved, **fails))  # type: ignore[arg-type]
    assert failed.verdict == "check_failed"
    assert reason in failed.sentence
    assert len(failed.reasons) == 1


@pytest.mark.parametrize(
    ("experiment", "verdict"),
    [
        (KEPT, "supported"),
        (replace(KEPT, done_on=0.70, done_off=0.15), "supported"),
        (replace(KEPT, done_on=0.699), "associated"),
        (replace(KEPT, done_off=0.151), "associated"),
        (replace(KEPT, p_value=0.05), "supported"),
        (replace(KEPT, p_value=None), "supported"),
    ],
)
def test_an_experiment_counts_where_it_was_kept(experiment: Experiment, verdict: str) -> None:
    assert verdict_of(experiment=experiment) == verdict


def test_a_kept_experiment_needs_its_draw_or_the_model_with_the_lead_test() -> None:
    silent = replace(KEPT, p_value=0.05)
    assert verdict_of(experiment=silent, lead_p_value=0.10) == "check_failed"
    assert verdict_of(experiment=silent, p_value=0.05) == "check_failed"
    assert verdict_of(experiment=KEPT, p_value=0.5, lead_p_value=0.01) == "supported"
    assert "have not ended" in decide(replace(SOUND, experiment=replace(KEPT, p_value=None), p_value=0.5)).sentence


def test_an_experiment_that_shows_nothing_is_judged_like_any_other() -> None:
    assert verdict_of(experiment=KEPT, achieved=interval(-0.02, 0.02)) == "no_clear_sign"


def test_seconds_a_km_are_the_runners_own() -> None:
    sentence = decide(replace(SOUND, achieved=interval(-0.02, 0.025), pace_s_per_km=300)).sentence
    assert "between 2.0 % slower and 2.5 % faster (6 s slower to 7 s faster a km)" in sentence


def test_time_to_go_is_told_or_that_it_is_too_long() -> None:
    wide = replace(SOUND, achieved=interval(-0.05, 0.05))
    assert "about 80 more weeks" in decide(replace(wide, weeks_to_go=80)).sentence
    assert "more than five years" in decide(wide).sentence


def test_every_verdict_can_be_reached_and_no_sentence_claims_too_much() -> None:
    forbidden = re.compile(r"\bproves?\b|\bpowers?\b|because of|significan", re.IGNORECASE)
    seen = set()
    ends = (-0.08, -0.02, -0.005, 0.005, 0.02, 0.08)
    for lo, hi, shift_p, weeks, experiment in product(ends, ends, (0.01, 0.5), (20, 104), (None, KEPT)):
        if lo < hi:
            decision = decide(
                replace(
                    SOUND,
                    achieved=interval(lo, hi),
                    shift_p_value=shift_p,
                    calendar_weeks=weeks,
                    experiment=experiment,
                    pace_s_per_km=310,
                )
            )
            seen.add(decision.verdict)
            for sentence in (decision.sentence, *decision.reasons):
                assert not forbidden.search(sentence)
                assert sentence.endswith(".")
    assert seen == set(VERDICTS)
