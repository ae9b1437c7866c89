"""What a night has to read: files that are new, that changed, or that were read with other settings than today's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from hipdrive.errors import MissingInbox
from hipdrive.night.provenance import read_with
from hipdrive.read.corrections import FILE, Corrections, digest, read_corrections
from hipdrive.read.inbox import Listing, Offer, list_offers, offer_again
from hipdrive.settings import Home, Settings

_ROW = (
    "path",
    "source_id",
    "content_sha256",
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
        warnings: what only a person can settle: a folder that never was there, a correction that is about no file.
        is_any: whether the ledger has to change at all.
    """

    offers: list[Offer] = field(default_factory=list)
    unreadable: list[tuple[Offer, str]] = field(default_factory=list)
    gone: frozenset[str] = frozenset()
    warnings: tuple[str, ...] = ()
    is_any: bool = False


class Ledger:
    """The ledger, asked by path."""

    def __init__(self, sources: pl.DataFrame, settings: Settings, corrections: Corrections) -> None:
        self._settings = settings
        self._corrected = _marks(sources, corrections)
        self._today: dict[tuple[str, str, str, str], str] = {}  # what a kind is read with; a ledger has few kinds
        newest = sources.select(_ROW).sort("last_offered_utc", nulls_last=False)
        self.rows = {row["path"]: row for row in newest.iter_rows(named=True)}
        self._stale_archives = {
            row["container"] for row in self.rows.values() if row["container"] and self.is_stale(row, row["athlete_id"])
        }

    def is_stale(self, row: Row, athlete: str) -> bool:
        """Whether a file was read with other settings, by another edition, or for another athlete than today's."""
        if row["status"] in {"forgotten", "duplicate"} and row["athlete_id"] == athlete:
            return False  # a duplicate is read where it counts
        kind = (athlete, row["format"], row["status"], self._corrected.get(row["content_sha256"], ""))
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


def by_content(corrections: Corrections, sources: pl.DataFrame) -> Corrections:
    """Corrections that hold for a content under all of its paths, whichever of them they name."""
    if not corrections.lines:
        return corrections
    known = sources.select("path", "source_id", "content_sha256").drop_nulls()
    return corrections.also_of(known.iter_rows())


def _marks(sources: pl.DataFrame, corrections: Corrections) -> dict[str, str]:
    """Content → the mark of its corrections."""
    if not corrections.lines:
        return {}
    everywhere = by_content(corrections, sources)
    known = sources.select("path", "source_id", "content_sha256").drop_nulls().iter_rows()
    found = {content: everywhere.of(path, source, content) for path, source, content in known}
    return {content: digest(lines) for content, lines in found.items() if lines}


def find_changed_files(
    home: Home, sources: pl.DataFrame, places: Sequence[Path] = (), athlete: str | None = None
) -> News:
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
    corrections = read_corrections(home.corrections_file)
    ledger = Ledger(sources, home.settings, corrections)
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
    warnings = () if places or home.shard_of else _by_hand(ledger, found, corrections, is_new=bool(offers))
    return News(offers, found.unreadable, gone, warnings, changed)


def _by_hand(ledger: Ledger, found: Listing, corrections: Corrections, *, is_new: bool) -> tuple[str, ...]:
    """What only a person can settle; tonight's files may be those that a correction means."""
    names = [
        str(name) for row in ledger.rows.values() for name in (row["path"], row["source_id"], row["content_sha256"])
    ]
    told = Unmet(found.absent, corrections)
    told.meet(names)
    return tuple(told.in_words(is_new=is_new))


class Unmet:
    """What the user names and no night ever met: folders of the settings, sources of corrections.

    Args:
        absent: names of folders that are not there.
        corrections: as the file has them.
    """

    def __init__(self, absent: Sequence[str], corrections: Corrections) -> None:
        self._folders = list(absent)
        self._corrections = corrections
        self._lines = list(corrections.lines)

    def meet(self, names: Sequence[str]) -> None:
        """Paths and contents that a ledger knows."""
        self._folders = [one for one in self._folders if not any(name.startswith(f"{one}/") for name in names)]
        if self._lines:
            self._lines = [line for line in self._lines if not line.is_of(names)]

    def in_words(self, *, is_new: bool) -> list[str]:
        """A sentence each; where there are new files, none about corrections, which may be about them."""
        folders = [
            f"inbox.folders in hipdrive.toml names {folder}, which is not there and never was; check the path"
            for folder in self._folders
        ]
        told = [f"{FILE}, {reject}" for reject in self._corrections.rejects]
        lines = [
            f"{FILE}, line {line.line}: no night has seen a source {line.source}; `hipdrive sources` lists them all"
            for line in ([] if is_new else self._lines)
        ]
        return [*folders, *told, *lines]


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


def stale_paths(sources: pl.DataFrame, home: Home) -> list[str]:
    """Paths of the ledger that would be read otherwise today; those of files since gone stay as they were read."""
    ledger = Ledger(sources, home.settings, read_corrections(home.corrections_file))
    return [path for path, row in ledger.rows.items() if ledger.is_stale(row, row["athlete_id"])]
