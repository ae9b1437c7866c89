"""What pods and apps write beside the watch: stale values out, and one source a quantity for each activity.

A pod that feels no steps repeats its last ground time, so while its own cadence is 0 nothing else of it counts either.
The watch goes before a pod wherever it measured at least half as often.
"""

from __future__ import annotations

import polars as pl

OFTEN_ENOUGH = 0.5  # of the pod's values
_BESIDE = {  # the watch's fields → the pod's
    "distance": "developer_distance",
    "enhanced_speed": "developer_speed",
    "heart_rate": "developer_heart_rate",
    "cadence": "developer_cadence",
    "step_length": "developer_step_length",
    "stance_time": "developer_stance_time",
    "vertical_oscillation": "developer_vertical_oscillation",
    "power": "developer_power",
    "temperature": "developer_temperature",
}
_FELT = ("developer_stance_time", "developer_vertical_oscillation", "developer_power", "leg_spring_stiffness")
_STALE = "foot pod repeats its values while it counts no step: left out"


def take_one_source(records: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Records with one source a quantity and activity, and how many stale values were left out.

    Args:
        records: with `activity_id`; the watch's fields and the developer fields beside them.
    """
    is_still = pl.col("developer_cadence") == 0
    stale = is_still & pl.any_horizontal(pl.col(name) > 0 for name in _FELT)
    counts = records.group_by("source_id").agg(
        rows=stale.sum().cast(pl.Int64), place=pl.lit("records").first(), reason=pl.lit(_STALE).first()
    )
    felt = records.with_columns(pl.when(~is_still.fill_null(value=False)).then(name).alias(name) for name in _FELT)
    beside = {name: pod for name, pod in _BESIDE.items() if felt[pod].null_count() < felt.height}
    chosen = felt.with_columns(
        pl.when((_measured(_own(name)) >= OFTEN_ENOUGH * _measured(pl.col(pod))).over("activity_id"))
        .then(name)
        .otherwise(pod)
        .alias(name)
        for name, pod in beside.items()
    )
    return chosen.drop(_BESIDE.values()), counts.filter(pl.col("rows") > 0)


def _measured(value: pl.Expr) -> pl.Expr:
    return (value != 0).sum()  # 0 is what a field holds that nothing measures


def _own(name: str) -> pl.Expr:
    """The watch's own values; its speed may stand in either of two fields."""
    return pl.coalesce("enhanced_speed", "speed") if name == "enhanced_speed" else pl.col(name)
