"""How a number is written stands in `report/words.py`; no other file of the report has a way of its own."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
REPORT = ROOT / "src" / "hipdrive" / "report"
FILES = sorted(path for path in REPORT.rglob("*.py") if path.name != "words.py")
VEGA = re.compile(r"%-?[dbBYHMA]\b|utcFormat|(?<![\w.])format\(datum|\bpad\(|^[+~]?\.\d[f%g]$|\{\w*:[^}]*[fg%]\}")
FOR_MACHINES = re.compile(r"f'0(\{\w+\}|\d+)[dx]'")  # folders' numbers and escapes: nobody reads them as numbers


def ways_of_its_own(source: str) -> list[str]:
    """Format specifications, Vega's formats and signs that a file writes by itself, with the line."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
            spec = ast.unparse(node.format_spec)
            found += [] if FOR_MACHINES.fullmatch(spec) else [f"line {node.lineno}: {spec}"]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            if VEGA.search(node.value) or node.value == "\u2212":
                found.append(f"line {node.lineno}: {node.value}")
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in {
            "strftime",
            "divmod",
        }:
            found.append(f"line {node.lineno}: {ast.unparse(node)}")
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(REPORT)))
def test_numbers_are_written_by_the_one_vocabulary(path: Path) -> None:
    assert ways_of_its_own(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        'f"{value:.1f} %"',
        'f"{value:,}"',
        'f"{day:%b %Y}"',
        "day.strftime('%d')",
        "divmod(round(pace), 60)",
        "'a body mass of {mass_kg:.0f} kg'",
        "alt.Tooltip('hip_dose:Q', format='.2f')",
        "alt.Axis(format='%b %Y')",
        "\"format(datum.lo_percent, '+.1f')\"",
        "text.replace('-', '\u2212')",
    ],
)
def test_another_way_would_be_seen(source: str) -> None:
    assert ways_of_its_own(source)
