"""Training impulse: how hard a run was for the heart, in one number."""

from __future__ import annotations

import dataframely as dy
import polars as pl

from hipdrive.tables.run_measures import RunMeasure, RunWindow
from hipdrive.tables.runs import Activity
from hipdrive.tables.weeks import AthleteSetting

COVERED_FRACTION = 0.5
# Factor and exponent of the weight of a minute.
# Source: Banister's, as given by Morton, Fitz-Clarke, Banister 1990, doi:10.1152/jappl.1990.69.3.1171; from memory.
_CURVES = {"male": (0.64, 1.92), "female": (0.86, 1.67)}


def measure_trimp(
    activities: dy.DataFrame[Activity],
    runs: dy.DataFrame[RunMeasure],
    windows: dy.DataFrame[RunWindow],
    highest: pl.DataFrame,
    athletes: dy.DataFrame[AthleteSetting],
) -> pl.DataFrame:
    """`activity_id`, `trimp` of each run: the sum over its minutes of x 0.64 e^(1.92 x), x the share of the reserve.

    One hour at 150 bpm, 60 at rest and 190 at most: x = 90/130 = 0.692, 60 x 0.692 x 0.64 x e^1.329 = 100.4.
    A run whose minutes with a heart rate make less than half of it has none; the others are scaled to the whole run.

    Args:
        activities: say whose a run is.
        runs: theirs.
        windows: theirs.
        highest: `athlete_id`, `highest_hr_bpm`, which stands for the maximum where the settings name none.
        athletes: resting and maximal heart rate.
    """
    rest, most = pl.col("resting_heart_rate_bpm"), pl.coalesce("max_heart_rate_bpm", "highest_hr_bpm")
    share = ((pl.col("heart_rate_bpm") - rest) / (most - rest)).clip(0.0, 1.0)
    weights = [
        pl.when(pl.col("trimp_weighting") == name).then(share * factor * (exponent * share).exp())
        for name, (factor, exponent) in _CURVES.items()
    ]
    minutes = pl.col("moving_time_s") / 60
    return (
        windows.filter(pl.col("heart_rate_bpm").is_not_null())
        .join(activities.select("activity_id", "athlete_id"), on="activity_id")
        .join(athletes, on="athlete_id")
        .join(highest, on="athlete_id", how="left")
        .filter(most > rest)
        .group_by("activity_id")
        .agg(known_min=minutes.sum(), impulse=(minutes * pl.coalesce(weights)).sum())
        .join(runs.select("activity_id", whole_min=minutes), on="activity_id")
        .filter(pl.col("known_min") > 0, pl.col("known_min") >= COVERED_FRACTION * pl.col("whole_min"))
        .select("activity_id", trimp=pl.col("impulse") * pl.col("whole_min") / pl.col("known_min"))
    )
