"""A best that is far ahead of the runner's next is not said without a doubt."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from hipdrive.report.efforts import best_effort_words, efforts_of_one_quarter
from hipdrive.report.findings import Findings
from hipdrive.tables.questions import BestEffortBySeason
from tests.makers.findings import make_findings


@pytest.fixture(scope="module")
def drawn() -> Findings:
    return make_findings()


def doubted(drawn: Findings, *, is_doubtful: bool) -> Findings:
    assert drawn.best_efforts is not None
    ahead = drawn.best_efforts.with_columns(over_next_fraction=pl.lit(0.07), is_doubtful=pl.lit(is_doubtful))
    return replace(drawn, best_efforts=BestEffortBySeason.validate(ahead))


def test_the_page_says_that_a_best_is_doubtful(drawn: Findings) -> None:
    assert "(doubtful: 7\u202f% faster than your next" in (best_effort_words(doubted(drawn, is_doubtful=True)) or "")
    assert "doubtful" not in (best_effort_words(doubted(drawn, is_doubtful=False)) or "doubtful")


def test_so_do_the_bests_of_one_quarter(drawn: Findings) -> None:
    one = doubted(drawn, is_doubtful=True)
    assert one.best_efforts is not None
    first = one.best_efforts.filter(pl.col("season_start") == pl.col("season_start").min())
    said = efforts_of_one_quarter(replace(one, best_efforts=BestEffortBySeason.validate(first)))
    assert said
    assert all("doubtful" in each for each in said)
