"""Archives: what a .zip, .tar or .tar.gz holds, also one within another, and every file's bytes, within bounds.

No path inside an archive is ever used as a path on disk. Members are read in memory; an archive within an archive, and
an unpacked .tar.gz, go to a nameless temporary file above some size, so that memory does not grow with them.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from hipdrive.errors import UnreadableFile
from hipdrive.read.archive_index import (
    HEAD_BYTES,
    MEGABYTE,
    MOST_NESTED,
    ZIP_MARKS,
    Entry,
    Index,
    archive_errors_in_words,
    is_archive_head,
    open_index,
    too_large,
)
from hipdrive.read.gunzip import GZIP_MARK, gunzip
from hipdrive.read.inbox import Offer, is_of_the_system
from hipdrive.settings import Archive


@dataclass(frozen=True)
class Opened:
    """An offer with its bytes: `data` is after gunzip, `source_id` is the sha256 before, `fault` what gunzip met."""

    offer: Offer
    data: bytes
    source_id: str
    content_sha256: str
    fault: str | None = None


@dataclass(frozen=True)
class Contents:
    """What an archive holds.

    Attributes:
        source_id: its own sha256.
        format: `zip` or `tar`.
        members: files, those of archives within it too, in the order of its index.
        special: how many members are not files: links, devices.
        refused: archives within it that cannot be read, and why.
        fault: where the archive breaks off.
    """

    source_id: str
    format: str
    members: list[Offer]
    special: int
    refused: list[tuple[Offer, str]]
    fault: str | None


def is_archive(offer: Offer) -> bool:
    """Whether the file is an archive of files; raises OSError where it cannot be opened.

    A spreadsheet's workbook is a zip too, but its parts are not files of the user's.
    """
    if offer.refusal:
        return False
    with offer.path.open("rb") as file:
        return is_archive_head(file.read(HEAD_BYTES))


def list_contents(offer: Offer, bounds: Archive) -> Contents:
    """What an archive holds, those within it included; of members that are not archives only the index is read.

    Raises:
        UnreadableFile: the index is broken, or the archive holds more than the settings allow, all levels together.
        OSError: the file vanished or may not be opened; worth another try.
    """
    with offer.path.open("rb") as file:
        source_id = hashlib.file_digest(file, "sha256").hexdigest()
    with offer.path.open("rb") as file:
        kind = "zip" if file.read(4) in ZIP_MARKS else "tar"
    contents = Contents(source_id, kind, [], 0, [], None)
    return _Tree(replace(offer, container=source_id), bounds).list(contents)


class _Tree:
    """The members of an archive and of those within it, counted and summed against the bounds as one."""

    def __init__(self, offer: Offer, bounds: Archive) -> None:
        self.offer, self.bounds = offer, bounds
        self.count, self.unpacked = 0, 0

    def list(self, contents: Contents) -> Contents:
        index = open_index(
            self.offer.path, self.offer.modified_ns, self.offer.name, (), self.bounds, "download it again"
        )
        return replace(self._add(contents, self.offer, index), fault=index.fault)

    def _add(self, contents: Contents, within: Offer, index: Index) -> Contents:
        self._bound(index)
        special = 0
        for place, entry in enumerate(index.entries):
            path = PurePosixPath(entry.name)
            member = replace(
                within, name=f"{within.name}/{entry.name}", size_bytes=entry.size, member=(*within.member, place)
            )
            if entry.name.endswith("/") or is_of_the_system(path.name, path.parts):
                continue
            if not entry.is_file:
                special += isinstance(entry.info, zipfile.ZipInfo) or not entry.info.isdir()
            elif not self._is_archive(index, entry, member):
                contents.members.append(member)
            elif len(member.member) >= MOST_NESTED:
                depth = "it is an archive within an archive within an archive, which hipdrive does not open; unpack it"
                contents.refused.append((member, depth))
            else:
                contents = self._nested(contents, member)
        return replace(contents, special=contents.special + special)

    def _nested(self, contents: Contents, member: Offer) -> Contents:
        try:
            remedy = "unpack the outer one yourself"
            inner = open_index(member.path, member.modified_ns, member.name, member.member, self.bounds, remedy)
        except UnreadableFile as error:
            contents.refused.append((member, error.reason))
            return contents
        if inner.fault:
            contents.refused.append((member, f"{inner.fault}; what stands before was read"))
        return self._add(contents, member, inner)

    def _bound(self, index: Index) -> None:
        self.count += len(index.entries)
        self.unpacked += sum(entry.size for entry in index.entries)
        if self.count > self.bounds.max_members:
            raise UnreadableFile(
                self.offer.name,
                f"this archive holds {self.count} members, more than the {self.bounds.max_members} that "
                "archive.max_members in hipdrive.toml allows; unpack it, or raise the setting",
            )
        if self.unpacked > self.bounds.max_ratio * self.offer.path.stat().st_size + MEGABYTE:
            raise too_large(self.offer.name, self.bounds)

    def _is_archive(self, index: Index, entry: Entry, member: Offer) -> bool:
        """Whether a member is an archive itself; those with a name of an archive alone are looked into."""
        if entry.is_encrypted or not entry.name.lower().endswith((".zip", ".tar", ".tar.gz", ".tgz")):
            return False
        try:
            with archive_errors_in_words(member.name, "unpack it yourself"), index.open(entry) as file:
                return is_archive_head(file.read(HEAD_BYTES))
        except UnreadableFile:
            return False  # reading it will say why


def open_offer(offer: Offer, bounds: Archive) -> Opened:
    """The bytes of an offer, unpacked if they are gzip, within bounds.

    A gzip that breaks off gives what comes before the break, and the fault says so.

    Raises:
        UnreadableFile: nothing can be read, or it would unpack to more than the settings allow.
        OSError: the file vanished or may not be opened; worth another try.
    """
    given = _member_bytes(offer, bounds) if offer.member else _file_bytes(offer, bounds)
    source_id = hashlib.sha256(given).hexdigest()
    if not given.startswith(GZIP_MARK):
        return Opened(offer, given, source_id, source_id)
    limit = min(bounds.max_member_mb * MEGABYTE, bounds.max_ratio * len(given) + MEGABYTE)
    data, fault = gunzip(offer.name, given, limit)
    if len(data) > limit:
        raise too_large(offer.name, bounds)
    return Opened(offer, data, source_id, hashlib.sha256(data).hexdigest(), fault)


def _file_bytes(offer: Offer, bounds: Archive) -> bytes:
    limit = bounds.max_member_mb * MEGABYTE
    with offer.path.open("rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise UnreadableFile(
            offer.name,
            f"it is larger than the {bounds.max_member_mb} MB that archive.max_member_mb in hipdrive.toml allows; "
            "take it out of the inbox, or raise the setting",
        )
    return data


def _member_bytes(offer: Offer, bounds: Archive) -> bytes:
    *outer, place = offer.member
    limit = bounds.max_member_mb * MEGABYTE
    remedy = "download the archive again, or unpack it yourself"
    index = open_index(offer.path, offer.modified_ns, offer.name, tuple(outer), bounds, remedy)
    with archive_errors_in_words(offer.name, remedy):
        entry = index.entries[place]
        if entry.is_encrypted:
            raise UnreadableFile(offer.name, "the archive asks for a password here; unpack it yourself")
        if entry.size > min(limit, bounds.max_ratio * entry.packed + MEGABYTE):
            raise too_large(offer.name, bounds)
        with index.open(entry) as member:
            # The index may lie about the size, so one byte more than the limit is asked for, never everything.
            data = member.read(limit + 1)
    if len(data) > limit:
        raise too_large(offer.name, bounds)
    return data


def count_kinds(names: list[str]) -> Counter[str]:
    """How many names end how: `.json`; `(no ending)` for those without one."""
    return Counter(PurePosixPath(name).suffix.lower() or "(no ending)" for name in names)
