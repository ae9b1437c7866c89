"""The second opinion on one file."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from hipdrive import fit
from hipdrive.fit import verify

SAMPLE = (Path(__file__).parents[2] / "data" / "sample" / "run.fit").read_bytes()


def test_both_decoders_read_the_sample_alike() -> None:
    comparison = verify.compare_with_fitparse(SAMPLE)
    assert comparison.is_equal, comparison.in_words
    assert comparison.compared > 5000
    assert comparison.messages["record"][0] == comparison.messages["record"][1] > 400


def test_a_value_that_differs_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    true = fit.decode(SAMPLE)
    one_beat_more = true.frames["record"].with_columns(pl.col("heart_rate") + 1)
    wrong = fit.decode(SAMPLE)
    wrong.frames["record"] = one_beat_more
    monkeypatch.setattr(verify, "decode", lambda _: wrong)
    comparison = verify.compare_with_fitparse(SAMPLE)
    assert not comparison.is_equal
    assert set(comparison.differing) == {"record.heart_rate"}
    assert "record.heart_rate" in comparison.in_words


def test_where_fitparse_stops_is_told() -> None:
    comparison = verify.compare_with_fitparse(SAMPLE[:3000])
    assert comparison.error is not None
    assert "fitparse stopped" in comparison.in_words
