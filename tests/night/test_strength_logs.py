"""What the ledger and the settings say of strength logs."""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl
import pytest

from hipdrive.night.strength_logs import date_in_name, list_rulings, list_strength_logs
from hipdrive.tables.sources import Source
from hipdrive.tables.strength import TidyStrengthSet
from hipdrive.tables.strength_overlap import StrengthLog
from tests.makers.warehouse import frame

MIDNIGHT_NS = int(datetime(2026, 3, 5, tzinfo=UTC).timestamp() * 1e9)


def known(paths: list[str], ids: list[str], athlete: str = "me", format_: str = "strong") -> pl.DataFrame:
    sources = frame(
        "sources",
        *(
            {"path": path, "source_id": one, "athlete_id": athlete, "format": format_, "modified_ns": MIDNIGHT_NS}
            for path, one in zip(paths, ids, strict=True)
        ),
    )
    schema = TidyStrengthSet.create_empty().schema
    sets = [
        {
            "athlete_id": athlete,
            "source_id": one,
            "workout_id": f"{one}-0",
            "log_kind": "written",
            "started_utc": datetime(2026, 3, 2, 18, tzinfo=UTC),
            "has_clock": True,
            "local_date": date(2026, 3, 2),
            "set_index": 0,
            "line": 2,
            "set_type": "normal",
            "match": "exact",
        }
        for one in ids
    ]
    rows = pl.DataFrame([{name: one.get(name) for name in schema} for one in sets], schema=schema)
    return list_strength_logs(Source.cast(sources), TidyStrengthSet.validate(rows))


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("inbox/FitNotes_Export_2026_03_01.csv", date(2026, 3, 1)),
        ("strong-20260301.csv", date(2026, 3, 1)),
        ("2025-12-31 to 2026.03.01.csv", date(2026, 3, 1)),
        ("strong 2026-13-41.csv", None),
        ("strong6543210987654.csv", None),
        ("2026-03-01/strong.csv", None),
    ],
)
def test_the_day_that_a_name_states(path: str, day: date | None) -> None:
    assert date_in_name(path) == day


def test_an_export_states_its_day_only_after_its_last_workout() -> None:
    logs = known(["strong_2026-03-04.csv", "strong_2026-03-01.csv"], ["a", "b"])
    assert logs["exported_date"].to_list() == [date(2026, 3, 4), None]
    assert logs["modified_utc"].to_list() == [datetime(2026, 3, 5, tzinfo=UTC)] * 2


@pytest.mark.parametrize(
    ("format_", "app"), [("strong", "strong"), ("hevy_api", "hevy"), ("plain_csv", None), ("other_table", None)]
)
def test_a_log_that_no_known_app_wrote_is_made_by_hand(format_: str, app: str | None) -> None:
    assert known(["a.csv"], ["a"], format_=format_)["app"].to_list() == [app]


@pytest.mark.parametrize(
    ("overlaps", "expected"),
    [
        ({"strong*.csv & hevy.csv": "both"}, [("s1", "h", "both"), ("s2", "h", "both")]),
        ({"hevy.csv & data/inbox/strong1.csv": "hevy.csv"}, [("h", "s1", "first")]),
        ({"hevy.csv & strong1.csv": "strong1.csv"}, [("h", "s1", "second")]),
        ({"jefit.csv & strong1.csv": "both"}, []),
    ],
)
def test_a_line_of_the_settings_names_logs(overlaps: dict[str, str], expected: list[tuple[str, str, str]]) -> None:
    paths = [f"data/inbox/{name}.csv" for name in ("strong1", "strong2", "hevy")]
    logs = pl.concat([known(paths, ["s1", "s2", "h"]), known(paths, ["s1", "s2", "h"], "anna").head(1)])
    rulings = list_rulings(overlaps, StrengthLog.validate(logs))
    assert sorted(rulings.select("first_source_id", "second_source_id", "verdict").rows()) == sorted(expected)
