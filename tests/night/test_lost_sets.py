"""What is told of a log that shrank."""

from __future__ import annotations

import polars as pl

from hipdrive.night.versions import lost_sets


def ledger(*rows: tuple[str, str, int, int]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=["path", "source_id", "counted", "sets"], orient="row")


def test_a_newer_content_that_lost_sets_is_told() -> None:
    before = ledger(("strong.csv", "a", 40, 40))
    after = ledger(("strong.csv", "a", 0, 40), ("strong.csv", "b", 10, 10))
    assert lost_sets(before, after) == [
        "strong.csv had 40 sets that counted and now has 10; if that is not what you meant, export the log again"
    ]


def test_a_log_whose_workouts_count_in_a_later_export_lost_nothing() -> None:
    before = ledger(("strong_may.csv", "a", 40, 40))
    after = ledger(("strong_may.csv", "a", 0, 40), ("strong_june.csv", "b", 50, 50))
    assert lost_sets(before, after) == []
