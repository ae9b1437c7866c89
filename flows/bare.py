"""What needs no Prefect: files into the warehouse, and the page again from the warehouse as it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import polars as pl

from flows.conclude import estimate_everyone, gather_findings
from flows.finish import finish_tables
from flows.ingest import cut_batches, expand_zips, ingest_batch, store
from flows.night import Night, told
from flows.progress import following
from hipdrive.catalogue import Resolver, load_catalogue
from hipdrive.errors import MissingWarehouse, OlderWarehouse, WrongUse
from hipdrive.read.inbox import leave_out_known, list_offers
from hipdrive.report import draw_page, one_line, stage_report, without_names
from hipdrive.settings import Home
from hipdrive.warehouse import Warehouse, known_files, only_writer


def ingest_paths(home: Home, paths: Sequence[Path]) -> Night:
    """Read, tidy, measure, dose, views, checks, swap; the files stay where they are.

    Raises:
        HipdriveError: a path that is not there, or a check that failed; the warehouse is as it was.
    """
    resolver = Resolver(load_catalogue(), home.settings.aliases)
    offers = leave_out_known(list_offers(home, paths), known_files(home))
    with told(home) as night, only_writer(home.data), Warehouse(home) as warehouse:
        with night.timed("ingest"):
            found, zips = expand_zips(offers, home.settings, night.started_utc)
            zips = warehouse.merge_sources(zips)
            batches = list(cut_batches(found))
            ledger = [zips]
            for batch in following(batches, "Reading", len(batches)):
                read = ingest_batch(batch, home.settings, warehouse.known_contents(), night.started_utc, resolver)
                ledger.append(store(warehouse, read))
            night.count(pl.concat(ledger))
        with night.timed("measure"):
            checks = finish_tables(warehouse, home, night.started_utc.date(), resolver)
            night.warnings += [check.in_words for check in checks if check.rows]
        warehouse.remember_schema()
        warehouse.swap()
    return night


def report_again(home: Home, tonight: date, *, athlete: str | None, share: bool) -> tuple[str, Path]:
    """Estimate and draw from the stored tables; gives the page's one sentence and where it lies.

    Raises:
        MissingWarehouse: no night has been run yet.
        OlderWarehouse: it was made by an older version, and its files were not read again yet.
        WrongUse: no such athlete.
    """
    if not home.warehouse_file.is_file():
        raise MissingWarehouse(home.warehouse_file)
    if athlete is not None and athlete not in home.settings.athlete_ids:
        known = ", ".join(home.settings.athlete_ids)
        raise WrongUse("report", f"nobody here is called “{athlete}”", f"the settings know {known}")
    resolver = Resolver(load_catalogue(), home.settings.aliases)
    with told(home) as night, only_writer(home.data), Warehouse(home) as warehouse:
        if warehouse.reads_again:
            raise OlderWarehouse(home.warehouse_file)
        with night.timed("measure"):
            checks = finish_tables(warehouse, home, tonight, resolver)
        with night.timed("estimate"):
            answers = estimate_everyone(warehouse, night.run_id)
        with night.timed("report"):
            findings = gather_findings(warehouse, home, tonight, answers, checks, resolver, planted=None)
            wanted = {name: found for name, found in findings.items() if athlete in (None, name)}
            pages = {name: draw_page(found, shared=share) for name, found in wanted.items()}
            report = stage_report(without_names(pages) if share else pages, home.reports, tonight)
        warehouse.swap()
        return " ".join(one_line(found) for found in wanted.values()), report.put_in_place()
