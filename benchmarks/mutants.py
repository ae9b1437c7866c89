"""Small breaks of constants and comparisons, one at a time: which of them do the tests not see?

    python -m benchmarks.mutants [--room measure] [--number 40] [--seed 1] [--whole-room]

Rooms: measure, tidy, estimate, and views for the SQL of the warehouse. A constant of a module moves by one (a count) or
by a twentieth; a comparison takes its edge in or leaves it out. Of all such breaks `--number` are drawn. Each is made
in a copy of the project, and the tests of the files that import the broken one are run on it until one fails. What
survives is listed with file and line: a test is missing, or the break changes nothing that counts. Minutes to hours.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
SOURCE = Path("src/hipdrive")
ROOMS = {"measure": "measure", "tidy": "tidy", "estimate": "estimate", "views": "warehouse/views"}
EDGES = {ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">"}
SQL_EDGES = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
PATIENCE_S = 900
SAME = "same"  # a break that reads as before, such as 0 for 0.0


class Mutant(NamedTuple):
    """One small break: where, and what stands there instead."""

    file: Path
    line: int
    start: int
    end: int
    now: str

    def text(self, before: str) -> str:
        """The file with the break."""
        return before[: self.start] + self.now + before[self.end :]


def moved(number: float) -> str:
    """A count one higher, a measure a twentieth larger."""
    if isinstance(number, int):
        return str(number + 1)
    return repr(number * 1.05) if number else SAME


def python_mutants(file: Path, text: str) -> Iterator[Mutant]:
    """Numbers in a module's named constants, and every comparison of order."""
    raw = text.encode()
    starts = [0, *(found.end() for found in re.finditer(rb"\n", raw))]

    def place(line: int | None, column: int | None) -> int:
        """Where in the text a line and a column of bytes are."""
        return len(raw[: starts[(line or 1) - 1] + (column or 0)].decode())

    tree = ast.parse(text)
    for one in numbers_of_constants(tree):
        begin, end = place(one.lineno, one.col_offset), place(one.end_lineno, one.end_col_offset)
        yield Mutant(file, one.lineno, begin, end, moved(one.value))  # type: ignore[arg-type]
    for left, operator, right in comparisons(tree):
        begin, end = place(left.end_lineno, left.end_col_offset), place(right.lineno, right.col_offset)
        edge = re.sub(r"[<>]=?", EDGES[type(operator)], text[begin:end], count=1)
        yield Mutant(file, right.lineno, begin, end, edge)


def numbers_of_constants(tree: ast.Module) -> Iterator[ast.Constant]:
    """The numbers that a module gives names in capitals."""
    for node in tree.body:
        named = [one for target in getattr(node, "targets", []) for one in (target, *getattr(target, "elts", []))]
        names = [one.id for one in named if isinstance(one, ast.Name)]
        if names and all(name.isupper() for name in names):
            numbers = (one for one in ast.walk(node) if isinstance(one, ast.Constant))
            yield from (one for one in numbers if type(one.value) in {int, float})


def comparisons(tree: ast.Module) -> Iterator[tuple[ast.expr, ast.cmpop, ast.expr]]:
    """Comparisons of order: left, operator, right."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            for left, operator, right in zip(sides, node.ops, node.comparators, strict=False):
                if type(operator) in EDGES:
                    yield left, operator, right


def sql_mutants(file: Path, text: str) -> Iterator[Mutant]:
    """Whole numbers and comparisons of a query; not those of its comments."""
    plain = re.sub(r"--[^\n]*|'[^']*'", lambda found: " " * len(found[0]), text)
    for found in re.finditer(r"(?<![\w.])\d+(?![\w.])|(?<![<>=-])[<>]=?(?![<>])", plain):
        now = SQL_EDGES.get(found[0]) or str(int(found[0]) + 1)
        yield Mutant(file, text.count("\n", 0, found.start()) + 1, found.start(), found.end(), now)


def mutants_of(room: str) -> list[Mutant]:
    """All breaks of one room."""
    found: list[Mutant] = []
    for path in sorted((ROOT / SOURCE / ROOMS[room]).rglob("*.sql" if room == "views" else "*.py")):
        text, file = path.read_text(encoding="utf-8"), path.relative_to(ROOT)
        made = (sql_mutants if room == "views" else python_mutants)(file, text)
        found += [one for one in made if one.now not in {SAME, text[one.start : one.end]}]
    return found


def tests_of(copy: Path, file: Path, *, whole_room: bool) -> list[str]:
    """The test files that import the module or are named after it, then the rest of the room where that is asked.

    Its namesake goes first. Of a module without one those whose name begins with the same word, else the room's; of a
    view those of the warehouse.
    """
    if file.suffix == ".sql":
        names = ("test_views", "test_week_views", "test_runs_view", "test_questions")
        return [f"tests/warehouse/{name}.py" for name in names]
    room, name = ".".join(file.parts[1:-1]), file.stem
    imported = re.compile(rf"from {re.escape(room)}\.{name} import|from {re.escape(room)} import .*\b{name}\b")
    tests = sorted((copy / "tests" / file.parts[2]).rglob("test_*.py"))
    named = f"test_{name}"  # what goes in through the makers imports nothing of the module
    own = [path for path in tests if path.stem.startswith(named) or imported.search(path.read_text(encoding="utf-8"))]
    own = own or [path for path in tests if path.stem.startswith(f"test_{name.split('_')[0]}")]
    own.sort(key=lambda path: path.stem != named)
    rest = [path for path in tests if path not in own] if whole_room or not own else []
    return [str(path.relative_to(copy)) for path in (*own, *rest)]


def copy_of_the_project(into: Path) -> None:
    """What the tests need, the corpus of real files left out."""
    for name in ("src", "flows", "tests", "benchmarks", "data", "docs"):
        shutil.copytree(ROOT / name, into / name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "CONTRIBUTING.md", "hipdrive.toml", "Makefile"):
        shutil.copy2(ROOT / name, into / name)


def is_seen(copy: Path, mutant: Mutant, *, whole_room: bool) -> str:
    """Which test saw the break; empty where none did."""
    target = copy / mutant.file
    before = target.read_text(encoding="utf-8")
    target.write_text(mutant.text(before), encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-x",
        "-q",
        "-p",
        "no:cacheprovider",
        *tests_of(copy, mutant.file, whole_room=whole_room),
    ]
    environment = {
        **os.environ,
        "PYTHONPATH": f"{copy / 'src'}:{copy}",
        "HIPDRIVE_CORPUS": "",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    try:
        done = subprocess.run(  # noqa: S603  pytest, on a copy
            command, cwd=copy, env=environment, capture_output=True, text=True, timeout=PATIENCE_S, check=False
        )
    except subprocess.TimeoutExpired:
        return "it never ended"
    finally:
        target.write_text(before, encoding="utf-8")
    if done.returncode == 0:
        return ""
    if done.returncode != 1:  # pytest's own code for tests that failed
        raise RuntimeError(f"pytest ended with code {done.returncode}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return next(line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR")))


def main() -> None:
    """Draw, break, test, list."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--room", choices=ROOMS, action="append", help="default: all")
    parser.add_argument("--number", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--whole-room", action="store_true", help="every test of the room, not only those that import it"
    )
    wanted = parser.parse_args()
    possible = [one for room in wanted.room or ROOMS for one in mutants_of(room)]
    drawn = random.Random(wanted.seed).sample(possible, min(wanted.number, len(possible)))  # noqa: S311
    survivors = []
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        copy_of_the_project(copy)
        for number, mutant in enumerate(drawn, 1):
            text = (ROOT / mutant.file).read_text(encoding="utf-8")
            seen = is_seen(copy, mutant, whole_room=wanted.whole_room)
            line = text.splitlines()[mutant.line - 1].strip()
            what = (
                f"{mutant.file}:{mutant.line}  {text[mutant.start : mutant.end].strip()} → {mutant.now.strip()}  {line}"
            )
            print(f"{number}/{len(drawn)} {'seen    ' if seen else 'SURVIVES'} {what}  {seen[:90]}", flush=True)
            survivors += [] if seen else [what]
    print(f"\n{len(drawn)} of {len(possible)} breaks; {len(survivors)} survive:", *survivors, sep="\n")


if __name__ == "__main__":
    main()
