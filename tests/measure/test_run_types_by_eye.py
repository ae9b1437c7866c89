"""Real runs judged by eye from their traces before the rules' answer was looked at: sixty, then 26 fresh ones."""

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


def agreement(compared: pl.DataFrame, judged_in: int) -> tuple[int, int]:
    """Runs of a round on which eye and rules agree, and runs of it."""
    rows = compared.filter(pl.col("round") == judged_in)
    return rows.filter(pl.col("by_eye") == pl.col("run_type").cast(pl.String)).height, rows.height


def test_nine_in_ten_are_what_the_eye_saw(compared: pl.DataFrame) -> None:
    agree, judged = agreement(compared, 1)
    assert judged == 60
    assert agree >= 0.9 * judged


def test_on_fresh_runs_the_rules_differ_only_in_what_they_call_a_hill(compared: pl.DataFrame) -> None:
    """Judged when the thresholds stood: five rolling roads have 20 m a km all the same, one long run was hard.

    The fifth is a phone whose speed field lies 8 % below its distance: by the one that counts it climbs 20.8 m a km.
    """
    agree, judged = agreement(compared, 2)
    assert (agree, judged) == (20, 26)
    fresh = compared.filter(pl.col("round") == 2)
    assert ((fresh["by_eye"] == "intervals") == (fresh["run_type"] == "intervals")).all()


def test_every_session_of_intervals_but_one_is_found(compared: pl.DataFrame) -> None:
    seen = compared.filter(pl.col("by_eye") == "intervals")
    assert seen.height == 17
    assert (seen["run_type"] == "intervals").sum() >= 16


def test_none_is_called_intervals_that_the_eye_did_not_call_so(compared: pl.DataFrame) -> None:
    assert set(compared.filter(pl.col("run_type") == "intervals")["by_eye"]) == {"intervals"}
