"""What strength work might change on the way to speed: the stride at one and the same speed.

The same model as for speed, one measure after the other. Many measures are looked at, so each p becomes a q (the share
of false alarms to expect among those at least as striking). They describe; none of them has a say in the verdict.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from hipdrive.estimate.effect import Effect, estimate_outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

SHOWN = (
    "contact_time_at_reference_speed_s",
    "cadence_at_reference_speed_spm",
    "step_length_at_reference_speed_m",
    "vertical_ratio_at_reference_speed_fraction",
)
MECHANISMS = (
    *SHOWN,
    "vertical_oscillation_at_reference_speed_m",
    "duty_factor_at_reference_speed_fraction",
    "leg_stiffness_at_reference_speed_n_per_m",
    "peak_force_at_reference_speed_bw",
    "contact_sweep_at_reference_speed_deg",
)  # the family over which q is taken; what is not shown stays in SQL


@dataclass(frozen=True)
class Mechanism:
    """One stride measure: its effect as a fraction of the measure, and its q among all that were looked at."""

    outcome: str
    effect: Effect
    q_value: float | None


def estimate_mechanisms(
    weeks: pl.DataFrame, runs: pl.DataFrame, outcomes: Sequence[str] = MECHANISMS
) -> list[Mechanism]:
    """Estimate each stride measure's effect, from weekly means of the logs of its values at the reference speed.

    Args:
        weeks: as for `estimate_effect`.
        runs: one athlete's runs: `local_date` and any of the outcomes; a run without a value does not count.
        outcomes: what to look at; what no run has a value of is passed over.
    """
    present = measured_outcomes(runs, outcomes)
    effects = [estimate_outcome(weekly_means(weeks, runs, outcome), outcome) for outcome in present]
    q_values = false_discovery_rates([effect.p_value for effect in effects])
    return [Mechanism(*one) for one in zip(present, effects, q_values, strict=True)]


def measured_outcomes(runs: pl.DataFrame, outcomes: Sequence[str] = MECHANISMS) -> list[str]:
    """Those outcomes of which any run has a value above zero."""
    return [
        outcome
        for outcome in outcomes
        if outcome in runs.columns and (runs[outcome].cast(pl.Float64).fill_nan(None) > 0).any()
    ]


def false_discovery_rates(p_values: Sequence[float | None]) -> list[float | None]:
    """Benjamini and Hochberg's q of each p, None for None.

    Source: Benjamini and Hochberg 1995, Journal of the Royal Statistical Society B 57:289. For 0.01, 0.04 and 0.03 it
    gives 0.03, 0.04 and 0.04.
    """
    known = sorted((p, index) for index, p in enumerate(p_values) if p is not None)
    q_values: list[float | None] = [None] * len(p_values)
    smallest = 1.0
    for rank, (p, index) in reversed(list(enumerate(known, start=1))):
        smallest = min(smallest, p * len(known) / rank)
        q_values[index] = smallest
    return q_values


def weekly_means(weeks: pl.DataFrame, runs: pl.DataFrame, outcome: str) -> pl.DataFrame:
    """The weeks with the mean of the logs of another outcome of runs, and how many runs had it."""
    value = pl.col(outcome).cast(pl.Float64).fill_nan(None)
    means = (
        runs.filter(value > 0)
        .group_by(pl.col("local_date").cast(pl.Date).dt.truncate("1w").alias("week_start"))
        .agg(value.log().mean().exp().alias(outcome), pl.len().cast(pl.Int64).alias("runs"))
    )
    return (
        weeks.drop("runs", outcome, strict=False)
        .with_columns(pl.col("week_start").cast(pl.Date))
        .join(means, on="week_start", how="left", maintain_order="left")
        .with_columns(pl.col("runs").fill_null(0))
    )
