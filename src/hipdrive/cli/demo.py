"""The made-up runners' homes, and where their pages end up: one whose effect can be found, and one whose cannot."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from hipdrive.cli.progress import following
from hipdrive.demo import MadeUpRunner, make_runner
from hipdrive.errors import WrongUse
from hipdrive.report import Planted
from hipdrive.settings import SETTINGS_FILE

LEAST_WEEKS, MOST_WEEKS = 4, 520
WIDEST_EFFECT = 0.5
OTHER, OTHER_WEEKS, OTHER_EFFECT = "other", 30, 0.01
LAST_DAY = date(2026, 11, 15)  # a Sunday; fixed, so that the same seed gives the same page on any day


@dataclass(frozen=True)
class DemoRunner:
    """A made-up runner's home, what was planted in them, and the day that their page speaks for."""

    home: Path
    planted: Planted
    tonight: date


def prepare_demo(place: Path, *, weeks: int, effect: float, seed: int) -> tuple[DemoRunner, DemoRunner]:
    """Two fresh homes in `data/demo` of any folder, with their runners' files: the one asked for, and the other.

    The other's effect is too small and their history too short for anybody to find it; their page says so.

    Raises:
        WrongUse: a history or an effect that no runner has.
    """
    if not LEAST_WEEKS <= weeks <= MOST_WEEKS:
        raise WrongUse("demo", f"--weeks {weeks} is out of range", f"choose {LEAST_WEEKS} to {MOST_WEEKS}")
    if abs(effect) > WIDEST_EFFECT:
        raise WrongUse("demo", f"--effect {effect} is {effect:+.0%}", "write a fraction, e.g. 0.04 for +4 %")
    folder = place.expanduser().resolve() / "data" / "demo"
    shutil.rmtree(folder, ignore_errors=True)
    asked = make_runner(weeks=weeks, effect=effect, seed=seed, end=LAST_DAY)
    other = make_runner(weeks=OTHER_WEEKS, effect=OTHER_EFFECT, seed=seed + 1, end=LAST_DAY)
    return (
        _put(asked, folder, (f"{OTHER}/index.html", "The same page of a runner whose effect cannot be found")),
        _put(other, folder / OTHER, ("../index.html", "Back to the first made-up runner")),
    )


def _put(runner: MadeUpRunner, folder: Path, link: tuple[str, str]) -> DemoRunner:
    inbox = folder / "data" / "inbox"
    inbox.mkdir(parents=True)
    (folder / SETTINGS_FILE).write_text(_settings(runner), encoding="utf-8")
    count = 1 + len(runner.runs) + sum(workout.is_on_watch for workout in runner.workouts)
    for name, content in following(runner.files, "Making a runner", count):
        (inbox / name).write_bytes(content)
    truth = runner.truth
    planted = Planted(effect_fraction=truth.effect, weeks=truth.weeks, seed=truth.seed, other=link)
    return DemoRunner(folder, planted, LAST_DAY + timedelta(days=1))


def _settings(runner: MadeUpRunner) -> str:
    sections = {"athlete": runner.athlete.model_dump(exclude_unset=True), "strength": runner.strength.model_dump()}
    lines = ["# The made-up runner of `hipdrive demo`; made anew by every demo."]
    for section, values in sections.items():
        lines += ["", f"[{section}]", *(f"{key} = {json.dumps(value)}" for key, value in values.items())]
    return "\n".join(lines) + "\n"


def publish_demo(place: Path, asked: DemoRunner, other: DemoRunner) -> Path:
    """The demo's page where the README says it is, `reports/demo/index.html`, and the other's a click away."""
    page = place.expanduser().resolve() / "reports" / "demo" / "index.html"
    for runner, target in ((asked, page), (other, page.parent / OTHER / page.name)):
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(runner.home / "reports" / "latest" / "index.html", target)
    return page
