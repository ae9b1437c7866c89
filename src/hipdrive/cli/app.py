"""`hipdrive …`: the command-line face. Only commands that run a flow import Prefect, so the rest start fast.

Exit codes: 0 done; 1 ran, and something needs a person; 2 wrong use; 3 stopped, also by anything unexpected.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
from importlib.metadata import version
from threading import Event
from traceback import clear_frames

from cyclopts import App, CycloptsError

from hipdrive.cli import homes, nights, questions
from hipdrive.cli.console import DONE, STOPPED, WRONG_USE, err
from hipdrive.errors import (
    BadQuery,
    HipdriveError,
    MissingHome,
    MissingWarehouse,
    UnreadableFile,
    WrongUse,
)
from hipdrive.lean import load_dataframely_alone

_WRONG_USE_ERRORS = (WrongUse, MissingHome, MissingWarehouse, BadQuery, UnreadableFile)

app = App(
    name="hipdrive",
    help="Does my hip-extension strength work make me faster, by how much, and how sure can I be?",
    help_flags=["--help", "-h"],
    version=lambda: version("hipdrive"),
    suppress_keyboard_interrupt=False,  # it would end the process without a word
)
for command in (
    homes.init,
    nights.demo,
    nights.nightly,
    nights.backfill,
    nights.ingest,
    nights.report,
    questions.sql,
    questions.exercises,
    questions.sources,
    questions.plan,
    homes.doctor,
    homes.forget,
    homes.restore,
    homes.migrate,
):
    app.command(command)
# What the runner writes down: read only when one of these is called.
for name, said in (
    ("log", "Write into your own log what you did: an exercise and its sets, `programme`, or `none`."),
    ("note", "Write a line into your diary: illness, injury, race, shoes, resting_heart_rate or note."),
    ("alias", "Say which exercise a name in your log stands for, once and for all years."),
):
    app.command(f"hipdrive.cli.write_commands:{name}", name=name, help=said)
app.command(
    "hipdrive.cli.scheduling:schedule",
    name="schedule",
    help="Run the nightly flow every day at this time in the athlete's time zone, until stopped.",
)
app.command(
    "hipdrive.cli.fetching:fetch",
    name="fetch",
    help="Ask the services that the settings name for new runs and sets, into data/inbox/fetched/.",
)
team = App(name="team", help="Many athletes in one home.", help_flags=["--help", "-h"])
team.command("hipdrive.cli.teams:nightly", name="nightly")
team.command("hipdrive.cli.teams:estimate", name="estimate")
app.command(team)
app.register_install_completion_command()


_STOP = Event()
_STOPPED = "Stopped by you; the warehouse and the report are as they were."


def _stop(*_: object) -> None:
    """Ctrl-C, or told by the system to end: a command clears up, and its night is recorded as stopped."""
    _STOP.set()
    raise KeyboardInterrupt


def _let_go(error: BaseException | None) -> None:
    """Free what the frames hold that an error came through: a library says at length what is left at the end."""
    while error is not None:
        clear_frames(error.__traceback__)
        error = error.__cause__ or error.__context__


def main() -> None:
    """Run the command line and end the process with its exit code."""
    debug = "--debug" in sys.argv
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    load_dataframely_alone()
    try:
        code = app(sys.argv[1:], exit_on_error=False, print_error=False, result_action="return_value")
    except CycloptsError as error:
        err.print(f"{error}\n`hipdrive --help` lists the commands.")
        code = WRONG_USE
    except HipdriveError as error:
        if debug:
            raise
        err.print(str(error))
        _let_go(error)
        code = WRONG_USE if isinstance(error, _WRONG_USE_ERRORS) else STOPPED
    except BrokenPipeError:
        sys.stderr.close()
        code = DONE
    except BaseException as error:  # a panic of a library written in Rust is not an Exception
        # Libraries make errors of their own of it where it meets them.
        is_told = _STOP.is_set() or isinstance(error, KeyboardInterrupt)
        if (debug and not is_told) or isinstance(error, SystemExit | GeneratorExit):
            raise
        err.print(_STOPPED if is_told else _unexpected(error))
        code = STOPPED
    sys.exit(code if isinstance(code, int) else DONE)


_CAUSES = {
    errno.ENOSPC: "the disk is full; make room, then run this again",
    errno.EDQUOT: "your share of the disk is full; make room, then run this again",
    errno.EROFS: "the disk can only be read; mount it for writing, or name another home with --home",
    errno.EACCES: "the system does not let this program write or read here; check who owns it",
    errno.EPERM: "the system does not allow it; check who owns it",
    errno.EIO: "the disk does not answer; check it and its cable or mount",
    errno.ESTALE: "the network drive went away; mount it again",
    errno.ENOTCONN: "the network drive went away; mount it again",
    errno.EMFILE: "too many files are open; close other programs",
}


def _unexpected(error: BaseException) -> str:
    """One sentence on what no part of the program foresaw: the machine's trouble, or our fault."""
    stands = "The warehouse and the report are as they were."
    if isinstance(error, MemoryError):
        return f"hipdrive: there is not enough memory; close other programs, then run this again. {stands}"
    said = " ".join(str(error).split())
    number = error.errno if isinstance(error, OSError) else None
    full = number == errno.ENOSPC or "No space left" in said or "disk quota" in said.lower()
    if full or number in _CAUSES:
        place = f"{error.filename}: " if isinstance(error, OSError) and error.filename else "hipdrive: "
        return f"{place}{_CAUSES[errno.ENOSPC if full else number or 0]}. {stands}"
    url = os.environ.get("PREFECT_API_URL")
    if url and ("connect" in said.lower() or type(error).__module__.startswith(("httpx", "httpcore", "prefect"))):
        return f"{url}: Prefect's server does not answer; start it, or unset PREFECT_API_URL. {stands}"
    return (
        f"hipdrive: stopped by an unexpected error ({type(error).__name__}: {said[:300]}); run it again with "
        f"--debug and report what it prints. {stands}"
    )


if __name__ == "__main__":
    main()
