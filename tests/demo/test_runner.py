"""The made-up runner as a whole: the truth they carry, and the files, read by another's decoder."""

from __future__ import annotations

import csv
import io
import math
from datetime import date, datetime, timedelta
from typing import Any

import fitparse
import numpy as np
import polars as pl
import pytest

from hipdrive.demo import MadeUpRunner, make_runner
from hipdrive.demo.strength_log import REST_TIMER, WARM_UP

Messages = dict[str, list[dict[str, Any]]]
SEED = 14  # the runner with the shortest four weeks of the first forty


@pytest.fixture(scope="module")
def runner() -> MadeUpRunner:
    return make_runner(weeks=4, seed=SEED)


@pytest.fixture(scope="module")
def files(runner: MadeUpRunner) -> dict[str, bytes]:
    return dict(runner.files)


@pytest.fixture(scope="module")
def decoded(files: dict[str, bytes]) -> dict[str, Messages]:
    """Every FIT file as fitparse reads it, checksums included."""
    return {name: by_kind(content) for name, content in files.items() if name.endswith(".fit")}


def by_kind(content: bytes) -> Messages:
    messages: Messages = {}
    for message in fitparse.FitFile(io.BytesIO(content), check_crc=True).get_messages():
        messages.setdefault(message.name, []).append(message.get_values())
    return messages


def runs_of(decoded: dict[str, Messages]) -> dict[str, Messages]:
    return {name: messages for name, messages in decoded.items() if name.endswith("run.fit")}


def seconds_between(first: datetime, last: datetime) -> float:
    return (last - first).total_seconds()


def test_the_same_arguments_give_the_same_bytes(files: dict[str, bytes]) -> None:
    assert list(make_runner(weeks=4, seed=SEED).files) == list(files.items())


def test_another_seed_is_another_life(files: dict[str, bytes]) -> None:
    assert next(iter(make_runner(weeks=4, seed=SEED + 1).files))[1] != files["strong.csv"]


def test_another_effect_is_the_same_life_at_another_speed() -> None:
    with_effect, without = (make_runner(weeks=30, seed=2, effect=effect) for effect in (0.04, 0.0))
    assert with_effect.workouts == without.workouts
    assert [run for run, _ in with_effect.runs] == [run for run, _ in without.runs]
    gained = with_effect.truth.by_day["log_speed"] - without.truth.by_day["log_speed"]
    planted = with_effect.truth.by_week["planted_log_speed"].to_numpy().repeat(7)
    assert gained.to_numpy() == pytest.approx(planted)
    assert planted.max() > 0.005


def test_the_history_ends_on_its_last_day_and_misses_no_week(runner: MadeUpRunner) -> None:
    weeks = runner.truth.by_week["week_start"].to_list()
    assert weeks == [date(2026, 10, 19) + timedelta(weeks=week) for week in range(4)]
    assert runner.truth.by_day["local_date"][-1] == date(2026, 11, 15)


def test_runs_by_week_are_the_run_files(runner: MadeUpRunner, files: dict[str, bytes]) -> None:
    names = [name for name in files if name.endswith("run.fit")]
    assert runner.truth.by_week["runs"].sum() == len(names) == len(runner.runs)


def test_no_two_files_share_a_name() -> None:
    runner = make_runner(weeks=60, seed=3)
    starts = [run.start for run, _ in runner.runs]
    assert len({f"{start:%Y-%m-%d-%H%M}" for start in starts}) == len(starts)


def test_the_planted_speed_is_the_lagged_dose() -> None:
    truth = make_runner(weeks=40, seed=4, effect=0.05).truth

    def arrived(weeks: float) -> float:
        """Share of a dose's effect that has come so long after it."""
        x = max(weeks, 0.0) * 3 / 7
        return 1 - math.exp(-x) * (1 + x + x * x / 2)

    dose = [min(value, 2.0) for value in truth.by_week["hip_dose"]]
    expected = [
        math.log(1.05)
        * sum(dose[then] * (arrived(now - then + 0.5) - arrived(now - then - 0.5)) for then in range(now + 1))
        for now in range(40)
    ]
    assert truth.by_week["planted_log_speed"].to_list() == pytest.approx(expected)
    assert max(expected) > 0.01


def test_the_weekly_dose_can_be_worked_out_from_the_exported_log() -> None:
    runner = make_runner(weeks=60, seed=6)
    name, content = next(iter(runner.files))
    assert name == "strong.csv"
    least = {"Band Drive Back": (0.5, 20), "Single Leg Glute Bridge": (0.6, 15), "Donkey Kick (Band)": (0.6, 15)}
    lifts = {"Hip Thrust (Barbell)": 1.0, "Deadlift (Barbell)": 0.8}
    rows = [
        (date.fromisoformat(row["Date"][:10]), row)
        for row in csv.DictReader(io.StringIO(content.decode()))
        if row["Set Order"] not in {WARM_UP, REST_TIMER}
    ]
    dose = dict.fromkeys(runner.truth.by_week["week_start"].to_list(), 0.0)
    for day, row in rows:
        exercise, reps = row["Exercise Name"], int(row["Reps"])
        effort = 0.75 if not row["RPE"] or float(row["RPE"]) < 7 else 1.0
        credit = 0.0
        if exercise in least:
            weight, fewest = least[exercise]
            credit = weight * effort * min(reps / fewest, 1.25)
        elif exercise == "Straight Leg Bounds":
            credit = 0.8 * effort * min(float(row["Distance"]) / 50, 1.25)
        elif exercise in lifts:
            recent = [
                float(other["Weight"]) * (1 + int(other["Reps"]) / 30)
                for then, other in rows
                if other["Exercise Name"] == exercise and 0 <= (day - then).days < 90
            ]
            share = float(row["Weight"]) / max(recent)
            credit = lifts[exercise] * min(max(share / 0.75, 0.5), 1.2) * min(reps / 5, 1.25)
        dose[day - timedelta(days=day.weekday())] += credit / 3.75
    assert runner.truth.by_week["hip_dose"].to_list() == pytest.approx(list(dose.values()))
    assert 0.8 < np.mean([value for value in dose.values() if value > 0]) < 1.8


def test_a_full_week_of_the_programme_is_worth_about_one() -> None:
    on = make_runner(weeks=200, seed=8).truth.by_week.filter(pl.col("is_on_block"))["hip_dose"]
    assert 0.8 < on.median() < 1.6  # type: ignore[operator]


def test_weeks_without_a_block_have_no_dose() -> None:
    off = make_runner(weeks=104, seed=9).truth.by_week.filter(~pl.col("is_on_block"))
    assert off.height > 20
    assert off["hip_dose"].sum() == 0.0


def test_session_totals_are_those_of_the_records(decoded: dict[str, Messages]) -> None:
    for messages in runs_of(decoded).values():
        records, (session,) = messages["record"], messages["session"]
        beats = [record["heart_rate"] for record in records if record["heart_rate"] is not None]
        lengths = [record["step_length"] for record in records if record["step_length"] is not None]
        strides = [record["cadence"] + record["fractional_cadence"] for record in records if record["cadence"]]
        assert session["total_distance"] == records[-1]["distance"]
        assert session["total_elapsed_time"] == seconds_between(records[0]["timestamp"], records[-1]["timestamp"])
        assert session["total_timer_time"] == len({record["distance"] for record in records}) - 1
        assert session["avg_heart_rate"] == pytest.approx(np.mean(beats), abs=0.5)
        assert session["max_heart_rate"] == max(beats)
        assert session["avg_step_length"] == pytest.approx(np.mean(lengths), abs=0.051)
        cadence = session["avg_running_cadence"] + session["avg_fractional_cadence"]
        assert cadence == pytest.approx(np.mean(strides), abs=1 / 128)
        speed = session["total_distance"] / session["total_timer_time"]
        assert session["enhanced_avg_speed"] == pytest.approx(speed, abs=0.0005)
        assert session["enhanced_max_speed"] == max(record["enhanced_speed"] for record in records)


def test_pauses_are_holes_between_a_stop_and_a_start(decoded: dict[str, Messages]) -> None:
    paused = 0
    for messages in runs_of(decoded).values():
        events = [(event["event_type"], event["timestamp"]) for event in messages["event"]]
        assert [kind for kind, _ in events] == ["start", "stop_all"] * (len(events) // 2)
        stops, starts = [when for _, when in events[1:-1:2]], [when for _, when in events[2::2]]
        seen = [record["timestamp"] for record in messages["record"]]
        for stop, start in zip(stops, starts, strict=True):
            assert stop in seen
            assert start in seen
            assert not [when for when in seen if stop < when < start]
        standing = sum(seconds_between(stop, start) for stop, start in zip(stops, starts, strict=True))
        (session,) = messages["session"]
        assert session["total_elapsed_time"] - session["total_timer_time"] == standing
        paused += len(stops)
    assert paused >= 5


def test_laps_add_up_to_the_session_a_kilometre_each(decoded: dict[str, Messages]) -> None:
    for messages in runs_of(decoded).values():
        laps, (session,) = messages["lap"], messages["session"]
        assert session["num_laps"] == len(laps)
        for total in ("total_distance", "total_timer_time", "total_elapsed_time"):
            assert sum(lap[total] for lap in laps) == pytest.approx(session[total])
        assert all(lap["total_distance"] == pytest.approx(1000, abs=6) for lap in laps[:-1])
        assert [lap["lap_trigger"] for lap in laps] == ["distance"] * (len(laps) - 1) + ["session_end"]
        assert laps[0]["start_time"] == session["start_time"]
        assert [lap["start_time"] for lap in laps[1:]] == [lap["timestamp"] for lap in laps[:-1]]


def test_records_hold_what_a_watch_with_a_strap_records(decoded: dict[str, Messages]) -> None:
    for messages in runs_of(decoded).values():
        middle = messages["record"][len(messages["record"]) // 2]
        assert 100 < middle["heart_rate"] < 190
        assert 70 < middle["cadence"] < 100
        assert 700 < middle["step_length"] < 1600
        assert 190 < middle["stance_time"] < 320
        assert 60 < middle["vertical_oscillation"] < 115
        assert 5 < middle["vertical_ratio"] < 13
        assert -10 < middle["temperature"] < 40


def test_a_treadmill_run_is_one_without_place_and_altitude(runner: MadeUpRunner, decoded: dict[str, Messages]) -> None:
    kinds = {name: messages["session"][0]["sub_sport"] for name, messages in runs_of(decoded).items()}
    assert list(kinds.values()) == ["treadmill" if run.is_treadmill else "generic" for run, _ in runner.runs]
    assert "treadmill" in kinds.values()
    for name, kind in kinds.items():
        assert ("enhanced_altitude" in decoded[name]["record"][0]) == (kind == "generic")
        assert ("position_lat" in decoded[name]["record"][0]) == (kind == "generic")


def test_local_time_is_central_european(decoded: dict[str, Messages]) -> None:
    for name, messages in decoded.items():
        (activity,) = messages["activity"]
        offset = seconds_between(activity["timestamp"], activity["local_timestamp"]) / 3600
        summer = activity["timestamp"] < datetime.fromisoformat("2026-10-25 01:00")
        assert offset == (2 if summer else 1)
        began = activity["local_timestamp"] - timedelta(seconds=messages["session"][0]["total_elapsed_time"])
        assert abs(seconds_between(datetime.strptime(name[:15], "%Y-%m-%d-%H%M"), began)) <= 120  # noqa: DTZ007


def test_the_devices_are_made_up(decoded: dict[str, Messages]) -> None:
    for messages in decoded.values():
        assert messages["file_id"][0]["manufacturer"] == "development"
        assert {device["manufacturer"] for device in messages["device_info"]} == {"development"}
        assert messages["file_id"][0]["time_created"] == messages["session"][0]["start_time"]


def test_watched_workouts_hold_a_set_for_each_one_logged(runner: MadeUpRunner, decoded: dict[str, Messages]) -> None:
    watched = {name: messages for name, messages in decoded.items() if name.endswith("strength.fit")}
    logged = [workout for workout in runner.workouts if workout.is_on_watch]
    assert len(watched) == len(logged) >= 2
    for messages, workout in zip(watched.values(), logged, strict=True):
        (session,) = messages["session"]
        assert (session["sport"], session["sub_sport"]) == ("training", "strength_training")
        sets = messages["set"]
        assert [one["message_index"] for one in sets] == list(range(len(sets)))
        assert [one["set_type"] for one in sets] == ["active", "rest"] * (len(sets) // 2)
        active = [one for one in sets if one["set_type"] == "active"]
        assert len(active) == sum(row.order != REST_TIMER for row in workout.sets)
        assert all(len(one["category"]) == 3 and one["repetitions"] >= 1 for one in active)
        assert all(seconds_between(one["start_time"], one["timestamp"]) == one["duration"] for one in sets)
        assert sum(one["duration"] for one in sets) == session["total_elapsed_time"]
        begins = [session["start_time"], *(one["timestamp"] for one in sets[:-1])]
        assert [one["start_time"] for one in sets] == begins
        assert session["total_elapsed_time"] == pytest.approx(workout.minutes * 60, rel=0.35)
        assert len(messages["record"]) == session["total_timer_time"] + 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"weeks": 3}, "weeks is 3; the made-up runner's history has 4 to 520 weeks"),
        ({"weeks": 521}, "weeks is 521"),
        ({"effect": -1.0}, "effect is -1.0; it is a change of speed as a fraction"),
        ({"effect": math.inf}, "effect is inf"),
        ({"seed": -1}, "seed is -1; it must not be negative"),
        ({"end": date(2026, 11, 14)}, "end is 2026-11-14, a Saturday; a history ends on a Sunday"),
    ],
)
def test_arguments_out_of_range_are_refused(arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words.replace(".", r"\.")):
        make_runner(**arguments)


@pytest.mark.parametrize("weeks", [4, 520])
def test_the_shortest_and_the_longest_history_can_be_drawn(weeks: int) -> None:
    truth = make_runner(weeks=weeks).truth
    assert truth.by_week.height == weeks
    assert truth.by_day["log_speed"].is_finite().all()
    assert truth.by_day["log_speed"].is_between(-0.25, 0.25).all()
