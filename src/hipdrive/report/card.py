"""A card to hand on: the number and its curve on one picture, without a name, a place, or what the diary tells."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl
import vl_convert
from markupsafe import escape

from hipdrive.report import words
from hipdrive.report.assets import style
from hipdrive.report.figures.curve import draw_curve
from hipdrive.report.figures.theme import CONFIG
from hipdrive.report.first_screen import tell_number
from hipdrive.report.gate import carried
from hipdrive.report.habits import written_for

if TYPE_CHECKING:
    from hipdrive.report.figures.theme import Figure
    from hipdrive.report.findings import Findings
    from hipdrive.report.first_screen import Number

WIDTH, HEIGHT = 1200, 630  # what is shown of a link elsewhere
MARGIN, TOP_OF_CURVE = 64, 236
LABELS = 60  # pixels beside and under the curve
LARGER = 1.6  # letters of a figure that is seen small
KEPT = ("line", "week", "now", "then", "run", "dose", "unknown")  # no diary, no change of watch
_COLOUR = re.compile(r"--(\w+): (#[0-9a-f]+)")


@dataclass(frozen=True)
class Card:
    """One picture, as lines and letters and as pixels."""

    svg: str
    png: bytes


def draw_card(findings: Findings) -> Card | None:
    """The card of tonight; None where there is no number."""
    with written_for(findings.habits):
        shown = carried(findings)
        number, curve = tell_number(shown), draw_curve(shown)
        if number is None or not number.value or curve is None:
            return None
        svg = _card(number, _plain(_picture(curve)), words.short_day(findings.tonight))
    return Card(svg, vl_convert.svg_to_png(svg))


def _picture(curve: Figure) -> str:
    table = curve.table.filter(pl.col("what").is_in(KEPT)).with_columns(name=pl.lit(None, pl.String))
    dated = table.with_columns(pl.selectors.date().dt.to_string("iso"))
    height = HEIGHT - TOP_OF_CURVE - MARGIN - LABELS
    spec = {**curve.spec, "width": WIDTH - 2 * MARGIN - LABELS, "height": height}
    spec["datasets"] = {curve.key: dated.to_dicts()}
    return vl_convert.vegalite_to_svg(spec, config={**_larger(CONFIG), "autosize": None})


def _larger(config: dict[str, object]) -> dict[str, object]:
    grown = json.loads(json.dumps(config))
    for part in grown.values():
        if isinstance(part, dict):
            for key in part:
                part[key] = part[key] * LARGER if key.lower().endswith("fontsize") else part[key]
    return dict(grown)


def _plain(svg: str) -> str:
    """A picture of the page outside of it: its variables as the colours that they are by day."""
    colours = dict(_COLOUR.findall(style().split("}")[0]))
    return re.sub(r"var\(--(\w+)\)", lambda found: colours[found[1]], svg)


def _card(number: Number, picture: str, tonight: str) -> str:
    change = next((one for one in number.changes if one.has_ring or number.is_old), None)
    lines = [] if change is None else [change.title, *change.lines[:2]]
    changes = "".join(
        f'<text x="{WIDTH - MARGIN}" y="{118 + 34 * place}" text-anchor="end" font-size="{30 if not place else 24}" '
        f'font-weight="{600 if not place else 400}" fill="{"var(--ink)" if not place else "var(--muted)"}">'
        f"{escape(line)}</text>"
        for place, line in enumerate(lines)
    )
    value = "var(--muted)" if number.is_old else "var(--ink)"
    return _plain(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'font-family="system-ui, sans-serif"><title>{escape(number.label)}: {escape(number.value)} '
        f"{escape(number.unit)}</title>"
        '<defs><pattern id="unknown" width="8" height="8" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><path d="M0 0V8" stroke="var(--hatch)" stroke-width="3"/></pattern></defs>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="var(--paper)"/>'
        f'<text x="{MARGIN}" y="70" font-size="26" fill="var(--muted)">{escape(number.label)}</text>'
        f'<text x="{MARGIN}" y="172" font-size="108" font-weight="600" fill="{value}">{escape(number.value)}'
        f'<tspan font-size="34" font-weight="400" fill="var(--muted)" dx="14">{escape(number.unit)}</tspan></text>'
        f'{changes}<svg x="{MARGIN}" y="{TOP_OF_CURVE}" width="{WIDTH - 2 * MARGIN}" '
        f'height="{HEIGHT - TOP_OF_CURVE - MARGIN}">{picture}</svg>'
        f'<text x="{MARGIN}" y="{HEIGHT - 26}" font-size="22" fill="var(--muted)">hipdrive · faster is up</text>'
        f'<text x="{WIDTH - MARGIN}" y="{HEIGHT - 26}" text-anchor="end" font-size="22" fill="var(--muted)">'
        f"{escape(tonight)}</text></svg>"
    )
