"""Where pages are put: into a folder of the night, whole or not at all, so that old nights stay readable."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hipdrive.report.lists import draw_athletes, draw_list

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

PAGE = "index.html"
LATEST = "latest"
_ISO_DATE = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]"
_NEXT, _OLD = ".next", ".old"  # beginnings of names, so that what a crash leaves is known and thrown away


@dataclass(frozen=True)
class StagedReport:
    """A night's pages, written but not yet in place."""

    staged: Path
    reports: Path
    tonight: date

    def put_in_place(self) -> Path:
        """Put the night's folder in place, then `latest` and the list of nights; the folder of the night comes back.

        A second night of the same day replaces the first.
        """
        target = self.reports / self.tonight.isoformat()
        _swap(self.staged, target)
        latest = self.reports / f"{_NEXT}-{LATEST}"
        shutil.rmtree(latest, ignore_errors=True)
        shutil.copytree(target, latest)
        _swap(latest, self.reports / LATEST)
        write_page(draw_list(list_nights(self.reports)), self.reports)
        return target


def stage_report(pages: Mapping[str, str], reports: Path, tonight: date) -> StagedReport:
    """Write a night's pages into a hidden folder of `reports`, where nobody looks until they are put in place.

    Args:
        pages: athlete to page; one athlete's page is the night's index, several have a folder each and an index.
        reports: the home's reports.
        tonight: the day that names the folder.

    Raises:
        ValueError: an athlete's name is not the name of a folder.
    """
    for athlete in pages:
        if not athlete or athlete.startswith(".") or "/" in athlete or "\\" in athlete:
            raise ValueError(
                f"athlete “{athlete}” cannot name a folder; choose a name without slashes and leading dots"
            )
    reports.mkdir(parents=True, exist_ok=True)
    _tidy_after_crash(reports)
    staged = reports / f"{_NEXT}-{tonight.isoformat()}"
    if len(pages) == 1:
        write_page(next(iter(pages.values())), staged)
    else:
        for athlete, page in pages.items():
            write_page(page, staged / athlete)
        write_page(draw_athletes(sorted(pages), tonight), staged)
    return StagedReport(staged, reports, tonight)


def without_names(pages: Mapping[str, str]) -> dict[str, str]:
    """The same pages under numbers in place of athletes' names, for a night that is handed on."""
    digits = len(str(len(pages)))
    return {f"athlete-{number:0{digits}d}": pages[name] for number, name in enumerate(sorted(pages), start=1)}


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
