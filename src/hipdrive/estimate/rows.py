"""A night's answer as rows of the warehouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from hipdrive.estimate.history import PRIMARY_EXPOSURE, PRIMARY_OUTCOME
from hipdrive.tables.estimates import QUANTITIES, CheckRow, EffectRow

if TYPE_CHECKING:
    import dataframely as dy

    from hipdrive.estimate.effect import Effect


def effect_rows(
    effect: Effect,
    run_id: str,
    athlete_id: str,
    outcome: str = PRIMARY_OUTCOME,
    *,
    look: Effect | None = None,
    q_value: float | None = None,
) -> dy.DataFrame[EffectRow]:
    """Two rows, achieved and sustained; one of them is the primary if the outcome is.

    Args:
        effect: of `estimate_effect` with the same outcome.
        run_id: the night.
        athlete_id: whose.
        outcome: what was explained.
        look: of `estimate_at_last_look`: its verdict stands; before the first look nothing can be estimated.
        q_value: of a mechanism outcome, over its family.
    """
    is_primary = outcome == PRIMARY_OUTCOME
    stands = effect if look is None else look
    shared = {
        "run_id": run_id,
        "athlete_id": athlete_id,
        "outcome": outcome,
        "exposure": PRIMARY_EXPOSURE,
        "p_value": effect.p_value,
        "q_value": q_value,
        "shift_p_value": effect.shift_p_value,
        "lead_p_value": effect.lead_p_value,
        "robustness_value": effect.robustness_value,
        "load_benchmark": effect.load_benchmark,
        "verdict": stands.verdict if is_primary else None,
        "weeks": effect.weeks,
        "runs": effect.runs,
        "block_changes": effect.block_changes,
        "is_look": look is not None and look.calendar_weeks == effect.calendar_weeks,
        "data_share_fraction": effect.prior_informed.data_share_fraction,
        "data_version": effect.data_version,
    }
    rows = [
        shared
        | {
            "quantity": name,
            "estimate_fraction": found.estimate,
            "lo_fraction": found.lo,
            "hi_fraction": found.hi,
            "is_primary": is_primary and name == QUANTITIES[0],
        }
        for name, found in zip(QUANTITIES, (effect.achieved, effect.sustained), strict=True)
    ]
    return EffectRow.validate(pl.DataFrame(rows).select(EffectRow.column_names()), cast=True)


def check_rows(effect: Effect, run_id: str, athlete_id: str) -> dy.DataFrame[CheckRow]:
    """One row a check; none where nothing was fitted."""
    rows = [
        {
            "run_id": run_id,
            "athlete_id": athlete_id,
            "check": check.name,
            "is_passed": check.is_passed,
            "p_value": check.p_value,
            "estimate_fraction": check.estimate,
            "lo_fraction": check.lo,
            "hi_fraction": check.hi,
            "measure": check.value,
            "benchmark": check.benchmark,
            "sentence": check.sentence,
        }
        for check in effect.checks
    ]
    frame = pl.DataFrame(rows) if rows else pl.DataFrame(schema=CheckRow.column_names())
    return CheckRow.validate(frame.select(CheckRow.column_names()), cast=True)
