"""The inbox: which files lie in it and in the folders that the settings add; nothing is opened.

Links out of a folder are not followed, and what is still being written waits for the next night.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from hipdrive.errors import UnreadableFile
from hipdrive.settings import DEFAULT_ATHLETE, Home

# Files that systems leave beside the user's own: never worth a word.
_SYSTEM_NAMES = (".DS_Store", "Thumbs.db", "desktop.ini", ".gitkeep")
# And what programs keep beside a document while it is open: Excel's “~$log.xlsx”, LibreOffice's “.~lock.log.ods#”.
_OF_OPEN_PROGRAMS = ("._", "~$", ".~lock.", ".~")
# What browsers and programs that synchronise call a file until it is whole.
_HALF_WRITTEN = (
    ".part",
    ".partial",
    ".crdownload",
    ".download",
    ".opdownload",
    ".filepart",
    ".aria2",
    ".!qb",
    ".tmp",
)
QUIET_S = 1.0
LINK_OUT = "a link that leads out of the inbox is not followed; add its folder to inbox.folders in hipdrive.toml"


@dataclass(frozen=True)
class Offer:
    """A file, or a member of an archive, that may hold something to read.

    Attributes:
        path: the file, or the archive that holds the member.
        name: its path in the ledger.
        size_bytes: of the file, or of the member as the archive's index tells it.
        modified_ns: time of the file's last change; 0 where the system would not tell.
        athlete_id: whose file it is.
        member: its place in the archive's index; before it that of the archive within the archive, if there is one.
        container: `source_id` of the outermost archive.
        refusal: why it is not opened at all.
    """

    path: Path
    name: str
    size_bytes: int
    modified_ns: int
    athlete_id: str = DEFAULT_ATHLETE
    member: tuple[int, ...] = ()
    container: str | None = None
    refusal: str | None = None


@dataclass(frozen=True)
class Listing:
    """What lies in some places.

    Attributes:
        offers: files.
        unreadable: folders that could not be looked into, with the system's word for why.
        waiting: names of files that are still being written.
        absent: names of folders of the settings that are not there tonight, such as those of a watch.
    """

    offers: list[Offer]
    unreadable: list[tuple[Offer, str]] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)


def list_offers(home: Home, places: Iterable[Path] = (), athlete: str | None = None) -> Listing:
    """Every file in the home's inbox and its folders, or in the places given, in the order of their names.

    Args:
        home: decides whose a file is: `data/inbox/<athlete>/` belongs to that athlete if the settings name them, and
            so does a folder of that name in a folder of the settings.
        places: files or folders to look at in place of the inbox.
        athlete: whose the files outside the inbox are.

    Raises:
        UnreadableFile: a place does not exist.
        OSError: the inbox itself cannot be looked into.
    """
    found = Listing([])
    roots = [Path(place) for place in places]
    for root in roots:
        if not root.exists():
            raise UnreadableFile(root, "there is no such file or folder; check the path")
    if not roots:
        if home.inbox.is_dir():
            os.scandir(home.inbox).close()
            roots.append(home.inbox)
        for folder in home.inbox_folders:
            if folder.is_dir():
                roots.append(folder)
            else:
                found.absent.append(_name(home, folder))
    walk = _Walk(home, athlete, found)
    offers = (offer for root in roots for offer in (walk.below(root) if places else walk.of_shard(root)))
    # A file that is met twice, by a link or by two places, is one file.
    own = (offer for offer in offers if home.shard_of in {None, offer.athlete_id})
    found.offers.extend({offer.name: offer for offer in own}.values())
    found.unreadable[:] = [one for one in found.unreadable if home.shard_of in {None, one[0].athlete_id}]
    return found


def offer_again(home: Home, name: str, athlete: str) -> Offer | None:
    """A file of the ledger outside the inbox, where it lay; None where it is no longer there.

    Args:
        home: whose ledger.
        name: the file's path in the ledger, absolute or below the home.
        athlete: whose it was.
    """
    path = home.folder / name
    try:
        state = path.stat()
    except (OSError, ValueError):
        return None
    return Offer(path, name, state.st_size, state.st_mtime_ns, athlete) if stat.S_ISREG(state.st_mode) else None


def is_still(offer: Offer) -> bool:
    """Whether a file is as it was when it was listed; one that changed since is still being written.

    One that changed less than a second ago is looked at again when that second is over.
    """
    if not _is_as_listed(offer):
        return False
    young_s = QUIET_S - (time.time() - offer.modified_ns / 1e9)
    if not 0 < young_s <= QUIET_S:  # a time in the future says nothing
        return True
    time.sleep(young_s)
    return _is_as_listed(offer)


def _is_as_listed(offer: Offer) -> bool:
    try:
        state = offer.path.stat()
    except OSError:
        return False
    return offer.modified_ns == 0 or (
        (offer.member != () or state.st_size == offer.size_bytes) and (state.st_mtime_ns == offer.modified_ns)
    )


@dataclass(frozen=True)
class _Walk:
    """One look through folders; what cannot be offered is written into `found`."""

    home: Home
    athlete: str | None
    found: Listing

    def below(self, root: Path) -> Iterator[Offer]:
        """The files of a folder and of those in it, or the one file."""
        if root.is_dir():
            yield from self._folder(root, os.path.realpath(root))
            return
        state = root.stat()
        if stat.S_ISREG(state.st_mode):
            owner = _owner(self.home, root, self.athlete)
            yield Offer(root, _name(self.home, root), state.st_size, state.st_mtime_ns, owner)

    def of_shard(self, root: Path) -> Iterator[Offer]:
        """Of an inbox, what is the athlete's whose part of a team's home this is; in any other home all of it."""
        athlete = self.home.shard_of
        if athlete is None:
            yield from self._folder(root, os.path.realpath(root))
        elif athlete == DEFAULT_ATHLETE:  # what lies in no other athlete's folder
            yield from self._folder(root, os.path.realpath(root), self.home.named - {athlete})
        elif athlete in self.home.named:  # who is named no more has nothing here
            own = root / athlete
            if own.is_dir() and not own.is_symlink():
                yield from self._folder(own, os.path.realpath(root))

    def _folder(self, folder: Path, root: str, others: frozenset[str] = frozenset()) -> Iterator[Offer]:
        try:
            with os.scandir(folder) as entries:
                inside = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            at = Offer(folder, _name(self.home, folder), 0, 0, _owner(self.home, folder / "x", self.athlete))
            self.found.unreadable.append((at, error.strerror or str(error)))
            return
        # Once a folder, because a path takes long to resolve; a file's name is its folder's and its own.
        name, owner = _name(self.home, folder), _owner(self.home, folder / "x", self.athlete)
        prefix = "" if name == "." else f"{name}/"
        half_written = {stem.lower() for entry in inside if (stem := _stem_of_half(entry.name))}
        for entry in inside:
            if is_of_the_system(entry.name):
                continue
            if _stem_of_half(entry.name) or entry.name.lower() in half_written:
                self.found.waiting.append(f"{prefix}{_as_text(entry.name)}")
                continue
            if entry.is_symlink():
                yield from self._link(entry, folder, root, prefix, owner)
            elif entry.is_dir(follow_symlinks=False):
                if entry.name not in others and not self._is_own_data(entry.path):
                    yield from self._folder(folder / entry.name, root)
            else:
                yield from _offered(entry, folder, prefix, owner)

    def _is_own_data(self, path: str) -> bool:
        """Whether a folder that is met on the way down is one that the home keeps; its inbox is listed by itself."""
        own = (self.home.folder / "data", self.home.folder / "reports")
        return any(Path(path).name == one.name and os.path.realpath(path) == os.path.realpath(one) for one in own)

    def _link(self, entry: os.DirEntry[str], folder: Path, root: str, prefix: str, owner: str) -> Iterator[Offer]:
        """A link's file, if it lies below the same root; a linked folder that does is listed where it lies."""
        target = os.path.realpath(entry.path)
        if Path(target).is_relative_to(root):
            if not Path(target).is_dir():
                yield from _offered(entry, folder, prefix, owner)
        elif Path(target).exists():
            state = entry.stat(follow_symlinks=False)
            path, named = folder / entry.name, f"{prefix}{_as_text(entry.name)}"
            yield Offer(path, named, state.st_size, state.st_mtime_ns, owner, refusal=LINK_OUT)


def _offered(entry: os.DirEntry[str], folder: Path, prefix: str, owner: str) -> Iterator[Offer]:
    try:
        state = _state(entry)
        size, modified, is_file = state.st_size, state.st_mtime_ns, stat.S_ISREG(state.st_mode)
    except FileNotFoundError:
        return  # gone since the folder was listed
    except OSError:
        size, modified, is_file = 0, 0, True  # opening it will say why
    if is_file:
        yield Offer(folder / entry.name, f"{prefix}{_as_text(entry.name)}", size, modified, owner)


def _state(entry: os.DirEntry[str]) -> os.stat_result:
    return entry.stat()


def _stem_of_half(name: str) -> str | None:
    """What a half-written file will be called once it is whole; None for a file that is whole."""
    end = next((end for end in _HALF_WRITTEN if name.lower().endswith(end)), None)
    return name[: -len(end)] if end else None


def is_of_the_system(name: str, folders: tuple[str, ...] = ()) -> bool:
    """Whether a file of this name is one that a system or an open program leaves behind.

    Args:
        name: of the file or folder.
        folders: it lies in, of a member of an archive.
    """
    return name in (*_SYSTEM_NAMES, "__MACOSX") or name.startswith(_OF_OPEN_PROGRAMS) or "__MACOSX" in folders


def _as_text(name: str) -> str:
    """A name need not be text to its system; the bytes that are none are spelt out."""
    return name if name.isascii() else os.fsencode(name).decode("utf-8", "backslashreplace")


def _name(home: Home, path: Path) -> str:
    """A path in the ledger: below the home as the user sees it, or else where a link leads."""
    places = [place for place in _both_ways(path) if place.is_relative_to(home.folder)]
    name = places[0].relative_to(home.folder) if places else path.resolve()
    return _as_text(name.as_posix())


def _both_ways(path: Path) -> tuple[Path, Path]:
    """A path as the user sees it, and where its links lead."""
    return Path(os.path.normpath(path.absolute())), path.resolve()


def _owner(home: Home, path: Path, athlete: str | None) -> str:
    ways = _both_ways(path)
    for inbox in (home.inbox, *home.inbox_folders):
        for place, base in zip(ways, _both_ways(inbox), strict=True):
            if place.is_relative_to(base):
                folder = next(iter(place.relative_to(base).parts[:-1]), "")
                if folder in home.named:
                    return folder
                return DEFAULT_ATHLETE if inbox == home.inbox else athlete or DEFAULT_ATHLETE
    return athlete or DEFAULT_ATHLETE
