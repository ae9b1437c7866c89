"""Every real run against what its own watch wrote into the session; whatever differs by over 0.5 % has its reason."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from benchmarks.watches import HELD_EQUAL, compare_with_watches, summary

BY_PHONE = "written by a phone"
EVERY_FEW_SECONDS = "recorded every few seconds"


@pytest.fixture(scope="module")
def compared(corpus: Path) -> pl.DataFrame:
    return compare_with_watches(corpus)


def of(compared: pl.DataFrame, quantity: str) -> pl.DataFrame:
    return compared.filter(pl.col("quantity") == quantity)


def test_every_difference_above_half_a_percent_has_a_reason(compared: pl.DataFrame) -> None:
    assert compared.filter(pl.col("reason") == "unexplained").is_empty()


@pytest.mark.parametrize(
    ("quantity", "sessions", "within"),
    [
        ("distance", 360, 0.97),
        ("timer", 360, 0.94),
        ("heart rate", 190, 0.77),
        ("cadence", 300, 0.63),
        ("step length", 80, 0.95),
        ("contact time", 80, 0.92),
        ("vertical ratio", 50, 0.92),
    ],
)
def test_most_sessions_agree_without_any_reason(
    compared: pl.DataFrame, quantity: str, sessions: int, within: float
) -> None:
    rows = of(compared, quantity)
    assert rows.height >= sessions
    assert rows["reason"].null_count() >= within * rows.height


def test_watches_that_record_every_second_agree_but_for_masked_values_and_short_runs(compared: pl.DataFrame) -> None:
    steady = compared.filter(
        pl.col("quantity").is_in(HELD_EQUAL),
        ~pl.col("reason").fill_null("").str.contains(f"{BY_PHONE}|{EVERY_FEW_SECONDS}"),
    )
    reasons = steady.drop_nulls("reason").filter(~pl.col("reason").str.contains("too short|masked|stop between|leaps"))
    assert reasons.height <= 4
    assert reasons["difference_fraction"].abs().max() < 0.05  # type: ignore[operator]


def test_nothing_is_off_by_a_factor(compared: pl.DataFrame) -> None:
    """A cadence of one foot, a unit or a pause taken wrongly would be."""
    known = compared.filter(~pl.col("reason").fill_null("").str.contains(f"too short|leaps|{BY_PHONE}"))
    assert known["difference_fraction"].abs().max() < 0.4  # type: ignore[operator]


def test_the_stride_of_runs_lies_near_the_watch_s_mean(compared: pl.DataFrame) -> None:
    stride = compared.filter(~pl.col("quantity").is_in(HELD_EQUAL), pl.col("reason").is_null())
    off = (stride["in_runs"] / stride["theirs"] - 1).abs()
    assert float(str(off.median())) < 0.002
    assert float(str(off.quantile(0.95))) < 0.03


def test_the_page_of_measures_holds_the_table_that_comes_out_today(compared: pl.DataFrame) -> None:
    page = (Path(__file__).parents[2] / "docs" / "measures.md").read_text(encoding="utf-8")
    for line in summary(compared).splitlines():
        assert line in page, f"docs/measures.md is not current: {line}"
