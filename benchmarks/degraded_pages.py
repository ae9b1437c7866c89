"""Pages of runners with parts taken out by chance, read by the rules of `tests/makers/page_rules.py`.

`python -m benchmarks.degraded_pages` draws 270 made runners (of one to 104 weeks, with one to four faults each: without
heart rate, without cadence, gaps, another watch, a log that stops, …) and, where there is a corpus, 30 homes of real
runners with a random part of their files and of their log's lines. Every line that breaks a rule is printed.
"""

from __future__ import annotations

import argparse
import random
import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from hipdrive.cli.settings_template import settings_template
from hipdrive.night import commands
from hipdrive.report import draw_page
from hipdrive.settings import Home
from hipdrive.warehouse import ask
from tests.makers.degraded import degraded
from tests.makers.page_rules import Age, complaints, read_html
from tests.makers.real_runners import CORPUS, RUNNERS, has_corpus, live_a_night, night_of

FEWEST_LINES = 2  # a header and a set


def made(seeds: range) -> Iterator[tuple[str, list[str], Age]]:
    """Name, text and age of each made runner's page."""
    for seed in seeds:
        findings = degraded(seed)
        yield f"made {seed}", read_html(draw_page(findings)), Age.of(findings)


def real(seeds: range) -> Iterator[tuple[str, list[str], Age]]:
    """The same of real runners' homes, each with a part of its files."""
    for seed in seeds:
        chance, runner = random.Random(seed), RUNNERS[seed % len(RUNNERS)]  # noqa: S311  no secret
        with tempfile.TemporaryDirectory() as folder:
            read = Path(folder) / "read"
            (read / "data" / "inbox").mkdir(parents=True)
            (read / "hipdrive.toml").write_text(settings_template(), encoding="utf-8")
            files = sorted((CORPUS / "fit" / runner.series).iterdir())
            for file in chance.sample(files, chance.randint(2, len(files))):
                shutil.copy(file, read / "data" / "inbox" / file.name)
            home = Home(read)
            commands.ingest(home, [home.inbox])
            if ask(home, "SELECT count(*) FROM runs").item() == 0:
                continue
            lines = (CORPUS / "strength" / runner.log).read_text(encoding="utf-8-sig").splitlines()
            kept = sorted(chance.sample(range(1, len(lines)), chance.randint(FEWEST_LINES, len(lines) - 1)))
            text = "\n".join([lines[0], *(lines[place] for place in kept)])
            page = live_a_night(home, runner, Path(folder) / "home", text)
            lived, tonight = night_of(Path(folder) / "home", runner)
            newest: date = ask(lived, "SELECT max(local_date) FROM runs").item()
            logged: date | None = ask(lived, "SELECT max(last_date) FROM log_spans").item()
            age = Age(tonight, newest, logged)
            yield f"{runner.name}, part {seed}", read_html(page.read_text(encoding="utf-8")), age


def main() -> None:
    """All of them, and how many broke a rule."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--made", type=int, default=270)
    parser.add_argument("--real", type=int, default=30)
    wanted = parser.parse_args()
    began, pages, bad = time.process_time(), 0, 0
    sources = [made(range(wanted.made)), *([real(range(wanted.real))] if has_corpus() else [])]
    for source in sources:
        for name, blocks, age in source:
            pages += 1
            found = dict.fromkeys(complaints(blocks, age))
            bad += bool(found)
            for complaint in found:
                print(f"{name}: {complaint}")
    print(f"{pages} pages, {bad} with a line that breaks a rule, {time.process_time() - began:.0f} CPU-seconds")


if __name__ == "__main__":
    main()
