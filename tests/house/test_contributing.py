"""CONTRIBUTING names files, functions and commands that exist, and each of its recipes holds for what is there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from hipdrive.fetch import secrets
from hipdrive.sections import ServiceName

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "hipdrive"
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
PROSE = re.sub(r"```.*?```", "", TEXT, flags=re.DOTALL)
ITEMS = [item for item in re.split(r"\n\n|\n(?=\||\d+\. |#)", PROSE) if "`" in item]
ENDINGS = (".py", ".md", ".toml", ".sql", ".html")
NO_NAMES = {"HIPDRIVE_CORPUS"}  # a variable of the environment
FIGURES = SOURCE / "report" / "figures"
CHECKS = sorted((SOURCE / "warehouse" / "checks").iterdir())


def quoted(text: str) -> list[str]:
    return re.findall(r"`([^`\n]+)`", text)


def is_path(word: str) -> bool:
    return " " not in word and (word.endswith(("/", *ENDINGS)))


def place(path: str) -> Path:
    """Where a path of the page lies: in the project, else in the package."""
    return ROOT / path if (ROOT / path).exists() else SOURCE / path


def names(item: str) -> list[str]:
    return [word for word in quoted(item) if re.fullmatch(r"[A-Za-z_]\w*", word) and word not in NO_NAMES]


def defines(text: str, name: str) -> bool:
    return re.search(rf"^\s*(?:def|class) {name}\b|^{name}\b[^=\n]*=", text, re.MULTILINE) is not None


@pytest.mark.parametrize("path", sorted({word for word in quoted(PROSE) if is_path(word)}))
def test_every_file_is_there(path: str) -> None:
    assert place(path).is_dir() if path.endswith("/") else place(path).is_file()


@pytest.mark.parametrize("item", ITEMS, ids=range(len(ITEMS)))
def test_every_name_is_defined_in_a_file_named_beside_it(item: str) -> None:
    files = [place(word) for word in quoted(item) if is_path(word)]
    folders = [file for path in files if path.is_dir() for file in path.glob("*.py")]
    texts = [path.read_text(encoding="utf-8") for path in (*files, *folders) if path.suffix == ".py"]
    assert [name for name in names(item) if not any(defines(text, name) for text in texts)] == []


def test_a_name_that_is_used_and_not_defined_would_be_seen() -> None:
    assert not defines("from a import read_run\nread_run(data)\nread_runs = 1", "read_run")
    assert defines("    def read_run(self): ...", "read_run")
    assert defines("EDITION: int = 4", "EDITION")


def test_every_command_of_make_is_a_target() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    told = set(re.findall(r"\bmake ([a-z]+)(?=`|  )", TEXT))
    assert len(told) >= 6
    assert told <= targets


def test_every_log_format_is_entered_and_named_in_its_tests() -> None:
    folder = ROOT / "tests" / "read" / "strength"
    golden = "".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py")))
    formats = (SOURCE / "read" / "strength" / "formats.py").read_text(encoding="utf-8")
    readers = [
        path
        for path in sorted((SOURCE / "read" / "strength").glob("*.py"))
        if (text := path.read_text(encoding="utf-8")) and defines(text, "FORMAT") and defines(text, "recognise")
    ]
    assert len(readers) >= 15
    for path in readers:
        found = re.search(r'^FORMAT = "(\w+)"', path.read_text(encoding="utf-8"), re.MULTILINE)
        assert found is not None, path.name
        assert f"{path.stem}.FORMAT" in formats, path.name
        assert f'"{found[1]}"' in golden or f"{path.stem}." in golden, path.name


def test_every_measure_is_used_outside_its_own_file() -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py")}
    for path in sorted((SOURCE / "measure").glob("*.py")):
        for name in re.findall(r"^def (measure_\w+)", texts[path], re.MULTILINE):
            assert any(re.search(rf"\b{name}\b", text) for other, text in texts.items() if other != path), name


def test_every_figure_is_drawn_by_the_page_or_by_another_figure() -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in (SOURCE / "report").rglob("*.py")}
    for path in sorted(FIGURES.glob("*.py")):
        for name in re.findall(r"^def (draw_\w+)", texts[path], re.MULTILINE):
            calls = sum(len(re.findall(rf"(?<!def )\b{name}\(", text)) for text in texts.values())
            assert calls, f"{path.name}: {name} is drawn nowhere"


@pytest.mark.parametrize("service", get_args(ServiceName))
def test_every_service_has_its_adapter_its_row_and_its_variable(service: str) -> None:
    page = (ROOT / "docs" / "services.md").read_text(encoding="utf-8")
    assert (Path(secrets.__file__).parent / f"{service}.py").is_file()
    assert f"| `{service}` |" in page
    assert f"HIPDRIVE_SECRET_{service.upper()}" in page


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_every_check_says_first_how_grave_it_is_and_in_one_sentence_why(check: Path) -> None:
    first, *query = check.read_text(encoding="utf-8").splitlines()
    assert re.fullmatch(r"-- (fail|warn): \w.{20,}", first)
    assert not [line for line in query if line.startswith("--")]


def test_migrations_are_numbered_without_a_gap() -> None:
    names = sorted(path.name for path in (SOURCE / "warehouse" / "migrations").glob("*.sql"))
    numbers = [int(re.fullmatch(r"(\d{4})_[a-z0-9_]+\.sql", name)[1]) for name in names]  # type: ignore[index]
    assert numbers == list(range(1, len(names) + 1))


def test_decisions_are_numbered_without_a_gap_and_say_their_number() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    assert [page.read_text(encoding="utf-8").split(".")[0] for page in pages] == [
        f"# {number}" for number in range(1, len(pages) + 1)
    ]
