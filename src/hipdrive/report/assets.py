"""The parts of a page that are the same every night: Vega, page code, style, templates, and their policy."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files

import jinja2
from markupsafe import Markup, escape

from hipdrive.report import words
from hipdrive.report.as_read import as_read
from hipdrive.report.bundle import vega_bundle

LONGEST_LEAD_IN = 44  # letters
_TEMPLATES = files("hipdrive.report") / "templates"
_PAGE_CODE = ("page.js", "periods.js", "runs.js")


@cache
def vega_script() -> str:
    """What draws the figures; leaves one global name, `vegaEmbed`."""
    return _inside_html(vega_bundle())


@cache
def page_script() -> str:
    """The page's own code, as one function: figures, brush and zoom; two periods compared; the list of runs."""
    parts = "\n".join((_TEMPLATES / name).read_text(encoding="utf-8") for name in _PAGE_CODE)
    return _inside_html(f'(() => {{\n"use strict";\n{parts}\ndrawAll();\n}})();')


@cache
def style() -> str:
    """The one stylesheet."""
    return (_TEMPLATES / "page.css").read_text(encoding="utf-8")


@cache
def template(name: str) -> jinja2.Template:
    """A template of the room; everything put into it is escaped unless it is markup of ours."""
    environment = jinja2.Environment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=jinja2.FunctionLoader(lambda asked: (_TEMPLATES / asked).read_text(encoding="utf-8")),
    )
    environment.filters["with_minus"] = words.with_minus
    environment.filters["led_in"] = led_in
    environment.filters["as_read"] = as_read
    return environment.get_template(name)


def led_in(sentence: str) -> Markup:
    """A sentence with its short beginning before a colon made strong, for eyes that run down the page; all escaped."""
    beginning, colon, rest = sentence.partition(": ")
    if not colon or len(beginning) > LONGEST_LEAD_IN or not rest:
        return escape(sentence)
    return Markup("<strong>{}:</strong> {}").format(beginning, rest)


@cache
def policy(*scripts: str) -> str:
    """A content-security policy under which these scripts run, and nothing can be fetched from anywhere."""
    digests = [base64.b64encode(hashlib.sha256(code.encode()).digest()).decode() for code in scripts]
    allowed = " ".join(f"'sha256-{digest}'" for digest in digests) or "'none'"
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _inside_html(script: str) -> str:
    """A script that no HTML parser ends early."""
    return script.replace("</script", "<\\/script").replace("<!--", "<\\!--")
