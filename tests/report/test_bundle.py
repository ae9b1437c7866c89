"""The script that draws the figures is made once a version, kept, and made again where what was kept is not whole."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from hipdrive.report import bundle, draw_page
from hipdrive.report.figures.theme import Figure, unchecked
from hipdrive.report.page import draw_figures

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hipdrive.report import Findings

SCRIPT = "(function () {\n\u201cvega\u201d\n})();"


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """What was made, one entry a time, in a cache folder of its own."""
    made: list[str] = []

    def make() -> str:
        made.append(SCRIPT)
        return SCRIPT

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(bundle, "_make", make)
    return made


def _asked() -> str:
    bundle.vega_bundle.cache_clear()
    try:
        return bundle.vega_bundle()
    finally:
        bundle.vega_bundle.cache_clear()


def test_it_is_made_once(made: list[str]) -> None:
    assert [_asked(), _asked()] == [SCRIPT, SCRIPT]
    assert len(made) == 1


@pytest.mark.parametrize("spoil", [lambda held: held[:-9], lambda _: b"", lambda held: b"x" + held])
def test_half_a_file_is_not_used(made: list[str], spoil: Callable[[bytes], bytes]) -> None:
    _asked()
    (kept,) = bundle.cache_folder().iterdir()
    kept.write_bytes(spoil(kept.read_bytes()))
    assert _asked() == SCRIPT
    assert len(made) == 2
    assert _asked() == SCRIPT
    assert len(made) == 2


def test_a_cache_that_cannot_be_written_costs_time_only(
    made: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    occupied = tmp_path / "file"
    occupied.write_text("no folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(occupied))
    assert [_asked(), _asked()] == [SCRIPT, SCRIPT]
    assert len(made) == 2


def test_another_version_is_made_anew(made: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    _asked()
    monkeypatch.setattr(bundle, "version", lambda _: "99.0")
    _asked()
    assert len(made) == 2
    assert len(list(bundle.cache_folder().iterdir())) == 2


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_every_platform_has_a_folder(platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(sys, "platform", platform)
    assert "hipdrive" in bundle.cache_folder().parts


def test_a_page_is_drawn_without_the_schema_and_is_the_same(make_findings: Callable[..., Findings]) -> None:
    def specs() -> list[dict[str, object]]:
        return [
            one.spec for part in draw_figures(make_findings(30)).values() for one in part if isinstance(one, Figure)
        ]

    checked = specs()
    with unchecked():
        assert specs() == checked
    assert draw_page(make_findings(30))


def test_the_script_that_is_made_leaves_one_name() -> None:
    script = bundle._make()
    assert script.startswith("(function () {")
    assert script.endswith("})();")
    assert "window.vegaEmbed" in script
