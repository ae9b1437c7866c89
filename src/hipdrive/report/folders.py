"""Where pages are put: into a folder of the night, whole or not at all, so that old nights stay readable."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hipdrive.report.lists import draw_athletes, draw_list

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

PAGE = "index.html"
LATEST = "latest"
_ISO_DATE = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]"
_NEXT, _OLD = ".next", ".old"  # beginnings of names, so that what a crash leaves is known and thrown away


@dataclass
class StagedReport:
    """A night's pages, written one by one into a hidden folder, where nobody looks until they are put in place.

    Attributes:
        reports: the home's reports.
        tonight: the day that names the folder.
        is_shared: whether athletes stand under numbers in place of their names.
        athletes: whose pages were written, in their order.
    """

    reports: Path
    tonight: date
    is_shared: bool = False
    athletes: list[str] = field(default_factory=list)

    @property
    def staged(self) -> Path:
        """The hidden folder."""
        return self.reports / f"{_NEXT}-{self.tonight.isoformat()}"

    def add(self, athlete: str, page: str) -> None:
        """Write one athlete's page.

        Raises:
            ValueError: the athlete's name is not the name of a folder.
        """
        if not athlete or athlete.startswith(".") or "/" in athlete or "\\" in athlete:
            raise ValueError(
                f"athlete “{athlete}” cannot name a folder; choose a name without slashes and leading dots"
            )
        write_page(page, self.staged / athlete)
        self.athletes.append(athlete)

    def put_in_place(self) -> Path:
        """Put the night's folder in place, then `latest` and the list of nights; the folder of the night comes back.

        One athlete's page is the night's index; several have a folder each and an index. A second night of the same
        day replaces the first.
        """
        self._index()
        target = self.reports / self.tonight.isoformat()
        _swap(self.staged, target)
        latest = self.reports / f"{_NEXT}-{LATEST}"
        shutil.rmtree(latest, ignore_errors=True)
        shutil.copytree(target, latest)
        _swap(latest, self.reports / LATEST)
        write_page(draw_list(list_nights(self.reports)), self.reports)
        return target

    def _index(self) -> None:
        if len(self.athletes) == 1:
            alone = self.staged / self.athletes[0]
            (alone / PAGE).replace(self.staged / PAGE)
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
        write_page(draw_athletes(names, self.tonight), self.staged)


def stage_report(reports: Path, tonight: date, *, is_shared: bool = False) -> StagedReport:
    """An empty hidden folder of `reports` for a night's pages.

    Args:
        reports: the home's reports.
        tonight: the day that names the folder.
        is_shared: whether athletes stand under numbers in place of their names.
    """
    reports.mkdir(parents=True, exist_ok=True)
    _tidy_after_crash(reports)
    report = StagedReport(reports, tonight, is_shared)
    report.staged.mkdir()
    return report


def write_page(page: str, folder: Path) -> Path:
    """Write one page as a folder's `index.html`, whole: a reader meets the old page or the new one."""
    folder.mkdir(parents=True, exist_ok=True)
    target, half = folder / PAGE, folder / f"{PAGE}{_NEXT}"
    half.write_text(page, encoding="utf-8")
    return half.replace(target)


def _swap(new: Path, target: Path) -> None:
    """Put a folder in another's place; between two renames the old one stands under a hidden name."""
    old = target.with_name(f"{_OLD}-{target.name}")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    new.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def _tidy_after_crash(reports: Path) -> None:
    """Throw away what a night that broke was writing, and put back what it had already moved aside."""
    for leftover in reports.glob(f"{_NEXT}-*"):
        shutil.rmtree(leftover)
    for aside in reports.glob(f"{_OLD}-*"):
        target = reports / aside.name.removeprefix(f"{_OLD}-")
        if target.exists():
            shutil.rmtree(aside)
        else:
            aside.rename(target)


def list_nights(reports: Path) -> list[str]:
    """Names of the folders of nights, the newest first."""
    nights = (page.parent.name for page in reports.glob(f"{_ISO_DATE}/{PAGE}"))
    return sorted(nights, reverse=True)
