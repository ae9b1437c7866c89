"""What may be said: eight verdicts, tried in a fixed order, and one sentence each.

A pure function of the facts, so that nobody can choose the words after seeing the numbers. The order and the borders
are those of docs/methods.md; the sentences never claim a cause outside an experiment.
"""

from __future__ import annotations

from dataclasses import dataclass

from hipdrive.estimate.blocks import FEWEST_BLOCK_WEEKS
from hipdrive.estimate.quantity import Quantity, in_words, pace_change_s_per_km, seconds_in_words

FEWEST_WEEKS = 26
FEWEST_WEEKS_IF_SEASONAL = 78
SEASONAL_ABOVE = 0.5  # share of the exposure that the time of year explains
FEWEST_RUNS = 60
FEWEST_BLOCK_CHANGES = 2
SMALLEST_CONTRAST = 0.15  # q90 - q10 of exposure, in programmes a week
ENTANGLED_ABOVE = 0.9  # share of the exposure that the covariates explain
WIDEST_HALF_WIDTH = 0.03
SMALLEST_EFFECT_OF_INTEREST = 0.01
LARGE_EFFECT = 0.03
P_BELOW = 0.05
LEAD_P_ABOVE = 0.10
FEWEST_KEPT_ON, MOST_KEPT_OFF = 0.70, 0.15  # of the programme, in blocks on and off


@dataclass(frozen=True)
class Experiment:
    """How the randomised blocks went: share of the programme done in blocks on and off, and the exact p of the draw."""

    done_on: float
    done_off: float
    p_value: float | None

    @property
    def was_kept(self) -> bool:
        """At least 70 % of the programme in blocks on, at most 15 % in blocks off."""
        return self.done_on >= FEWEST_KEPT_ON and self.done_off <= MOST_KEPT_OFF


@dataclass(frozen=True)
class Facts:
    """All that a verdict rests on.

    Attributes:
        calendar_weeks: weeks from the first to the last of known dose.
        weeks: those of them with a usable run.
        runs: usable runs in them.
        block_changes: changes between four or more weeks on and four or more off.
        contrast: q90 - q10 of exposure.
        season_share: share of the exposure that the time of year explains.
        covariate_share: share of the (whitened) exposure that the covariates explain.
        achieved: the achieved contrast as a fraction of speed.
        p_value: of the model.
        shift_p_value: of the circular shifts.
        lead_p_value: of the dose to come.
        robustness_value: what a hidden cause would have to explain.
        load_benchmark: what training load explains.
        experiment: how the randomised blocks went; None where none were declared.
        pace_s_per_km: the runner's own pace, for seconds a kilometre.
        weeks_to_go: weeks of the plan until an effect of 2 % would show; None where that is over five years.
    """

    calendar_weeks: int
    weeks: int
    runs: int
    block_changes: int
    contrast: float
    season_share: float
    covariate_share: float
    achieved: Quantity
    p_value: float | None = None
    shift_p_value: float | None = None
    lead_p_value: float | None = None
    robustness_value: float | None = None
    load_benchmark: float | None = None
    experiment: Experiment | None = None
    pace_s_per_km: float | None = None
    weeks_to_go: int | None = None


@dataclass(frozen=True)
class Decision:
    """A verdict of `hipdrive.tables.estimates.VERDICTS`, the sentence that leads, and what stands behind it."""

    verdict: str
    sentence: str
    reasons: tuple[str, ...] = ()


def decide(facts: Facts) -> Decision:
    """Try the verdicts in order; the first that fits is the one."""
    reasons = _why_not_estimable(facts)
    lo, hi = facts.achieved.lo, facts.achieved.hi
    if reasons or lo is None or hi is None:
        return Decision("cannot_be_estimated", _lead_of_not_estimable(facts, reasons), reasons)
    for rule in (_not_enough_data, _practically_none, _no_clear_sign, _slower, _experiment_faster):
        decision = rule(facts, lo, hi)
        if decision is not None:
            return decision
    return _associated(facts, lo, hi)


def _not_enough_data(facts: Facts, lo: float, hi: float) -> Decision | None:
    if not lo <= 0 <= hi or (hi - lo) / 2 <= WIDEST_HALF_WIDTH:
        return None
    return Decision("not_enough_data", f"Not enough data yet: {_between(facts, lo, hi)}; {_time_to_go(facts)}")


def _practically_none(facts: Facts, lo: float, hi: float) -> Decision | None:
    if lo < -SMALLEST_EFFECT_OF_INTEREST or hi > SMALLEST_EFFECT_OF_INTEREST:
        return None
    return Decision("practically_none", f"Practically no effect: {_between(facts, lo, hi)}, within 1 % either way.")


def _no_clear_sign(facts: Facts, lo: float, hi: float) -> Decision | None:
    if not lo <= 0 <= hi:
        return None
    tail = f"; an effect of more than {hi * 100:.1f} % is unlikely" if hi <= LARGE_EFFECT else ""
    return Decision("no_clear_sign", f"No clear sign of an effect: {_between(facts, lo, hi)}{tail}.")


def _slower(facts: Facts, lo: float, hi: float) -> Decision | None:
    if hi >= 0:
        return None
    between, failed = _between(facts, lo, hi), _failed_checks(facts)
    if failed:
        return _check_failed("slower", between, failed)
    return Decision(
        "slower",
        f"Strength work went with slower running: {between}; tiredness, illness, or strength work taken up when running"
        " went badly can look like this.",
    )


def _experiment_faster(facts: Facts, lo: float, hi: float) -> Decision | None:
    experiment = facts.experiment
    if experiment is None or not experiment.was_kept:
        return None
    between = _between(facts, lo, hi)
    if _experiment_speaks(facts, experiment):
        return Decision("supported", f"Your experiment supports it: strength work made you faster, {between}.")
    return _check_failed("faster", between, _failed_experiment(facts, experiment))


def _associated(facts: Facts, lo: float, hi: float) -> Decision:
    between, failed = _between(facts, lo, hi), _failed_checks(facts)
    if failed:
        return _check_failed("faster", between, failed)
    kept = () if facts.experiment is None else ("The randomised blocks were not kept, so this is no experiment.",)
    return Decision(
        "associated", f"Strength work went with faster running, not shown to be the cause: {between}.", kept
    )


def _why_not_estimable(facts: Facts) -> tuple[str, ...]:
    if facts.calendar_weeks == 0:
        return ("No strength log speaks for any of these weeks.",)
    if facts.weeks == 0:
        return ("No week has both a usable run and a strength log that speaks for it: the two cover other dates.",)
    is_seasonal = facts.season_share > SEASONAL_ABOVE and facts.calendar_weeks < FEWEST_WEEKS_IF_SEASONAL
    season, covariates = f"{facts.season_share * 100:.0f} %", f"{facts.covariate_share * 100:.0f} %"
    few_weeks = f"There are {facts.calendar_weeks} weeks of known strength work; a comparison needs {FEWEST_WEEKS}."
    few_runs = f"There are {facts.runs} usable runs in them; a comparison needs {FEWEST_RUNS}."
    few_changes = (
        f"Changes between {FEWEST_BLOCK_WEEKS} or more weeks on and {FEWEST_BLOCK_WEEKS} or more weeks off: "
        f"{facts.block_changes}; a comparison needs {FEWEST_BLOCK_CHANGES}."
    )
    too_even = (
        f"From your low to your high weeks the lasting dose rose by {facts.contrast:.2f} of the programme; a "
        f"comparison needs {SMALLEST_CONTRAST}."
    )
    seasonal = (
        f"The time of year explains {season} of your strength work; under {FEWEST_WEEKS_IF_SEASONAL} weeks the two "
        "cannot be told apart."
    )
    entangled = f"Season, trend and training load explain {covariates} of your strength work; too little is left."
    nothing_left = (
        "Beside season, trend and training load too few weeks or too little strength work are left to compare."
    )
    rules = (
        (facts.calendar_weeks < FEWEST_WEEKS, few_weeks),
        (facts.runs < FEWEST_RUNS, few_runs),
        (facts.block_changes < FEWEST_BLOCK_CHANGES, few_changes),
        (facts.contrast < SMALLEST_CONTRAST, too_even),
        (is_seasonal, seasonal),
        (facts.covariate_share > ENTANGLED_ABOVE, entangled),
        (facts.achieved.estimate is None and facts.calendar_weeks >= FEWEST_WEEKS, nothing_left),
    )
    return tuple(sentence for applies, sentence in rules if applies)


def _lead_of_not_estimable(facts: Facts, reasons: tuple[str, ...]) -> str:
    has_time = facts.weeks > 0 and facts.calendar_weeks >= FEWEST_WEEKS and facts.runs >= FEWEST_RUNS
    if has_time:
        return (
            "This cannot be estimated: your strength work was too steady, or too tied to season or training load, to "
            "compare with anything."
        )
    first = reasons[0][0].lower() + reasons[0][1:] if reasons else "too few weeks could be fitted."
    return f"This cannot be estimated yet: {first}"


def _between(facts: Facts, lo: float, hi: float) -> str:
    words = f"between {in_words(lo)} and {in_words(hi)}"
    if facts.pace_s_per_km is None:
        return words
    ends = (seconds_in_words(pace_change_s_per_km(change, facts.pace_s_per_km)) for change in (lo, hi))
    return f"{words} ({' to '.join(ends)} a km)"


def _time_to_go(facts: Facts) -> str:
    if facts.weeks_to_go is None:
        return "even with the plan below more than five years would pass before an effect of 2 % could be seen."
    return f"about {facts.weeks_to_go} more weeks of the plan below would show an effect of 2 %."


def _failed_checks(facts: Facts) -> tuple[str, ...]:
    shift, lead = facts.shift_p_value, facts.lead_p_value
    rules = (
        (shift is None or shift >= P_BELOW, "moved to other dates, the same strength work fits about as well"),
        (lead is None or lead <= LEAD_P_ABOVE, "later strength work goes with earlier speed"),
        (
            facts.robustness_value is None
            or facts.load_benchmark is None
            or facts.robustness_value <= facts.load_benchmark,
            "a hidden cause no stronger than training load would be enough",
        ),
    )
    return tuple(sentence for applies, sentence in rules if applies)


def _experiment_speaks(facts: Facts, experiment: Experiment) -> bool:
    if experiment.p_value is not None and experiment.p_value < P_BELOW:
        return True
    model = facts.p_value is not None and facts.p_value < P_BELOW
    return model and facts.lead_p_value is not None and facts.lead_p_value > LEAD_P_ABOVE


def _failed_experiment(facts: Facts, experiment: Experiment) -> tuple[str, ...]:
    drawn = "the other draws of the lot fit about as well"
    if experiment.p_value is None:
        drawn = "the blocks have not ended, so the draw cannot be tested"
    lead = facts.lead_p_value is None or facts.lead_p_value <= LEAD_P_ABOVE
    return (drawn, "later strength work goes with earlier speed") if lead else (drawn,)


def _check_failed(direction: str, between: str, failed: tuple[str, ...]) -> Decision:
    sentence = f"Strength work went with {direction} running, but a check failed ({'; '.join(failed)}): {between}."
    return Decision("check_failed", sentence, tuple(f"{reason[0].upper()}{reason[1:]}." for reason in failed))
