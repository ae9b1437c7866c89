"""What each attack on the estimate found, in one sentence; and what no attack reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from hipdrive.estimate.history import FEWEST_RACES
from hipdrive.estimate.speed_path import WIDEST_FRACTION
from hipdrive.report import words

if TYPE_CHECKING:
    from hipdrive.estimate import Effect
    from hipdrive.estimate.check_result import CheckResult

NOT_ADJUSTED_FOR = (
    "sleep, stress and illness",
    "food and body mass",
    "routes and surface beyond their grade",
    "work on the calves, which carries most of a distance runner's push",
    "how well the exercises were done",
)
COVARIATE_NAMES = {
    "trend": "trend",
    "heat": "heat",
    "chronic_load": "chronic load",
    "load_ratio": "acute to chronic load",
    "acute_hip_dose": "acute hip dose",
    "season_sine": "season",
    "season_cosine": "season",
    "race_ramp": "races",
    "race_late_ramp": "races",
    "race_taper": "races",
    "race_recovery": "races",
    "resting_heart_rate_bpm": "resting heart rate",
}


HOW_TO_TELL = "A line such as “2027-04-18,race” in data/diary.csv notes one, past or to come."


def races_sentence(effect: Effect | None, races: pl.DataFrame | None) -> str:
    """Whether races were taken into account, and which runs are asked about; empty without an estimate."""
    if effect is None:
        return ""
    if effect.races >= FEWEST_RACES:
        told = f"Races are taken into account: {words.count(effect.races, 'week')} with one."
    else:
        known = "No race is known" if effect.races == 0 else "Only one race is known"
        told = (
            f"{known}, so races were not taken into account; building up with strength work for a race and being "
            f"fastest at it can look like an effect. {HOW_TO_TELL}"
        )
    asked = [] if races is None else races.filter(pl.col("origin") == "run").sort("local_date").rows(named=True)
    counted = [words.short_day(row["local_date"]) for row in asked if row["is_counted"]]
    others = [words.short_day(row["local_date"]) for row in asked if not row["is_counted"]]
    questions = [
        f"Was it a race? Counted as one, though nobody noted it: {words.listed(counted)}." if counted else "",
        f"Not taken for a race, though it looks like one: {words.listed(others)}." if others else "",
    ]
    return " ".join(filter(None, [told, *questions]))


def check_sentence(check: CheckResult) -> str:
    """What a check found, or why it found nothing."""
    said = {
        "future_dose": _future_dose,
        "training_load": _training_load,
        "upper_body_dose": _upper_body_dose,
        "upper_body_dose_beside_hip_dose": _upper_body_dose,
        "device_steps": _device_steps,
        "dose_response": _dose_response,
        "unwell_weeks": _unwell_weeks,
        "resting_heart_rate": _resting_heart_rate,
    }
    return said[check.name](check)


def _future_dose(check: CheckResult) -> str:
    if check.p_value is None:
        return "Whether later strength work goes with earlier speed could not be computed."
    if check.is_passed:
        return "Later strength work tells nothing about earlier speed, as it should be."
    return "Later strength work goes with earlier speed: something else drives both, or form decides when you train."


def _training_load(check: CheckResult) -> str:
    if check.value is None or check.benchmark is None:
        return "Training load never changed, so it sets no yardstick."
    if not check.is_passed or check.estimate is None:
        return "The estimate is no stronger than what training load alone is tied to: too weak to stand by itself."
    return (
        "A hidden cause tied to strength work and to speed as closely as training load is would leave "
        f"{words.faster_or_slower(check.estimate)} for the full programme."
    )


def _upper_body_dose(check: CheckResult) -> str:
    if check.estimate is None:
        return "No upper-body work was logged to compare with."
    is_beside = check.name == "upper_body_dose_beside_hip_dose"
    who = "Beside the hip work, upper-body" if is_beside else "Upper-body"
    return f"{who} work, which should do nothing, goes with a speed {_found(check)}."


def _device_steps(check: CheckResult) -> str:
    if check.estimate is None and check.is_passed is None:
        return "One watch and one pair of shoes, or no change noted: no step to allow for."
    if check.estimate is None:
        return "The changes of watch or shoes leave nothing of the strength work to compare."
    answer = "no other answer." if check.is_passed else "another answer than without."
    return (
        "With a step allowed at each change of watch or shoes the full programme goes with a speed "
        f"{_found(check)}: {answer}"
    )


def _dose_response(check: CheckResult) -> str:
    if not check.value:
        return "No week went beyond the programme, so more than it was never tried."
    if check.estimate is None:
        return "Below one programme a week the dose never changed."
    return (
        f"Counting no week above one programme, the full programme goes with {_found(check)}; "
        f"{words.percent(check.value)} of weeks went beyond it."
    )


def _unwell_weeks(check: CheckResult) -> str:
    if not check.value:
        return "No diary line of illness or injury falls into these weeks."
    share = words.percent(check.value)
    if check.estimate is None:
        return f"Without the {share} of weeks of illness or injury, and the week after each, too little is left to fit."
    return (
        f"Without the {share} of weeks of illness or injury, and the week after each, the full programme goes with a "
        f"speed {_found(check)}."
    )


def _resting_heart_rate(check: CheckResult) -> str:
    if not check.value:
        return (
            "Nothing to check with: resting heart rate, which hip work should not move, is in no monitoring file "
            "of a watch and no line such as “2027-04-18,resting_heart_rate,48” in data/diary.csv."
        )
    share = words.percent(check.value)
    if check.estimate is None or check.lo is None or check.hi is None:
        return f"Resting heart rate is known for {share} of weeks: too little to check with."
    moved = words.interval_in_percent(check.lo, check.hi)
    answer = (
        "as it should be"
        if check.lo <= 0 <= check.hi
        else "so something that moves both may stand behind the estimate of speed too"
    )
    return (
        "Resting heart rate, which hip work should not move, goes with the full programme by "
        f"{words.signed_percent(check.estimate)} ({moved}), known for {share} of weeks: {answer}."
    )


def _found(check: CheckResult) -> str:
    estimate, lo, hi = (end or 0.0 for end in (check.estimate, check.lo, check.hi))
    if (hi - lo) / 2 > WIDEST_FRACTION:
        return "that is known too loosely to tell anything"
    return f"{words.faster_or_slower(estimate)} ({words.faster_or_slower(lo)} to {words.faster_or_slower(hi)})"
