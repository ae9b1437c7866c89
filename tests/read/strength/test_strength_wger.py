"""wger's logs: every unit of an amount, names under any key, and what cannot be read, by the entry's number."""

from __future__ import annotations

import json

import pytest

from hipdrive.errors import UnreadableFile
from hipdrive.read.strength import wger

ENTRY = {"date": "2026-03-02", "exercise": "Squat", "repetitions": "8", "weight": "60", "weight_unit": 1}


def rows(*entries: object) -> list[dict[str, object]]:
    return wger.read(json.dumps(entries).encode(), "wger.json").sets.to_dicts()


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        (1, {"reps": 8}),
        (2, {"set_type": "failure"}),
        (3, {"hold_s": 8}),
        (4, {"hold_s": 480}),
        (5, {"distance": 8, "distance_unit": "mi"}),
        (6, {"distance": 8, "distance_unit": "km"}),
    ],
)
def test_an_amount_is_what_its_unit_says(unit: int, expected: dict[str, object]) -> None:
    (row,) = rows({**ENTRY, "repetitions_unit": unit})
    assert {name: row[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("exercise", "name"),
    [
        ({"name": "Hip thrust"}, "Hip thrust"),
        ("Hip thrust", "Hip thrust"),
        (12, "wger exercise 12"),
        ("12", "wger exercise 12"),
    ],
)
def test_an_exercise_may_be_named_or_numbered(exercise: object, name: str) -> None:
    (row,) = rows({**ENTRY, "exercise": exercise})
    assert row["exercise_name"] == name


def test_an_entry_that_cannot_be_read_is_told_by_its_number_and_the_others_are_taken() -> None:
    nameless = {name: value for name, value in ENTRY.items() if name != "exercise"}
    log = wger.read(
        json.dumps([nameless, {**ENTRY, "date": "yesterday"}, 7, ENTRY, {"session": 3}]).encode(), "wger.json"
    )
    assert log.sets.height == 1
    assert log.rejects.rows() == [
        (1, "the entry has no exercise"),
        (2, "the entry has a date or a number that cannot be read"),
    ]
    assert log.remarks == ("1 entry is a session, which holds no sets",)


@pytest.mark.parametrize(
    ("data", "words"), [(b'[{"repetitions": 8,', "not valid JSON"), (b"[]", "no wger workout logs")]
)
def test_what_is_no_export_says_so(data: bytes, words: str) -> None:
    with pytest.raises(UnreadableFile, match=words):
        wger.read(data, "wger.json")
