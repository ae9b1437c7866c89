"""The main estimate: what hip-extension work goes with in this runner's speed, how sure that is, and what may be said.

Outcome (speed at reference heart rate), exposure (weekly hip dose through four lag kernels), covariates and rules are
fixed in code, before anyone looks. The room's front door is `estimate_effect`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hipdrive.estimate.controls.circular_shift import assignment_p_value, shift_p_value
from hipdrive.estimate.controls.device_steps import check_device_steps
from hipdrive.estimate.controls.dose_response import check_dose_response
from hipdrive.estimate.controls.future_dose import check_future_dose
from hipdrive.estimate.controls.training_load import check_training_load
from hipdrive.estimate.controls.upper_body_dose import check_upper_body_dose
from hipdrive.estimate.experiment import ended_pairs, judge_experiment
from hipdrive.estimate.exposure import KERNEL_PRIOR, MEAN_LAGS_WEEKS, expose
from hipdrive.estimate.facts import achieved_contrasts, gather_facts
from hipdrive.estimate.history import PRIMARY_OUTCOME, History, read_history
from hipdrive.estimate.level import Grid, Posterior, fit, whitening_grid
from hipdrive.estimate.planner import Noise, prospect_in_blocks
from hipdrive.estimate.prior import PriorInformed, inform_with_studies
from hipdrive.estimate.quantity import Quantity, quantity
from hipdrive.estimate.verdict import Decision, Experiment, Facts, decide

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

    from hipdrive.estimate.check_result import CheckResult

NOT_ADJUSTED_FOR = (
    "sleep, stress and illness",
    "food and body mass",
    "routes and surface beyond their grade",
    "work on the calves, which carries most of a distance runner's push",
    "how well the exercises were done",
)
NO_CONTROL_OUTCOME = (
    "No negative-control outcome (resting heart rate, sleep) is in the files that are read, "
    "so that check is not available."
)


@dataclass(frozen=True)
class Effect:
    """One athlete's answer. Numbers are None only where too few weeks, or no change of dose, leave nothing to fit.

    Attributes:
        achieved: from the runner's low to high weeks of exposure (q10 to q90), as a fraction of speed: the primary.
        sustained: from no strength work to the full programme kept up: it extrapolates.
        p_value: two-sided, of the model; the same for both.
        shift_p_value: of the circular shifts, or of the draw where blocks were randomised.
        lead_p_value: of the dose to come.
        decision: verdict, sentence and reasons.
        checks: every check, passed, failed or only shown.
        prior_informed: the line that includes the studies, and the share of it that is this runner's data.
        kernel_weights: posterior weight of each mean lag in weeks; the data hardly move it, so it claims nothing.
        robustness_value: what a hidden cause would have to explain of both dose and speed.
        load_benchmark: what training load explains of one of them.
        experiment: how the randomised blocks went, once a declared experiment has ended.
        noise: this runner's own noise.
        contrast: q90 - q10 of exposure, in programmes a week, averaged over the kernels.
        block_changes: changes between blocks on and off.
        calendar_weeks: weeks from the first to the last of known dose.
        weeks: weeks that entered.
        runs: usable runs in them.
        adjusted_for: covariates that entered.
        pace_s_per_km: the runner's mean pace at reference heart rate.
        data_version: fingerprint of the numbers that went in.
    """

    achieved: Quantity
    sustained: Quantity
    p_value: float | None
    shift_p_value: float | None
    lead_p_value: float | None
    decision: Decision
    checks: tuple[CheckResult, ...]
    prior_informed: PriorInformed
    kernel_weights: dict[int, float]
    robustness_value: float | None
    load_benchmark: float | None
    experiment: Experiment | None
    noise: Noise | None
    contrast: float
    block_changes: int
    calendar_weeks: int
    weeks: int
    runs: int
    adjusted_for: tuple[str, ...]
    pace_s_per_km: float | None
    data_version: str

    @property
    def verdict(self) -> str:
        """One of `hipdrive.tables.estimates.VERDICTS`."""
        return self.decision.verdict

    @property
    def reasons(self) -> tuple[str, ...]:
        """What stands behind the verdict, one sentence each."""
        return self.decision.reasons


def estimate_effect(
    weeks: pl.DataFrame, plan_blocks: pl.DataFrame | None = None, outcome: str = PRIMARY_OUTCOME
) -> Effect:
    """Estimate the effect of hip-extension work on speed at reference heart rate, with its uncertainty and a verdict.

    Weeks of unknown dose and the running week are left out; covariates may be null in weeks without a usable run, and a
    null `heat_c` elsewhere takes the athlete's mean. Nothing is drawn by lot: the same weeks give the same bits.

    Args:
        weeks: one athlete's weeks, none missing; needs `week_start`, `runs`, `speed_at_reference_hr_m_per_s`, `heat_c`,
            `ctl`, `atl`, `acute_hip_dose`, `hip_dose`, `upper_dose`; uses `dose_known`, `is_complete`, `device` and
            `gear` where they are there.
        plan_blocks: the blocks of declared experiments (`block_index`, `start_date`, `end_date`, `arm`; `plan_id` where
            there are several). Until an experiment has ended inside the weeks it has no say.
        outcome: another weekly measure in place of speed, above zero; for mechanism outcomes only.

    Raises:
        BrokenContract: a column is missing, or a week stands twice.
    """
    history = read_history(weeks, outcome)
    if history is None or history.rows == 0:
        return _without_fit(history)
    grid = whitening_grid(history.week, history.runs)
    exposures = _exposures(history)
    posterior = fit(grid, history.outcome, history.design, exposures, KERNEL_PRIOR)
    if posterior is None:
        return _without_fit(history)
    contrasts = achieved_contrasts(exposures)
    sustained = posterior.of([1.0] * len(MEAN_LAGS_WEEKS))
    full = quantity(sustained)
    load = check_training_load(history, grid.at(posterior.mode), sustained)
    lead = check_future_dose(history, grid)
    pairs = () if plan_blocks is None else ended_pairs(plan_blocks, history.first_week, history.calendar_weeks)
    shift_p = assignment_p_value(history, grid, pairs) if pairs else shift_p_value(history, grid)
    experiment = judge_experiment(history.dose, pairs, shift_p) if pairs else None
    noise = _noise(grid, posterior, history)
    facts = gather_facts(
        history,
        quantity(posterior.of(contrasts)),
        grid.at(posterior.mode),
        p_value=sustained.p_value,
        shift_p_value=shift_p,
        lead_p_value=lead.p_value,
        robustness_value=load.value,
        load_benchmark=load.benchmark,
        experiment=experiment,
        weeks_to_go=prospect_in_blocks(history, noise).weeks_to_go,
    )
    return Effect(
        achieved=facts.achieved,
        sustained=full,
        p_value=sustained.p_value,
        shift_p_value=shift_p,
        lead_p_value=lead.p_value,
        decision=decide(facts),
        checks=(
            lead,
            load,
            check_upper_body_dose(history, grid, beside_hip_dose=False),
            check_upper_body_dose(history, grid, beside_hip_dose=True),
            check_device_steps(history, grid, exposures, full),
            check_dose_response(history, grid),
        ),
        prior_informed=inform_with_studies(posterior, contrasts),
        kernel_weights=dict(zip(MEAN_LAGS_WEEKS, posterior.kernel_weight.tolist(), strict=True)),
        robustness_value=load.value,
        load_benchmark=load.benchmark,
        experiment=experiment,
        noise=noise,
        contrast=float(posterior.kernel_weight @ np.asarray(contrasts)),
        block_changes=facts.block_changes,
        calendar_weeks=facts.calendar_weeks,
        weeks=facts.weeks,
        runs=facts.runs,
        adjusted_for=history.covariates,
        pace_s_per_km=facts.pace_s_per_km,
        data_version=_fingerprint(history),
    )


def _exposures(history: History) -> NDArray[np.float64]:
    return np.column_stack([expose(history.dose, mean_lag)[history.week] for mean_lag in MEAN_LAGS_WEEKS])


def _noise(grid: Grid, posterior: Posterior, history: History) -> Noise:
    return Noise(
        persistence=float(posterior.weight @ grid.persistence[posterior.point]),
        level_share=float(posterior.weight @ grid.share[posterior.point]),
        week_sd=float(np.sqrt(posterior.weight @ posterior.noise_variance)),
        runs_per_week=float(history.runs.mean()),
    )


def _without_fit(history: History | None) -> Effect:
    nothing = Quantity()
    nothing_known = Facts(0, 0, 0, 0, 0.0, 0.0, 0.0, nothing)
    facts = nothing_known if history is None else gather_facts(history, nothing)
    return Effect(
        achieved=nothing,
        sustained=nothing,
        p_value=None,
        shift_p_value=None,
        lead_p_value=None,
        decision=decide(facts),
        checks=(),
        prior_informed=PriorInformed(nothing, nothing, None),
        kernel_weights={},
        robustness_value=None,
        load_benchmark=None,
        experiment=None,
        noise=None,
        contrast=facts.contrast,
        block_changes=facts.block_changes,
        calendar_weeks=facts.calendar_weeks,
        weeks=facts.weeks,
        runs=facts.runs,
        adjusted_for=() if history is None else history.covariates,
        pace_s_per_km=facts.pace_s_per_km,
        data_version=_fingerprint(history),
    )


def _fingerprint(history: History | None) -> str:
    digest = hashlib.sha256()
    if history is not None:
        digest.update(history.first_week.isoformat().encode())
        for values in (history.week, history.dose, history.upper_dose, history.outcome, history.runs, history.design):
            digest.update(np.ascontiguousarray(values).tobytes())
    return digest.hexdigest()[:16]
