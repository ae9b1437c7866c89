"""The diary of the nights survives crashes and versions."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from polars.testing import assert_frame_equal

from hipdrive.tables.weeks import NightlyRun
from hipdrive.warehouse import read_nights, write_night
from tests.makers.warehouse import nightly_row

if TYPE_CHECKING:
    from pathlib import Path

    from hipdrive.settings import Home


def diary(home: Home) -> Path:
    return home.data / "nights.jsonl"


def add(home: Home, text: bytes) -> None:
    with diary(home).open("ab") as file:
        file.write(text)


def tell(home: Home, run_id: str) -> None:
    write_night(home, NightlyRun.validate(nightly_row(run_id)))


def told(home: Home) -> list[str]:
    return read_nights(home)["run_id"].to_list()


def test_before_the_first_night_there_is_none(home: Home) -> None:
    assert told(home) == []


def test_a_night_is_read_as_it_was_told(home: Home) -> None:
    night = NightlyRun.validate(
        nightly_row(
            status="stopped", message="it's “over”\n", finished_utc=datetime(2026, 3, 1, 2, 3, 4, 567, tzinfo=UTC)
        )
    )
    write_night(home, night)
    assert_frame_equal(read_nights(home), night)


def test_nights_are_one_line_each_in_the_order_they_were_told(home: Home) -> None:
    for run_id in ("b", "a", "c"):
        tell(home, run_id)
    assert told(home) == ["b", "a", "c"]
    assert [json.loads(line)["run_id"] for line in diary(home).read_text(encoding="utf-8").splitlines()] == [
        "b",
        "a",
        "c",
    ]


def test_a_line_that_broke_off_takes_no_other_with_it(home: Home) -> None:
    tell(home, "before")
    add(home, b'{"run_id": "broken", "started_utc": "2026-')
    tell(home, "after")
    tell(home, "later")
    assert told(home) == ["before", "after", "later"]


@pytest.mark.parametrize("line", [b"7", b"[]", b"null", b'"text"', b"{}", b"\xff\xfe", b'{"run_id": "little"}', b""])
def test_a_line_that_is_no_night_is_left_out(home: Home, line: bytes) -> None:
    tell(home, "before")
    add(home, line + b"\n")
    tell(home, "after")
    assert told(home) == ["before", "after"]


def test_what_a_later_version_tells_besides_is_left_out(home: Home) -> None:
    tell(home, "one")
    line = {**json.loads(diary(home).read_text(encoding="utf-8")), "run_id": "two", "seconds_dreaming": 5.0}
    add(home, json.dumps(line).encode() + b"\n")
    assert told(home) == ["one", "two"]


def test_a_home_without_a_data_folder_gets_one(home: Home) -> None:
    (home.data / "inbox").rmdir()
    home.data.rmdir()
    tell(home, "first")
    assert told(home) == ["first"]
