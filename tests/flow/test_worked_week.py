"""The real week that docs/methods.md works out by hand has the same doses in the warehouse."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

CHECKOUT = Path(__file__).parents[2]
CORPUS = Path(os.environ.get("HIPDRIVE_CORPUS") or CHECKOUT.parent / "shared" / "corpus")
LOG = CORPUS / "strength" / "strong_comma_2026_no_notes.csv"
SECTION = (CHECKOUT / "docs" / "methods.md").read_text(encoding="utf-8").partition("## 12. ")[2]
LINES = re.findall(r"^\| \d.*$", SECTION, re.MULTILINE)
ROWS = [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in LINES]

pytestmark = pytest.mark.skipif(
    not LOG.is_file(), reason="no corpus of real logs here; set HIPDRIVE_CORPUS to its folder to run this"
)


def number(cell: str) -> float:
    """The last number of a cell: “0.526/0.75 = 0.702” is 0.702, “0.75, unrated” 0.75."""
    found = re.findall(r"\d+(?:\.\d+)?", cell)
    return float(found[-1])


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    run(folder, "init")
    shutil.copy(LOG, folder / "data" / "inbox" / "log.csv")
    run(folder, "ingest", "data/inbox")
    return folder


def run(folder: Path, *words: str) -> str:
    hipdrive = str(Path(sys.executable).with_name("hipdrive"))
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT", "HIPDRIVE"))}
    done = subprocess.run(
        [hipdrive, *words], cwd=folder, capture_output=True, text=True, check=False, env=environment, timeout=120
    )
    assert done.returncode in {0, 1}, done.stderr
    return done.stdout


def ask(home: Path, query: str) -> list[dict[str, Any]]:
    answer: list[dict[str, Any]] = json.loads(run(home, "sql", query, "--format", "json"))
    return answer


def test_every_row_on_the_page_follows_from_its_own_figures() -> None:
    assert len(ROWS) == 10
    for _, _, weight, reps, load, share, effort, quantity, credit, dose in ROWS:
        assert number(quantity) == pytest.approx(min(float(reps) / 5, 1.25))
        if share != "none":
            best = {"40": 76, "50": 76, "60": 76 if weight == "0.6" else 70}[load]
            assert float(share) == pytest.approx(float(load) / best, abs=5e-4)
            assert number(effort) == pytest.approx(float(load) / best / 0.75, abs=1e-3)
        assert float(credit) == pytest.approx(float(weight) * number(effort) * number(quantity), abs=1e-3)
        assert float(dose.removesuffix(", heavy")) == pytest.approx(float(credit) / 3.75, abs=3e-4)


def test_every_set_of_the_week_has_the_dose_on_the_page(home: Path) -> None:
    sets = ask(
        home,
        "SELECT line, exercise, hip_extension_weight, reps, weight_kg, hip_dose FROM week_sets "
        "WHERE week_start = DATE '2026-04-20' AND hip_dose > 0 ORDER BY line",
    )
    assert len(sets) == len(ROWS)
    for row, found in zip(ROWS, sets, strict=True):
        line, exercise, weight, reps, load, *_, dose = row
        assert [found["line"], found["exercise"]] == [int(line), exercise]
        assert [found["hip_extension_weight"], found["reps"]] == [float(weight), float(reps)]
        assert found["weight_kg"] == float(load)
        assert found["hip_dose"] == pytest.approx(float(dose.removesuffix(", heavy")), abs=5e-5)


def test_the_week_has_the_sums_on_the_page(home: Path) -> None:
    said = re.search(r"says ([\d.]+) and ([\d.]+) after", SECTION)
    assert said is not None
    ((week),) = ask(home, "SELECT hip_dose, heavy_hip_dose, dose_known FROM weeks WHERE week_start = DATE '2026-04-20'")
    assert week["hip_dose"] == pytest.approx(float(said[1]), abs=5e-5)
    assert week["heavy_hip_dose"] == pytest.approx(float(said[2]), abs=5e-5)
    assert week["dose_known"] is False
