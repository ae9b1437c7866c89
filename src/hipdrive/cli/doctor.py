"""What is wrong with a home, and what to do: one line a finding, nothing is changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import polars as pl
from packaging.requirements import Requirement
from rich.console import Console

from hipdrive.catalogue import load_catalogue
from hipdrive.cli.console import few_of, for_athlete
from hipdrive.cli.watchdog import BAD, GOOD, disk
from hipdrive.errors import HipdriveError, LockedHome, WrongUse
from hipdrive.estimate.declared import silent_off_days
from hipdrive.night.calendar import local_date
from hipdrive.night.news import stale_paths
from hipdrive.night.plans import stored_plans
from hipdrive.settings import Home
from hipdrive.tables.sources import Source
from hipdrive.tables.strength import LogSpan
from hipdrive.warehouse import (
    ask,
    facts,
    is_of_older_version,
    only_writer,
    open_tables,
    page_is_older,
    read_nights,
    reread_so_far,
)

STALE_DAYS = 8
# What nobody could read and is taken out since is told, and no fault any more.
_FATES = """
SELECT status || CASE WHEN status = 'quarantined' AND is_gone THEN ' and gone since' ELSE '' END AS fate, count(*)
FROM sources GROUP BY fate
"""


def examine(home: Home) -> bool:
    """Print every finding; gives whether all is well.

    Raises:
        HipdriveError: the settings cannot be read at all.
    """
    console = Console(highlight=False, markup=False, soft_wrap=True)
    is_well = True
    for is_good, sentence in _findings(home):
        is_well &= is_good
        console.print(f"{GOOD if is_good else BAD} {sentence}")
    return is_well


def verify_file(path: Path) -> bool:
    """Hold one FIT file against fitparse and print what differs; gives whether both read the same.

    Raises:
        WrongUse: there is no such file.
    """
    if not path.is_file():
        raise WrongUse("doctor", f"there is no file {path} to verify", "name one FIT file, e.g. one of data/inbox")
    from hipdrive.fit.verify import compare_with_fitparse

    comparison = compare_with_fitparse(path.read_bytes())
    console = Console(highlight=False, markup=False, soft_wrap=True)
    console.print(comparison.in_words)
    return comparison.is_equal


def _findings(home: Home) -> Iterator[tuple[bool, str]]:
    yield True, f"settings: {home.settings_file} is read"
    yield from _versions()
    yield _aliases(home)
    if home.settings.fetch.is_any:
        from hipdrive.cli.fetching import say_of_services

        yield from say_of_services(home)
    yield disk(home)
    yield _lock(home)
    files = (
        sum(1 for path in home.inbox.rglob("*") if path.is_file() and path.name != ".gitkeep")
        if home.inbox.is_dir()
        else 0
    )
    yield (
        files > 0,
        f"inbox: {files} files in {home.inbox}" + ("" if files else "; put FIT files and a strength log there"),
    )
    if not home.warehouse_file.is_file():
        yield False, "warehouse: none yet; run `hipdrive nightly`"
        return
    size = home.warehouse_file.stat().st_size / 1e6
    yield (
        True,
        f"warehouse: {home.warehouse_file} ({size:.1f} MB), as of {facts(home).get('tonight', 'no night yet')}",
    )
    yield from _freshness(home)
    yield from _page(home)
    yield from _ledger(home)
    yield from _silence(home)
    yield from _provenance(home)
    yield from _races(home)


def _aliases(home: Home) -> tuple[bool, str]:
    known = set(load_catalogue().exercises["exercise"])
    odd = [f"“{name}” = “{key}”" for name, key in home.settings.aliases.items() if key not in known]
    told = (
        f"{', '.join(odd)}: no such exercise; `hipdrive exercises` lists the keys" if odd else "each names an exercise"
    )
    return not odd, f"aliases: {told}"


def _page(home: Home) -> Iterator[tuple[bool, str]]:
    older = page_is_older(home)
    yield (
        not older,
        "page: " + ("older than the warehouse; `hipdrive nightly` draws it anew" if older else "of this warehouse"),
    )


def _provenance(home: Home) -> Iterator[tuple[bool, str]]:
    """Files that were read with other settings or by an older version, and how far reading them again is."""
    if is_of_older_version(home):
        yield False, "tables: of an older version; `hipdrive nightly` brings them up to date"
        return
    with open_tables(home) as tables:
        sources = tables.read("sources", Source)
    stale = set(stale_paths(sources, home))
    gone = set(sources.filter("is_gone")["path"]) & stale
    yield (
        not stale - gone,
        f"read with other settings than today's: {len(stale - gone)} files"
        + ("; the next night reads them again" if stale - gone else ""),
    )
    if gone:
        yield True, f"gone, so kept as they were read with older settings: {len(gone)} files"
    done = reread_so_far(home)
    if done is not None:
        yield (
            False,
            f"a night broke off while reading; {done} files are in its copy, and the next night goes on from there",
        )


def _versions() -> Iterator[tuple[bool, str]]:
    """The installed packages against what the project asks for, its pins among them."""
    wrong = []
    for line in requires("hipdrive") or []:
        requirement = Requirement(line)
        if requirement.marker and not requirement.marker.evaluate():
            continue
        try:
            found = version(requirement.name)
        except PackageNotFoundError:
            found = "not installed"
        if found == "not installed" or not requirement.specifier.contains(found, prereleases=True):
            wrong.append(f"{requirement.name} is {found}, wanted {requirement.specifier}")
    told = (
        "; ".join(wrong) + "; make the environment again with `make clean demo`"
        if wrong
        else "all as the project requires"
    )
    yield not wrong, f"packages: {told}"


def _lock(home: Home) -> tuple[bool, str]:
    try:
        with only_writer(home.data):
            return True, "lock: nobody is writing"
    except LockedHome as error:
        return False, f"lock: {error}"


def _freshness(home: Home) -> Iterator[tuple[bool, str]]:
    nights = read_nights(home).sort("started_utc")
    if nights.is_empty():
        yield False, "nights: none recorded yet"
        return
    last = nights.row(-1, named=True)
    days = (datetime.now(UTC) - last["finished_utc"]).days
    how = f"the last ended {last['finished_utc']:%Y-%m-%d %H:%M} UTC: {last['status'].replace('_', ' ')}"
    yield last["status"] != "stopped", f"nights: {how}" + (f" ({last['message']})" if last["message"] else "")
    yield (
        days < STALE_DAYS,
        f"schedule: {days} days since the last night"
        + ("" if days < STALE_DAYS else "; is `hipdrive schedule` still running?"),
    )


def _races(home: Home) -> Iterator[tuple[bool, str]]:
    """Runs that look like races and were not told: taken for races or not, the runner knows better."""
    query = "SELECT athlete_id, is_counted, local_date FROM races WHERE origin = 'run' ORDER BY ALL"
    try:
        found = ask(home, query)
    except HipdriveError as error:
        yield False, str(error)
        return
    for (athlete, is_counted), races in found.group_by("athlete_id", "is_counted", maintain_order=True):
        whose = f" of {athlete}" if home.is_team else ""
        how = "taken for races" if is_counted else "not taken for races"
        told = ", ".join(str(day) for day in races["local_date"])
        command = f"`hipdrive note race DATE{for_athlete(str(athlete))}`"
        yield True, f"races: nobody noted these{whose}, and they are {how}: {told}; {command} notes one"


def _silence(home: Home) -> Iterator[tuple[bool, str]]:
    """Days of a declared block off that no log speaks for: only the runner can say that nothing was done."""
    if is_of_older_version(home):
        return
    now = datetime.now(UTC)
    with open_tables(home) as tables:
        for athlete in home.settings.athlete_ids:
            plans, blocks = stored_plans(tables, athlete)
            last = blocks.filter(pl.col("plan_id").is_in(plans.tail(1)["plan_id"].implode()))
            spans = tables.read("log_spans", LogSpan, athlete)
            days = silent_off_days(last, spans, local_date(home.settings, athlete, now))
            if days is not None:
                first, end = (day.isoformat() for day in days)
                remedy = (
                    f"if there was no strength work, `hipdrive log none {first} {end}{for_athlete(athlete)}` says so"
                )
                yield False, f"block off of {athlete}: no log covers the days from {first} to {end}; {remedy}"


def _ledger(home: Home) -> Iterator[tuple[bool, str]]:
    try:
        counts = dict(ask(home, _FATES).iter_rows())
        unknown = ask(home, "SELECT exercise_name, athlete_id FROM unknown_names ORDER BY athlete_id")
    except HipdriveError as error:
        yield False, str(error)
        return
    told = ", ".join(f"{number} {status}" for status, number in sorted(counts.items())) or "none"
    bad = counts.get("quarantined", 0)
    yield not bad, f"files: {told}" + ("; `hipdrive sources --status quarantined` says why" if bad else "")
    names, athletes = unknown["exercise_name"].n_unique(), unknown["athlete_id"].unique(maintain_order=True).to_list()
    whose = f", of {few_of(athletes)}" if names and home.is_team else ""
    yield (
        not names,
        f"exercise names that hipdrive does not know: {names}{whose}"
        + ("; `hipdrive exercises --unmatched`" if names else ""),
    )
