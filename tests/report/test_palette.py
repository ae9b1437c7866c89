"""The two colours of the page, as people with the three kinds of colour blindness see them.

Simulation: Machado, Oliveira and Fernandes 2009, doi:10.1109/TVCG.2009.113, full severity, on linear light.
Difference: CIE 1976 in L*a*b*; contrast: WCAG 2.2.
"""

from __future__ import annotations

import re
from itertools import combinations

import numpy as np
import pytest

from hipdrive.report.assets import style

Colour = np.ndarray[tuple[int], np.dtype[np.float64]]

SEEN_AS = {
    "full colour": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
TO_XYZ = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
WHITE = np.array([0.9505, 1.0, 1.089])
CLEARLY_APART = 40  # of L*a*b*; about 2 is the least that is seen
GRAPHICS, TEXT = 3.0, 4.5  # contrast ratios of WCAG 2.2 AA


def _palettes() -> dict[str, dict[str, Colour]]:
    css = style()
    blocks = {
        "light": css[css.index(":root {") :],
        "dark": css[css.index("prefers-color-scheme: dark") :],
        "print": css[css.index("@media print") :],
    }
    return {name: _colours(block.split("}")[0]) for name, block in blocks.items()}


def _colours(block: str) -> dict[str, Colour]:
    found = re.findall(r"--(\w+): #([0-9a-f]{3,6})", block)
    return {name: _linear(code if len(code) == 6 else "".join(2 * digit for digit in code)) for name, code in found}


def _linear(code: str) -> Colour:
    light = np.array([int(code[place : place + 2], 16) for place in (0, 2, 4)]) / 255
    return np.where(light <= 0.04045, light / 12.92, ((light + 0.055) / 1.055) ** 2.4)


def _lab(colour: Colour) -> Colour:
    scaled = np.asarray(TO_XYZ) @ colour.clip(0, 1) / WHITE
    root = np.where(scaled > (6 / 29) ** 3, np.cbrt(scaled), scaled / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


def _contrast(one: Colour, other: Colour) -> float:
    bright = sorted(float(np.asarray(TO_XYZ)[1] @ colour) for colour in (one, other))
    return (bright[1] + 0.05) / (bright[0] + 0.05)


@pytest.mark.parametrize("kind", SEEN_AS)
@pytest.mark.parametrize("palette", ["light", "dark", "print"])
def test_running_strength_and_paper_are_told_apart_by_everyone(palette: str, kind: str) -> None:
    colours = _palettes()[palette]
    seen = {name: _lab(np.asarray(SEEN_AS[kind]) @ colours[name]) for name in ("run", "hip", "paper")}
    for one, other in combinations(seen, 2):
        assert np.linalg.norm(seen[one] - seen[other]) > CLEARLY_APART, (one, other)


@pytest.mark.parametrize("palette", ["light", "dark", "print"])
def test_text_and_marks_have_the_contrast_they_need(palette: str) -> None:
    colours = _palettes()[palette]
    for ground in ("paper", "card"):
        assert all(_contrast(colours[name], colours[ground]) >= TEXT for name in ("ink", "muted", "link"))
    assert all(_contrast(colours[name], colours["paper"]) >= GRAPHICS for name in ("run", "hip"))
    assert _contrast(colours["hip"], colours["paper"]) >= TEXT  # the line above the headline is written in it
