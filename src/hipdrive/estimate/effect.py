"""The main estimate: what hip-extension work goes with in this runner's speed, how sure that is, and what may be said.

Outcome (speed at reference heart rate), exposure (weekly hip dose through four lag kernels), covariates and rules are
fixed in code, before anyone looks. The room's front door is `estimate_effect`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hipdrive.estimate.controls.circular_shift import shift_p_value
from hipdrive.estimate.controls.device_steps import check_device_steps
from hipdrive.estimate.controls.dose_response import check_dose_response
from hipdrive.estimate.controls.future_dose import check_future_dose
from hipdrive.estimate.controls.resting_heart_rate import check_resting_heart_rate
from hipdrive.estimate.controls.training_load import check_training_load
from hipdrive.estimate.controls.unwell_weeks import check_unwell_weeks
from hipdrive.estimate.controls.upper_body_dose import check_upper_body_dose
from hipdrive.estimate.experiment import governing
from hipdrive.estimate.exposure import KERNEL_PRIOR, MEAN_LAGS_WEEKS
from hipdrive.estimate.facts import achieved_contrasts, gather_facts
from hipdrive.estimate.history import PRIMARY_OUTCOME, History, read_history
from hipdrive.estimate.power_analysis import Noise
from hipdrive.estimate.prior import inform_with_studies
from hipdrive.estimate.quantity import Quantity, quantity
from hipdrive.estimate.state_space import Grid, Posterior, fit, whitening_grid
from hipdrive.estimate.verdict import Decision, Experiment, Facts, decide

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl
    from numpy.typing import NDArray

    from hipdrive.estimate.check_result import CheckResult


@dataclass(frozen=True)
class Effect:
    """One athlete's answer. Numbers are None only where too few weeks, or no change of dose, leave nothing to fit.

    Attributes:
        achieved: from the runner's low to high weeks of exposure (q10 to q90), as a fraction of speed: the primary.
        sustained: from no strength work to the full programme kept up: it extrapolates.
        with_studies: the same with what studies of related work found: the headline.
        data_share_fraction: how much of the headline is this runner's data; None without one.
        p_value: two-sided, of the model; the same for both quantities.
        shift_p_value: of the circular shifts, or the draw's own where an experiment is judged.
        lead_p_value: of the dose to come.
        decision: the verdict, its grounds and facts.
        checks: every check, passed, failed or only shown.
        kernel_weights: posterior weight of each mean lag in weeks; the data hardly move it, so it claims nothing.
        robustness_value: what a hidden cause would have to explain of both dose and speed.
        load_benchmark: what training load explains of one of them.
        experiment: the declared experiment that is due; where it can speak, all numbers are of its weeks alone.
        noise: this runner's own noise.
        contrast: q90 - q10 of exposure, in programmes a week, averaged over the kernels.
        block_changes: changes between blocks on and off.
        weeks: calendar weeks from the first to the last of known dose.
        weeks_with_runs: of the weeks that are judged, those that entered.
        runs: usable runs in them.
        races: weeks with a race among all weeks; fewer than two are not taken into account.
        adjusted_for: covariates that entered.
        pace_s_per_km: the runner's mean pace at reference heart rate.
        data_version: fingerprint of the numbers that went in.
    """

    achieved: Quantity
    sustained: Quantity
    with_studies: Quantity
    data_share_fraction: float | None
    p_value: float | None
    shift_p_value: float | None
    lead_p_value: float | None
    decision: Decision
    checks: tuple[CheckResult, ...]
    kernel_weights: dict[int, float]
    robustness_value: float | None
    load_benchmark: float | None
    experiment: Experiment | None
    noise: Noise | None
    contrast: float
    block_changes: int
    weeks: int
    weeks_with_runs: int
    runs: int
    races: int
    adjusted_for: tuple[str, ...]
    pace_s_per_km: float | None
    data_version: str

    @property
    def verdict(self) -> str:
        """One of `hipdrive.tables.estimates.VERDICTS`."""
        return self.decision.verdict


def estimate_effect(
    weeks: pl.DataFrame,
    plan_blocks: pl.DataFrame | None = None,
    outcome: str = PRIMARY_OUTCOME,
    plans: pl.DataFrame | None = None,
) -> Effect:
    """Estimate the effect of hip-extension work on speed at reference heart rate, with its uncertainty and a verdict.

    Weeks of unknown dose and the running week are left out; covariates may be null in weeks without a usable run, and a
    null `heat_c` elsewhere takes the athlete's mean. Nothing is drawn by lot: the same weeks give the same bits.

    Args:
        weeks: one athlete's weeks, none missing; needs `week_start`, `runs`, `speed_at_reference_hr_m_per_s`, `heat_c`,
            `ctl`, `atl`, `acute_hip_dose`, `hip_dose`, `upper_dose`; uses `dose_known`, `is_complete`, `device`,
            `gear`, `race_ramp`, `race_late_ramp`, `race_taper`, `race_recovery`, `resting_heart_rate_bpm`,
            `is_unwell` and `effective_runs` where they are there.
        plan_blocks: the blocks of declared experiments (`start_date`, `end_date`, `arm`; `plan_id` where there are
            several). One that is kept, due and of five pairs or more is judged by its own weeks; any other has no say.
        outcome: another weekly measure in place of speed, above zero; for mechanism outcomes only.
        plans: the experiments with what was answered so far (`plan_id`, `asked_utc`, `draw_p_value`, `verdict`); an
            answer is never asked again.

    Raises:
        BrokenContract: a column is missing, or a week stands twice.
    """
    return _estimate(read_history(weeks, outcome), plan_blocks, plans, _shown_checks)


def estimate_outcome(weeks: pl.DataFrame, outcome: str = PRIMARY_OUTCOME) -> Effect:
    """The same without any experiment and without the checks that are only shown: for many outcomes, or many runners.

    Args:
        weeks: as for `estimate_effect`.
        outcome: as for `estimate_effect`.

    Raises:
        BrokenContract: a column is missing, or a week stands twice.
    """
    return _estimate(read_history(weeks, outcome), None, None, lambda *_: ())


def _estimate(
    history: History | None,
    plan_blocks: pl.DataFrame | None,
    plans: pl.DataFrame | None,
    shown_checks: Callable[[History, Grid, NDArray[np.float64], Quantity], tuple[CheckResult, ...]],
) -> Effect:
    if history is None:
        return _without_fit(None, None, None)
    trial = governing(history, plan_blocks, plans)
    experiment = None if trial is None else trial.experiment
    judged = history
    if trial is not None and trial.experiment.can_speak:
        judged = history.within(trial.span.first, trial.span.last)
    if judged.rows == 0:
        return _without_fit(history, judged, experiment)
    grid = whitening_grid(judged.week, judged.weight)
    exposures = _exposures(judged)
    posterior = fit(grid, judged.outcome, judged.design, exposures, KERNEL_PRIOR)
    if posterior is None:
        return _without_fit(history, judged, experiment)
    contrasts = achieved_contrasts(exposures)
    sustained = posterior.of([1.0] * len(MEAN_LAGS_WEEKS))
    full = quantity(sustained)
    with_studies = inform_with_studies(posterior)
    load = check_training_load(judged, grid.at(posterior.mode), sustained)
    lead = check_future_dose(judged, grid)
    is_drawn = experiment is not None and experiment.can_speak
    facts = gather_facts(
        judged,
        quantity(posterior.of(contrasts)),
        grid.at(posterior.mode),
        p_value=sustained.p_value,
        shift_p_value=experiment.p_value if experiment and is_drawn else shift_p_value(judged, grid),
        lead_p_value=lead.p_value,
        robustness_value=load.value,
        load_benchmark=load.benchmark,
        experiment=experiment,
    )
    return Effect(
        achieved=facts.achieved,
        sustained=full,
        with_studies=quantity(with_studies.posterior),
        data_share_fraction=with_studies.data_share_fraction,
        p_value=sustained.p_value,
        shift_p_value=facts.shift_p_value,
        lead_p_value=lead.p_value,
        decision=decide(facts),
        checks=(lead, load, *shown_checks(judged, grid, exposures, full)),
        kernel_weights=dict(zip(MEAN_LAGS_WEEKS, posterior.kernel_weight.tolist(), strict=True)),
        robustness_value=load.value,
        load_benchmark=load.benchmark,
        experiment=experiment,
        noise=_noise(grid, posterior, judged),
        contrast=float(posterior.kernel_weight @ np.asarray(contrasts)),
        block_changes=facts.block_changes,
        weeks=history.calendar_weeks,
        weeks_with_runs=facts.weeks,
        runs=facts.runs,
        races=history.races,
        adjusted_for=judged.covariates,
        pace_s_per_km=facts.pace_s_per_km,
        data_version=_fingerprint(history),
    )


def _shown_checks(
    history: History, grid: Grid, exposures: NDArray[np.float64], full: Quantity
) -> tuple[CheckResult, ...]:
    return (
        check_upper_body_dose(history, grid, beside_hip_dose=False),
        check_upper_body_dose(history, grid, beside_hip_dose=True),
        check_device_steps(history, grid, exposures, full),
        check_dose_response(history, grid),
        check_unwell_weeks(history),
        check_resting_heart_rate(history),
    )


def _exposures(history: History) -> NDArray[np.float64]:
    return np.column_stack([history.exposure(mean_lag) for mean_lag in MEAN_LAGS_WEEKS])


def _noise(grid: Grid, posterior: Posterior, history: History) -> Noise:
    return Noise(
        persistence=float(posterior.weight @ grid.persistence[posterior.point]),
        level_share=float(posterior.weight @ grid.share[posterior.point]),
        week_sd=float(np.sqrt(posterior.weight @ posterior.noise_variance)),
        runs_per_week=float(history.runs.mean()),
    )


def _without_fit(history: History | None, judged: History | None, experiment: Experiment | None) -> Effect:
    nothing = Quantity()
    facts = Facts(0, 0, 0, 0, 0.0, 0.0, 0.0, nothing)
    if judged is not None:
        facts = gather_facts(judged, nothing, experiment=experiment)
    return Effect(
        achieved=nothing,
        sustained=nothing,
        with_studies=nothing,
        data_share_fraction=None,
        p_value=None,
        shift_p_value=None,
        lead_p_value=None,
        decision=decide(facts),
        checks=(),
        kernel_weights={},
        robustness_value=None,
        load_benchmark=None,
        experiment=experiment,
        noise=None,
        contrast=facts.contrast,
        block_changes=facts.block_changes,
        weeks=0 if history is None else history.calendar_weeks,
        weeks_with_runs=facts.weeks,
        runs=facts.runs,
        races=0 if history is None else history.races,
        adjusted_for=() if judged is None else judged.covariates,
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
