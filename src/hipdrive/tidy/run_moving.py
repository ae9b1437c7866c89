"""When a runner moved, where no record tells a way: a phone that stored heart rates only, a treadmill without a pod."""

from __future__ import annotations

import polars as pl


def move_by_the_timer(samples: pl.DataFrame, starts: pl.DataFrame) -> pl.DataFrame:
    """Samples of which those of activities without any way are moving while the timer runs.

    Where steps were counted, moving is stepping. A distance that never grows beside no step is a halt, unless the
    session tells a distance.

    Args:
        samples: with `activity_id`, `timer_s`, `is_moving`, `moving_s`, `distance_m`, `speed_m_per_s`, `cadence_spm`.
        starts: one row an activity, with its `total_distance`.
    """
    way = ((pl.col("speed_m_per_s") > 0).any() | (pl.col("distance_m").max() > pl.col("distance_m").min())).fill_null(
        value=False
    )
    kinds = (
        samples.group_by("activity_id")
        .agg(
            tells_way=way,
            tells_halt=pl.col("speed_m_per_s").is_not_null().any() | pl.col("distance_m").is_not_null().any(),
            steps=(pl.col("cadence_spm") > 0).any().fill_null(value=False),
        )
        .filter(~pl.col("tells_way"))
        .join(starts.select("activity_id", told_m="total_distance"), on="activity_id")
        .filter(pl.col("steps") | ~pl.col("tells_halt") | (pl.col("told_m") > 0).fill_null(value=False))
    )
    if kinds.is_empty():
        return samples
    step_s = pl.col("timer_s").diff().over("activity_id").fill_null(0.0).clip(0.0)
    stepping = ~pl.col("steps") | (pl.col("cadence_spm") > 0).fill_null(value=False)
    moves = (step_s > 0) & stepping
    return (
        samples.join(kinds.select("activity_id", "steps"), on="activity_id", how="left", maintain_order="left")
        .with_columns(moves=pl.col("steps").is_not_null() & moves, step_s=step_s)
        .with_columns(
            is_moving=pl.when("moves").then(pl.lit(value=True)).otherwise("is_moving"),
            moving_s=pl.when("moves").then("step_s").otherwise("moving_s"),
        )
        .drop("steps", "moves", "step_s")
    )
