"""Names that were changed (docs/decisions/0006) are found nowhere any more."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "hipdrive"
DECISION = ROOT / "docs" / "decisions" / "0006-names-are-the-fields-own.md"
PYTHON = sorted(
    path for room in ("src", "flows", "tests", "benchmarks", "docs") for path in (ROOT / room).rglob("*.py")
)
PAGES = [
    path for path in (ROOT / "CONTRIBUTING.md", ROOT / "README.md", *(ROOT / "docs").rglob("*.md")) if path != DECISION
]
RIGHT_ELSEWHERE = {
    "ask",
    "bare",
    "look",
    "part",
    "stuck",
    "told",
}  # of other things, such as a column or a test's helper

ROWS = re.findall(r"^\| `([\w/]+)\.py` \| (.+?) \|", DECISION.read_text(encoding="utf-8"), re.MULTILINE)
MODULES = [module for module, was in ROWS if was.startswith("the module")]
MOVED = {
    module: f"{module.split('/')[0]}/{now}"
    for module, now in re.findall(
        r"^\| `([\w/]+)\.py` \| the module[^|]* \| `(\w+)`", DECISION.read_text(encoding="utf-8"), re.MULTILINE
    )
}
NAMES = sorted({(name, module) for module, was in ROWS for name in re.findall(r"`(\w+)`", was)})


def identifiers(source: str) -> set[str]:
    """What a file defines or imports: functions, classes, names of imports, names assigned in a module or a class."""
    tree = ast.parse(source)
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found |= {alias.asname or alias.name for alias in node.names} | {alias.name for alias in node.names}
        if isinstance(node, ast.Module | ast.ClassDef):
            for line in node.body:
                targets = line.targets if isinstance(line, ast.Assign) else [getattr(line, "target", None)]
                found |= {target.id for target in targets if isinstance(target, ast.Name)}
    return found


IDENTIFIERS = {path: identifiers(path.read_text(encoding="utf-8")) for path in PYTHON}
TEXTS = {path: path.read_text(encoding="utf-8") for path in (*PYTHON, *PAGES)}


def test_the_table_is_read_whole() -> None:
    assert len(ROWS) >= 26
    assert {"estimate/level", "fit/walk", "warehouse/told"} <= set(MODULES)
    assert MOVED["report/leads"] == "report/headlines"
    assert {("Fate", "night/ledger"), ("_placed", "night/one_file")} <= set(NAMES)


@pytest.mark.parametrize("module", MODULES)
def test_a_module_with_an_old_name_is_nowhere(module: str) -> None:
    assert not (SOURCE / f"{module}.py").exists()
    dotted = re.compile(rf"hipdrive\.{module.replace('/', '[.]')}\b|(?<!\w){module}\.py\b")
    own = {Path(__file__)}
    assert [path.name for path, text in TEXTS.items() if path not in own and dotted.search(text)] == []
    room, name = module.split("/")
    imported = re.compile(rf"from hipdrive\.{room} import [^\n]*\b{name}\b")
    assert [path.name for path, text in TEXTS.items() if imported.search(text)] == []


@pytest.mark.parametrize(("name", "module"), NAMES, ids=[name for name, _ in NAMES])
def test_an_old_name_is_nowhere(name: str, module: str) -> None:
    own = SOURCE / f"{MOVED.get(module, module)}.py"
    is_of_one_file = name in RIGHT_ELSEWHERE or name.startswith("_")
    found = [path for path, names in IDENTIFIERS.items() if name in names and (path == own or not is_of_one_file)]
    assert [str(path.relative_to(ROOT)) for path in found] == []
    assert is_of_one_file or [path.name for path in PAGES if f"`{name}`" in TEXTS[path]] == []


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("def old() -> None: ...", "old"),
        ("class Old: ...", "Old"),
        ("from hipdrive.night import old", "old"),
        ("from hipdrive.night import old as new", "old"),
        ("OLD = 1", "OLD"),
        ("OLD: int = 1", "OLD"),
        ("class New:\n    old: int", "old"),
        ("class New:\n    def old(self) -> None: ...", "old"),
    ],
)
def test_an_old_name_would_be_seen(source: str, name: str) -> None:
    assert name in identifiers(source)


def test_a_local_variable_may_be_called_so() -> None:
    assert "part" not in identifiers("def new() -> int:\n    part = 1\n    return part")
