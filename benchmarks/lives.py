"""Made-up runners of the demo through the whole pipeline, FIT bytes to weeks, kept so that they are measured once.

`python -m benchmarks.lives --seeds 200 --folder lives` adds two Parquet files a seed (about 12 CPU-seconds each): its
weeks as the estimate sees them, and its usable runs. Interrupted, it goes on with the seeds that are missing.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from hipdrive.demo import MadeUpRunner, make_runner
from hipdrive.night import commands
from hipdrive.settings import SETTINGS_FILE, Home
from hipdrive.warehouse import ask

LAST_DAY = date(2026, 11, 15)
COMFORTABLE_C = 10.0
RUNS = f"""
SELECT r.activity_id, r.local_date, r.start_utc, CAST(r.run_type AS VARCHAR) AS run_type,
    r.speed_at_reference_hr_m_per_s, a.reference_hr_bpm, a.hr_slope_per_bpm,
    avg(ln(w.graded_speed_m_per_s)) AS ln_graded_speed,
    avg(w.heart_rate_bpm) AS heart_rate_bpm,
    avg(greatest(w.temperature_c - {COMFORTABLE_C}, 0)) AS heat_c
FROM runs AS r
JOIN athletes AS a ON a.athlete_id = r.athlete_id
JOIN run_windows AS w ON w.activity_id = r.activity_id AND w.is_usable
WHERE r.is_usable GROUP BY ALL ORDER BY r.start_utc
"""


def measure(runner: MadeUpRunner) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The weeks of one runner, and their usable runs, through files, tables and views."""
    with tempfile.TemporaryDirectory() as folder:
        inbox = Path(folder) / "data" / "inbox"
        inbox.mkdir(parents=True)
        zone = runner.athlete.time_zone
        (Path(folder) / SETTINGS_FILE).write_text(f'[athlete]\ntime_zone = "{zone}"\n', encoding="utf-8")
        for name, content in runner.files:
            (inbox / name).write_bytes(content)
        home = Home(Path(folder))
        commands.ingest(home, [home.inbox], LAST_DAY + timedelta(days=1))
        return ask(home, "SELECT * FROM weeks ORDER BY week_start"), ask(home, RUNS)


def live(seed: int, effect: float = 0.0) -> MadeUpRunner:
    """The runner of two years with this seed."""
    return make_runner(effect=effect, seed=seed, end=LAST_DAY)


def main() -> None:
    """Measure the seeds that the folder does not hold yet."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seeds", type=int, default=20, help="how many, counted from 1")
    parser.add_argument("--effect", type=float, default=0.0, help="planted, as a fraction of speed")
    parser.add_argument("--folder", type=Path, required=True)
    wanted = parser.parse_args()
    wanted.folder.mkdir(parents=True, exist_ok=True)
    for seed in range(1, wanted.seeds + 1):
        kept = wanted.folder / f"{wanted.effect:g}-{seed:04d}-weeks.parquet"
        if not kept.exists():
            began = time.process_time()
            weeks, runs = measure(live(seed, wanted.effect))
            runs.write_parquet(kept.with_name(kept.name.replace("weeks", "runs")))
            weeks.write_parquet(kept)
            print(f"{seed}: {time.process_time() - began:.1f} CPU-seconds", flush=True)


if __name__ == "__main__":
    main()
