"""`hipdrive …`: the command-line face. Only commands that run a flow import Prefect, so the rest start fast.

Exit codes: 0 done; 1 ran, and something needs a person; 2 wrong use; 3 stopped.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import App, CycloptsError, Parameter
from rich.console import Console

from hipdrive.errors import (
    BadQuery,
    HipdriveError,
    MissingHome,
    MissingWarehouse,
    UnreadableFile,
    WrongUse,
)

if TYPE_CHECKING:
    from hipdrive.night.record import NightRecord

DONE, NEEDS_A_PERSON, WRONG_USE, STOPPED = 0, 1, 2, 3
_WRONG_USE_ERRORS = (WrongUse, MissingHome, MissingWarehouse, BadQuery, UnreadableFile)

app = App(
    name="hipdrive",
    help="Does my hip-extension strength work make me faster, by how much, and how sure can I be?",
    help_flags=["--help", "-h"],
)
out = Console(soft_wrap=True, highlight=False, markup=False)
err = Console(stderr=True, soft_wrap=True, highlight=False, markup=False)


@Parameter(name="*")
@dataclass(frozen=True)
class Common:
    """What every command takes."""

    home: Path | None = None
    """The folder with hipdrive.toml, data/ and reports/; default $HIPDRIVE_HOME, else the current folder."""
    debug: bool = False
    """Show where in the program an error came from."""

    @property
    def folder(self) -> Path:
        """The home's folder."""
        return self.home or Path(os.environ.get("HIPDRIVE_HOME") or ".")


_COMMON = Common()


def main() -> None:
    """Run the command line and end the process with its exit code."""
    debug = "--debug" in sys.argv
    try:
        code = app(sys.argv[1:], exit_on_error=False, print_error=False, result_action="return_value")
    except CycloptsError as error:
        err.print(f"{error}\n`hipdrive --help` lists the commands.")
        code = WRONG_USE
    except HipdriveError as error:
        if debug:
            raise
        err.print(str(error))
        code = WRONG_USE if isinstance(error, _WRONG_USE_ERRORS) else STOPPED
    except BrokenPipeError:
        sys.stderr.close()
        code = DONE
    except KeyboardInterrupt:
        err.print("Stopped by you; the warehouse and the report are as they were.")
        code = STOPPED
    sys.exit(code if isinstance(code, int) else DONE)


@app.command
def init(folder: Path = Path(), *, common: Common = _COMMON) -> int:
    """Make a new home: hipdrive.toml with every setting, data/inbox/ and reports/.

    Args:
        folder: Where; the current folder by default.
    """
    from hipdrive.cli.homes import make_home

    place = make_home(folder if common.home is None else common.home / folder)
    out.print(f"A new home: {place}")
    out.print(f"Put FIT files and strength logs into {place / 'data' / 'inbox'}, then: hipdrive nightly --home {place}")
    return DONE


@app.command
def demo(*, weeks: int = 104, effect: float = 0.04, seed: int = 1, common: Common = _COMMON) -> int:
    """A made-up runner with a planted effect, through the real nightly flow; the page is reports/demo/index.html.

    Args:
        weeks: Length of the history, 4 to 520.
        effect: Planted change of speed as a fraction at a sustained full dose: 0.04 is +4 %.
        seed: The same seed makes the same runner.
    """
    from hipdrive.cli.demo import prepare_demo, publish_demo
    from hipdrive.settings import Home

    home = Home(common.folder)
    demo_home, planted, tonight = prepare_demo(home, weeks=weeks, effect=effect, seed=seed)
    _use_prefect(demo_home, common)
    from hipdrive.cli.progress import show_progress
    from hipdrive.flows.nightly import nightly

    show_progress()
    night = nightly(str(demo_home), tonight.isoformat(), planted)
    page = publish_demo(home, demo_home)
    out.print(night.sentence)
    out.print(str(page))
    return DONE


@app.command
def nightly(*, common: Common = _COMMON) -> int:
    """One night: the inbox into the warehouse, the estimate, the report."""
    from hipdrive.settings import Home

    home = Home(common.folder)
    _use_prefect(home.folder, common)
    from hipdrive.cli.progress import show_progress
    from hipdrive.flows.nightly import nightly as flow

    show_progress()
    night = flow(str(home.folder))
    _tell_night(night)
    out.print(night.sentence)
    out.print(str(home.reports / "latest" / "index.html"))
    return NEEDS_A_PERSON if night.needs_a_person else DONE


@app.command
def ingest(*paths: Path, common: Common = _COMMON) -> int:
    """Files into the warehouse: read in place, without Prefect, estimate or report.

    Args:
        paths: Files or folders.
    """
    from hipdrive.cli.progress import show_progress
    from hipdrive.night import order
    from hipdrive.settings import Home

    if not paths:
        raise WrongUse("ingest", "no file or folder was named", "name at least one, e.g. hipdrive ingest ~/export")
    show_progress()
    night = order.ingest(Home(common.folder), paths)
    _tell_night(night)
    return NEEDS_A_PERSON if night.needs_a_person else DONE


@app.command
def report(*, share: bool = False, athlete: str | None = None, common: Common = _COMMON) -> int:
    """The estimate and the page again, from the warehouse as it is.

    Args:
        share: Leave out names, notes, file names, serial numbers and clock times.
        athlete: Only this athlete's page.
    """
    from hipdrive.night import order
    from hipdrive.settings import Home

    night, page = order.report(Home(common.folder), athlete=athlete, share=share)
    for warning in night.warnings:
        out.print(f"Worth a look: {warning}")
    out.print(night.sentence)
    out.print(str(page))
    return NEEDS_A_PERSON if night.needs_a_person else DONE


@app.command
def sql(
    query: str | None = None,
    *,
    format: Literal["table", "csv", "json", "parquet"] = "table",  # noqa: A002  the word people will type
    out: Annotated[Path | None, Parameter(name="--out")] = None,
    export: Path | None = None,
    table: tuple[str, ...] = (),
    gps: bool = False,
    athlete: str | None = None,
    common: Common = _COMMON,
) -> int:
    """Ask the warehouse, read-only, also while a night is running; without a query: what there is to ask.

    Args:
        query: SQL as DuckDB understands it.
        format: How the answer is written.
        out: A file for the answer; needed for parquet.
        export: A folder for the tables as Parquet files, one each, in place of a query.
        table: Only this table or view, with --export; may be given more than once.
        gps: Let positions into Parquet files; without it latitude_deg and longitude_deg are left out.
        athlete: Show only this athlete's rows.
    """
    from hipdrive.cli.asking import answer, describe, export_parquet
    from hipdrive.settings import Home

    home = Home(common.folder)
    if export is not None:
        if query is not None:
            raise WrongUse("sql", "--export writes whole tables and takes no query", "leave out one of the two")
        export_parquet(home, export, table, athlete, gps=gps)
    elif query is None:
        describe(home)
    else:
        answer(home, query, format, out, athlete, gps=gps)
    return DONE


@app.command
def sources(
    *, status: Literal["loaded", "duplicate", "skipped", "quarantined"] | None = None, common: Common = _COMMON
) -> int:
    """What became of every file that was ever offered, and why.

    Args:
        status: Only files of this status.
    """
    from hipdrive.cli.asking import list_sources
    from hipdrive.settings import Home

    list_sources(Home(common.folder), status)
    return DONE


@app.command
def exercises(name: str | None = None, *, unmatched: bool = False, common: Common = _COMMON) -> int:
    """The catalogue; with a name, how it is resolved and why.

    Args:
        name: An exercise as your log writes it.
        unmatched: The names of your logs that nobody knows, with the nearest keys.
    """
    from hipdrive.cli.asking import explain_exercise, list_exercises, list_unmatched_names
    from hipdrive.settings import Home

    home = Home(common.folder)
    if unmatched:
        list_unmatched_names(home)
    elif name is not None:
        explain_exercise(home, name)
    else:
        list_exercises()
    return DONE


@app.command
def plan(*, start: bool = False, athlete: str | None = None, common: Common = _COMMON) -> int:
    """The experiment planner: weeks needed, smallest effect that can be seen, blocks; --start declares an experiment.

    Args:
        start: Draw and declare an experiment of blocks on and off that begins on Monday; it is never changed after.
        athlete: Whose; the first of the settings by default.
    """
    from hipdrive.cli.planning import show_declared, show_prospects, whose
    from hipdrive.night.calendar import local_date
    from hipdrive.night.plans import declare, of_athlete
    from hipdrive.settings import Home
    from hipdrive.warehouse import all_plans

    home = Home(common.folder)
    who = whose(home, athlete)
    if start:
        show_declared(declare(home, who, datetime.now(UTC)))
        return DONE
    declared = of_athlete(all_plans(home), who)
    if not declared.plans.is_empty():
        show_declared(declared)
    show_prospects(home, who, local_date(home.settings, who, datetime.now(UTC)), declared)
    return DONE


@app.command
def schedule(*, at: str, common: Common = _COMMON) -> int:
    """Serve the nightly flow every day at this time of the athlete's zone, until stopped.

    Args:
        at: Time of day, HH:MM.
    """
    from hipdrive.cli.homes import daily_cron
    from hipdrive.cli.server import own_server
    from hipdrive.settings import Home

    home = Home(common.folder)
    cron = daily_cron(at)
    _use_prefect(home.folder, common, level="INFO")
    zone = home.settings.athlete.time_zone
    with own_server():
        from hipdrive.flows.nightly import serve_nightly

        out.print(f"Every day at {at} ({zone}) hipdrive runs for {home.folder}. Leave this running; stop with Ctrl-C.")
        serve_nightly(home, cron, zone)
    return DONE


@app.command
def doctor(*, verify: Path | None = None, common: Common = _COMMON) -> int:
    """What is wrong with this home and what to do; nothing is changed.

    Args:
        verify: A FIT file to hold against fitparse, message by message.
    """
    from hipdrive.cli.doctor import examine, verify_file
    from hipdrive.settings import Home

    if verify is not None:
        return DONE if verify_file(verify) else NEEDS_A_PERSON
    return DONE if examine(Home(common.folder)) else NEEDS_A_PERSON


def _tell_night(night: NightRecord) -> None:
    counts = night.sources
    told = ", ".join(f"{count} {status}" for status, count in sorted(counts.items())) or "nothing new"
    out.print(f"Files: {told}.")
    if counts.get("quarantined"):
        out.print("What could not be read, and why: hipdrive sources --status quarantined")
    for warning in night.warnings:
        out.print(f"Worth a look: {warning}")


def _use_prefect(home: Path, common: Common, level: str = "CRITICAL") -> None:
    """Prefect's settings, before it is imported: all it writes stays in the home, and it calls nobody."""
    os.environ["DO_NOT_TRACK"] = "1"
    os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] = "false"
    os.environ.setdefault("PREFECT_HOME", str(home.resolve() / "data" / ".prefect"))
    # A first start makes Prefect's database, which takes up to 20 s; its own limit is just that.
    os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "180")
    # Errors are told by this program, in one sentence.
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "DEBUG" if common.debug else level)


if __name__ == "__main__":
    main()
