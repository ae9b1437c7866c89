"""`hipdrive sql | sources | exercises | plan`: answers from the warehouse and the catalogue."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from hipdrive.cli.console import COMMON, DONE, Common, whose
from hipdrive.errors import WrongUse


def sql(
    query: str | None = None,
    *,
    format: Literal["table", "csv", "json", "parquet"] = "table",  # noqa: A002  the word people will type
    out: Annotated[Path | None, Parameter(name="--out")] = None,
    export: Path | None = None,
    table: tuple[str, ...] = (),
    gps: bool = False,
    athlete: str | None = None,
    common: Common = COMMON,
) -> int:
    """Query the warehouse, read-only, even while a night is running; without a query, list what there is.

    Args:
        query: SQL as DuckDB understands it.
        format: How the answer is written.
        out: A file for the answer; needed for parquet.
        export: A folder for the tables as Parquet files, one each, instead of a query.
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


def sources(
    *,
    status: Literal["loaded", "duplicate", "replaced", "skipped", "quarantined", "forgotten"] | None = None,
    overlaps: bool = False,
    format: Literal["table", "csv", "json"] = "table",  # noqa: A002  as of sql
    common: Common = COMMON,
) -> int:
    """Show what became of every file that was ever offered, and why.

    Args:
        status: Only files of this status.
        overlaps: The strength logs that hold the same workouts, and which of two counts.
        format: How the list is written; a table shows the newest files, the others all.
    """
    from hipdrive.cli.asking import list_overlaps, list_sources
    from hipdrive.settings import Home

    if overlaps:
        list_overlaps(Home(common.folder), format)
    else:
        list_sources(Home(common.folder), status, format)
    return DONE


def exercises(
    name: str | None = None,
    *,
    unmatched: bool = False,
    settle: bool = False,
    athlete: str | None = None,
    common: Common = COMMON,
) -> int:
    """Show the catalogue; with a name, how that name is resolved and why.

    Args:
        name: An exercise as your log writes it.
        unmatched: The names in your logs that hipdrive does not know, and the nearest keys.
        settle: Go through these names and say what each is.
        athlete: With --unmatched or --settle: only the names in this athlete's logs.
    """
    from hipdrive.cli.exercise_names import explain_exercise, list_exercises, list_unmatched_names, unknown_names

    if not settle and not unmatched and name is None:
        list_exercises()
        return DONE
    from hipdrive.settings import Home

    home = Home(common.folder)
    who = None if athlete is None else whose(home, athlete, "exercises")
    if settle:
        from hipdrive.cli import writing

        writing.settle(home, unknown_names(home, who).select("exercise_name", "sets").rows(), input)
    elif unmatched:
        list_unmatched_names(home, who)
    else:
        explain_exercise(home, str(name))
    return DONE


def plan(*, start: bool = False, team: bool = False, athlete: str | None = None, common: Common = COMMON) -> int:
    """Plan an experiment: weeks needed, smallest effect that can be seen, blocks; --start declares one.

    Args:
        start: Draw and declare an experiment of blocks on and off that begins on Monday; it never changes afterwards.
        team: Draw by lot in which order the athletes of the settings take up the programme.
        athlete: Whose; by default the first athlete of the settings.
    """
    from hipdrive.cli.planning import show_declared, show_prospects
    from hipdrive.night.calendar import local_date
    from hipdrive.night.plans import declare, of_athlete
    from hipdrive.report.habits import written_for
    from hipdrive.settings import Home
    from hipdrive.warehouse import all_plans

    home = Home(common.folder)
    if team:
        from hipdrive.cli.teams import show_starts

        show_starts(home)
        return DONE
    who = whose(home, athlete, "plan")
    own = home.of(who)
    with written_for(home.settings.habits_of(who)):
        if start:
            show_declared(declare(home, who, datetime.now(UTC)))
            return DONE
        declared = of_athlete(all_plans(own), who)
        if not declared.plans.is_empty():
            show_declared(declared)
        show_prospects(own, who, local_date(home.settings, who, datetime.now(UTC)), declared)
    return DONE
