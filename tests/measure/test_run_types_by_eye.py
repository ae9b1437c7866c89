"""Sixty real runs, judged by eye from their traces before the rules' answer was looked at, against the rules."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from benchmarks.corpus_runs import measure_corpus

BY_EYE = Path(__file__).with_name("run_types_by_eye.csv")


@pytest.fixture(scope="module")
def compared(corpus: Path) -> pl.DataFrame:
    judged = pl.read_csv(BY_EYE)
    runs = measure_corpus(corpus, judged["file"].str.split("/").list.first().unique().to_list())
    found = judged.join(runs, on=["file", "session_index"], how="left")
    assert found["run_type"].null_count() == 0
    return found


def test_nine_in_ten_are_what_the_eye_saw(compared: pl.DataFrame) -> None:
    agree = compared.filter(pl.col("by_eye") == pl.col("run_type").cast(pl.String)).height
    assert compared.height == 60
    assert agree >= 0.9 * compared.height, compared.filter(pl.col("by_eye") != pl.col("run_type").cast(pl.String))


def test_none_is_called_intervals_that_the_eye_did_not_call_so(compared: pl.DataFrame) -> None:
    assert set(compared.filter(pl.col("run_type") == "intervals")["by_eye"]) == {"intervals"}
