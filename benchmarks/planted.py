"""Is the planted effect of made-up runners inside the interval? Through the whole pipeline: FIT bytes to estimate.

`python -m benchmarks.planted --seeds 20 --raw planted.csv` adds one line a seed (about 12 CPU-seconds each)
and ends with the share of intervals that hold what was planted. Interrupted, it goes on where the file ends.
"""

from __future__ import annotations

import argparse
import csv
import math
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from flows.finish import finish_tables
from flows.ingest import cut_batches, ingest_batch, store
from hipdrive.catalogue import Resolver, load_catalogue
from hipdrive.demo import make_runner
from hipdrive.estimate import estimate_effect
from hipdrive.read.inbox import list_offers
from hipdrive.settings import SETTINGS_FILE, Home
from hipdrive.tables.weeks import Week
from hipdrive.warehouse import Warehouse

LAST_DAY = date(2026, 11, 15)
COLUMNS = (
    "seed",
    "effect",
    "verdict",
    "planted_achieved",
    "achieved",
    "achieved_lo",
    "achieved_hi",
    "planted_sustained",
    "sustained",
    "sustained_lo",
    "sustained_hi",
    "p_value",
    "cpu_s",
)


def try_seed(seed: int, effect: float) -> dict[str, object]:
    """One runner of two years, made, read, measured and estimated."""
    began = time.process_time()
    runner = make_runner(effect=effect, seed=seed, end=LAST_DAY)
    with tempfile.TemporaryDirectory() as folder:
        inbox = Path(folder) / "data" / "inbox"
        inbox.mkdir(parents=True)
        zone = runner.athlete.time_zone
        (Path(folder) / SETTINGS_FILE).write_text(f'[athlete]\ntime_zone = "{zone}"\n', encoding="utf-8")
        for name, content in runner.files:
            (inbox / name).write_bytes(content)
        home, resolver = Home(Path(folder)), Resolver(load_catalogue(), {})
        with Warehouse(home) as warehouse:
            for batch in cut_batches(list_offers(home)):
                known = warehouse.known_contents()
                store(warehouse, ingest_batch(batch, home.settings, known, datetime.now(UTC), resolver))
            finish_tables(warehouse, home, LAST_DAY + timedelta(days=1), resolver)
            weeks = warehouse.read("weeks", Week)
    found = estimate_effect(weeks)
    planted = runner.truth.by_week["planted_log_speed"]
    contrast = (planted.quantile(0.9, "linear") or 0.0) - (planted.quantile(0.1, "linear") or 0.0)
    values = (
        seed,
        effect,
        found.verdict,
        math.expm1(contrast),
        found.achieved.estimate,
        found.achieved.lo,
        found.achieved.hi,
        effect,
        found.sustained.estimate,
        found.sustained.lo,
        found.sustained.hi,
        found.p_value,
        time.process_time() - began,
    )
    return dict(zip(COLUMNS, values, strict=True))


def summarise(rows: list[dict[str, str]]) -> None:
    """Print the share of intervals that hold the planted value, and the mean estimate, for both quantities."""
    for quantity in ("achieved", "sustained"):
        fitted = [row for row in rows if row[quantity]]
        holds = [
            float(row[f"{quantity}_lo"]) <= float(row[f"planted_{quantity}"]) <= float(row[f"{quantity}_hi"])
            for row in fitted
        ]
        share = sum(holds) / len(holds)
        error = math.sqrt(share * (1 - share) / len(holds))
        mean = sum(float(row[quantity]) for row in fitted) / len(fitted)
        planted = sum(float(row[f"planted_{quantity}"]) for row in fitted) / len(fitted)
        print(
            f"{quantity}: {sum(holds)} of {len(holds)} intervals hold the planted value "
            f"({share:.1%} ± {error:.1%}); mean estimate {mean:+.2%}, planted {planted:+.2%}"
        )


def main() -> None:
    """Run the seeds that the file does not hold yet, then summarise it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seeds", type=int, default=20, help="how many, counted from 1")
    parser.add_argument("--effect", type=float, default=0.04, help="planted, as a fraction of speed")
    parser.add_argument("--raw", type=Path, required=True, help="CSV of answers, appended to")
    wanted = parser.parse_args()
    done = set()
    if wanted.raw.exists():
        with wanted.raw.open(encoding="utf-8") as file:
            done = {(int(row["seed"]), float(row["effect"])) for row in csv.DictReader(file)}
    with wanted.raw.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        if not done:
            writer.writeheader()
        for seed in range(1, wanted.seeds + 1):
            if (seed, wanted.effect) not in done:
                writer.writerow(try_seed(seed, wanted.effect))
                file.flush()
    with wanted.raw.open(encoding="utf-8") as file:
        summarise([row for row in csv.DictReader(file) if float(row["effect"]) == wanted.effect])


if __name__ == "__main__":
    main()
