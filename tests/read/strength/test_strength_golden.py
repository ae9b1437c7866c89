"""Each app's export, drawn by hand beside the sets it must become: `x` and `x.sets.csv`."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from hipdrive.catalogue import Resolver, load_catalogue
from hipdrive.read.strength import RawStrength, read_strength, recognise_format
from hipdrive.tidy.strength import name_unstated_units, tidy_strength_sets

FOLDER = Path(__file__).parents[2] / "golden" / "strength"
FORMATS = {
    "fitbod.csv": "fitbod",
    "fitbod_condensed.csv": "fitbod",
    "fitnotes_2_iphone.csv": "fitnotes",
    "fitnotes_lbs.csv": "fitnotes",
    "fitnotes_timed.csv": "fitnotes",
    "fitnotes_unit_column.csv": "fitnotes",
    "gymbook_german.csv": "gymbook",
    "gymbook_italian.csv": "gymbook",
    "gymrun.csv": "gymrun",
    "hevy_lbs.csv": "hevy",
    "hevy_mixed_units.csv": "hevy",
    "hevy_portuguese_months.csv": "hevy",
    "hevy_spanish_clock.csv": "hevy",
    "jefit.csv": "jefit",
    "jefit_settings.csv": "jefit",
    "lyfta.csv": "lyfta",
    "lyfta_2026.csv": "lyfta",
    "other_german.csv": "other_table",
    "plain.csv": "plain_csv",
    "plain.toml": "plain_toml",
    "strong_2017_no_duration.csv": "strong",
    "strong_2026_comma.csv": "strong",
    "strong_german_android.csv": "strong",
    "strong_german_header.csv": "strong",
    "strong_portuguese_header.csv": "strong",
    "strong_semicolon_units.csv": "strong",
    "strong_us_clock.csv": "strong",
    "wger_api.json": "wger",
    "wger_names.json": "wger",
}
REJECTS = {
    "fitnotes_timed.csv": [(5, "the app marks this set as not done")],
    "gymbook_german.csv": [(4, "the app marks this set as skipped")],
    "gymbook_italian.csv": [(5, "the app marks this set as skipped")],
    "wger_api.json": [(3, "the entry has no date")],
}
RESOLVER = Resolver(load_catalogue(), {})


def read(name: str) -> RawStrength:
    return read_strength((FOLDER / name).read_bytes(), name)


def test_every_golden_log_is_in_the_list() -> None:
    logs = {path.name for path in FOLDER.iterdir() if not path.name.endswith(".sets.csv")}
    assert logs == set(FORMATS)


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_the_format_is_told_by_content(name: str) -> None:
    assert recognise_format((FOLDER / name).read_bytes()) == FORMATS[name]


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_the_sets_are_those_beside_the_log(name: str) -> None:
    sets, _ = tidy_strength_sets(
        read(name).sets,
        athlete_id="me",
        source_id="f" * 64,
        time_zone="Europe/Berlin",
        weight_unit="kg",
        distance_unit="m",
        resolver=RESOLVER,
    )
    expected = pl.read_csv(FOLDER / f"{name}.sets.csv", infer_schema=False)
    shown = sets.with_columns(
        pl.col("started_utc").dt.strftime("%Y-%m-%dT%H:%MZ"), pl.col("weight_kg", "distance_m").round(3)
    ).select(expected.columns)
    assert shown.write_csv() == expected.write_csv()


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_bad_rows_are_listed_with_line_and_cause(name: str) -> None:
    assert read(name).rejects.rows() == REJECTS.get(name, [])


@pytest.mark.parametrize("name", sorted(name for name in FORMATS if name.endswith(".csv")))
@pytest.mark.parametrize("change", ["bom", "crlf", "utf16", "utf16_unmarked", "utf16_big_endian", "separator_line"])
def test_byte_order_marks_and_line_ends_change_nothing(name: str, change: str) -> None:
    data = (FOLDER / name).read_bytes()
    changed = {
        "bom": b"\xef\xbb\xbf" + data,
        "crlf": data.replace(b"\n", b"\r\n"),
        "utf16": data.decode().encode("utf-16"),
        "utf16_unmarked": data.decode().encode("utf-16-le"),
        "utf16_big_endian": data.decode().encode("utf-16-be"),
        "separator_line": b"sep=" + bytes([_delimiter(data)]) + b"\n" + data,
    }[change]
    assert recognise_format(changed) == FORMATS[name]
    before, after = read(name), read_strength(changed, name)
    # Line breaks inside a note change with those of the file; a line more on top moves every line.
    ignored = {"crlf": ["notes"], "separator_line": ["line"]}.get(change, [])
    assert after.sets.drop(ignored).equals(before.sets.drop(ignored))


def _delimiter(data: bytes) -> int:
    return max(b",;\t", key=data.split(b"\n")[0].count)


def test_units_that_a_log_does_not_state_are_named_with_what_the_settings_say() -> None:
    def named(name: str) -> list[str]:
        return name_unstated_units(read(name).sets, weight_unit="lb", distance_unit="km")

    assert named("strong_2026_comma.csv") == [
        "3 sets state no unit of weight: taken as lb (strength.weight_unit in hipdrive.toml)",
        "2 sets state no unit of distance: taken as km (strength.distance_unit in hipdrive.toml)",
    ]
    assert named("hevy_lbs.csv") == []
    assert named("jefit_settings.csv") == []


def test_what_a_jefit_file_holds_of_cardio_is_counted() -> None:
    assert read("jefit_settings.csv").remarks == ("rows of cardio left out: 1",)


def test_a_table_of_an_unknown_app_says_how_it_was_read() -> None:
    assert read("other_german.csv").remarks == ("no app that hipdrive knows: its columns were read by their names",)
