"""The pages for people: every app that is read has its section; commands, links, headings and files are there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from cyclopts import MissingArgumentError

from hipdrive.cli.app import app

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = (
    "start.md",
    "export.md",
    "first_night.md",
    "tour.md",
    "experiment.md",
    "log.md",
    "team.md",
    "trouble.md",
    "backup.md",
    "privacy.md",
)
NOT_OF_ONE_APP = {"other", "written_csv", "written_toml"}  # tables that nobody named, and logs by hand
SECTION_OF = {"fitnotes_backup": "fitnotes", "hevy_api": "hevy", "garmin_csv": "garmin connect"}


def text(page: str) -> str:
    return (DOCS / page).read_text(encoding="utf-8")


def headings(page: str) -> set[str]:
    return set(re.findall(r"^#+ (.+)$", text(page), re.MULTILINE))


def test_every_app_that_is_read_has_a_section() -> None:
    formats = (ROOT / "src" / "hipdrive" / "read" / "strength" / "formats.py").read_text(encoding="utf-8")
    readers = set(re.findall(r"\b(\w+)\.FORMAT\b", formats)) - NOT_OF_ONE_APP
    told = {heading.lower() for heading in headings("export.md")}
    assert len(readers) >= 13
    assert {SECTION_OF.get(reader, reader) for reader in readers} <= told


def test_every_section_of_an_app_says_what_is_taken() -> None:
    sections = re.split(r"^### ", text("export.md"), flags=re.MULTILINE)[1:]
    assert len(sections) == 18
    assert [section.splitlines()[0] for section in sections if "\nTaken: " not in section] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_command_is_one(page: str) -> None:
    told = re.findall(r"(?:`|^)((?:\.venv/bin/)?hipdrive [a-z][^`\n#]*)", text(page), re.MULTILINE)
    assert told
    for command in told:
        _, *words = shlex.split(command)
        try:
            _, _, ignored = app.parse_args(words, exit_on_error=False, print_error=False)
        except MissingArgumentError:
            assert len(words) == 1, command  # a command that is only named
        else:
            assert not ignored, command


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page: str) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", text(page)):
        assert (DOCS / target).is_file(), target


def test_the_tour_goes_through_the_sections_of_the_page_in_their_order() -> None:
    page = (ROOT / "src" / "hipdrive" / "report" / "templates" / "page.html").read_text(encoding="utf-8")
    sections = re.findall(r'<h2 id="h-[a-z]+">([A-Z][^<{]+)</h2>', page)
    told = [heading for heading in re.findall(r"^## (.+)$", text("tour.md"), re.MULTILINE) if heading in sections]
    assert len(told) >= 8
    assert told == [section for section in sections if section in told]
    assert set(sections) - set(told) <= {"New since the last night", "To say more"}  # of the first screen
    assert all(f"**{name}**" in text("tour.md") for name in ("New since the last night", "To say more"))


def test_the_page_on_backups_names_every_file_of_a_home_that_outlives_the_warehouse() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src" / "hipdrive").rglob("*.py"))
    files = set(re.findall(r'"(\w+\.jsonl)"', source))
    assert {"plans.jsonl", "nights.jsonl"} <= files
    assert [name for name in sorted(files) if f"`data/{name}`" not in text("backup.md")] == []
