"""A night's first step where settings name services: each is asked, and nothing that it does stops the night."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import dataframely as dy
import polars as pl

from hipdrive.fetch import Item, Outcome, State, visit
from hipdrive.night.night import Night
from hipdrive.night.order import Step
from hipdrive.settings import DEFAULT_ATHLETE, Home, Settings
from hipdrive.tables.fetches import Fetch, FetchedItem
from hipdrive.warehouse import only_writer, read_fetches, read_items, write_fetch, write_items

PATIENCE = timedelta(days=3)  # a fault that may pass needs a person after that


@dataclass(frozen=True)
class ServiceReport:
    """What is said of one service tonight.

    Attributes:
        sentence: what came, or that it is left alone.
        notes: what nobody has to do anything about.
        warnings: what needs a person.
    """

    sentence: str
    notes: list[str]
    warnings: list[str]


def services_of(settings: Settings) -> Iterator[tuple[str, str]]:
    """Whose services are asked: athlete and name."""
    for name in dict.fromkeys(settings.fetch.services):
        yield DEFAULT_ATHLETE, name
    for athlete, names in settings.fetch.athletes.items():
        for name in dict.fromkeys(names):
            yield athlete, name


def fetch(home: Home, athlete: str, service: str) -> ServiceReport:
    """Ask one service for one athlete, and keep what became of it."""
    place = athlete if athlete == service else f"{service}" + ("" if athlete == DEFAULT_ATHLETE else f" of {athlete}")
    before = read_fetches(home).filter(pl.col("athlete_id") == athlete, pl.col("service") == service)
    last = before.sort("asked_utc").row(-1, named=True) if before.height else None
    now = datetime.now(UTC)
    if (
        last is not None
        and last["not_before_utc"] is not None
        and now < last["not_before_utc"] <= now + timedelta(days=2)
    ):
        until = f"{last['not_before_utc']:%H:%M} UTC"
        return ServiceReport(f"{place}: not asked, since it asked to be left alone until {until}", [], [])
    state = State() if last is None else State(last["is_whole"], last["newest_utc"], last["owner"])
    out, requests = visit(home, athlete, service, state, _known(home, athlete, service))
    write_items(home, _items(athlete, service, out))
    write_fetch(home, _row(athlete, service, now, out, requests))
    good = before.filter("is_success")["asked_utc"].max()
    since = good if isinstance(good, datetime) else before["asked_utc"].min()
    is_long = isinstance(since, datetime) and now - since > PATIENCE
    passing = [str(fault) for fault in out.faults if fault.may_pass and not is_long]
    lasting = [str(fault) for fault in out.faults if not fault.may_pass or is_long]
    came = "1 new file" if out.files == 1 else f"{out.files or 'no'} new files"
    return ServiceReport(f"{place}: {came}", [*out.notes, *passing], lasting)


def _fetch_one(night: Night, whose: tuple[str, str]) -> None:
    told = fetch(night.home.of(whose[0]), *whose)
    night.record.notes += [told.sentence, *told.notes]
    night.record.warnings += told.warnings


FETCH = Step("fetch", "ingest", "Fetching", lambda night: list(services_of(night.home.settings)), _fetch_one)


def ask_ahead(home: Home) -> ServiceReport:
    """Ask all services before it is known whether the night needs an engine.

    Raises:
        HipdriveError: another night is at work.
    """
    with only_writer(home.data):
        told = [fetch(home.of(whose[0]), *whose) for whose in services_of(home.settings)]
    notes = [line for one in told for line in (one.sentence, *one.notes)]
    return ServiceReport("", notes, [warning for one in told for warning in one.warnings])


def first_step(told: ServiceReport | None) -> Step:
    """What a night begins with: services are asked, or where they were already, what they gave is told."""
    if told is None:
        return FETCH

    def tell(night: Night, _: None) -> None:
        night.record.notes += told.notes
        night.record.warnings += told.warnings

    return replace(FETCH, units=lambda _: (None,), do=tell)


def _known(home: Home, athlete: str, service: str) -> dict[str, Item]:
    rows = read_items(home).filter(pl.col("athlete_id") == athlete, pl.col("service") == service)
    names = ("mark", "start_utc", "outcome", "content_sha256", "is_listed", "first_asked_utc")
    return {item_id: Item(*values) for item_id, *values in rows.select("item_id", *names).iter_rows()}


def _items(athlete: str, service: str, out: Outcome) -> dy.DataFrame[FetchedItem]:
    rows = [
        (
            athlete,
            service,
            item_id,
            one.mark,
            one.start,
            one.outcome,
            one.content_sha256,
            one.is_listed,
            one.first_asked_utc,
        )
        for item_id, one in out.items.items()
    ]
    types = {name: column.dtype for name, column in FetchedItem.columns().items()}
    return FetchedItem.validate(pl.DataFrame(rows, schema=types, orient="row"))


def _row(athlete: str, service: str, now: datetime, out: Outcome, requests: int) -> dy.DataFrame[Fetch]:
    wait_s = max((fault.wait_s for fault in out.faults if fault.wait_s is not None), default=None)
    row = {
        "athlete_id": athlete,
        "service": service,
        "asked_utc": now,
        "is_success": not out.faults,
        "is_whole": out.state.is_whole,
        "newest_utc": out.state.newest_utc,
        "not_before_utc": None if wait_s is None else now + timedelta(seconds=min(wait_s, 86_400)),
        "files": out.files,
        "requests": requests,
        "owner": out.state.owner,
        "fault": "; ".join(str(fault) for fault in out.faults[:5]) or None,
        "may_pass": all(fault.may_pass for fault in out.faults),
    }
    types = {name: column.dtype for name, column in Fetch.columns().items()}
    return Fetch.validate(pl.DataFrame([row], schema=types))
