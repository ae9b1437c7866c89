"""What was found, as a number with its interval: tonight, and in every night before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from hipdrive.estimate.history import PRIMARY_OUTCOME

if TYPE_CHECKING:
    from hipdrive.estimate.quantity import Quantity


@dataclass(frozen=True)
class Estimate:
    """A number with its 95 % interval."""

    value: float
    lo: float
    hi: float

    @property
    def half_width(self) -> float:
        """Half the length of the interval."""
        return (self.hi - self.lo) / 2


def known_weeks(weeks: pl.DataFrame) -> int:
    """Complete weeks of known dose, none before the first run; weeks of rest count, those of a gap do not."""
    known = weeks.filter("is_complete", "dose_known").sort("week_start")
    return known.filter((pl.col("runs_all") > 0).cum_max()).height


def estimates_by_night(effects: pl.DataFrame, nights: pl.DataFrame, quantity: str) -> pl.DataFrame:
    """Every night's estimate of the primary outcome, the oldest first; tonight's own is the last."""
    order = nights.select("run_id", "started_utc")
    return (
        effects.filter(pl.col("outcome") == PRIMARY_OUTCOME, pl.col("quantity") == quantity, ~pl.col("is_headline"))
        .join(order, on="run_id", how="left")
        .sort("started_utc", "weeks", nulls_last=True, maintain_order=True)
    )


def estimate_of(quantity: Quantity) -> Estimate | None:
    """The estimate room's quantity; None where nothing could be fitted."""
    if quantity.estimate is None or quantity.lo is None or quantity.hi is None:
        return None
    return Estimate(quantity.estimate, quantity.lo, quantity.hi)
