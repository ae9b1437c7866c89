"""A declared experiment as it goes: which block a day lies in, and how far the blocks were kept so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl


@dataclass(frozen=True)
class Tonight:
    """The block that tonight lies in; weeks and blocks are counted from 1."""

    arm: str
    block: int
    blocks: int
    week: int
    weeks: int
    last_day: date
    end: date


def block_of(plan_blocks: pl.DataFrame, tonight: date) -> Tonight | None:
    """The block of one experiment that a day lies in; None before its first and after its last."""
    blocks = plan_blocks.sort("start_date")
    within = blocks.filter(pl.lit(tonight).is_between(pl.col("start_date"), pl.col("end_date")))
    if within.is_empty():
        return None
    now, start, end = within.row(0, named=True), blocks["start_date"][0], blocks["end_date"][-1]
    return Tonight(
        now["arm"],
        now["block_index"] + 1,
        blocks.height,
        (tonight - start).days // 7 + 1,
        ((end - start).days + 1) // 7,
        now["end_date"],
        end,
    )


def silent_off_days(plan_blocks: pl.DataFrame, log_spans: pl.DataFrame, tonight: date) -> tuple[date, date] | None:
    """First and last day before tonight, in blocks `off` of one experiment, for which no log speaks; None without any.

    Who does no strength work writes nothing down, so such a block stays unknown, and an experiment that ends with one
    never ends, until the runner says that there was none.

    Args:
        plan_blocks: of one experiment.
        log_spans: the days that the athlete's logs speak for: `first_date last_date`.
        tonight: the athlete's date.
    """
    days = (
        plan_blocks.filter(pl.col("arm") == "off", pl.col("start_date") < tonight)
        .select(day=pl.date_ranges("start_date", pl.min_horizontal("end_date", pl.lit(tonight - timedelta(days=1)))))
        .explode("day")
    )
    told = log_spans.select(day=pl.date_ranges("first_date", "last_date")).explode("day")
    silent = days.join(told, on="day", how="anti")["day"]
    return (silent.min(), silent.max()) if silent.len() else None  # type: ignore[return-value]


def done_by_arm(plan_blocks: pl.DataFrame) -> dict[str, float]:
    """Mean share of the programme done in the blocks `on`, then `off`, that are known; without an arm that has none."""
    known = plan_blocks.drop_nulls("adherence_fraction")
    shares = {arm: known.filter(pl.col("arm") == arm)["adherence_fraction"] for arm in ("on", "off")}
    return {arm: float(share.to_numpy().mean()) for arm, share in shares.items() if share.len()}
