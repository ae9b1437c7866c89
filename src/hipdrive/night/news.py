"""What a night has to read: files that are new, that changed, or that were read with other settings than today's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from hipdrive.errors import MissingInbox
from hipdrive.night.provenance import read_with
from hipdrive.read.inbox import Listing, Offer, list_offers, offer_again
from hipdrive.settings import Home, Settings

_ROW = (
    "path",
    "source_id",
    "container",
    "format",
    "size_bytes",
    "modified_ns",
    "last_offered_utc",
    "athlete_id",
    "status",
    "read_with",
    "is_gone",
)
Row = Mapping[str, Any]


@dataclass(frozen=True)
class News:
    """What changed since the ledger was written.

    Attributes:
        offers: files to be opened.
        unreadable: folders that could not be looked into, with the system's word.
        gone: paths of the ledger that are no longer there.
        never_there: folders of the settings that are not there, and of which no file was ever read.
        is_any: whether the ledger has to change at all.
    """

    offers: list[Offer] = field(default_factory=list)
    unreadable: list[tuple[Offer, str]] = field(default_factory=list)
    gone: frozenset[str] = frozenset()
    never_there: tuple[str, ...] = ()
    is_any: bool = False

    @property
    def is_none(self) -> bool:
        """Whether there is nothing to do and nothing to tell."""
        return not self.is_any and not self.never_there


class Ledger:
    """The ledger, asked by path."""

    def __init__(self, sources: pl.DataFrame, settings: Settings) -> None:
        self._settings = settings
        self._today: dict[tuple[str, str, str], str] = {}  # what a kind is read with; a ledger has few kinds
        newest = sources.select(_ROW).sort("last_offered_utc", nulls_last=False)
        self.rows = {row["path"]: row for row in newest.iter_rows(named=True)}
        self._stale_archives = {
            row["container"] for row in self.rows.values() if row["container"] and self.is_stale(row, row["athlete_id"])
        }

    def is_stale(self, row: Row, athlete: str) -> bool:
        """Whether a file was read with other settings, by another edition, or for another athlete than today's."""
        if row["status"] in {"forgotten", "duplicate"} and row["athlete_id"] == athlete:
            return False  # a duplicate is read where it counts
        kind = (athlete, row["format"], row["status"])
        if kind not in self._today:
            self._today[kind] = read_with(self._settings, *kind)
        return bool(row["read_with"] != self._today[kind])

    def is_known(self, offer: Offer) -> bool:
        """Whether a file is the one that the ledger knows, and was read as it would be today."""
        row = self.rows.get(offer.name)
        return (
            row is not None
            and (row["size_bytes"], row["modified_ns"]) == (offer.size_bytes, offer.modified_ns)
            and not row["is_gone"]
            and not self.is_stale(row, offer.athlete_id)
            and row["source_id"] not in self._stale_archives
        )


def look(home: Home, sources: pl.DataFrame, places: Sequence[Path] = (), athlete: str | None = None) -> News:
    """Compare what lies in the inbox, or in the places given, with the ledger.

    Files that were read where they lay, outside the inbox, are looked for there when they have to be read again.

    Args:
        home: its inbox and settings.
        sources: the ledger.
        places: files or folders in place of the inbox.
        athlete: whose they are; files of the inbox belong by their folder.

    Raises:
        UnreadableFile: a place does not exist.
        MissingInbox: files were read from the inbox before, and it is not there.
        OSError: the inbox cannot be looked into.
    """
    ledger = Ledger(sources, home.settings)
    if not places and not home.inbox.is_dir() and any(home.is_in_inbox(path) for path in ledger.rows):
        raise MissingInbox(home.inbox)
    found = list_offers(home, places, athlete)
    offers = [offer for offer in found.offers if not ledger.is_known(offer)]
    gone: frozenset[str] = frozenset()
    if not places:
        again, gone = _elsewhere(home, ledger, found)
        offers += again
    was_gone = {path for path, row in ledger.rows.items() if row["is_gone"] and row["container"] is None}
    unreadable = [(offer, why) for offer, why in found.unreadable if not _is_told(ledger, offer)]
    changed = bool(offers or unreadable or (not places and gone != was_gone))
    never = tuple(folder for folder in found.absent if not any(path.startswith(f"{folder}/") for path in ledger.rows))
    return News(offers, found.unreadable, gone, never, changed)


def _is_told(ledger: Ledger, folder: Offer) -> bool:
    row = ledger.rows.get(folder.name)
    return row is not None and row["status"] == "quarantined"


def _elsewhere(home: Home, ledger: Ledger, found: Listing) -> tuple[list[Offer], frozenset[str]]:
    """Files of the ledger outside the inbox that must be read again, and the paths that are gone, inbox included."""
    there = {offer.name for offer in found.offers}
    there.update(found.waiting)
    closed = tuple(f"{folder}/" for folder in (*(offer.name for offer, _ in found.unreadable), *found.absent))
    again, gone = [], set()
    for path, row in ledger.rows.items():
        if row["container"] is not None or path in there or path.startswith(closed):
            continue
        offer = None if home.is_in_inbox(path) else offer_again(home, path, row["athlete_id"])
        if offer is None:
            gone.add(path)
        elif not ledger.is_known(offer):
            again.append(offer)
    return again, frozenset(gone)


def stale_paths(sources: pl.DataFrame, settings: Settings) -> list[str]:
    """Paths of the ledger that would be read otherwise today; those of files since gone stay as they were read."""
    ledger = Ledger(sources, settings)
    return [path for path, row in ledger.rows.items() if ledger.is_stale(row, row["athlete_id"])]
