"""What may be said: eight verdicts, tried in a fixed order, each with its grounds.

A pure function of the facts, so that nobody can choose the verdict after seeing the numbers. The order and the borders
are those of docs/methods.md; the words are the report's.
"""

from __future__ import annotations

from dataclasses import dataclass

from hipdrive.estimate.quantity import Quantity

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
DRAW_P_UP_TO = 0.05
FEWEST_PAIRS = 5  # 32 orders: with fewer pairs the smallest p is above 0.05
LEAD_P_ABOVE = 0.10
FEWEST_KEPT_ON, MOST_KEPT_OFF = 0.70, 0.15  # of the programme, in blocks on and off


@dataclass(frozen=True)
class Experiment:
    """How one due experiment went.

    Attributes:
        done_on: share of the programme done in blocks on.
        done_off: the same in blocks off.
        p_value: the draw's own exact p, one-sided; None where it could not be computed.
        pairs: of a block on and one off, whole ones.
        plan_id: which plan.
        answer: the verdict that was stored when the draw was asked; None before.
    """

    done_on: float
    done_off: float
    p_value: float | None
    pairs: int
    plan_id: str = ""
    answer: str | None = None

    @property
    def was_kept(self) -> bool:
        """At least 70 % of the programme in blocks on, at most 15 % in blocks off."""
        return self.done_on >= FEWEST_KEPT_ON and self.done_off <= MOST_KEPT_OFF

    @property
    def can_speak(self) -> bool:
        """Kept, and of five pairs or more: with fewer, even the best order is not a rare one."""
        return self.is_supported or (self.was_kept and self.pairs >= FEWEST_PAIRS)

    @property
    def is_supported(self) -> bool:
        """Whether the draw speaks for the work; what was answered once is not asked again."""
        if self.answer is not None:
            return self.answer == "supported"
        is_rare = self.p_value is not None and self.p_value <= DRAW_P_UP_TO
        return is_rare and self.was_kept and self.pairs >= FEWEST_PAIRS


@dataclass(frozen=True)
class Facts:
    """All that a verdict rests on.

    Attributes:
        known_weeks: weeks of known dose.
        weeks: those of them with a usable run.
        runs: usable runs in them.
        block_changes: changes between four or more weeks on and four or more off.
        contrast: q90 - q10 of exposure.
        season_share: share of the exposure that the time of year explains.
        covariate_share: share of the (whitened) exposure that the covariates explain.
        achieved: the achieved contrast as a fraction of speed.
        p_value: of the model.
        shift_p_value: of the circular shifts; shown, and no gate.
        lead_p_value: of the dose to come.
        robustness_value: what a hidden cause would have to explain.
        load_benchmark: what training load explains.
        experiment: the declared experiment that is due; None where there is none.
        pace_s_per_km: the runner's own pace, for seconds a kilometre.
    """

    known_weeks: int
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


@dataclass(frozen=True)
class Decision:
    """A verdict of `hipdrive.tables.estimates.VERDICTS`, what it stands on, and the facts it was drawn from.

    Attributes:
        verdict: the first that fitted.
        grounds: why nothing can be estimated, or which checks failed, as keys: `no_log`, `other_dates`, `few_weeks`,
            `few_runs`, `few_changes`, `too_even`, `seasonal`, `entangled`, `nothing_left`; `future_dose`,
            `training_load`.
        facts: what was known.
    """

    verdict: str
    grounds: tuple[str, ...]
    facts: Facts


def decide(facts: Facts) -> Decision:
    """Try the verdicts in order; the first that fits is the one."""
    if facts.experiment is not None and facts.experiment.is_supported:
        return Decision("supported", (), facts)
    missing = _why_not_estimable(facts)
    lo, hi = facts.achieved.lo, facts.achieved.hi
    if missing or lo is None or hi is None:
        return Decision("cannot_be_estimated", missing, facts)
    if lo >= -SMALLEST_EFFECT_OF_INTEREST and hi <= SMALLEST_EFFECT_OF_INTEREST:
        return Decision("practically_none", (), facts)
    if lo <= 0 <= hi:
        is_wide = (hi - lo) / 2 > WIDEST_HALF_WIDTH
        return Decision("not_enough_data" if is_wide else "no_clear_sign", (), facts)
    failed = _failed_checks(facts)
    if failed:
        return Decision("check_failed", failed, facts)
    return Decision("associated" if lo > 0 else "slower", (), facts)


def _why_not_estimable(facts: Facts) -> tuple[str, ...]:
    if facts.known_weeks == 0:
        return ("no_log",)
    if facts.weeks == 0:
        return ("other_dates",)
    is_seasonal = facts.season_share > SEASONAL_ABOVE and facts.known_weeks < FEWEST_WEEKS_IF_SEASONAL
    rules = {
        "few_weeks": facts.known_weeks < FEWEST_WEEKS,
        "few_runs": facts.runs < FEWEST_RUNS,
        "few_changes": facts.block_changes < FEWEST_BLOCK_CHANGES,
        "too_even": facts.contrast < SMALLEST_CONTRAST,
        "seasonal": is_seasonal,
        "entangled": facts.covariate_share > ENTANGLED_ABOVE,
        "nothing_left": facts.achieved.estimate is None and facts.known_weeks >= FEWEST_WEEKS,
    }
    return tuple(ground for ground, applies in rules.items() if applies)


def _failed_checks(facts: Facts) -> tuple[str, ...]:
    lead = facts.lead_p_value
    value, benchmark = facts.robustness_value, facts.load_benchmark
    rules = {
        "future_dose": lead is None or lead <= LEAD_P_ABOVE,
        "training_load": value is None or benchmark is None or value <= benchmark,
    }
    return tuple(check for check, fails in rules.items() if fails)
