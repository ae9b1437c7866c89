"""Imitations of whole exports through nights: Garmin's account, Strava's archive in three languages.

Each goes into a fresh inbox; one night reads it, a second must open nothing. Printed are the runs that were put in and
that are there, the exit code, and what became of the files, by reason. Run by hand:
`nice -n 10 python -m benchmarks.exports`.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.ingest import new_home
from hipdrive.settings import Home
from hipdrive.warehouse import ask
from tests.makers.exports import garmin_export, made_gpx, made_run, made_tcx, mixed_files, strava_export

BY_REASON = """
SELECT status, format, regexp_replace(coalesce(reason, ''), '[0-9]+', 'n', 'g') AS why, count(*) AS n
FROM sources GROUP BY ALL ORDER BY n DESC, status, format, why
"""


def strava(language: str, runs: int) -> bytes:
    """An archive of so many runs: two thirds FIT, the others TCX and GPX."""
    makers = (made_run, made_run, made_run, made_run, made_tcx, made_gpx)
    ends = ("fit.gz", "fit.gz", "fit.gz", "fit", "tcx.gz", "gpx.gz")
    files = [(f"{9000 + day}.{ends[day % 6]}", makers[day % 6](day - runs)) for day in range(runs)]
    return strava_export(language, files, [(f"Run {day}", "Shoe", day % 20 == 0) for day in range(runs)])


def show(what: str, runs: int, archive: bytes) -> bool:
    """One export through two nights; gives whether all is as it must be."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (new_home(folder) / "export.zip").write_bytes(archive)
        first, took_s = _night(folder)
        second, again_s = _night(folder)
        home = Home(folder)
        there = ask(home, "SELECT count(*) FROM runs").item()
        is_idle = "Files: nothing new." in second.stdout
        print(f"\n## {what}\n")
        opened = "nothing" if is_idle else "SOMETHING"
        print(
            f"{len(archive) / 1e6:.1f} MB; {there} of {runs} runs there; exit codes {first.returncode} and "
            f"{second.returncode}; {took_s:.0f} s, then {again_s:.1f} s and {opened} opened.\n"
        )
        print("| files | status | format | reason (n: a number) |\n| --: | --- | --- | --- |")
        for status, kind, why, count in ask(home, BY_REASON).rows():
            print(f"| {count} | {status} | {kind} | {why} |")
    return (there, first.returncode, second.returncode, is_idle) == (runs, 0, 0, True)


def _night(folder: Path) -> tuple[subprocess.CompletedProcess[str], float]:
    began = time.perf_counter()
    command = [sys.executable, "-m", "hipdrive", "nightly", "--home", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  our own
    return done, time.perf_counter() - began


def main() -> None:
    """Print what became of each; exit code 1 where something is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=5000, help="FIT files of Garmin's account, a fifth of them runs")
    parser.add_argument("--runs", type=int, default=600, help="of each of Strava's archives")
    given = parser.parse_args()
    good = show(
        f"Garmin, {given.files} FIT files in three parts",
        given.files // 5,
        garmin_export(mixed_files(given.files, first_day=-given.files)),
    )
    for language in ("en", "de", "fr"):
        good &= show(f"Strava, {language}", given.runs, strava(language, given.runs))
    sys.exit(not good)


if __name__ == "__main__":
    main()
