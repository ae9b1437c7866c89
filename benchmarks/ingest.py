"""Files → warehouse with all measures: records a CPU second, peak memory at three sizes, seconds of a second night.

Each measurement is a process of its own, in which nothing else ran: its whole CPU time counts, imports included, and
its peak memory is the system's own word (`VmHWM`; `ru_maxrss` would tell that of the process that started it, too).
Run by hand: `nice -n 10 python -m benchmarks.ingest`; with a corpus of real files also on those.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from hipdrive.cli.settings_template import settings_template
from hipdrive.fit import RowOrder, encode
from hipdrive.settings import SETTINGS_FILE

SIZES = (100, 500, 5000)
SECONDS = 2400  # of a made run, a record each
FIRST = datetime(2012, 1, 2, 6, tzinfo=UTC)
NIGHT = """
import sys, time
from datetime import date
from pathlib import Path
from hipdrive.lean import collect_garbage_seldom, load_dataframely_alone, use_one_thread
use_one_thread()
collect_garbage_seldom()
load_dataframely_alone()
from hipdrive.night import commands
from hipdrive.night.work import is_ingested_already
from hipdrive.settings import Home

home = Home(Path(sys.argv[1]))
loaded = time.process_time()
started = time.perf_counter()
if not is_ingested_already(home, [home.inbox]):
    commands.ingest(home, [home.inbox], date(2026, 11, 30))
wall = time.perf_counter() - started
status = Path("/proc/self/status").read_text()
peak = int(status.split("VmHWM:")[1].split()[0]) // 1024
import json
print(json.dumps({"cpu_s": time.process_time(), "load_s": loaded, "wall_s": wall, "peak_mb": peak}))
"""


@dataclass(frozen=True)
class Measured:
    """One night of one home."""

    what: str
    files: int
    records: int
    cpu_s: float
    peak_mb: int
    second_cpu_s: float
    second_own_s: float

    @property
    def line(self) -> str:
        """A line of the table."""
        speed = f"{self.records / self.cpu_s:,.0f}"
        return (
            f"| {self.what} | {self.files} | {self.records:,} | {self.cpu_s:.1f} | {speed} | {self.peak_mb} | "
            f"{self.second_cpu_s:.2f} | {self.second_own_s:.2f} |"
        )


HEAD = (
    "| files | number | records | CPU s | records a CPU s | peak memory MB | second night, CPU s | of these ours |\n"
    "| --- | --: | --: | --: | --: | --: | --: | --: |"
)


def made_run(number: int) -> bytes:
    """A run at one record a second as a newer watch writes it: place, height, heart rate, power and stride."""
    draw = np.random.default_rng(number)
    start = FIRST + timedelta(days=number * 0.9)
    count = SECONDS + 1
    speed = 3.0 + 0.2 * np.sin(np.arange(count) / 90 + draw.uniform(0, 6)) + draw.normal(0, 0.05, count)
    distance = np.cumsum(speed)
    cadence = 82 + draw.integers(0, 4, count)
    records = pl.DataFrame(
        {
            "timestamp": pl.datetime_range(start, start + timedelta(seconds=SECONDS), "1s", eager=True),
            "position_lat": 48 + distance / 111_320,
            "position_long": np.full(count, 11.0),
            "distance": distance,
            "enhanced_speed": speed,
            "enhanced_altitude": 500 + 20 * np.sin(distance / 900),
            "heart_rate": (140 + 20 * (1 - np.exp(-np.arange(count) / 120)) + draw.normal(0, 1, count)).astype(int),
            "cadence": cadence,
            "power": draw.integers(240, 280, count),
            "step_length": 1000 * speed / cadence * 30,
            "stance_time": 250 + draw.normal(0, 4, count),
            "vertical_oscillation": 90 + draw.normal(0, 3, count),
            "temperature": np.full(count, 15),
        }
    )
    end = start + timedelta(seconds=SECONDS)
    session = {
        "timestamp": end,
        "start_time": start,
        "sport": "running",
        "sub_sport": "generic",
        "total_elapsed_time": float(SECONDS),
        "total_timer_time": float(SECONDS),
        "total_distance": float(distance[-1]),
        "avg_heart_rate": int(records["heart_rate"].cast(pl.Float64).to_numpy().mean()),
    }
    identity = {
        "type": "activity",
        "manufacturer": "garmin",
        "product": 3990,
        "serial_number": 7,
        "time_created": start,
    }
    messages = [("file_id", pl.DataFrame([identity])), ("record", records), ("session", pl.DataFrame([session]))]
    return encode(messages, order=RowOrder.BY_TIMESTAMP)


def new_home(folder: Path) -> Path:
    """An empty home; gives its inbox."""
    inbox = folder / "data" / "inbox"
    inbox.mkdir(parents=True)
    (folder / SETTINGS_FILE).write_text(settings_template(), encoding="utf-8")
    return inbox


def measure_home(what: str, folder: Path) -> Measured:
    """Ingest the inbox of a home, then once more."""
    files = sum(path.is_file() for path in (folder / "data" / "inbox").rglob("*"))
    first, second = _night(folder), _night(folder)
    query = "SELECT sum(records) AS n FROM sources WHERE container IS NOT NULL OR status <> 'duplicate'"
    records = json.loads(_run("-m", "hipdrive", "sql", query, "--format", "json", "--home", str(folder)))[0]["n"]
    own = second["cpu_s"] - second["load_s"]
    return Measured(what, files, records, first["cpu_s"], int(first["peak_mb"]), second["cpu_s"], own)


def _night(folder: Path) -> dict[str, float]:
    found: dict[str, float] = json.loads(_run("-c", NIGHT, str(folder)).splitlines()[-1])
    return found


def _run(*words: str) -> str:
    done = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False)  # noqa: S603  our own
    if not done.stdout:
        raise SystemExit(done.stderr)
    return done.stdout


def real_files(corpus: Path, inbox: Path, kinds: tuple[str, ...] = ("fit", "strength")) -> None:
    """All files of the corpus, FIT and logs or some of them, under their own names."""
    for kind in kinds:
        for path in sorted((corpus / kind).rglob("*")):
            if path.is_file() and path.name not in {"MANIFEST.csv", "README.md"}:
                target = inbox / kind / path.relative_to(corpus / kind)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES)
    parser.add_argument("--corpus", type=Path, default=os.environ.get("HIPDRIVE_CORPUS"))
    given = parser.parse_args()
    print(HEAD)
    with tempfile.TemporaryDirectory() as place:
        for size in given.sizes:
            home = Path(place) / str(size)
            inbox = new_home(home)
            for number in range(size):
                (inbox / f"{number:05d}.fit").write_bytes(made_run(number))
            print(measure_home("made, 1 Hz", home).line, flush=True)
        if given.corpus:
            home = Path(place) / "real"
            real_files(Path(given.corpus), new_home(home))
            print(measure_home("real, FIT and logs", home).line, flush=True)
            home = Path(place) / "fit"
            real_files(Path(given.corpus), new_home(home), ("fit",))
            print(measure_home("real, FIT alone", home).line, flush=True)


if __name__ == "__main__":
    main()
