"""The article's programme: prescribed against done, and the next session."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import dataframely as dy
import polars as pl
import pytest

from hipdrive.catalogue import load_catalogue
from hipdrive.measure.adherence import measure_adherence
from hipdrive.measure.programme import measure_programme, measure_targets
from hipdrive.tables.strength import LogSpan, StrengthSet

EXERCISES = load_catalogue().exercises
MONDAY = date(2026, 3, 2)
ITEMS = ["band_drive_back", "sl_glute_bridge", "band_donkey_kick", "sl_bounds", "hip_flexor_stretch"]


def done(exercise: str, day: date = MONDAY, **columns: object) -> dict[str, object]:
    return {
        "athlete_id": "me",
        "source_id": "a",
        "workout_id": f"a-{day}",
        "log_kind": "written",
        "started_utc": datetime(day.year, day.month, day.day, 18, tzinfo=UTC),
        "has_clock": True,
        "local_date": day,
        "set_index": 0,
        "line": 2,
        "set_type": "normal",
        "exercise": exercise,
        "match": "exact",
        **columns,
    }


def frame(*rows: dict[str, object]) -> dy.DataFrame[StrengthSet]:
    schema = StrengthSet.create_empty().schema
    return StrengthSet.validate(pl.DataFrame([{n: r.get(n) for n in schema} for r in rows], schema=schema))


def spans(first: date, last: date) -> dy.DataFrame[LogSpan]:
    row = {"athlete_id": "me", "first_date": first, "last_date": last, "log_kind": "written"}
    return LogSpan.validate(pl.DataFrame([row], schema=LogSpan.create_empty().schema))


def test_every_week_of_the_log_has_every_item() -> None:
    programme = measure_programme(frame(done("sl_bounds")), EXERCISES, spans(MONDAY, MONDAY + timedelta(days=15)))
    assert programme["exercise"].to_list() == ITEMS * 3
    assert programme["week_start"].unique().sort().to_list() == [MONDAY + timedelta(weeks=n) for n in range(3)]


def test_half_of_the_prescribed_sets_is_half_adherence() -> None:
    sets = frame(done("sl_glute_bridge"), done("band_drive_back"), done("band_drive_back", side="left"))
    programme = measure_programme(sets, EXERCISES, spans(MONDAY, MONDAY), sessions_per_week=2, sets_per_session=1)
    by_item = {row["exercise"]: row for row in programme.iter_rows(named=True)}
    assert by_item["sl_glute_bridge"]["adherence_fraction"] == pytest.approx(1 / 2)
    assert by_item["band_drive_back"]["done_sets"] == pytest.approx(1 + 0.5)
    assert by_item["band_drive_back"]["adherence_fraction"] == pytest.approx(1.5 / 2)
    assert by_item["sl_bounds"]["done_sets"] == 0


def test_more_than_prescribed_is_full_adherence_and_no_more() -> None:
    programme = measure_programme(frame(*[done("sl_bounds")] * 9), EXERCISES, spans(MONDAY, MONDAY))
    assert programme.filter(exercise="sl_bounds")["adherence_fraction"].to_list() == [1.0]


def test_warm_ups_and_superseded_sets_are_not_done() -> None:
    sets = frame(done("sl_bounds", set_type="warmup"), done("sl_bounds", superseded_by="b-1"))
    programme = measure_programme(sets, EXERCISES, spans(MONDAY, MONDAY))
    assert programme["done_sets"].sum() == 0


def test_a_weeks_adherence_is_the_mean_of_the_four_strengthening_items() -> None:
    sets = frame(*[done(item) for item in ITEMS], done("sl_bounds"))
    adherence = measure_adherence(measure_programme(sets, EXERCISES, spans(MONDAY, MONDAY)))
    assert adherence["adherence_fraction"].to_list() == [pytest.approx((0.5 + 0.5 + 0.5 + 1.0) / 4)]


def targets(*rows: dict[str, object]) -> dict[str, dict[str, object]]:
    frame_of_targets = measure_targets(frame(*rows), EXERCISES)
    return {row["exercise"]: row for row in frame_of_targets.iter_rows(named=True)}


def test_who_has_never_done_an_item_begins_at_the_lower_end() -> None:
    found = targets(done("bench_press", reps=5.0))
    assert [found[item]["reps"] for item in ITEMS] == [20, 15, 15, None, 8]
    assert found["sl_bounds"]["distance_m"] == 50


def test_repetitions_go_up_by_one_from_the_weakest_set_of_the_last_day() -> None:
    earlier = done("sl_glute_bridge", MONDAY - timedelta(days=3), reps=15.0)
    found = targets(earlier, done("sl_glute_bridge", reps=18.0), done("sl_glute_bridge", reps=16.0))
    assert found["sl_glute_bridge"]["reps"] == 16 + 1
    assert found["sl_glute_bridge"]["last_date"] == MONDAY


def test_targets_stay_within_the_articles_range() -> None:
    found = targets(
        done("sl_glute_bridge", reps=30.0),
        done("band_drive_back", reps=5.0),
        done("sl_bounds", distance_m=100.0),
    )
    assert found["sl_glute_bridge"]["reps"] == 20
    assert found["band_drive_back"]["reps"] == 20
    assert found["sl_bounds"]["distance_m"] == 100


def test_bounds_grow_by_ten_metres() -> None:
    assert targets(done("sl_bounds", distance_m=60.0))["sl_bounds"]["distance_m"] == 60 + 10


def test_every_item_has_a_cue() -> None:
    assert all(row["cue"] for row in targets(done("sl_bounds", distance_m=60.0)).values())


def test_who_has_no_log_at_all_has_targets_to_begin_with() -> None:
    nobody = frame(done("sl_bounds")).clear()
    found = measure_targets(nobody, EXERCISES, athlete_ids=("anna",))
    assert found.select("athlete_id", "exercise").rows() == [("anna", item) for item in ITEMS]
