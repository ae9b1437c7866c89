from __future__ import annotations

import re
from dataclasses import replace
from itertools import product

import pytest

from hipdrive.estimate.power_analysis import Prospect
from hipdrive.estimate.quantity import Quantity
from hipdrive.estimate.verdict import Decision, Experiment, Facts, decide
from hipdrive.report.verdicts import DRAW_SILENT, FAILED, FEW_PAIRS, NOT_KEPT, verdict_reasons, verdict_sentence
from hipdrive.tables.estimates import VERDICTS

FORBIDDEN = re.compile(r"\bproves?\b|\bpowers?\b|because of|significan", re.IGNORECASE)
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


def said(**changes: object) -> str:
    return verdict_sentence(decide(replace(SOUND, **changes)))  # type: ignore[arg-type]


def reasons(**changes: object) -> tuple[str, ...]:
    return verdict_reasons(decide(replace(SOUND, **changes)))  # type: ignore[arg-type]


def interval(lo: float, hi: float) -> Quantity:
    return Quantity((lo + hi) / 2, lo, hi)


def test_an_association_is_not_called_a_cause() -> None:
    assert said() == (
        "Strength work went with faster running, not shown to be the cause: between 1.5 % faster and 4.5 % faster."
    )


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"known_weeks": 25}, "There are 25 weeks of known strength work; a comparison needs 26."),
        ({"runs": 59}, "There are 59 usable runs in them; a comparison needs 60."),
        ({"block_changes": 1}, "weeks off: 1; a comparison needs 2."),
        ({"contrast": 0.149}, "rose by 0.15 of the programme; a comparison needs 0.15."),
        ({"covariate_share": 0.93}, "explain 93\u202f% of your strength work; too little is left."),
        (
            {"season_share": 0.51, "known_weeks": 77},
            "year explains 51\u202f% of your strength work; under 78",
        ),
        ({"achieved": Quantity()}, "too little strength work are left to compare."),
    ],
)
def test_what_cannot_be_estimated_says_why(changes: dict[str, object], reason: str) -> None:
    (only,) = reasons(**changes)
    assert reason in only


def test_logs_of_other_dates_and_no_log_have_their_own_reason() -> None:
    other_dates = "No week has both a usable run and a strength log that covers it: the two are from other dates."
    assert reasons(weeks=0, runs=0, achieved=Quantity()) == (other_dates,)
    assert said(weeks=0, runs=0).startswith("This cannot be estimated yet: no week has both a usable run")
    assert reasons(known_weeks=0, weeks=0, runs=0) == ("No strength log covers any of these weeks.",)


def test_what_is_ruled_out_is_said_up_to_three_per_cent() -> None:
    assert "more than 3.0 % is unlikely" in said(achieved=interval(-0.02, 0.03))
    assert "unlikely" not in said(achieved=interval(-0.02, 0.0301))


def test_a_failed_check_is_named_and_the_direction_told() -> None:
    assert said(lead_p_value=0.05).startswith(
        "Strength work went with faster running, but a check failed (later strength work goes with earlier speed): "
    )
    assert said(lead_p_value=0.05, achieved=interval(-0.045, -0.015)).startswith("Strength work went with slower")
    assert reasons(lead_p_value=0.05) == ("Later strength work goes with earlier speed.",)


def test_seconds_a_km_are_the_runners_own() -> None:
    sentence = said(achieved=interval(-0.02, 0.025), pace_s_per_km=300)
    assert "between 2.0 % slower and 2.5 % faster (6 s slower to 7 s faster a km)" in sentence


def test_time_to_go_is_told_or_that_it_is_too_long() -> None:
    wide = decide(replace(SOUND, achieved=interval(-0.05, 0.05)))
    prospect = Prospect(80, 40, {}, 12)
    assert "about 80 more weeks" in verdict_sentence(wide, prospect)
    assert "more than five years" in verdict_sentence(wide, replace(prospect, weeks_to_go=None))
    assert "weeks" not in verdict_sentence(wide)


def test_no_sentence_claims_too_much() -> None:
    seen = set()
    ends = (-0.08, -0.02, -0.005, 0.005, 0.02, 0.08)
    for lo, hi, lead_p, weeks, experiment in product(ends, ends, (0.01, 0.5), (20, 104), (None, KEPT)):
        if lo < hi:
            facts = replace(
                SOUND,
                achieved=interval(lo, hi),
                lead_p_value=lead_p,
                known_weeks=weeks,
                experiment=experiment,
                pace_s_per_km=310,
            )
            decision = decide(facts)
            seen.add(decision.verdict)
            for sentence in (verdict_sentence(decision), *verdict_reasons(decision)):
                assert not FORBIDDEN.search(sentence)
                assert sentence.endswith(".")
    assert seen == set(VERDICTS)


@pytest.mark.parametrize("ground", sorted(FAILED))
def test_every_check_that_can_fail_has_its_words(ground: str) -> None:
    decision = Decision("check_failed", (ground,), SOUND)
    assert FAILED[ground] in verdict_sentence(decision)
    assert verdict_reasons(decision)[0].endswith(".")


@pytest.mark.parametrize(
    ("experiment", "note"),
    [
        (KEPT, ()),
        (replace(KEPT, p_value=0.06), (DRAW_SILENT,)),
        (replace(KEPT, pairs=4), (FEW_PAIRS,)),
        (replace(KEPT, done_off=0.2), (NOT_KEPT,)),
        (replace(KEPT, done_off=0.2, pairs=1), (NOT_KEPT,)),
        (None, ()),
    ],
)
def test_an_experiment_without_a_say_says_why(experiment: Experiment | None, note: tuple[str, ...]) -> None:
    assert reasons(experiment=experiment) == note
    assert reasons(experiment=experiment, runs=0)[1:] == note


def test_beside_the_word_an_interval_with_zero_in_it_is_told() -> None:
    assert "still holds zero" in said(experiment=KEPT, achieved=interval(-0.01, 0.05))
    assert "still holds zero" not in said(experiment=KEPT, achieved=interval(0.01, 0.05))
    assert "by how much cannot be said" in said(experiment=KEPT, achieved=Quantity())
