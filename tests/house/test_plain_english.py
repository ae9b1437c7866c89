"""What hipdrive says is plain English: “is not a valid day”, and never “is no valid day”."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted(path for room in ("src", "flows") for path in (ROOT / room).rglob("*.py"))
TEMPLATES = sorted((ROOT / "src" / "hipdrive" / "report" / "templates").glob("*.*"))
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
COMPARED = "longer|more|less|wider|narrower|stronger|weaker|larger|smaller|faster|slower|later|earlier|better|worse"
TRANSLATED = re.compile(rf"(?<!\bthere )\b(?:is|are|was|were) no (?!(?:{COMPARED})\b)[\w“{{]", re.IGNORECASE)


def sentences(source: str) -> list[str]:
    """The texts of a file, as they are said: what is put into them stands as `{}`; no docstrings."""
    tree = ast.parse(source)
    described = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, described) and node.body and isinstance(node.body[0], ast.Expr)
    }
    found, parts = [], set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            parts |= {id(one) for one in node.values}
            found.append("".join(str(one.value) if isinstance(one, ast.Constant) else "{}" for one in node.values))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings | parts:
            found.append(node.value)
    return found


def translated(text: str) -> list[str]:
    """What is said in a way that nobody would say it, with some words around."""
    plain = " ".join(text.split())
    return [plain[max(0, one.start() - 40) : one.end() + 30] for one in TRANSLATED.finditer(plain)]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_sentence_of_the_program_sounds_translated(path: Path) -> None:
    assert [said for text in sentences(path.read_text(encoding="utf-8")) for said in translated(text)] == []


@pytest.mark.parametrize("path", [*TEMPLATES, *PAGES], ids=lambda path: path.name)
def test_no_page_sounds_translated(path: Path) -> None:
    assert translated(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "text",
    [
        "this is no strength log that hipdrive knows",
        "“{}” is no {}",
        "the last 7 bytes are no gzip",
        "it was no text",
        "this is no\nvalid TOML",
    ],
)
def test_a_translated_sentence_would_be_seen(text: str) -> None:
    assert translated(text)


@pytest.mark.parametrize(
    "text", ["there is no file", "There are no runs yet", "it is no longer there", "an interval is no wider than this"]
)
def test_plain_english_is_left_alone(text: str) -> None:
    assert not translated(text)


def test_a_sentence_that_is_put_together_is_read_whole() -> None:
    assert sentences('raise Wrong(f"“{text}” is " f"no {noun}")') == ["“{}” is no {}"]
    assert sentences('def known() -> str:\n    """Is no text."""\n    return "a" "b"') == ["ab"]
