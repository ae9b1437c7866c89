"""How a page is looked at: each colour scheme and each width once in the suite, all four together in the campaign."""

from __future__ import annotations

import pytest

LOOKS = [
    ("light", 1280),
    ("dark", 390),
    pytest.param("light", 390, marks=pytest.mark.campaign),
    pytest.param("dark", 1280, marks=pytest.mark.campaign),
]
