"""A rule is defined once: what would be its second definition is looked for in every file but its home."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ROOT / "src" / "hipdrive"
FILES = sorted(path for kind in ("*.py", "*.sql") for path in ROOMS.rglob(kind) if "migrations" not in path.parts)

# Rule → its homes, and what nobody can write a second definition without.
RULES: dict[str, tuple[set[str], str]] = {
    "adherence is done over prescribed, at most all": (
        {"measure/adherence.py"},
        r"done_sets\W*/|/\W*(pl\.col\W*|p\.|sum\W*)*prescribed_sets",
    ),
    "a dose counts as one programme at most": (
        {"measure/adherence.py"},
        r"dose\w*\W*\.clip\(0(\.0)?, (1|FULL)|least\(\w*dose",
    ),
    "the programme is the mean over the strengthening items": (
        # The view says it in SQL; a test of the warehouse holds it against the measure.
        {"measure/adherence.py", "warehouse/views/week_volume_and_dose.sql"},
        r"(filter|FILTER|WHERE|if item)\W*(WHERE )?(pl\.col\W*)?is_strengthening",
    ),
    "clearly less than the programme": ({"measure/adherence.py"}, r"CLEARLY_LESS\w* ="),
    "which stretch leapt": ({"tidy/run_distance.py"}, r"is_jump ?=[^=]|SPEED_CEILING\w* ="),
    "how much of a distance may leap": ({"measure/jumps.py"}, r"jump_distance_m\W*[<>]|JUMPS?_AT_MOST\w* ="),
    "another device or other sensors than in the run before": (
        {"warehouse/views/runs.sql"},
        r"AS is_device_change\b|lag\((concat\()?(\w\.)?(device|sensors)|(device|sensors)\W*\.(shift|rle|ne_missing)",
    ),
    "names nobody knows": (
        {"warehouse/views/unknown_names.sql"},
        r"match\W*=\W*none\W+(AND |pl\.col|s\.)*\W*(log_kind|superseded_by)|match\W*=\W*none\W*GROUP",
    ),
}


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_is_defined_in_its_home_and_nowhere_else(rule: str) -> None:
    homes, definition = RULES[rule]
    found = {str(path.relative_to(ROOMS)) for path in FILES if re.search(definition, path.read_text(encoding="utf-8"))}
    assert found == homes, f"{rule}: defined in {sorted(found)}, at home in {sorted(homes)}"


# What a second definition has looked like, or would: each must be caught.
@pytest.mark.parametrize(
    ("rule", "second"),
    [
        (
            "adherence is done over prescribed, at most all",
            '(pl.col("done_sets") / pl.col("prescribed_sets")).clip(0, 1)',
        ),
        ("adherence is done over prescribed, at most all", "least(1, done_sets / prescribed_sets)"),
        ("adherence is done over prescribed, at most all", "sum(p.done_sets) / sum(p.prescribed_sets)"),
        ("a dose counts as one programme at most", 'pl.col("hip_dose").clip(0, 1)'),
        ("a dose counts as one programme at most", "least(hip_dose, 1)"),
        ("the programme is the mean over the strengthening items", 'programme.filter("is_strengthening")'),
        ("the programme is the mean over the strengthening items", "avg(x) FILTER (WHERE is_strengthening)"),
        ("the programme is the mean over the strengthening items", "[a for item in items if item.is_strengthening]"),
        ("how much of a distance may leap", 'pl.col("jump_distance_m") > 0.05 * pl.col("distance_m")'),
        ("another device or other sensors than in the run before", "lag(device) OVER (ORDER BY start_utc) <> device"),
        ("another device or other sensors than in the run before", 'pl.col("device").shift(1)'),
        ("names nobody knows", "WHERE match = 'none' AND log_kind = 'written' AND superseded_by IS NULL"),
        ("names nobody knows", 'filter(pl.col("match") == "none", pl.col("log_kind") == "written")'),
        ("names nobody knows", "WHERE superseded_by IS NULL AND match = 'none' GROUP BY exercise_name"),
    ],
)
def test_a_second_definition_would_be_seen(rule: str, second: str) -> None:
    assert re.search(RULES[rule][1], second)
