"""Mutated strength logs: whatever comes, reading and tidying raise nothing but the refusals that they promise.

    python benchmarks/fuzz_strength.py [LOGS] [SEED]

Each log begins as one of the made-up logs of the tests, of every format, and is changed in one to four ways: bytes and
cells turned, doubled, cut and swapped with nasty ones (NaN, overflow, dates of a spreadsheet, units of another
quantity, quotes that never close, marks of other encodings). The first failure ends the run and tells the seed of its
log; so does a log for which rows are neither kept nor listed.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

from hipdrive.catalogue import Resolver, load_catalogue
from hipdrive.errors import HipdriveError
from hipdrive.read.strength import read_strength, recognise_format
from hipdrive.tidy.strength import name_unstated_units, tidy_none_spans, tidy_strength_sets
from hipdrive.tidy.strength_doubts import doubt_loads
from tests.makers.strength_logs import make_fitnotes_backup
from tests.makers.workbooks import Cell, make_workbook

LOGS, SEED = 3_000, 20261129
GOLDEN = Path(__file__).parents[1] / "tests" / "golden" / "strength"
NASTY = (
    "",
    "NaN",
    "-inf",
    "1e400",
    "9" * 400,
    "-5",
    "0",
    "5-Aug",
    "44778",
    "2026-08-05 00:00:00",
    "8/5/26",
    "225lb",
    "60m",
    "20 + 2x15",
    "BW+10",
    "3x8@60",
    "5/5/5",
    "12,5",
    "1.062,5",
    "kg",
    "none",
    "2062-01-01",
    "0026-01-01",
    "31.02.2026 25:61",
    "2026-03-29 02:30:00",
    '"',
    "'",
    ";",
    ",",
    "\t",
    "\n",
    "\r\n",
    "\x00",
    "\ufeff",
    "\u202e",
    "ワークアウト",
    "🏋️",
    "=1+1",
    "null",
    "--",
    "x" * 5_000,
)
Change = Callable[[bytes, random.Random], bytes]


def made_up_logs() -> dict[str, bytes]:
    """Name → bytes of a sound log of each format."""
    logs = {path.name: path.read_bytes() for path in sorted(GOLDEN.iterdir()) if not path.name.endswith(".sets.csv")}
    sets = [
        {"exercise": "Barbell Squat", "date": f"2026-03-{day:02d}", "metric_weight": 60 + day, "reps": 5}
        for day in range(1, 20)
    ]
    rows: list[list[Cell]] = [
        ["Date", "Exercise", "Sets", "Reps", "Weight"],
    ]
    rows += [[f"2026-03-{d:02d}", "Squat", 3, 5, 80] for d in range(1, 9)]
    pair = "Set {n} (Reps),Set {n} (KG)"
    return {
        **logs,
        "backup.fitnotes": make_fitnotes_backup(sets),
        "log.xlsx": make_workbook({"Log": rows}),
        "stronglifts.csv": (
            f"Date (yyyy/mm/dd),Workout,Exercise,{pair.format(n=1)},{pair.format(n=2)}\n"
            + "".join(f"2026/02/{day:02d},1,Squat,5,80,5,80\n" for day in range(1, 20))
        ).encode(),
        "garmin 2026-03-02.csv": (
            b"Set,Exercise Name,Time,Rest,Reps,Weight\n1,Plank,1:00,--,--,--\n2,Squat,0:30,1:00,8,60 kg\n"
        ),
        "hevy.json": (
            b'{"workouts":[{"id":"a","title":"Legs","start_time":"2026-01-05T18:30:00Z","exercises":[{"title":"Squat",'
            b'"sets":[{"type":"normal","weight_kg":60,"reps":10,"rpe":8},{"type":"warmup","weight_kg":40,"reps":8}]}]}]}'
        ),
        "none.csv": b"date,exercise,reps,until\n2026-03-02,none,,2026-03-08\n2026-03-09,Squat,3x8@60,\n",
    }


def _flip(data: bytes, draw: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(draw.randint(1, 8)):
        changed[draw.randrange(len(changed))] = draw.randrange(256)
    return bytes(changed)


def _cut(data: bytes, draw: random.Random) -> bytes:
    first, last = sorted(draw.randrange(len(data) + 1) for _ in range(2))
    return data[:first] + data[last:]


def _end(data: bytes, draw: random.Random) -> bytes:
    return data[: draw.randrange(len(data) + 1)]


def _double(data: bytes, draw: random.Random) -> bytes:
    first, last = sorted(draw.randrange(len(data) + 1) for _ in range(2))
    return data[:last] + data[first:last] + data[last:]


def _cell(data: bytes, draw: random.Random) -> bytes:
    """A nasty text in place of what stands between two delimiters of one line."""
    lines = data.split(b"\n")
    at = draw.randrange(len(lines))
    delimiter = max(b",;\t:", key=lines[at].count)
    cells = lines[at].split(bytes([delimiter]))
    cells[draw.randrange(len(cells))] = draw.choice(NASTY).encode()
    lines[at] = bytes([delimiter]).join(cells)
    return b"\n".join(lines)


def _delimiters(data: bytes, draw: random.Random) -> bytes:
    return data.replace(draw.choice([b",", b";"]), draw.choice([b",", b";", b"\t", b"|"]))


def _lines(data: bytes, draw: random.Random) -> bytes:
    lines = data.split(b"\n")
    draw.shuffle(lines)
    return b"\n".join(lines)


def _ends(data: bytes, draw: random.Random) -> bytes:
    return data.replace(b"\n", draw.choice([b"\r\n", b"\r", b"\n\n", b"\n\r"]))


def _encoding(data: bytes, draw: random.Random) -> bytes:
    text = data.decode("utf-8", "replace")
    return text.encode(draw.choice(["utf-16", "utf-16-le", "utf-8-sig", "cp1252", "shift-jis"]), "replace")


CHANGES: Mapping[str, Change] = {
    change.__name__: change
    for change in (_flip, _cut, _end, _double, _cell, _cell, _cell, _delimiters, _lines, _ends, _encoding)
}


def mutated(logs: Mapping[str, bytes], seed: int) -> tuple[str, bytes]:
    """One log of these, changed in one to four ways; the same seed gives the same."""
    draw = random.Random(seed)  # noqa: S311  a made-up log, no secret
    name = draw.choice(sorted(logs))
    data = logs[name]
    for _ in range(draw.randint(1, 4)):
        change = draw.choice([*CHANGES.values(), _cell, _cell])
        data = change(data, draw) if data else data
    return name, data


def outcome(name: str, data: bytes, resolver: Resolver) -> str:
    """`unknown`, `refused`, or the format of a log that was read and tidied, no row of it lost.

    Raises:
        AssertionError: a row is neither kept nor listed.
    """
    if recognise_format(data) is None:
        return "unknown"
    try:
        log = read_strength(data, name)
    except HipdriveError:
        return "refused"
    sets, rejects = tidy_strength_sets(
        log.sets,
        athlete_id="me",
        source_id="f" * 64,
        time_zone="Europe/Berlin",
        weight_unit="kg",
        distance_unit="m",
        resolver=resolver,
    )
    name_unstated_units(log.sets, weight_unit="kg", distance_unit="m")
    doubt_loads(sets, log.sets, weight_unit="kg")
    tidy_none_spans(log.none_spans, athlete_id="me", source_id="f" * 64)
    lost = log.sets.height - sets.height - rejects.height
    silent = rejects["reason"].null_count() + log.rejects["reason"].null_count()
    if lost or silent:
        raise AssertionError(f"{lost} rows are neither kept nor listed, {silent} are listed without a cause")
    return log.format


def main() -> None:
    """Mutate, read, tidy, and count what became of the logs."""
    logs_wanted = int(sys.argv[1]) if len(sys.argv) > 1 else LOGS
    first = int(sys.argv[2]) if len(sys.argv) > 2 else SEED  # noqa: PLR2004
    logs, resolver = made_up_logs(), Resolver(load_catalogue(), {})
    counts: Counter[str] = Counter()
    began, slowest = time.process_time(), (0.0, 0)
    for seed in range(first, first + logs_wanted):
        name, data = mutated(logs, seed)
        start = time.process_time()
        try:
            counts[outcome(name, data, resolver)] += 1
        except Exception:
            print(f"seed {seed}, begun as {name}, {len(data)} bytes:")
            raise
        slowest = max(slowest, (time.process_time() - start, seed))
    read = logs_wanted - counts["unknown"] - counts["refused"]
    fates = f"{read} read, {counts['refused']} refused, {counts['unknown']} unknown"
    print(f"{logs_wanted} mutated logs, none raised: {fates}")
    print(f"{time.process_time() - began:.1f} CPU s; the slowest {slowest[0]:.2f} s (seed {slowest[1]})")


if __name__ == "__main__":
    main()
