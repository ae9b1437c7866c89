"""The glossary's columns exist and have the unit that it says; its files exist; each word has one plain sentence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hipdrive.tables import TABLES, VIEWS

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "hipdrive"
LINES = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
ROWS = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in LINES if line.startswith("| ")]
WORDS = [row for row in ROWS if row[0] not in {"word", "---"}]
SCHEMAS = {**TABLES, **VIEWS}


def test_no_word_stands_twice() -> None:
    words = [row[0] for row in WORDS]
    assert len(words) > 50
    assert len(words) == len(set(words))


@pytest.mark.parametrize("row", WORDS, ids=lambda row: row[0])
def test_each_word_has_a_sentence_its_unit_and_its_place(row: tuple[str, ...]) -> None:
    word, sentence, unit, where = row
    found = re.fullmatch(r"`([^`]+)`", where)
    assert found is not None, word
    assert 20 < len(sentence) < 180
    assert not sentence.endswith(".")
    place = found[1]
    if "/" in place or place.endswith(".py"):
        assert (SOURCE / place).is_file()
        assert not unit
    else:
        table, column = place.split(".")
        definition = SCHEMAS[table].columns()[column]
        assert unit == (definition.metadata or {}).get("unit", "")
