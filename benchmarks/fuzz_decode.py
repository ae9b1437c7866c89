"""Broken files by the thousand against the decoder: none may crash it, hold it up or blow up memory.

    python benchmarks/fuzz_decode.py [--files 100000] [--corpus FOLDER] [--seed N]   mutations of good files
    python benchmarks/fuzz_decode.py --coverage 600                                  guided by coverage (needs atheris)
    python benchmarks/fuzz_decode.py --memory                                        hostile files of a megabyte

Good files are made here, one for each feature of the protocol; where `$HIPDRIVE_CORPUS` or --corpus names real
files, those up to 64 kB are taken too. They are damaged by flipped bits, changed bytes, cuts, insertions,
repetitions, splices of two files and lies about lengths. A file breaks the rules by any exception, by more than one
second of CPU per megabyte (but a quarter of a second at least), or by frames above fifty times its size (that of 64 kB
at least); it is then written to the current folder. --memory measures the peak of the process. The interpreter
collects its garbage between files: what is kept for the next file of a device is a lot by then, and going through it is
not the work of the file that happens to come next.
"""

from __future__ import annotations

import argparse
import gc
import gzip
import os
import random
import resource
import struct
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FunctionType

import polars as pl

from hipdrive.fit import DeveloperField, RowOrder, decode, encode

LARGEST_SEED = 1 << 16  # bytes
SECONDS_PER_BYTE, LEAST_SECONDS = 1e-6, 1 / 4
COLLECT_EVERY = 200  # files
# Of the guided run: its instrumentation itself keeps about 100 kB a run, so that the process must be allowed to grow.
LIMITS = ("-max_len=20000", "-timeout=5", "-rss_limit_mb=12000")
MOST_MEMORY = 50  # times the file
START = datetime(2026, 3, 1, 7, tzinfo=UTC)
Mutation = tuple[str, bytes]


def made_files() -> list[bytes]:
    """Small sound files that between them use every part of the protocol."""
    times = pl.Series("timestamp", [START + timedelta(seconds=s) for s in range(120)])
    records = pl.DataFrame(
        {
            "timestamp": times,
            "position_lat": range(120),
            "heart_rate": [100 + s % 60 for s in range(120)],
            "speed": [3.0] * 120,
            "altitude": [5.0] * 120,
            "Power": [250.0] * 120,
            "activity_type": ["running"] * 120,
        }
    )
    events = pl.DataFrame({"timestamp": times[:3], "event": ["timer"] * 3, "data": [1, 0, 1]})
    sets = pl.DataFrame({"category": [["hip_raise", "curl"], ["squat", None]], "weight": [20.0, None]})
    strap = pl.DataFrame(
        {
            "timestamp": times[:1],
            "fractional_timestamp": [0.5],
            "event_timestamp": [1.0],
            "filtered_bpm": [120],
        }
    )
    device = pl.DataFrame({"manufacturer": ["garmin"], "product": [1623], "product_name": ["strap"]})
    blocks = [("device_info", device), ("record", records), ("event", events), ("set", sets), ("hr", strap)]
    fields = [DeveloperField("Power", 0, unit="W")]
    made = [
        encode(blocks, developer_fields=fields, order=order, big_endian=big)
        for order in RowOrder
        for big in (False, True)
    ]
    return [*made, compressed_file(), made[0] + made[1]]


def compressed_file() -> bytes:
    """A file in which some records carry their time in the header byte and distances are packed."""
    body = struct.pack("<BBBHB", 0x40, 0, 0, 20, 2) + bytes((253, 4, 0x86, 3, 1, 2))
    body += struct.pack("<BBBHB", 0x41, 0, 0, 20, 2) + bytes((8, 3, 13, 3, 1, 2))
    body += struct.pack("<BIB", 0, 1_100_000_000, 100)
    body += b"".join(bytes((0x80 | 1 << 5 | i % 32, i % 256, 0x40, i % 7, 100 + i % 50)) for i in range(90))
    return struct.pack("<BBHI4s", 12, 0x20, 2100, len(body), b".FIT") + body + b"\0\0"


def corpus_files(folder: Path) -> list[bytes]:
    """Real files that are not large."""
    files = []
    for path in sorted(folder.glob("*/*.fit*")):
        data = path.read_bytes()
        data = gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data
        if len(data) <= LARGEST_SEED:
            files.append(data)
    return files


def mutated(chance: random.Random, seeds: list[bytes]) -> Mutation:
    """A damaged file, and how it was damaged."""
    source = bytearray(chance.choice(seeds))
    kinds = []
    for _ in range(chance.choice((1, 1, 2, 3, 8, 40))):
        if len(source) < 2:  # noqa: PLR2004 - nothing left to damage
            break
        kind = chance.choice(("flip", "set", "cut", "insert", "repeat", "splice", "length", "end"))
        place = chance.randrange(len(source))
        if kind == "flip":
            source[place] ^= 1 << chance.randrange(8)
        elif kind == "set":
            source[place] = chance.choice((0, 1, 0x40, 0x7F, 0x80, 0xFF, chance.randrange(256)))
        elif kind == "cut":
            del source[place : place + chance.choice((1, 2, 7, 100))]
        elif kind == "insert":
            source[place:place] = chance.randbytes(chance.choice((1, 3, 20, 300)))
        elif kind == "repeat":
            source[place:place] = source[place : place + chance.choice((5, 50, 2000))]
        elif kind == "splice":
            other = chance.choice(seeds)
            source[place:] = other[chance.randrange(len(other) + 1) :]
        elif kind == "length":
            place = min(chance.choice((0, 4, 5, 6, 7, 19)), len(source) - 1)
            source[place] = chance.randrange(256)
        else:
            del source[place:]
        kinds.append(kind)
    return "+".join(sorted(set(kinds))), bytes(source)


def broken_rule(data: bytes) -> str | None:
    """What is wrong with how the decoder took the file; None where nothing is."""
    start = time.process_time()
    try:
        decoded = decode(data)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - a panic of polars is not an Exception
        return f"raised {type(error).__name__}: {error}"[:200]
    taken = time.process_time() - start
    if taken > max(SECONDS_PER_BYTE * len(data), LEAST_SECONDS):
        return f"took {taken:.2f} s for {len(data)} bytes"
    size = sum(frame.estimated_size() for frame in decoded.frames.values())
    if size > MOST_MEMORY * max(len(data), LARGEST_SEED):
        return f"made frames of {size} bytes for {len(data)} bytes"
    if any(not 0 <= fault.offset <= len(data) for fault in decoded.faults):
        return "a fault lies outside the file"
    return None


def campaign(files: int, seeds: list[bytes], seed: int) -> int:
    """Damages and decodes that many files; returns how many broke a rule."""
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    failures: Counter[str] = Counter()
    size, slowest, faults = 0, 0.0, 0
    gc.disable()
    for done in range(files):
        if done % COLLECT_EVERY == 0:
            gc.collect()
        kind, data = mutated(chance, seeds)
        start = time.process_time()
        rule = broken_rule(data)
        taken = time.process_time() - start
        slowest = max(slowest, taken / max(len(data), LARGEST_SEED) * 1e6)
        size += len(data)
        if rule:
            failures[rule.split(" for ")[0][:40]] += 1
            Path(f"fuzz-{done}.fit").write_bytes(data)
            print(f"file {done} ({kind}, {len(data)} bytes): {rule}", flush=True)
        faults += bool(data)
        if (done + 1) % 10_000 == 0:
            print(f"{done + 1} files, {size / 1e6:.0f} MB, {sum(failures.values())} broke a rule", flush=True)
    print(
        f"{files} files, {size / 1e6:.0f} MB from {len(seeds)} good ones, seed {seed}: "
        f"{sum(failures.values())} broke a rule; "
        f"the slowest took {slowest:.2f} s per MB (files below 64 kB counted as 64 kB)"
    )
    return sum(failures.values())


def hostile_files(size: int = 1_000_000) -> dict[str, bytes]:
    """Files that make as much as they can of each byte."""

    def whole(body: bytes) -> bytes:
        return struct.pack("<BBHI4s", 12, 0x20, 2100, len(body), b".FIT") + body + b"\0\0"

    def define(local: int, *fields: tuple[int, int, int], message: int = 0xFF00) -> bytes:
        return struct.pack("<BBBHB", 0x40 | local, 0, 0, message, len(fields)) + b"".join(map(bytes, fields))

    names = define(0, (0, 1, 0), message=20)
    two = define(0, (1, 1, 2)) + define(1, (2, 1, 2))
    bytes_only = define(0, *[(n, 255, 13) for n in range(4)])
    three = define(0, (1, 1, 2)) + define(1, (1, 2, 2))
    return {
        "messages of one byte": whole(define(0) + bytes(size)),
        "messages of one byte, two kinds": whole(define(0) + define(1) + b"\0\1" * (size // 2)),
        "messages of two bytes": whole(define(0, (1, 1, 2)) + b"\0\7" * (size // 2)),
        "messages of two bytes, two definitions": whole(two + b"\0\7\1\7" * (size // 4)),
        "named values": whole(names + b"\0\1" * (size // 2)),
        "lists of bytes": whole(bytes_only + (b"\0" + b"\1\2\3\4\5" * 204) * (size // 1021)),
        "lists of another length in turn": whole(three + b"\0\7\1\7\7" * (size // 5)),
        "texts": whole(define(0, (1, 2, 7)) + b"\0ab" * (size // 3)),
        "long texts": whole(define(0, (1, 60, 7)) + (b"\0" + b"longer " * 8 + b"x" * 4) * (size // 61)),
        "definitions": whole(b"".join(define(i % 16, (i % 256, 1, 2), message=i % 60_000) for i in range(size // 9))),
        "definitions and messages": whole(
            b"".join(define(0, (i % 200, 1, 2)) + b"\0\1" for i in range(size // 11))
        ),
        "undefined messages": whole(names + b"\0\1" + b"\x0b" * size),
        "torn definitions": whole(b"\x40\0\0\x14\0\xff" * (size // 6)),
        "fields of one bit": whole(define(0, (8, 3, 13), message=20) + b"\0\1\2\3" * (size // 4)),
        "lists packed in lists": whole(define(0, (1, 4, 13), message=372) + b"\0\1\1\1\1" * (size // 5)),
        "lists of names": whole(define(0, (3, 15, 2), message=259) + (b"\0" + b"\1" * 15) * (size // 16)),
        "counters packed in lists": whole(define(0, (10, 12, 13), message=132) + (b"\0" + b"\1" * 12) * (size // 13)),
        "headers": whole(b"") * (size // 14),
    }  # fmt: skip


def memory_of(name: str) -> None:
    """In a process of its own: prints the peak of memory while one hostile file is decoded, by its size."""
    data = hostile_files()[name]
    decode(made_files()[0])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    rule = broken_rule(data)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 / len(data)
    start = time.process_time()
    decode(data)
    seconds = (time.process_time() - start) / len(data) * 1e6
    print(f"{name:40s} {grown:6.1f} times its size, {seconds:.2f} s per MB{', ' + rule if rule else ''}")
    sys.exit(grown > MOST_MEMORY or rule is not None)


def guided(seconds: int, seeds: list[bytes]) -> None:
    """Lets atheris look for files that reach new branches of the decoder."""
    import atheris  # type: ignore[import-untyped]  # noqa: PLC0415 - only here, and only where it is installed

    folder = Path("fuzz-corpus")
    folder.mkdir(exist_ok=True)
    for i, data in enumerate(sorted(seeds, key=len)[:200]):
        (folder / f"seed-{i}").write_bytes(data)
    for module in [module for name, module in sys.modules.items() if name.startswith("hipdrive.fit")]:
        for owner in (module, *(kind for kind in vars(module).values() if isinstance(kind, type))):
            for function in vars(owner).values():
                if isinstance(function, FunctionType) and function.__module__ == module.__name__:
                    atheris.instrument_func(function)

    def one(data: bytes) -> None:
        rule = broken_rule(data)
        if rule:
            raise RuntimeError(rule)

    atheris.Setup([sys.argv[0], str(folder), f"-max_total_time={seconds}", *LIMITS], one)
    atheris.Fuzz()


def main() -> None:
    """Runs what the arguments ask for; the exit code is 1 where a file broke a rule."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--corpus", type=Path, default=Path(os.environ.get("HIPDRIVE_CORPUS", "")) / "fit")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--coverage", type=int, metavar="SECONDS")
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--memory-of", metavar="NAME", help=argparse.SUPPRESS)
    choice = parser.parse_args()
    if choice.memory_of:
        memory_of(choice.memory_of)
    if choice.memory:
        runs = [
            subprocess.run([sys.executable, __file__, "--memory-of", name], check=False)  # noqa: S603 - this script
            for name in hostile_files()
        ]
        sys.exit(any(run.returncode for run in runs))
    seeds = made_files() + corpus_files(choice.corpus)
    if choice.coverage:
        guided(choice.coverage, seeds)
    sys.exit(campaign(choice.files, seeds, choice.seed) > 0)


if __name__ == "__main__":
    main()
