"""What stage 1 makes of few real runs: `python -m benchmarks.few_runs CORPUS`.

Every window of 3, 4, 6 and 8 consecutive usable runs of each series goes through stage 1 as if the athlete had no other
runs. A value that lies more than 15 % outside the range of its window's own graded speeds is the slopes', not the
runner's; so is one that the rule does not show.
"""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl

from benchmarks.corpus_runs import Measured, measure_folder

SERIES = ("series_a", "series_b", "series_c")
SIZES = (3, 4, 6, 8)
OUTSIDE_FRACTION = 0.15


def try_few_runs(measured: Measured, size: int) -> pl.DataFrame:
    """One row a window and run: `window`, `graded_m_per_s`, `brought_m_per_s` (unbounded), `is_shown`, `is_outside`."""
    usable = (
        measured.efficiency()
        .runs.filter("is_usable")
        .join(measured.activities.select("activity_id", "local_date", "start_utc"), on="activity_id")
        .sort("local_date", "start_utc")["activity_id"]
        .to_list()
    )
    graded = (
        measured.windows.filter("is_usable")
        .group_by("activity_id")
        .agg(graded_m_per_s=pl.col("graded_speed_m_per_s").log().mean().exp())
    )
    parts = []
    for first in range(len(usable) - size + 1):
        found = measured.efficiency(usable[first : first + size])
        slope = dict(found.slopes.select("slope", "per_unit").iter_rows())
        kind = pl.col("run_type").cast(pl.String).replace({"race": "tempo", "hills": "intervals"})
        offset = pl.sum_horizontal(
            pl.when(kind == name).then(slope[name]).otherwise(0.0) for name in ("long", "tempo", "intervals")
        )
        beats = slope["heart_rate"] * pl.col("heart_rate_above_reference_bpm")
        speed = pl.col("graded_m_per_s")
        brought = pl.col("brought_m_per_s")
        parts.append(
            found.runs.join(graded, on="activity_id")
            .with_columns(brought_m_per_s=speed * (-beats - offset).exp(), window=first)
            .select(
                "window",
                "activity_id",
                "graded_m_per_s",
                "brought_m_per_s",
                is_shown=pl.col("speed_at_reference_hr_m_per_s").is_not_null(),
                is_outside=(brought > (1 + OUTSIDE_FRACTION) * speed.max())
                | (brought < (1 - OUTSIDE_FRACTION) * speed.min()),
                slope_per_bpm=pl.lit(slope["heart_rate"]),
            )
        )
    return pl.concat(parts)


def summary(corpus: Path) -> pl.DataFrame:
    """One row a series and size of window."""
    rows = []
    for series in SERIES:
        measured = measure_folder(corpus, series)
        for size in SIZES:
            found = try_few_runs(measured, size)
            ratio = (found["brought_m_per_s"] / found["graded_m_per_s"]).log().abs().max()
            rows.append(
                {
                    "series": series,
                    "runs a window": size,
                    "windows": found["window"].n_unique(),
                    "values": found.height,
                    "not shown": int((~found["is_shown"]).sum()),
                    "outside": int(found["is_outside"].sum()),
                    "shown and outside": int((found["is_shown"] & found["is_outside"]).sum()),
                    "steepest": round(float(found["slope_per_bpm"].max()), 4),  # type: ignore[arg-type]
                    "flattest": round(float(found["slope_per_bpm"].min()), 4),  # type: ignore[arg-type]
                    "largest move": round(float(ratio), 3),  # type: ignore[arg-type]
                }
            )
    return pl.DataFrame(rows)


if __name__ == "__main__":
    with pl.Config(tbl_rows=-1, tbl_cols=-1, tbl_width_chars=160, tbl_formatting="MARKDOWN"):
        print(summary(Path(sys.argv[1])))
