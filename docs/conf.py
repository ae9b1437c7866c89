"""The settings of Sphinx, which makes a site of these pages: `make site`, then open `site/index.html`.

Sphinx with MyST reads the Markdown as a code host does (CommonMark), makes an error of a link or heading that is not
there, and searches without a server or network. The list of pages at the side is that of the links in `index.md`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pygments.lexers.special import TextLexer

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "hipdrive"
html_title = "hipdrive"
extensions = ["myst_parser"]
myst_heading_anchors = 4
nitpicky = True
smartquotes = False  # what stands in a page is what is read: two dashes of an option stay two
html_theme = "furo"
html_show_sphinx = html_show_copyright = html_show_sourcelink = html_copy_source = False
html_domain_indices = html_use_index = False
DECISIONS = "```{toctree}\n:hidden:\n:glob:\n:caption: Decisions\n\ndecisions/*\n```\n"


def page_list(text: str) -> str:
    """The first page, its sections' links and then the decisions entered into the list at the side."""
    parts = [text]
    for section in re.split(r"(?m)^## ", text)[1:]:
        pages = re.findall(r"(?m)^- \[(.+?)\]\((.+?)\.md\)", section)
        entries = "\n".join(f"{title} <{page}>" for title, page in pages)
        parts.append(f"```{{toctree}}\n:hidden:\n:caption: {section.splitlines()[0]}\n\n{entries}\n```\n")
    return "\n".join([*parts, DECISIONS])


def setup(app: Sphinx) -> None:
    """What the build does besides: the list of pages, and tables of commas as they are."""

    def enter_pages(_: Sphinx, page: str, source: list[str]) -> None:
        if page == "index":
            source[0] = page_list(source[0])

    app.connect("source-read", enter_pages)
    app.add_lexer("csv", TextLexer)
