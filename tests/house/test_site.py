"""The docs build strictly into a site that needs no network, and their pictures are those that the script makes."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
NEEDED = ("sphinx", "myst_parser", "furo")
PAGES = [*sorted(DOCS.rglob("*.md")), ROOT / "README.md"]
PICTURES = sorted((DOCS / "pictures").glob("*.png"))
MOST_BYTES = 300_000
# What a browser fetches by itself; a link that a reader may follow is none.
FETCHED = re.compile(
    r"""<(?:script|img|iframe|source|video|audio|embed|object)[^>]*?\b(?:src|srcset|data)=["']?(?:https?:)?//[^"' >]+"""
    r"""|<link[^>]*?\bhref=["']?(?:https?:)?//[^"' >]+""",
    re.IGNORECASE,
)
FETCHED_BY_STYLE = re.compile(r"""(?:url\(|@import)\s*["']?(?:https?:)?//[^"')]+""", re.IGNORECASE)


def build(source: Path, out: Path) -> subprocess.CompletedProcess[str]:
    """The site of a folder, every warning an error, as `make site` builds it."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        pytest.skip(f"{', '.join(missing)} not installed (the group docs of pyproject.toml): the site was not built")
    words = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", str(source), str(out)]
    return subprocess.run(words, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site")
    done = build(DOCS, out)
    assert done.returncode == 0, done.stderr
    return out


def test_every_page_is_built(site: Path) -> None:
    pages = {path.relative_to(DOCS).with_suffix(".html") for path in DOCS.rglob("*.md")}
    assert len(pages) > 20
    assert {page for page in pages if not (site / page).is_file()} == set()


def test_no_page_fetches_anything_from_the_network(site: Path) -> None:
    for path in site.rglob("*.html"):
        assert FETCHED.findall(path.read_text(encoding="utf-8")) == [], path.name
    for path in [*site.rglob("*.css"), *site.rglob("*.html")]:
        assert FETCHED_BY_STYLE.findall(path.read_text(encoding="utf-8")) == [], path.name


@pytest.mark.parametrize(
    "fetched",
    [
        '<script src="https://example.org/a.js">',
        "<script async src=//example.org/a.js>",
        '<link rel="stylesheet" href="https://example.org/a.css">',
        '<img alt="" src="http://example.org/a.png">',
    ],
)
def test_what_is_fetched_would_be_seen(fetched: str) -> None:
    assert FETCHED.search(fetched)
    assert not FETCHED.search('<a href="https://example.org">')
    assert FETCHED_BY_STYLE.search("@import url('https://example.org/font.css')")


def test_each_link_that_leads_nowhere_breaks_the_build(tmp_path: Path) -> None:
    wrong = ("[a page](gone.md)", "[a heading](index.md#far)", "![a picture](lost.png)", "[a heading here](#near)")
    shutil.copy(DOCS / "conf.py", tmp_path / "conf.py")
    (tmp_path / "decisions").mkdir()
    (tmp_path / "decisions" / "0001-one.md").write_text("# 1. One\n", encoding="utf-8")
    (tmp_path / "alone.md").write_text("# In no list of pages\n", encoding="utf-8")
    (tmp_path / "index.md").write_text("# First\n\n" + "\n\n".join(wrong) + "\n", encoding="utf-8")
    done = build(tmp_path, tmp_path / "out")
    assert done.returncode != 0
    assert [name for name in ("gone.md", "far", "lost.png", "near", "alone.md") if name not in done.stderr] == []


def made() -> set[str]:
    """Names of the pictures that the script makes."""
    script = (DOCS / "make_pictures.py").read_text(encoding="utf-8")
    return set(re.findall(r'^ +"([\w-]+)": Picture\(', script, re.MULTILINE))


def test_the_pictures_are_those_that_the_script_makes_and_each_is_shown() -> None:
    shown = {
        name for page in PAGES for name in re.findall(r"pictures/([\w-]+)\.png\)", page.read_text(encoding="utf-8"))
    }
    assert {path.stem for path in PICTURES} == made() == shown
    assert len(shown) >= 8


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.stem)
def test_a_picture_is_small(path: Path) -> None:
    assert path.stat().st_size < MOST_BYTES


def test_every_picture_has_words_for_who_cannot_see_it() -> None:
    for page in PAGES:
        for words in re.findall(r"!\[(.*?)\]\(\S+\.(?:png|svg)\)", page.read_text(encoding="utf-8")):
            assert len(words) > 30, page.name
