"""Forgetting: everything of one athlete, or all that one file brought, out of every place but the inbox."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

import polars as pl

from hipdrive.errors import MissingWarehouse, WrongUse
from hipdrive.night.commands import begun
from hipdrive.night.freshness import fingerprint
from hipdrive.night.order import run_steps, steps_between
from hipdrive.night.shards import bring_to_shards, settle_catalogue
from hipdrive.read.diary import drop_lines
from hipdrive.report import forget_pages
from hipdrive.settings import ATHLETES_FILE, Home
from hipdrive.tables.sources import Source
from hipdrive.warehouse import (
    Warehouse,
    drop_fetches_of,
    drop_messages_of,
    drop_nights_of,
    drop_plans_of,
    open_tables,
    read_shards,
)


def forget_athlete(home: Home, athlete: str) -> None:
    """Remove an athlete's tables, plans, nights' messages, diary, pages and backups, and Prefect's own database.

    The warehouse is written anew, so that nothing stays behind in free blocks.

    Raises:
        WrongUse: settings or the inbox still name them, so that the next night would bring them back.
        HipdriveError: somebody else is writing, or there is nothing to forget.
    """
    _must_not_come_back(home, athlete)
    if home.is_team:
        _forget_member(home, athlete)
        return
    with begun(home) as night, Warehouse(home) as copy:
        night.tables = copy
        if athlete not in {*copy.owners(), *copy.athletes()}:
            raise WrongUse("forget", f"nobody here is called “{athlete}”", f"there are {', '.join(copy.owners())}")
        copy.remove_athlete(athlete)
        drop_plans_of(home, athlete)
        drop_nights_of(home, athlete)
        drop_fetches_of(home, athlete)
        drop_messages_of(home, athlete)
        drop_lines(home.diary_file, athlete)
        copy.build_views()
        copy.swap(night.record.run_id, clean=True)
    forget_pages(home.reports, athlete)
    shutil.rmtree(home.data / ".prefect", ignore_errors=True)


def _forget_member(home: Home, athlete: str) -> None:
    """The athlete's folder goes whole; then what the team has of them: catalogue, starts, diary, pages."""
    with begun(home) as night:
        bring_to_shards(night)
        known = [*read_shards(home), *home.members]
        if athlete not in known:
            told = ", ".join(dict.fromkeys(known))
            raise WrongUse("forget", f"nobody here is called “{athlete}”", f"there are {told}")
        with suppress(FileNotFoundError):
            shutil.rmtree(home.shards / athlete)
        for one in (home, *(home.of(other) for other in home.members)):
            drop_nights_of(one, athlete)
        drop_plans_of(home, athlete)
        drop_messages_of(home, athlete)
        drop_lines(home.diary_file, athlete)
        settle_catalogue(night, [], clean=True, forgotten=athlete)
    forget_pages(home.reports, athlete)
    for left in (".prefect", ".dask"):
        shutil.rmtree(home.data / left, ignore_errors=True)


def forget_source(home: Home, path: str, *, keep_file: bool) -> int:
    """Remove all that a file brought, an archive's members too; gives how many files that were.

    Args:
        home: whose warehouse.
        path: as the ledger has it, or where the file lies.
        keep_file: the file may stay in the inbox; its sha256 alone is kept, so that it is not read again.

    Raises:
        MissingWarehouse: no night has been run yet.
        WrongUse: no such file in the ledger, or it still lies in the inbox.
        HipdriveError: a check failed; the warehouse is as it was.
    """
    if not home.warehouse_file.is_file():
        raise MissingWarehouse(home.warehouse_file)
    if home.is_team:
        return _forget_source_of_team(home, path, keep_file=keep_file)
    with begun(home) as night, Warehouse(home) as copy:
        night.tables = copy
        night.ledger_before = copy.read("sources", Source)
        name, rows = _rows_of(home, night.ledger_before, path)
        if home.is_in_inbox(name) and (home.folder / name).exists() and not keep_file:
            raise WrongUse(
                "forget",
                f"{name} lies in the inbox, so that the next night would read it again",
                "take it out first, or keep it there unread with --keep-file",
            )
        copy.unread(rows.filter(pl.col("content_sha256").is_not_null()))
        if keep_file:
            copy.append("readings", _forgotten(rows))
        else:
            kept = night.ledger_before.join(rows, on=["path", "source_id"], how="anti", maintain_order="left")
            copy.replace("sources", kept)
        run_steps(night, steps_between("settle", "check"))
        copy.remember(fingerprint(home, night.today(night.home.settings.first_athlete)))
        copy.swap(night.record.run_id, clean=True)
    return rows.height


def _forget_source_of_team(home: Home, path: str, *, keep_file: bool) -> int:
    with begun(home) as night:
        bring_to_shards(night)
        with open_tables(home) as tables:
            _, rows = _rows_of(home, tables.read("sources", Source), path)
        owners = rows["athlete_id"].unique().to_list()
        files = sum(forget_source(home.of(owner), path, keep_file=keep_file) for owner in owners)
        settle_catalogue(night, owners, clean=True)
    return files


def _must_not_come_back(home: Home, athlete: str) -> None:
    if athlete in home.settings.athletes:
        raise WrongUse(
            "forget",
            f"{home.settings_file} or {ATHLETES_FILE} beside it still names {athlete}",
            f"take the section [athletes.{athlete}], or their line, out first",
        )
    folder = home.inbox / athlete
    if folder.exists():
        raise WrongUse("forget", f"{folder} is still there", "move it out of the inbox, or delete it, first")


def _rows_of(home: Home, ledger: pl.DataFrame, path: str) -> tuple[str, pl.DataFrame]:
    absolute = Path(path).expanduser().absolute()
    names = [path, str(absolute)]
    if absolute.is_relative_to(home.folder):
        names.append(absolute.relative_to(home.folder).as_posix())
    for name in names:
        rows = ledger.filter((pl.col("path") == name) | pl.col("path").str.starts_with(f"{name}/"))
        if rows.height:
            return name, rows
    raise WrongUse("forget", f"no night has seen a file {path}", "`hipdrive sources` lists them all")


def _forgotten(rows: pl.DataFrame) -> pl.DataFrame:
    contents = rows.filter(pl.col("content_sha256").is_not_null()).unique(["athlete_id", "content_sha256"])
    nothing = {name: pl.lit(0, dtype=pl.Int64) for name in ("activities", "records", "sets")}
    return contents.select(
        "athlete_id",
        "content_sha256",
        "source_id",
        pl.lit("unknown").alias("format"),
        pl.lit("forgotten").alias("status"),
        pl.lit(None, dtype=pl.String).alias("reason"),
        pl.lit(None, dtype=pl.String).alias("read_with"),
        **nothing,
    )
