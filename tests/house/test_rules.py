"""The rules of the house that no linter knows."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from hipdrive.cli.app import app
from hipdrive.cli.settings_template import settings_template

ROOT = Path(__file__).parents[2]
TRACKED = subprocess.run(
    ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607
    cwd=ROOT,
    capture_output=True,
    check=False,
    text=True,
).stdout.split("\0")
SOURCES = sorted([*(ROOT / "src").rglob("*.py"), *(ROOT / "flows").rglob("*.py")])
VAGUE = {"utils", "util", "helpers", "helper", "misc", "common", "core", "manager"}
LONGEST = 400
# Words that the report may never use about the effect.
FORBIDDEN_WORDS = re.compile(r"\b(proves?|proven|because of|significant(ly)?)\b", re.IGNORECASE)


def _public(tree: ast.Module) -> list[ast.FunctionDef | ast.ClassDef]:
    return [
        node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
    ]


def _docstrings(tree: ast.Module) -> set[str | None]:
    described = (ast.Module, ast.ClassDef, ast.FunctionDef)
    return {ast.get_docstring(node, clean=False) for node in ast.walk(tree) if isinstance(node, described)}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_says_what_it_is_and_stays_one_thing(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert path.stem not in VAGUE
    assert len(text.splitlines()) <= LONGEST, f"{path.name} has outgrown its room"
    if text.strip():
        assert ast.get_docstring(tree), f"{path.name} has no docstring"
    for node in _public(tree):
        assert ast.get_docstring(node), f"{path.name}: {node.name} has no docstring"


def test_imports_go_down_only_and_each_library_has_one_room() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stdout


def test_nothing_names_a_registry_or_a_path_of_one_machine() -> None:
    # Spelt in pieces, so that this file does not name them either.
    hosts = re.compile("|".join(["pypi" + r"\.org", "python" + "hosted", "deb" + r"\.debian", "registry" + r"\.npmjs"]))
    home = re.compile(r"(?<![\w.])/(home|root|tmp|work|Users)/[A-Za-z]")
    for name in filter(None, TRACKED):
        path = ROOT / name
        if path.suffix in {".fit", ".png", ".gz", ".zip", ".svg"} or not path.is_file():
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        assert not hosts.search(text), f"{name} names a package registry's host"
        assert not home.search(text), f"{name} holds a path of one machine"


def test_no_lock_holds_an_address() -> None:
    for lock in ROOT.glob("requirements*.lock"):
        assert "://" not in lock.read_text(encoding="utf-8"), lock.name
    assert not (ROOT / "uv.lock").exists()


def test_the_words_of_estimate_and_report_promise_nothing() -> None:
    for room in ("estimate", "report"):
        for path in (ROOT / "src" / "hipdrive" / room).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for node in ast.walk(tree):
                if (
                    isinstance(node, ast.Constant)
                    and isinstance(node.value, str)
                    and node.value not in _docstrings(tree)
                ):
                    assert not FORBIDDEN_WORDS.search(node.value), f"{path.name}:{node.lineno}: {node.value[:80]}"


def test_the_estimate_writes_no_prose() -> None:
    for path in (ROOT / "src" / "hipdrive" / "estimate").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        raised = [one for node in ast.walk(tree) if isinstance(node, ast.Raise) for one in ast.walk(node)]
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in raised:
                is_prose = " " in node.value.strip() and node.value not in _docstrings(tree)
                assert not is_prose, f"{path.name}:{node.lineno}: {node.value[:80]}"


def test_every_command_is_in_the_readme_or_its_help() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in (
        "init",
        "demo",
        "nightly",
        "backfill",
        "fetch",
        "ingest",
        "report",
        "sql",
        "sources",
        "exercises",
        "plan",
        "schedule",
        "doctor",
        "forget",
        "restore",
    ):
        assert name in app, f"hipdrive {name} is missing"
        assert app[name].help, f"hipdrive {name} has no help"
    for name in ("sources", "exercises", "plan", "schedule", "doctor", "sql", "init", "backfill", "restore", "forget"):
        assert f"hipdrive {name}" in readme, f"the README does not mention hipdrive {name}"


def test_the_tracked_settings_are_the_template() -> None:
    assert (ROOT / "hipdrive.toml").read_text(encoding="utf-8") == settings_template()
