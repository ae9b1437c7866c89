"""Where pages are put: into a folder of the night, whole or not at all, so that old nights stay readable."""

from __future__ import annotations

import contextlib
import os
import shutil
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from hipdrive.report.habits import written_for
from hipdrive.report.lists import Night, draw_archive, draw_athletes
from hipdrive.report.team import draw_team_night
from hipdrive.settings import Habits
from hipdrive.warehouse import stamp

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from hipdrive.report.card import Card
    from hipdrive.report.members import Member

PAGE = "index.html"
LATEST, TEAM, CARD = "latest", "team", "card"
_ISO_DATE = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]"
SHARED = "shared"
_NEXT = ".next"  # the beginning of a name, so that what a crash leaves is known and thrown away


@dataclass
class StagedReport:
    """A night's pages, written one by one into a hidden folder, where nobody looks until they are put in place.

    Attributes:
        reports: the home's reports.
        tonight: the day that names the folder.
        is_shared: whether athletes stand under numbers in place of their names.
        only: the one athlete of a team whose page is drawn; the others' stand.
        build: of the warehouse that the pages are drawn from; they carry it, so that an older page is known.
        habits: how the lists write numbers and days.
        athletes: whose pages were written, in their order.
        members: their rows in a team's list.
    """

    reports: Path
    tonight: date
    is_shared: bool = False
    only: str | None = None
    build: str = ""
    habits: Habits = field(default_factory=Habits)
    athletes: list[str] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)

    @property
    def staged(self) -> Path:
        """The hidden folder."""
        return self.reports / f"{_NEXT}-{self.tonight.isoformat()}"

    def add(self, athlete: str, page: str, member: Member | None = None, card: Card | None = None) -> None:
        """Write one athlete's page and card; `member` is their row in a team's list.

        Raises:
            ValueError: the athlete's name is not the name of a folder.
        """
        if not athlete or athlete.startswith(".") or "/" in athlete or "\\" in athlete:
            raise ValueError(
                f"athlete “{athlete}” cannot name a folder; choose a name without slashes and leading dots"
            )
        write_page(self._stamped(page), self.staged / athlete)
        if card is not None:
            (self.staged / athlete / f"{CARD}.svg").write_text(card.svg, encoding="utf-8")
            (self.staged / athlete / f"{CARD}.png").write_bytes(card.png)
        self.athletes.append(athlete)
        self.members += [] if member is None else [member]

    def put_in_place(self) -> Path:
        """Put the pages into the night's folder and into `latest`, each replaced whole; the folder comes back.

        One athlete's page is the night's index; several have a folder each and an index. A second night of the same
        day replaces the first. The index of `latest` comes last, and says what all of them were drawn from.
        """
        if self.only is None:
            self._index()
        target = self.reports / (SHARED if self.is_shared else "") / self.tonight.isoformat()
        if self.is_shared:  # nothing of an earlier one of this day is left: it may have been of somebody else
            shutil.rmtree(target, ignore_errors=True)
            target.parent.mkdir(exist_ok=True)
            return self.staged.replace(target)
        inside = sorted((page.relative_to(self.staged) for page in self.staged.rglob(PAGE)), key=_deepest_first)
        for folder in (target, self.reports / LATEST):
            if self.only is None:
                _throw_away_others(folder, {page.parent for page in inside})
            for page in inside:
                _replace_page(self.staged / page, folder / page)
        shutil.rmtree(self.staged)
        with written_for(self.habits):
            _write_archive(self.reports)
        return target

    def _index(self) -> None:
        if len(self.athletes) == 1:
            alone = self.staged / self.athletes[0]
            for file in list(alone.iterdir()):
                file.replace(self.staged / file.name)
            alone.rmdir()
            return
        names = sorted(self.athletes)
        if self.is_shared:
            digits = len(str(len(names)))
            numbers = [f"athlete-{number:0{digits}d}" for number in range(1, len(names) + 1)]
            for name, number in zip(names, numbers, strict=True):
                (self.staged / name).rename(self.staged / f"{_NEXT}-{number}")
            for number in numbers:
                (self.staged / f"{_NEXT}-{number}").rename(self.staged / number)
            names = numbers
        with written_for(self.habits):
            rows = draw_athletes(names, self.tonight)
            if self.members and not self.is_shared:
                rows = draw_team_night(self.members, self.tonight, names)
        write_page(self._stamped(rows), self.staged)

    def keep(self, athlete: str) -> None:
        """Take over the athlete's newest page as it stands, for a night that has nothing to say of them."""
        latest = self.reports / LATEST
        is_alone = not any(latest.glob(f"*/{PAGE}"))
        page = (latest if is_alone else latest / athlete) / PAGE
        if page.is_file():
            write_page(page.read_text(encoding="utf-8"), self.staged / athlete)
            self.athletes.append(athlete)

    def _stamped(self, page: str) -> str:
        return stamp(page, self.build, self.tonight.isoformat()) if self.build and not self.is_shared else page


def stage_report(
    reports: Path,
    tonight: date,
    *,
    is_shared: bool = False,
    only: str | None = None,
    build: str = "",
    habits: Habits | None = None,
) -> StagedReport:
    """An empty hidden folder of `reports` for a night's pages.

    Args:
        reports: the home's reports.
        tonight: the day that names the folder.
        is_shared: whether athletes stand under numbers in place of their names.
        only: the one athlete of a team whose page is drawn.
        build: of the warehouse that the pages are drawn from.
        habits: how the lists write numbers and days.
    """
    reports.mkdir(parents=True, exist_ok=True)
    _tidy_after_crash(reports)
    report = StagedReport(reports, tonight, is_shared, only, build, habits or Habits())
    report.staged.mkdir()
    return report


def write_page(page: str, folder: Path) -> Path:
    """Write one page as a folder's `index.html`, whole: a reader meets the old page or the new one."""
    folder.mkdir(parents=True, exist_ok=True)
    target, half = folder / PAGE, folder / f"{PAGE}{_NEXT}"
    half.write_text(page, encoding="utf-8")
    return half.replace(target)


def write_team_page(page: str, reports: Path) -> Path:
    """The team's own page, and the archive that links to it."""
    place = write_page(page, reports / TEAM)
    _write_archive(reports)
    return place


def _write_archive(reports: Path) -> None:
    nights = [Night(night, _athletes_of(reports / night)) for night in list_nights(reports)]
    write_page(draw_archive(nights, has_team=(reports / TEAM / PAGE).is_file()), reports)


def _athletes_of(night: Path) -> tuple[str, ...]:
    return tuple(sorted(page.parent.name for page in night.glob(f"*/{PAGE}")))


def publish_pages(
    reports: Path,
    tonight: date,
    build: str,
    pages: Mapping[str, Path],
    drawn: Collection[str],
    members: Sequence[Member] = (),
) -> Path:
    """Put a team's pages, each drawn in its athlete's own folder, into `latest` and those of tonight into the night's.

    Args:
        reports: the team's.
        tonight: the day that names the night's folder.
        build: of the team's catalogue; the index carries it.
        pages: every athlete's newest page.
        drawn: whose were drawn tonight.
        members: a row of the index each, also of who has no page; a night's own has those who were drawn.
    """
    latest, night = reports / LATEST, reports / tonight.isoformat()
    for athlete, page in pages.items():
        for folder in (latest, night) if athlete in drawn else (latest,):
            _share_page(page, folder / athlete / PAGE)
    for page in latest.glob(f"*/{PAGE}"):
        if page.parent.name not in pages:
            shutil.rmtree(page.parent)
    for folder in (night, latest) if night.is_dir() else (latest,):
        names = _athletes_of(folder)
        shown = [one for one in members if folder == latest or one.athlete in names]
        index = draw_team_night(shown, tonight, names) if shown else draw_athletes(names, tonight)
        write_page(stamp(index, build, tonight.isoformat()), folder)
    _write_archive(reports)
    return latest


def _share_page(page: Path, target: Path) -> None:
    """Let a page stand in a second place: one file of two names where the system knows such."""
    with contextlib.suppress(OSError):
        here, there = page.stat(), target.stat()
        if here.st_ino == there.st_ino or (here.st_size, here.st_mtime_ns) == (there.st_size, there.st_mtime_ns):
            return
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_name(f"{target.name}{_NEXT}")
    half.unlink(missing_ok=True)
    try:
        os.link(page, half)
    except OSError:
        shutil.copy2(page, half)
    half.replace(target)


def _replace_page(page: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_name(f"{target.name}{_NEXT}")
    shutil.copyfile(page, half)
    half.replace(target)


def _deepest_first(page: Path) -> tuple[int, Path]:
    return -len(page.parts), page


def _throw_away_others(folder: Path, kept: set[Path]) -> None:
    """Remove pages of athletes who have none tonight."""
    for page in folder.glob(f"*/{PAGE}"):
        if page.parent.relative_to(folder) not in kept:
            shutil.rmtree(page.parent)


def _tidy_after_crash(reports: Path) -> None:
    """Throw away what a night that broke was writing."""
    for leftover in reports.glob(f"{_NEXT}-*"):
        shutil.rmtree(leftover)


def list_nights(reports: Path) -> list[str]:
    """Names of the folders of nights, the newest first."""
    nights = (page.parent.name for page in reports.glob(f"{_ISO_DATE}/{PAGE}"))
    return sorted(nights, reverse=True)


def forget_pages(reports: Path, athlete: str) -> None:
    """Remove one athlete's pages of every night, the lists that name them, and all shared pages.

    A shared page bears no name, so nobody can say whose it is. A night that was theirs alone goes whole.
    """
    for night in [*reports.glob(_ISO_DATE), reports / LATEST]:
        others = [page.parent.name for page in night.glob(f"*/{PAGE}") if page.parent.name != athlete]
        if (night / athlete).is_dir():
            shutil.rmtree(night / athlete)
        if others and night.name != LATEST:
            write_page(draw_athletes(sorted(others), date.fromisoformat(night.name)), night)
        elif not others:
            shutil.rmtree(night, ignore_errors=True)
        else:
            (night / PAGE).unlink(missing_ok=True)
    for told_together in (SHARED, TEAM):  # a team's page names its athletes; the next estimate draws it anew
        shutil.rmtree(reports / told_together, ignore_errors=True)
    _write_archive(reports)
