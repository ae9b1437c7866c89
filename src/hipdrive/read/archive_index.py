"""A .zip, .tar or .tar.gz with its index read, also one within another, kept open while its members are read."""

from __future__ import annotations

import atexit
import errno
import lzma
import struct
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from hipdrive.errors import UnreadableFile
from hipdrive.read.gunzip import GZIP_MARK, gunzip_into
from hipdrive.settings import Archive

MEGABYTE = 1_000_000
MOST_NESTED = 2  # an archive within an archive, and no further
HEAD_BYTES = 4096  # enough of a file to know what it is, of a gzip too
ZIP_MARKS = (b"PK\x03\x04", b"PK\x05\x06")
_TAR_MARK, _TAR_MARK_AT = b"ustar", 257
_ENCRYPTED = 0x1  # a zip member's flag
_IN_MEMORY_BYTES = 32 * MEGABYTE
# What the libraries raise, besides OSError, on bytes that are not a sound archive.
_BROKEN = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    LookupError,
    OverflowError,
    RuntimeError,
    ValueError,
)
# Of their words only these may be repeated: others quote names, which are the user's.
_SAYABLE = (
    "File is not a zip file",
    "Invalid data stream",
    "unexpected end of data",
    "Truncated file header",
    "Bad CRC-32",
    "invalid header",
    "Error -3 while decompressing data",
    "Compressed data ended",
    "Corrupt input data",
)
# What a document's zip holds first, after the 30 bytes that stand before a name.
_DOCUMENT_PARTS = (b"[Content_Types].xml", b"mimetypeapplication/", b"_rels/.rels", b"docProps/", b"xl/")
_FIRST_NAME_AT = 30


@dataclass(frozen=True)
class Entry:
    """One member as the index tells it."""

    name: str
    size: int
    packed: int
    is_file: bool
    is_encrypted: bool
    info: zipfile.ZipInfo | tarfile.TarInfo


class Index:
    """An archive with its index read, kept open while its members are read: an export of years has thousands."""

    def __init__(self, file: IO[bytes], fault: str | None) -> None:
        self._file = file
        file.seek(0)
        self.fault = fault
        if file.read(4) in ZIP_MARKS:
            self._zip = zipfile.ZipFile(file)
            self.entries = [
                Entry(
                    info.filename,
                    info.file_size,
                    info.compress_size,
                    is_file=not info.filename.endswith("/") and not _is_special(info),
                    is_encrypted=bool(info.flag_bits & _ENCRYPTED),
                    info=info,
                )
                for info in self._zip.infolist()
            ]
        else:
            file.seek(0)
            self._tar = tarfile.open(fileobj=file, mode="r:")  # noqa: SIM115  open as long as the index
            self.entries = list(self._tar_entries())

    def close(self) -> None:
        """Let go of the file; no member can be read any more."""
        self._file.close()

    def _tar_entries(self) -> Iterator[Entry]:
        try:
            for info in self._tar:
                yield Entry(info.name, info.size, info.size, is_file=info.isreg(), is_encrypted=False, info=info)
        except tarfile.TarError as error:
            self.fault = self.fault or f"the archive breaks off ({_sayable(error)})"

    def open(self, entry: Entry) -> IO[bytes]:
        """The member's bytes, to be read step by step."""
        if isinstance(entry.info, zipfile.ZipInfo):
            return self._zip.open(entry.info)
        member = self._tar.extractfile(entry.info)
        if member is None:
            raise tarfile.TarError("no file")
        return member


def _is_special(info: zipfile.ZipInfo) -> bool:
    """Whether a zip's member is a link, a pipe or a device by the mode that Unix gave it."""
    kind = info.external_attr >> 28
    return info.create_system == 3 and kind not in {0, 0o10, 0o4}  # noqa: PLR2004  Unix; S_IFREG and S_IFDIR


def is_archive_head(head: bytes) -> bool:
    """Whether first bytes are those of a zip, a tar or a gzipped tar."""
    if head[:4] in ZIP_MARKS:
        return not head[_FIRST_NAME_AT:].startswith(_DOCUMENT_PARTS)
    if head.startswith(GZIP_MARK):
        try:
            head = zlib.decompressobj(wbits=31).decompress(head, 512)
        except zlib.error:
            return False
    return head[_TAR_MARK_AT:].startswith(_TAR_MARK)


def open_index(path: Path, modified_ns: int, name: str, place: tuple[int, ...], bounds: Archive, remedy: str) -> Index:
    """An archive with its index read, or that within it whose place in the index is given.

    Args:
        path: the outermost archive.
        modified_ns: when that was last changed; a changed file is another archive.
        name: in the ledger, for the error.
        place: of an archive within it.
        bounds: of the settings.
        remedy: what to do about a broken one.

    Raises:
        UnreadableFile: it is broken, or larger than the settings allow.
        OSError: the file vanished or may not be opened.
    """
    with archive_errors_in_words(name, remedy):
        try:
            return _kept_index(path, modified_ns, place, bounds)
        except _TooLargeError:
            raise too_large(name, bounds) from None


class _TooLargeError(Exception):
    """What is unpacked is more than the settings allow."""


_Key = tuple[Path, int, tuple[int, ...], Archive]
_OPEN: dict[_Key, Index] = {}  # the last used one last: an archive, and the one within it that is read now


@atexit.register
def _close_all() -> None:
    for index in _OPEN.values():
        index.close()
    _OPEN.clear()


def _kept_index(path: Path, modified_ns: int, place: tuple[int, ...], bounds: Archive) -> Index:
    key = (path, modified_ns, place, bounds)  # a changed file is another archive
    index = _OPEN.pop(key, None) or _new_index(path, modified_ns, place, bounds)
    _OPEN[key] = index
    while len(_OPEN) > MOST_NESTED:
        _OPEN.pop(next(iter(_OPEN))).close()
    return index


def _new_index(path: Path, modified_ns: int, place: tuple[int, ...], bounds: Archive) -> Index:
    if not place:
        return _opened(path.open("rb"), path.stat().st_size, bounds)
    outer = _kept_index(path, modified_ns, place[:-1], bounds)
    entry = outer.entries[place[-1]]
    with outer.open(entry) as member:
        file = _spooled(member, entry, bounds)
    return _opened(file, entry.size, bounds)


def _opened(file: IO[bytes], packed: int, bounds: Archive) -> Index:
    with _closed_unless_done(file):
        file, fault = _seekable(file, packed, bounds)
        with _closed_unless_done(file):
            return Index(file, fault)


def _spooled(member: IO[bytes], entry: Entry, bounds: Archive) -> IO[bytes]:
    """An archive within an archive as a file that can be read at any place; nobody else can see it."""
    limit = min(bounds.max_nested_mb * MEGABYTE, bounds.max_ratio * entry.packed + MEGABYTE)
    file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES)  # noqa: SIM115  open as long as the index
    with _closed_unless_done(file):
        while piece := member.read(MEGABYTE):
            file.write(piece)
            if file.tell() > limit:
                raise _TooLargeError
    return file


def _seekable(file: IO[bytes], packed: int, bounds: Archive) -> tuple[IO[bytes], str | None]:
    """The file, unpacked if it is a gzip, and what gunzip met."""
    file.seek(0)
    if file.read(2) != GZIP_MARK:
        return file, None
    limit = min(bounds.max_nested_mb * MEGABYTE, bounds.max_ratio * packed + MEGABYTE)
    unpacked = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES)  # noqa: SIM115  open as long as the index
    with file, _closed_unless_done(unpacked):
        file.seek(0)
        fault = gunzip_into(unpacked, file, limit)
        if unpacked.tell() > limit:
            raise _TooLargeError
    return unpacked, fault


@contextmanager
def _closed_unless_done(file: IO[bytes]) -> Iterator[None]:
    try:
        yield
    except BaseException:
        file.close()
        raise


@contextmanager
def archive_errors_in_words(name: str, remedy: str) -> Iterator[None]:
    """What a library raises of a broken archive, as one sentence that quotes nothing of it."""
    try:
        yield
    except UnreadableFile:
        raise
    except (*_BROKEN, OSError) as error:
        if isinstance(error, OSError) and error.errno not in {None, errno.EINVAL}:
            raise  # the system's word, not the archive's; a broken index asks for impossible places (EINVAL)
        raise UnreadableFile(name, f"the archive is broken here ({_sayable(error)}); {remedy}") from None


def _sayable(error: BaseException) -> str:
    said = str(error)
    return next((words for words in _SAYABLE if words in said), type(error).__name__)


def too_large(name: str, bounds: Archive) -> UnreadableFile:
    """The error of what would unpack to more than the settings allow."""
    return UnreadableFile(
        name,
        f"it would unpack to more than archive.max_member_mb = {bounds.max_member_mb} MB or archive.max_ratio = "
        f"{bounds.max_ratio} times its packed size; unpack it yourself, or raise the setting in hipdrive.toml",
    )
