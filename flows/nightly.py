"""The map of the project: one night, from the inbox to the report, top to bottom.

    inbox → read → tidy → measure      in batches of files     flows/ingest.py, then one room after the other
          → dose, load, efficiency     over everything         measure/
          → views, checks              on the private copy     warehouse/
          → estimate → page            then both take place    estimate/, report/

Nothing that a reader sees changes before the last two steps; a night that breaks leaves yesterday's as it was.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
from prefect import flow, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.runtime import task_run
from prefect.schedules import Cron
from prefect.task_runners import ThreadPoolTaskRunner
from prefect.tasks import Task

from flows.conclude import estimate_everyone, gather_findings
from flows.finish import finish_tables
from flows.ingest import cut_batches, expand_zips, ingest_batch, store
from flows.night import Night, fingerprint, stands_already, summarise, told
from flows.progress import following
from hipdrive.catalogue import Resolver, load_catalogue
from hipdrive.read.inbox import Offer, leave_out_known, list_offers
from hipdrive.report import Planted, draw_page, one_line, stage_report
from hipdrive.settings import Home
from hipdrive.warehouse import Warehouse, known_files, only_writer

RETRIES = 2


def _may_pass(_: Task[..., object], __: TaskRun, state: State[object]) -> bool:
    """Only what the operating system refused for now (a share that is away, a busy disk) is worth another try."""
    return isinstance(state.result(raise_on_failure=False), OSError)


@task(
    name="read a batch",
    retries=RETRIES,
    retry_delay_seconds=[1, 10],
    retry_condition_fn=_may_pass,
    cache_policy=NO_CACHE,
)
def read_batch(offers: list[Offer], home: Home, warehouse: Warehouse, night: Night, resolver: Resolver) -> pl.DataFrame:
    """Files → tables of the private copy; gives their rows of the ledger."""
    is_last_try = task_run.run_count > RETRIES
    batch = ingest_batch(
        offers, home.settings, warehouse.known_contents(), night.started_utc, resolver, is_last_try=is_last_try
    )
    return store(warehouse, batch)


finish = task(name="finish the tables", cache_policy=NO_CACHE)(finish_tables)
estimate = task(name="estimate", cache_policy=NO_CACHE)(estimate_everyone)
draw = task(name="draw a page", cache_policy=NO_CACHE)(draw_page)


# One worker: files keep their order, memory holds one batch, and one connection writes; polars itself uses all cores.
# (Prefect types this runner more narrowly than its own flows ask for.)
ONE_AFTER_THE_OTHER: ThreadPoolTaskRunner[Any] = ThreadPoolTaskRunner(max_workers=1)


@flow(name="nightly", task_runner=ONE_AFTER_THE_OTHER, validate_parameters=False)  # type: ignore[arg-type]
def nightly(home_folder: str, tonight: str | None = None, planted: Planted | None = None) -> Night:
    """One night of one home.

    Args:
        home_folder: the folder with `hipdrive.toml`.
        tonight: the day the night speaks for, ISO 8601; today where it is not given.
        planted: the made-up runner's truth, for the page to state.

    Raises:
        HipdriveError: the night stopped; what readers see is as it was.
    """
    home = Home(Path(home_folder))
    day = date.fromisoformat(tonight) if tonight else date.today()  # noqa: DTZ011  the athlete's own clock
    with told(home) as night, only_writer(home.data):
        offers = leave_out_known(list_offers(home), known_files(home))
        wanted = fingerprint(home, day)
        if offers or not stands_already(home, wanted):
            _rebuild(home, day, night, offers, wanted, planted)
        create_markdown_artifact(summarise(night), key="night", description=night.sentence)
    return night


def _rebuild(
    home: Home, day: date, night: Night, offers: list[Offer], wanted: dict[str, str], planted: Planted | None
) -> None:
    resolver = Resolver(load_catalogue(), home.settings.aliases)
    with Warehouse(home) as warehouse:
        with night.timed("ingest"):
            found, zips = expand_zips(offers, home.settings, night.started_utc)
            zips = warehouse.merge_sources(zips)
            futures = [read_batch.submit(batch, home, warehouse, night, resolver) for batch in cut_batches(found)]
            ledger = pl.concat([zips, *(future.result() for future in following(futures, "Reading", len(futures)))])
            night.count(ledger)
        with night.timed("measure"):
            checks = finish(warehouse, home, day, resolver)
            night.warnings += [check.in_words for check in checks if check.rows]
        with night.timed("estimate"):
            answers = estimate(warehouse, night.run_id)
        with night.timed("report"):
            findings = gather_findings(warehouse, home, day, answers, checks, resolver, planted)
            pages = {athlete: draw(found) for athlete, found in findings.items()}
            report = stage_report(pages, home.reports, day)
        warehouse.remember(wanted)
        warehouse.remember_schema()
        warehouse.swap()
        night.page = str(report.put_in_place())
        night.sentence = " ".join(one_line(found) for found in findings.values())


def serve_nightly(home: Home, cron: str, time_zone: str) -> None:
    """Serve the nightly deployment of a home until stopped.

    Args:
        home: whose night.
        cron: when, in the athlete's zone.
        time_zone: that zone.
    """
    nightly.serve(
        name="nightly",
        schedule=Cron(cron, timezone=time_zone),
        parameters={"home_folder": str(home.folder)},
        print_starting_message=False,
    )
