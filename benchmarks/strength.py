"""A million strength sets: seconds and memory from the bytes of a Strong export to doses.

    python benchmarks/strength.py [SETS]

The log is made up (seeded): workouts of twenty sets, names of the catalogue with slips of the thumb, unknown names,
rest timers, notes with line breaks, and bad rows. Each stage is run once in this one process; the peak is that of the
whole process after the stage. The first line is Python's own csv module alone, for scale.
"""

from __future__ import annotations

import csv
import io
import random
import resource
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from hipdrive.catalogue import Resolver, load_catalogue
from hipdrive.measure.programme import measure_programme
from hipdrive.measure.strength import measure_strength_sets
from hipdrive.measure.strength_spans import measure_log_spans
from hipdrive.read.strength import read_strength
from hipdrive.tidy.strength import tidy_strength_sets

SETS = 1_000_000
SETS_A_WORKOUT = 20
KNOWN, SLIPS = 0.95, 0.04  # shares of names; the rest nobody knows
LABELS = {0: "W", 9: "Rest Timer"}
HEADER = "Date,Workout Name,Duration,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes,Workout Notes,RPE"
T = TypeVar("T")


def made_up_log(sets: int) -> bytes:
    """A Strong export of this many rows, the same every time."""
    draw = random.Random(20260301)  # noqa: S311  a made-up log, no secret
    names = sorted({form.text for form in load_catalogue().forms if '"' not in form.text})
    slips = [name.replace("e", "ee", 1) for name in names[::40]]
    unknown = ["Uncle Otto's Special", "Machine by the window"]
    rows = [HEADER]
    start = datetime(1990, 1, 1, 18, 30)  # noqa: DTZ001  local time, as the app writes it
    for number in range(sets):
        workout, order = divmod(number, SETS_A_WORKOUT)
        if order == 0:
            date = f"{start + timedelta(hours=11 * workout):%Y-%m-%d %H:%M:%S}"
        chance = draw.random()
        name = draw.choice(names if chance < KNOWN else slips if chance < KNOWN + SLIPS else unknown)
        weight, reps = 2.5 * draw.randrange(60), draw.randrange(1, 20)
        label = LABELS.get(order % 10, str(order))
        note = '""' if order or workout % 50 else '"one\ntwo"'
        amount = str(reps) if (number + 1) % 10_000 else "oops"
        rows.append(f'{date},"Gym",1h 5m,"{name}",{label},{weight},{amount},0,0,{note},,')
    return "\n".join(rows).encode()


def timed(stage: str, work: Callable[[], T], sets: int) -> T:
    """Run a stage and print its seconds, its pace and the peak of the process."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{stage:<34}{wall:8.2f} s wall {cpu:8.2f} s CPU {sets / cpu:12,.0f} sets/s {peak_mb:8.0f} MB peak")
    return result


def main() -> None:
    """Print the table."""
    sets = int(sys.argv[1]) if len(sys.argv) > 1 else SETS
    data = made_up_log(sets)
    print(f"{sets:,} rows, {len(data) / 1e6:.0f} MB")
    timed("csv module alone, rows counted", lambda: sum(1 for _ in csv.reader(io.StringIO(data.decode()))), sets)
    log = timed("read_strength", lambda: read_strength(data, "log.csv"), sets)
    resolver = Resolver(load_catalogue(), {})
    names = log.sets["exercise_name"].drop_nulls()
    timed("resolve_names (each name once)", lambda: resolver.resolve_names(names), names.n_unique())
    tidy, rejects = timed(
        "tidy_strength_sets",
        lambda: tidy_strength_sets(
            log.sets,
            athlete_id="me",
            source_id="0" * 64,
            time_zone="Europe/Berlin",
            weight_unit="kg",
            distance_unit="m",
            resolver=resolver,
        ),
        sets,
    )
    exercises = resolver.catalogue.exercises
    measured = timed("measure_strength_sets", lambda: measure_strength_sets(tidy, exercises), sets)
    timed("measure_programme", lambda: measure_programme(measured, exercises, measure_log_spans(measured)), sets)
    print(
        f"kept {tidy.height:,}; left out {log.rejects.height + rejects.height:,} with line and cause; "
        f"not understood {(tidy['match'] == 'none').sum():,}"
    )


if __name__ == "__main__":
    main()
