"""`hipdrive demo | nightly | backfill | ingest | report`: a night, whole or in part."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from hipdrive.cli.console import (
    COMMON,
    DONE,
    NEEDS_A_PERSON,
    Common,
    out,
    said_if_long,
    say_if_the_page_is_older,
)
from hipdrive.errors import HipdriveError, WrongUse

if TYPE_CHECKING:
    from hipdrive.night.record import NightRecord
    from hipdrive.night.services import ServiceReport
    from hipdrive.settings import Home


def demo(*, weeks: int = 104, effect: float = 0.04, seed: int = 1, common: Common = COMMON) -> int:
    """Run the real nightly flow on a made-up runner with a planted effect; the page is reports/demo/index.html.

    Args:
        weeks: Length of the history, 4 to 520.
        effect: Planted change of speed as a fraction at a sustained full dose: 0.04 is +4 %.
        seed: The same seed makes the same runner.
    """
    from hipdrive.cli.demo import prepare_demo, publish_demo

    asked, other = prepare_demo(common.folder, weeks=weeks, effect=effect, seed=seed)
    from hipdrive.cli.server import use_prefect

    use_prefect(asked.home, common)
    from hipdrive.cli.progress import show_progress
    from hipdrive.flows.nightly import nightly
    from hipdrive.night import commands
    from hipdrive.settings import Home

    show_progress()
    night = nightly(str(asked.home), asked.tonight.isoformat(), asked.planted)
    commands.nightly(Home(other.home), other.tonight, other.planted)  # the same steps, without the engine
    page = publish_demo(common.folder, asked, other)
    out.print(night.sentence)
    out.print(str(page))
    return DONE


def nightly(*, watch: bool = False, common: Common = COMMON) -> int:
    """Run one night: read the inbox into the warehouse, estimate, and draw the report.

    Args:
        watch: Keep running, with a night whenever the inbox or a folder of the settings has changed and settled.
    """
    from hipdrive.settings import Home

    if watch:
        from hipdrive.cli.watching import watch_nights

        return watch_nights(common)
    home = Home(common.folder)
    asked = _ask_services(home)
    night = _night_without_engine(home, asked) or _night_under_prefect(home, common, asked)
    tell_night(night)
    out.print(night.sentence)
    out.print(str(home.reports / "latest" / "index.html"))
    return NEEDS_A_PERSON if night.needs_a_person else DONE


def _night_without_engine(home: Home, asked: ServiceReport | None) -> NightRecord | None:
    """A night that has no file to open, unless a server is to show it; None where it has one."""
    if os.environ.get("PREFECT_API_URL"):
        return None
    from hipdrive.night.work import Work, quiet_night, work_ahead

    with said_if_long("Looking into the inbox"):
        ahead = work_ahead(home)
    if ahead is None:
        return None
    if ahead.work is Work.NOTHING:
        return quiet_night(home, [*(asked.warnings if asked else ()), *ahead.warnings], asked.notes if asked else ())
    if ahead.work is Work.PAGE:
        from hipdrive.night import commands
        from hipdrive.night.services import first_step

        return commands.nightly(home, first=(first_step(asked),))
    return None


def _ask_services(home: Home) -> ServiceReport | None:
    """What services gave that were asked before any engine is loaded; None where the night itself will ask them."""
    if os.environ.get("PREFECT_API_URL") or not home.settings.fetch.is_any:
        return None
    from hipdrive.night.services import ask_ahead

    try:
        return ask_ahead(home)
    except HipdriveError:  # the night will meet the same, and tell it
        return None


def _night_under_prefect(home: Home, common: Common, asked: ServiceReport | None) -> NightRecord:
    from hipdrive.cli.server import use_prefect
    from hipdrive.night.work import failed_night

    try:
        use_prefect(home.folder, common)
    except HipdriveError as error:
        failed_night(home, error)
    from hipdrive.cli.progress import show_progress
    from hipdrive.flows.nightly import nightly as flow

    show_progress()
    return flow(str(home.folder), asked=asked)


def backfill(*, common: Common = COMMON) -> int:
    """Read every source again, and list the numbers that moved; it can be stopped and resumed.

    A changed formula or setting needs no backfill: its files are read again the next night.
    """
    from hipdrive.cli.progress import show_progress
    from hipdrive.night import commands
    from hipdrive.settings import Home

    home = Home(common.folder)
    show_progress()
    night = commands.backfill(home)
    tell_night(night)
    for moved in night.moved:
        medians = f"{_number(moved.before)} → {_number(moved.after)}"
        out.print(f"{moved.table}.{moved.column}: {moved.rows} of {moved.of} rows moved, median {medians}")
    out.print(f"{len(night.moved)} columns moved." if night.moved else "No number moved.")
    out.print(str(home.reports / "latest" / "index.html"))
    return NEEDS_A_PERSON if night.needs_a_person else DONE


def _number(value: float | None) -> str:
    return "none" if value is None else f"{value:.4g}"


def ingest(*paths: Path, athlete: str | None = None, common: Common = COMMON) -> int:
    """Read files into the warehouse from where they are, without Prefect, estimate or report.

    Args:
        paths: Files or folders.
        athlete: Whose they are; files in data/inbox belong by their folder.
    """
    from hipdrive.night.work import idle_night, is_ingested_already
    from hipdrive.settings import Home

    if not paths:
        raise WrongUse("ingest", "no file or folder was named", "name at least one, e.g. hipdrive ingest ~/export")
    home = Home(common.folder)
    with said_if_long("Looking into what was named"):
        is_known = is_ingested_already(home, paths, athlete)
    if is_known:
        night = idle_night(home)
    else:
        from hipdrive.cli.progress import show_progress
        from hipdrive.night import commands

        show_progress()
        night = commands.ingest(home, paths, athlete=athlete)
    tell_night(night)
    say_if_the_page_is_older(home)
    return NEEDS_A_PERSON if night.needs_a_person else DONE


def report(*, share: bool = False, athlete: str | None = None, common: Common = COMMON) -> int:
    """Estimate and draw the page again, from the warehouse as it is.

    Args:
        share: Leave out names, notes, file names, serial numbers and clock times; with a card to hand on.
        athlete: Only this athlete's page.
    """
    from hipdrive.night import commands
    from hipdrive.settings import Home

    night, page = commands.report(Home(common.folder), athlete=athlete, share=share)
    for warning in night.warnings:
        out.print(f"Worth a look: {warning}")
    out.print(night.sentence)
    out.print(str(page))
    for card in sorted(page.rglob("card.png")):
        out.print(str(card))
    return NEEDS_A_PERSON if night.needs_a_person else DONE


def tell_night(night: NightRecord) -> None:
    """What became of the night's files, and what is worth a look."""
    for note in night.notes:
        out.print(note)
    counts = night.sources
    told = ", ".join(f"{count} {status}" for status, count in sorted(counts.items())) or "nothing new"
    out.print(f"Files: {told}.")
    if counts.get("quarantined"):
        out.print("What could not be read, and why: hipdrive sources --status quarantined")
    for warning in night.warnings:
        out.print(f"Worth a look: {warning}")
