"""The page's picture of the calibration is that of the campaign in docs/, and the campaign keeps its promises."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from benchmarks.calibration import ALL, for_the_page
from benchmarks.histories import UNCONFOUNDED
from hipdrive.report.figures.calibration import calibration, draw_calibration

SUMMARY = pl.read_csv(Path(__file__).parents[2] / "docs" / "calibration.csv")


def test_the_page_shows_the_campaign_of_docs() -> None:
    assert_frame_equal(calibration(), for_the_page(SUMMARY))


def test_the_figure_says_the_rates_and_their_monte_carlo_error() -> None:
    figure = draw_calibration()
    assert "Of 5,000 made-up runners without an effect this estimate is wrong about 3.4\u202f%" in figure.title
    assert "Monte-Carlo error of the rates: at most 0.7\u202f%" in figure.text
    assert figure.table["method"][0] == "hipdrive"


@pytest.mark.parametrize("weeks", [52, 104])
def test_the_campaign_keeps_what_the_verdict_rests_on(weeks: int) -> None:
    """At least 500 a cell; false alarms and coverage of the estimate as docs/methods.md promises them."""
    ours = SUMMARY.filter(pl.col("weeks") == weeks, pl.col("method").is_in(["achieved", "sustained"]))
    assert ours["histories"].min() == 500  # a cell; the pooled rows have ten of them
    null = ours.filter(pl.col("effect") == 0)
    pooled = null.filter(pl.col("kind") == ALL)
    assert (pooled["rejected_fraction"] <= 0.06).all()
    kinds = null.filter(pl.col("kind").is_in(UNCONFOUNDED))
    assert kinds["kind"].n_unique() == 10
    assert (kinds["rejected_fraction"] <= 0.08 + 2 * kinds["rejected_error_fraction"]).all()
    assert ours.filter(pl.col("kind") == ALL)["covered_fraction"].is_between(0.93, 0.975).all()
