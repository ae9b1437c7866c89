"""The page's picture of the calibration is that of the campaign in docs/, and the campaign keeps its promises."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from benchmarks.calibration import ALL, for_the_page
from benchmarks.histories import UNCONFOUNDED
from hipdrive.estimate.prior import STUDIES_SD
from hipdrive.report.figures.calibration import calibration, draw_calibration

DOCS = Path(__file__).parents[2] / "docs"
SUMMARY = pl.read_csv(DOCS / "calibration.csv", infer_schema_length=None)
VERDICTS, EXPERIMENTS = pl.read_csv(DOCS / "verdicts.csv"), pl.read_csv(DOCS / "experiments.csv")


def test_the_page_shows_the_campaign_of_docs() -> None:
    assert_frame_equal(calibration(), for_the_page(SUMMARY))


def test_the_figure_says_the_rates_and_how_well_they_are_known() -> None:
    figure = draw_calibration()
    assert "Of 3,000 made-up runners without an effect this estimate is wrong about 4.0\u202f%" in figure.title
    assert "The rates are known to within 0.7\u202f%" in figure.text
    assert figure.table["method"][0] == "hipdrive"


def test_the_campaign_keeps_what_the_verdict_rests_on() -> None:
    """300 a cell; false alarms and coverage of the estimate as docs/methods.md promises them."""
    ours = SUMMARY.filter(pl.col("weeks") == 104, pl.col("method") == "achieved")
    assert ours["histories"].min() == 300  # a cell; the pooled rows have ten of them
    assert set(ours["effect"]) == {0.0, 0.02, 0.04}
    null = ours.filter(pl.col("effect") == 0)
    pooled = null.filter(pl.col("kind") == ALL)
    assert pooled["rejected_fraction"].item() == pytest.approx(0.05, abs=0.01)
    assert (ours.filter(pl.col("kind") == ALL)["covered_fraction"] - 0.95).abs().max() <= 0.015  # type: ignore[operator]
    kinds = null.filter(pl.col("kind").is_in(UNCONFOUNDED))
    assert kinds["kind"].n_unique() == 10
    assert (kinds["rejected_fraction"] - 2 * kinds["rejected_error_fraction"] <= 0.06).all()
    quiet = null.filter(pl.col("kind") == "quiet").row(0, named=True)
    assert quiet["rejected_fraction"] - 2 * quiet["rejected_error_fraction"] <= 0.08


def test_races_that_are_told_keep_the_level_and_the_coverage() -> None:
    told = SUMMARY.filter(pl.col("weeks") == 104, pl.col("kind") == "race_cycles", pl.col("method") == "achieved")
    null = told.filter(pl.col("effect") == 0).row(0, named=True)
    assert null["rejected_fraction"] - 2 * null["rejected_error_fraction"] <= 0.05
    assert told.height == 3
    assert (told["covered_fraction"] + 2 * told["covered_error_fraction"] >= 0.95).all()


def test_the_headline_holds_a_true_four_per_cent_and_errs_by_little() -> None:
    headline = SUMMARY.filter(
        pl.col("weeks") == 104, pl.col("kind") == ALL, pl.col("method") == f"headline_{STUDIES_SD:g}"
    )
    assert headline.filter(pl.col("effect") == 0.04)["covered_fraction"].item() >= 0.90
    assert headline.filter(pl.col("effect") == 0.02)["root_mean_square_error"].item() <= 0.014


def test_the_words_come_as_often_as_they_should() -> None:
    """`associated` at 0, 2 and 4 %, within two Monte-Carlo errors of what was asked for."""
    two_years = VERDICTS.filter(pl.col("weeks") == 104, pl.col("kind") == ALL)
    said = two_years.filter(pl.col("verdict") == "associated").sort("effect")
    share, error = said["share_fraction"].to_list(), said["error_fraction"].to_list()
    assert share[0] - 2 * error[0] <= 0.015
    assert share[1] + 2 * error[1] >= 0.11
    assert share[2] + 2 * error[2] >= 0.33


def test_the_draw_keeps_its_level_whatever_was_done_before() -> None:
    null = EXPERIMENTS.filter(pl.col("effect") == 0)
    assert set(null["pairs"]) == {1, 2, 5, 6}
    assert (null["supported_fraction"] - 2 * null["error_fraction"] <= 0.05).all()
    assert (null.filter(pl.col("pairs") < 5)["supported_fraction"] == 0).all()
    found = EXPERIMENTS.filter(pl.col("effect") > 0).sort("effect")
    for row, least in zip(found.iter_rows(named=True), (0.17, 0.29), strict=True):
        assert row["supported_fraction"] + 2 * row["error_fraction"] >= least
