"""Every benchmark says in its head how it is started, can be imported today, and starts from `make bench`."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from benchmarks import decode

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "benchmarks").glob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_its_head_says_how_it_is_started_or_who_uses_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    head = ast.get_docstring(ast.parse(text)) or ""
    if 'if __name__ == "__main__":' in text:
        assert re.search(rf"python (-m benchmarks\.{path.stem}\b|benchmarks/{path.stem}\.py)", head)
        return
    users = re.findall(r"`benchmarks\.(\w+)`", head.partition("Nothing to run: ")[2])
    assert users
    for user in users:
        assert f"benchmarks.{path.stem} import" in (ROOT / "benchmarks" / f"{user}.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_it_can_be_imported(path: Path) -> None:
    assert importlib.import_module(f"benchmarks.{path.stem}")


def test_make_starts_any_of_them() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    standard = re.search(r"^WHAT \?= (.+)$", makefile, re.MULTILINE)
    assert standard is not None
    assert {*standard[1].split()} <= {path.stem for path in FILES}
    assert "-m benchmarks.$$one $(ARGS)" in makefile


class PanicException(BaseException):
    """What a panic of a decoder's Rust becomes: no Exception, so that `except Exception` lets it through."""


def refuse_by(error: BaseException) -> SimpleNamespace:
    def refuse(*_: object, **__: object) -> None:
        raise error

    names = ("parse", "records", "all_messages", "parse_fit_bytes")
    return SimpleNamespace(FitDecodeError=ValueError, **dict.fromkeys(names, refuse))


READERS = [decode.read_fitfast, decode.read_fitfast_columns, decode.read_pyroparse, decode.read_native]


@pytest.mark.parametrize("read", READERS, ids=lambda read: read.__name__)
def test_a_rival_that_panics_over_a_file_gives_nothing_of_it(read: object) -> None:
    assert read(refuse_by(PanicException("a remainder by zero")), b"") == {}  # type: ignore[operator]
    assert read(refuse_by(ValueError("not FIT")), b"") == {}  # type: ignore[operator]
    with pytest.raises(KeyboardInterrupt):
        read(refuse_by(KeyboardInterrupt()), b"")  # type: ignore[operator]
