"""Values that no run has, over real runs: `python -m benchmarks.absurd_values CORPUS`; exits 1 if there is one."""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl

from benchmarks.corpus_runs import measure_folder

FOLDERS = ("mixed", "series_a", "series_b", "series_c")
FASTEST_S_PER_KM, LONGEST_STEP_M, SPEEDS_APART = 120.0, 2.5, 0.05
USABLE = pl.col("is_usable")
ABSURD = {
    "pace below 2:00/km": pl.col("pace_s_per_km") < FASTEST_S_PER_KM,
    "moving time above the timer by 1 %": pl.col("moving_time_s") > 1.01 * pl.col("timer_time_s"),
    "timer above start to end by 1 %": pl.col("timer_time_s") > 1.01 * pl.col("elapsed_time_s"),
    "flight time below 0": pl.col("flight_time_s") < 0,
    "cadence of a usable run above 250 or below 100": USABLE & ~pl.col("cadence_spm").is_between(100, 250),
    "step above 2.5 m": pl.col("step_length_m") > LONGEST_STEP_M,
    "usable, and speed field and distance differ by over 5 %": USABLE
    & (pl.col("speed_difference_fraction").abs() > SPEEDS_APART),
    "usable without an error": USABLE & pl.col("speed_at_reference_hr_se_m_per_s").is_null(),
}


def measure_real_runs(corpus: Path) -> pl.DataFrame:
    """One row a run with `file`, `folder`, its measures and what stage 1 makes of it."""
    parts = []
    for folder in FOLDERS:
        measured = measure_folder(corpus, folder)
        activities = measured.activities.select(
            "activity_id", "timer_time_s", "elapsed_time_s", file="source_id", folder=pl.lit(folder)
        )
        parts.append(
            measured.runs.join(activities, on="activity_id").join(measured.efficiency().runs, on="activity_id")
        )
    return pl.concat(parts, how="diagonal_relaxed")


def main() -> int:
    """Print how often each value occurs, and in which files."""
    runs = measure_real_runs(Path(sys.argv[1]))
    found = {what: runs.filter(rule.fill_null(value=False))["file"].to_list() for what, rule in ABSURD.items()}
    print(f"{runs.height} runs, {runs['is_usable'].sum()} usable")
    for what, files in found.items():
        print(f"| {what} | {len(files)} | {', '.join(files)} |")
    return int(any(found.values()))


if __name__ == "__main__":
    sys.exit(main())
