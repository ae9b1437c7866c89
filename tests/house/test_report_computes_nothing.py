"""Statistics live in the rooms that own them; the report asks for them and writes them down."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
REPORT = ROOT / "src" / "hipdrive" / "report"
LIBRARIES = {"numpy", "scipy", "statistics"}
# Methods by which a frame, a series or an array is worked on; counting, sorting and picking rows are none of them.
_METHODS = (
    "mean median std var sem mode quantile corr cov rolling_mean rolling_sum rolling_median rolling_std ewm_mean "
    "pct_change diff shift cum_sum cum_max cum_min rank interpolate log log1p exp expm1 sqrt dot regress lstsq polyfit "
    "average percentile linspace convolve hist cut qcut"
)
STATISTICS = set(_METHODS.split())


def statistics_in(source: str) -> list[str]:
    """What a file works out by itself, with the line."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in STATISTICS:
            found.append(f"line {node.lineno}: .{node.func.attr}()")
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
            found.append(f"line {node.lineno}: a power")
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [name.name for name in node.names]
            found += [f"line {node.lineno}: {name}" for name in names if name.split(".")[0] in LIBRARIES]
    return found


@pytest.mark.parametrize("path", sorted(REPORT.rglob("*.py")), ids=lambda path: str(path.relative_to(REPORT)))
def test_the_report_works_nothing_out(path: Path) -> None:
    assert statistics_in(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "import numpy as np",
        "from scipy import stats",
        "weeks['hip_dose'].tail(12).mean()",
        "pl.col('pace').rolling_mean(9)",
        "pl.col('speed').log()",
        "((1 + change) ** dose - 1) * 100",
    ],
)
def test_a_statistic_would_be_seen(source: str) -> None:
    assert statistics_in(source)
