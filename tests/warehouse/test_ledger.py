"""The ledger: what became of every file, whatever is offered again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from hipdrive.tables.sources import Source
from hipdrive.warehouse import Warehouse
from tests.makers.warehouse import ask, fill, frame

if TYPE_CHECKING:
    import polars as pl

    from hipdrive.settings import Home


def ledger(warehouse: Warehouse, columns: str = "path, source_id, modified_ns, status") -> list[tuple[object, ...]]:
    return ask(warehouse, f"SELECT {columns} FROM sources ORDER BY path, source_id")  # noqa: S608


def offered(*rows: dict[str, object]) -> pl.DataFrame:
    return Source.validate(frame("sources", *rows), cast=True)


def offer(
    warehouse: Warehouse, path: str, content: str, modified_ns: int, status: str = "loaded", **more: object
) -> list[str]:
    row = {"path": path, "source_id": content, "content_sha256": content or None, "modified_ns": modified_ns}
    return warehouse.merge_sources(offered({**row, "status": status, **more}))["path"].to_list()


def test_a_new_file_is_a_new_row(warehouse: Warehouse) -> None:
    offer(warehouse, "a.fit", "A", 1)
    offer(warehouse, "b.fit", "B", 1)
    assert ledger(warehouse) == [("a.fit", "A", 1, "loaded"), ("b.fit", "B", 1, "loaded")]


def test_a_touched_file_keeps_what_became_of_it_and_is_known_by_its_new_time(warehouse: Warehouse) -> None:
    offer(warehouse, "a.fit", "A", 1, records=9)
    offer(warehouse, "a.fit", "A", 2, "duplicate", records=0, first_seen_utc=datetime(2027, 1, 1, tzinfo=UTC))
    assert ledger(warehouse, "path, modified_ns, status, records, year(first_seen_utc)") == [
        ("a.fit", 2, "loaded", 9, 2026)
    ]


def test_a_file_that_changed_has_a_row_a_content(warehouse: Warehouse) -> None:
    offer(warehouse, "log.csv", "A", 1)
    offer(warehouse, "log.csv", "B", 2)
    assert ledger(warehouse) == [("log.csv", "A", 1, "loaded"), ("log.csv", "B", 2, "loaded")]


def test_a_file_that_changed_back_is_known_again(warehouse: Warehouse) -> None:
    offer(warehouse, "log.csv", "A", 1)
    offer(warehouse, "log.csv", "B", 2)
    offer(warehouse, "log.csv", "A", 3, "duplicate")
    assert ledger(warehouse) == [("log.csv", "A", 3, "loaded"), ("log.csv", "B", 2, "loaded")]


def test_one_content_under_two_names_has_two_rows(warehouse: Warehouse) -> None:
    offer(warehouse, "a.fit", "A", 1)
    offer(warehouse, "copy.fit", "A", 1, "duplicate")
    assert ledger(warehouse) == [("a.fit", "A", 1, "loaded"), ("copy.fit", "A", 1, "duplicate")]


def test_a_file_that_could_not_be_opened_and_now_can_has_only_its_new_row(warehouse: Warehouse) -> None:
    offer(warehouse, "a.fit", "", 0, "quarantined", reason="it could not be opened")
    assert ledger(warehouse, "path, status, reason") == [("a.fit", "quarantined", "it could not be opened")]
    offer(warehouse, "a.fit", "A", 1)
    assert ledger(warehouse) == [("a.fit", "A", 1, "loaded")]


def test_a_file_that_can_no_longer_be_opened_keeps_what_was_read_of_it(warehouse: Warehouse) -> None:
    offer(warehouse, "a.fit", "A", 1)
    offer(warehouse, "a.fit", "", 0, "quarantined")
    assert ledger(warehouse) == [("a.fit", "", 0, "quarantined"), ("a.fit", "A", 1, "loaded")]
    offer(warehouse, "a.fit", "A", 1, "duplicate")
    assert ledger(warehouse) == [("a.fit", "A", 1, "loaded")]


def test_what_was_quarantined_and_can_now_be_read_is_loaded(warehouse: Warehouse) -> None:
    """A new version of hipdrive may read what the old one could not."""
    offer(warehouse, "a.fit", "A", 1, "quarantined", reason="unknown", activities=0, records=0)
    offer(warehouse, "a.fit", "A", 2, "loaded", activities=1, records=7, format="fit")
    assert ledger(warehouse, "modified_ns, status, reason, activities, records") == [(2, "loaded", None, 1, 7)]


def test_news_are_what_was_opened_for_the_first_time_or_failed_before(warehouse: Warehouse) -> None:
    assert offer(warehouse, "a.fit", "A", 1) == ["a.fit"]
    assert offer(warehouse, "a.fit", "A", 2, "duplicate") == []
    assert offer(warehouse, "a.fit", "B", 3) == ["a.fit"]
    assert offer(warehouse, "b.fit", "", 0, "quarantined") == ["b.fit"]
    assert offer(warehouse, "b.fit", "", 0, "quarantined") == ["b.fit"]
    assert offer(warehouse, "b.fit", "C", 1, "quarantined") == ["b.fit"]
    assert offer(warehouse, "b.fit", "C", 2) == ["b.fit"]
    assert offer(warehouse, "b.fit", "C", 3, "duplicate") == []


def test_rows_of_other_files_stay(warehouse: Warehouse) -> None:
    offer(warehouse, "b.fit", "", 0, "quarantined")
    offer(warehouse, "a.fit", "A", 1)
    assert [path for path, *_ in ledger(warehouse)] == ["a.fit", "b.fit"]


def test_contents_are_known_unless_nothing_came_of_them(warehouse: Warehouse) -> None:
    for content, status in (("A", "loaded"), ("B", "quarantined"), ("C", "skipped"), ("D", "duplicate")):
        offer(warehouse, f"{content}.fit", content, 1, status)
    fill(warehouse, "sources", {"path": "x.zip", "source_id": "Z", "content_sha256": None})
    assert warehouse.known_contents() == {"A", "C", "D"}


def test_the_order_of_files_does_not_matter_to_the_ledger(home: Home) -> None:
    rows = [("a.fit", "A", 1), ("b.fit", "B", 2), ("a.fit", "C", 3)]
    found = []
    for order in (rows, rows[::-1]):
        with Warehouse(home) as warehouse:
            for path, content, modified_ns in order:
                offer(warehouse, path, content, modified_ns)
            found.append(ledger(warehouse))
    assert found[0] == found[1]


def test_a_ledger_leaves_as_a_typed_frame(warehouse: Warehouse) -> None:
    offer(warehouse, "it's 🏃.fit", "A", 1)
    (row,) = warehouse.read("sources", Source).iter_rows(named=True)
    assert (row["path"], row["first_seen_utc"]) == ("it's 🏃.fit", datetime(2026, 3, 1, tzinfo=UTC))
