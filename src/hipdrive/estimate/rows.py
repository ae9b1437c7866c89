"""A night's answer as rows of the warehouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from hipdrive.estimate.history import PRIMARY_EXPOSURE, PRIMARY_OUTCOME
from hipdrive.estimate.quantity import Quantity
from hipdrive.tables.estimates import QUANTITIES, CheckRow, EffectRow, PacePart, PacePartRow, Race, RaceRow

if TYPE_CHECKING:
    import dataframely as dy

    from hipdrive.estimate.check_result import CheckResult
    from hipdrive.estimate.effect import Effect

WIDEST_TOLD = 0.25  # half an interval, as a fraction: beyond it its middle is not a number to keep


def effect_rows(
    effect: Effect,
    run_id: str,
    athlete_id: str,
    outcome: str = PRIMARY_OUTCOME,
    *,
    look: Effect | None = None,
    q_value: float | None = None,
) -> dy.DataFrame[EffectRow]:
    """Achieved and sustained, and the headline if the outcome is the primary one.

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
    is_told = effect.verdict != "cannot_be_estimated"
    shared = {
        "run_id": run_id,
        "athlete_id": athlete_id,
        "outcome": outcome,
        "exposure": PRIMARY_EXPOSURE,
        "p_value": effect.p_value if is_told else None,
        "q_value": q_value if is_told else None,
        "shift_p_value": effect.shift_p_value if is_told else None,
        "lead_p_value": effect.lead_p_value if is_told else None,
        "robustness_value": effect.robustness_value if is_told else None,
        "load_benchmark": effect.load_benchmark,
        "verdict": stands.verdict if is_primary else None,
        "weeks": effect.weeks,
        "runs": effect.runs,
        "block_changes": effect.block_changes,
        "is_look": look is not None and look.weeks == effect.weeks,
        "data_share_fraction": effect.data_share_fraction,
        "data_version": effect.data_version,
    }
    found = [(name, False, one) for name, one in zip(QUANTITIES, (effect.achieved, effect.sustained), strict=True)]
    if is_primary:
        found.append((QUANTITIES[1], True, effect.with_studies))
    rows = [
        shared
        | _numbers(one, is_told=is_told)
        | {
            "quantity": name,
            "is_primary": is_primary and name == QUANTITIES[0],
            "is_headline": is_headline,
        }
        for name, is_headline, one in found
    ]
    return EffectRow.validate(pl.DataFrame(rows, infer_schema_length=None).select(EffectRow.column_names()), cast=True)


def _numbers(found: Quantity, *, is_told: bool) -> dict[str, float | None]:
    """Null where nothing can be estimated, or where an interval is so wide that its middle would only mislead."""
    half = found.half_width
    if not is_told or half is None or half > WIDEST_TOLD:
        found = Quantity()
    return {"estimate_fraction": found.estimate, "lo_fraction": found.lo, "hi_fraction": found.hi}


def check_rows(effect: Effect, run_id: str, athlete_id: str) -> dy.DataFrame[CheckRow]:
    """One row a check; none where nothing was fitted."""
    is_told = effect.verdict != "cannot_be_estimated"
    rows = [
        {
            "run_id": run_id,
            "athlete_id": athlete_id,
            "check": check.name,
            "is_passed": check.is_passed if is_told else None,
            "p_value": check.p_value if is_told else None,
            **_numbers_of_check(check, is_told=is_told),
            "measure": check.value if is_told else None,
            "benchmark": check.benchmark,
        }
        for check in effect.checks
    ]
    frame = pl.DataFrame(rows, infer_schema_length=None) if rows else pl.DataFrame(schema=CheckRow.column_names())
    return CheckRow.validate(frame.select(CheckRow.column_names()), cast=True)


def part_rows(parts: dy.DataFrame[PacePart], athlete_id: str) -> dy.DataFrame[PacePartRow]:
    """The parts of one athlete's pace as the warehouse keeps them."""
    return PacePartRow.validate(parts.with_columns(athlete_id=pl.lit(athlete_id)), cast=True)


def race_rows(races: dy.DataFrame[Race], athlete_id: str) -> dy.DataFrame[RaceRow]:
    """The race calendar of one athlete as the warehouse keeps it."""
    return RaceRow.validate(races.with_columns(athlete_id=pl.lit(athlete_id)), cast=True)


def _numbers_of_check(check: CheckResult, *, is_told: bool) -> dict[str, float | None]:
    if check.lo is None:  # no interval of its own
        return {"estimate_fraction": check.estimate if is_told else None, "lo_fraction": None, "hi_fraction": None}
    return _numbers(Quantity(check.estimate, check.lo, check.hi), is_told=is_told)
