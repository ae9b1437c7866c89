"""The text of made runners' pages is the stored text: whoever changes a word sees it on every page that says it.

`make golden` writes the stored text anew; read the difference before it is committed.
"""

from __future__ import annotations

import difflib
import os

import pytest

from tests.makers.golden_pages import FOLDER, RUNNERS, TEAM, text_of


@pytest.mark.parametrize("name", [*RUNNERS, TEAM])
def test_a_page_reads_as_it_is_stored(name: str) -> None:
    file, drawn = FOLDER / f"{name}.txt", text_of(name)
    if os.environ.get("HIPDRIVE_WRITE_GOLDEN"):
        file.write_text(drawn, encoding="utf-8")
    stored = file.read_text(encoding="utf-8")
    difference = difflib.unified_diff(stored.splitlines(), drawn.splitlines(), "stored", "drawn", lineterm="", n=1)
    assert stored == drawn, "the page reads otherwise; `make golden` stores it:\n" + "\n".join(difference)


def test_no_stored_page_is_of_nobody() -> None:
    assert {file.stem for file in FOLDER.glob("*.txt")} == {*RUNNERS, TEAM}
