"""One distance and one speed a run: what is repaired before it is believed, each in a run of half an hour at 3 m/s."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from hipdrive.tidy.runs import TidyRuns
from tests.makers.runs import SEMICIRCLES_PER_DEG, Columns, raw_records, raw_session, tidy, timer

HALF_HOUR = range(1801)
METRES = [3.0 * second for second in HALF_HOUR]
METRES_PER_DEG = 111_195.08  # of a great circle on a sphere of 6,371,008.8 m


def activity(result: TidyRuns) -> dict[str, object]:
    (row,) = result.activities.iter_rows(named=True)
    return row


def moving_s(result: TidyRuns) -> float:
    return float(result.samples["moving_s"].sum())


def run(distance: Sequence[float | None] | None, seconds: Sequence[float] = HALF_HOUR, **columns: object) -> TidyRuns:
    """Half an hour of which the session tells 5,400 m in 1,800 s; the speed field says 3 m/s."""
    given: Columns = {"enhanced_speed": 3.0, **columns}
    told = raw_session(total_distance=5400.0, total_timer_time=1800.0, total_elapsed_time=seconds[-1] - seconds[0])
    records = raw_records(seconds, distance=None if distance is None else list(distance), **given)
    return tidy(records, sessions=[told])


def is_half_an_hour_at_3_m_per_s(result: TidyRuns, tolerance: float = 1e-6) -> None:
    row = activity(result)
    assert row["distance_m"] == pytest.approx(5400, rel=tolerance)
    assert moving_s(result) == pytest.approx(1800, rel=tolerance)
    assert row["contradiction"] is None
    assert result.samples["speed_m_per_s"].mean() == pytest.approx(3, rel=max(tolerance, 1e-3))


# A count that begins again


@pytest.mark.parametrize("field", [3.0, 0.0, None], ids=["with a field", "field 0", "without a field"])
@pytest.mark.parametrize("lap_s", [300, 100, 1799])
def test_a_distance_that_begins_again_at_each_lap_is_joined(lap_s: int, field: float | None) -> None:
    result = run([3.0 * (second % lap_s) for second in HALF_HOUR], enhanced_speed=field)
    is_half_an_hour_at_3_m_per_s(result)
    assert "began again" in str(activity(result)["reason"])


def test_a_distance_that_begins_again_where_two_files_were_merged_is_joined() -> None:
    seconds = [*range(901), *range(4000, 4901)]
    events = timer((0, "start"), (900, "stop_all"), (4000, "start"), (4900, "stop_all"))
    records = raw_records(seconds, distance=[*METRES[:901], *METRES[:901]], enhanced_speed=3.0)
    result = tidy(records, sessions=[raw_session(total_distance=5400.0)], events=events)
    assert activity(result)["distance_m"] == 5400
    assert moving_s(result) == 1800


def test_a_distance_that_begins_again_under_smart_recording_is_joined() -> None:
    seconds = list(range(0, 1801, 6))
    is_half_an_hour_at_3_m_per_s(run([3.0 * (second % 300) for second in seconds], seconds))


# Corrections


def test_a_small_fall_is_the_satellite_s_and_moves_nothing() -> None:
    jittery = [metres - (2.0 if second % 100 == 50 else 0.0) for second, metres in enumerate(METRES)]
    result = run(jittery)
    assert activity(result)["distance_m"] == pytest.approx(5400, rel=1e-3)
    assert moving_s(result) == pytest.approx(1800, rel=0.02)


def test_a_correction_counts_as_the_device_says_and_the_gap_as_a_pause() -> None:
    """122 m less at the end of a gap of 208 s that the told timer leaves out."""
    seconds = [*range(1201), *range(1408, 2009)]
    metres = [3.0 * second if second <= 1200 else 3.0 * (second - 208) - 122 for second in seconds]
    told = raw_session(total_distance=5278.0, total_timer_time=1800.0, total_elapsed_time=2008.0)
    result = tidy(raw_records(seconds, distance=metres, enhanced_speed=3.0), sessions=[told])
    row = activity(result)
    assert (row["distance_m"], row["timer_time_s"], row["elapsed_time_s"]) == (5278, 1800, 2008)
    assert moving_s(result) == 1800
    assert row["field_difference_fraction"] == pytest.approx(5400 / 5278 - 1)


def test_time_and_way_that_a_device_took_back_are_a_pause() -> None:
    """The wearer stopped at 1161 s; the watch noticed at 1200 s and forgot 39 s and 117 m when they went on."""
    seconds = [*range(1201), *range(1408, 2048)]
    metres = [3.0 * second if second <= 1200 else 3.0 * (second - 208 - 39) for second in seconds]
    told = raw_session(total_distance=5400.0, total_timer_time=1800.0, total_elapsed_time=2047.0)
    result = tidy(raw_records(seconds, distance=metres, enhanced_speed=3.0), sessions=[told])
    assert activity(result)["distance_m"] == 5400
    assert moving_s(result) == pytest.approx(1800, abs=2)
    reasons = result.rejects["reason"].to_list()
    assert "distance and time that the device took back when it resumed: taken for a pause" in reasons


def test_a_fall_that_the_session_adds_up_is_a_second_count() -> None:
    metres = [3.0 * second if second <= 900 else 3.0 * second - 800 for second in HALF_HOUR]
    assert activity(run(metres))["distance_m"] == pytest.approx(5400, rel=1e-3)


# Pauses


@pytest.mark.parametrize("grown_m", [20.0, 500.0, 20_000.0])
def test_what_a_distance_grows_while_the_timer_stands_is_no_way(grown_m: float) -> None:
    seconds = [*range(901), *range(1500, 2401)]
    metres = [3.0 * second if second <= 900 else 3.0 * (second - 600) + grown_m for second in seconds]
    events = timer((0, "start"), (900, "stop_all"), (1500, "start"), (2400, "stop_all"))
    told = raw_session(total_distance=5400.0, total_timer_time=1800.0, total_elapsed_time=2400.0)
    metres[901] = 2700.0 + grown_m
    result = tidy(raw_records(seconds, distance=metres, enhanced_speed=3.0), sessions=[told], events=events)
    assert activity(result)["distance_m"] == pytest.approx(5400, abs=4)
    assert moving_s(result) == 1800


def test_what_is_recorded_on_while_the_timer_stands_is_no_way_either() -> None:
    seconds = list(range(2401))
    metres = [
        3.0 * min(second, 900) + max(0, min(second, 1500) - 900) * 1.2 + 3.0 * max(0, second - 1500)
        for second in seconds
    ]
    events = timer((0, "start"), (900, "stop_all"), (1500, "start"), (2400, "stop_all"))
    result = tidy(raw_records(seconds, distance=metres, enhanced_speed=3.0), events=events)
    assert (activity(result)["distance_m"], moving_s(result)) == (pytest.approx(5400), 1800)


def test_under_smart_recording_a_step_with_a_pause_in_it_counts_what_was_run() -> None:
    seconds = [*range(0, 901, 6), 1503, *range(1509, 2404, 6)]
    metres = [3.0 * second if second <= 900 else 3.0 * (second - 600) + 100 for second in seconds]
    events = timer((0, "start"), (901, "stop_all"), (1501, "start"), (2403, "stop_all"))
    told = raw_session(total_distance=5400.0)
    result = tidy(raw_records(seconds, distance=metres, enhanced_speed=3.0), sessions=[told], events=events)
    assert activity(result)["distance_m"] == pytest.approx(5400, abs=20)


@pytest.mark.parametrize("writes_on", [False, True], ids=["a gap", "records that stand"])
def test_a_pause_without_events_is_out_of_the_moving_time(writes_on: bool) -> None:  # noqa: FBT001
    seconds = list(range(2101)) if writes_on else [*range(901), *range(1200, 2101)]
    metres = [3.0 * min(second, 900) if second <= 1200 else 3.0 * (second - 300) for second in seconds]
    result = run(metres, seconds, enhanced_speed=[0.0 if 900 < second <= 1200 else 3.0 for second in seconds])
    row = activity(result)
    assert (row["timer_time_s"], row["elapsed_time_s"], moving_s(result)) == (1800, 2100, 1800)


def test_two_starts_without_a_stop_between_them_are_a_pause() -> None:
    seconds = [*range(901), *range(1500, 2401)]
    metres = [3.0 * second if second <= 900 else 3.0 * (second - 600) for second in seconds]
    events = timer((0, "start"), (1500, "start"), (2400, "stop_all"))
    result = tidy(raw_records(seconds, distance=metres, enhanced_speed=3.0), events=events)
    assert activity(result)["timer_time_s"] == 1800
    assert moving_s(result) == 1800


# Stalls and leaps


@pytest.mark.parametrize(
    ("over_s", "cadence"), [(1, 85), (1, None), (4, 85), (4, None), (20, 85), (20, None), (90, 85)]
)
def test_a_stall_and_the_leap_that_makes_up_for_it_are_one_even_way(over_s: int, cadence: int | None) -> None:
    def at(second: int) -> float:
        if not 600 < second < 800 + over_s:
            return 3.0 * second
        behind = 1800.0
        return behind + (3.0 * (800 + over_s) - behind) * max(0, second - 800) / over_s

    is_half_an_hour_at_3_m_per_s(run([at(second) for second in HALF_HOUR], cadence=cadence))


def test_under_smart_recording_a_stall_is_made_up_for_as_well() -> None:
    seconds = list(range(0, 1801, 6))
    result = run([3.0 * (second if not 600 < second < 780 else 600) for second in seconds], seconds)
    is_half_an_hour_at_3_m_per_s(result)


def test_a_stall_some_records_before_its_leap_is_made_up_for_if_nothing_else_is() -> None:
    """A phone that wrote three records: a stall of 20 minutes, an ordinary stretch, and all that it had missed."""
    seconds = [0, 300, 1500, 1600, 1800]
    result = run([0.0, 900.0, 905.0, 1205.0, 5400.0], seconds, enhanced_speed=None)
    assert activity(result)["distance_m"] == 5400
    assert moving_s(result) == 1800


@pytest.mark.parametrize("drove_s", [400, 1500])
def test_a_drive_in_one_record_after_a_long_rest_is_no_catching_up(drove_s: int) -> None:
    """A phone that wrote little: half an hour run, a rest, and a way home of 12 m/s in a single record."""
    rested_s = 2 * drove_s
    seconds = [*HALF_HOUR, 1800 + rested_s, 1800 + rested_s + drove_s]
    told = raw_session(total_distance=5400 + 12.0 * drove_s, total_timer_time=float(seconds[-1]))
    records = raw_records(seconds, distance=[*METRES, 5400.0, 5400 + 12.0 * drove_s])
    result = tidy(records, sessions=[told])
    row = activity(result)
    assert row["distance_m"] == 5400
    assert moving_s(result) == 1800
    assert row["jump_distance_m"] + row["vehicle_distance_m"] == pytest.approx(12 * drove_s)  # type: ignore[operator]


def test_a_halt_by_the_cadence_is_no_stall() -> None:
    metres = [3.0 * min(second, 600) + (3.0 * (second - 600) if second > 700 else 0.0) for second in HALF_HOUR]
    cadence = [0 if 600 < second <= 700 else 85 for second in HALF_HOUR]
    result = run(metres, cadence=cadence)
    assert moving_s(result) == 1800 - 101
    assert activity(result)["jump_distance_m"] == pytest.approx(303)


def test_metres_that_were_lost_in_a_tunnel_take_their_time_with_them() -> None:
    metres = [3.0 * (second if second <= 600 else max(600, second - 200)) for second in HALF_HOUR]
    told = raw_session(total_distance=4800.0, total_timer_time=1800.0)
    result = tidy(raw_records(HALF_HOUR, distance=metres, enhanced_speed=3.0, cadence=85), sessions=[told])
    assert activity(result)["distance_m"] / moving_s(result) == pytest.approx(3)  # type: ignore[operator]
    assert activity(result)["contradiction"] is None


def test_a_leap_that_makes_up_for_nothing_is_left_out_and_told() -> None:
    result = run([metres + (700.0 if metres > 3000 else 0.0) for metres in METRES])
    row = activity(result)
    assert row["distance_m"] == pytest.approx(5397)
    assert row["jump_distance_m"] == pytest.approx(703)
    assert "703 m gained in leaps were left out" in str(row["reason"])


# Where no distance is


def north(speed: Callable[[int], float]) -> list[float]:
    metres = 0.0
    places = []
    for second in HALF_HOUR:
        metres += speed(second) if second else 0.0
        places.append((48 + metres / METRES_PER_DEG) * SEMICIRCLES_PER_DEG)
    return places


@pytest.mark.parametrize("distance", [None, [0.0] * 1801], ids=["none", "always 0"])
def test_positions_tell_the_distance_where_the_device_does_not(distance: list[float] | None) -> None:
    places: Columns = {"position_lat": north(lambda _: 3.0), "position_long": 13 * SEMICIRCLES_PER_DEG}
    is_half_an_hour_at_3_m_per_s(run(distance, enhanced_speed=None, **places), tolerance=2e-3)


def test_a_receiver_that_shakes_and_wanders_makes_no_way() -> None:
    """Sideways by 2 m each other second, and ten minutes of standing about."""
    stands = range(600, 1200)
    places: Columns = {
        "position_lat": north(lambda second: 0.0 if second in stands else 3.0),
        "position_long": [(13 + (second % 2) * 2 / METRES_PER_DEG) * SEMICIRCLES_PER_DEG for second in HALF_HOUR],
    }
    result = tidy(raw_records(HALF_HOUR, distance=None, **places))
    assert activity(result)["distance_m"] == pytest.approx(3600, rel=0.03)
    assert moving_s(result) == pytest.approx(1200, rel=0.02)


def test_the_speed_field_tells_the_distance_where_nothing_else_does() -> None:
    is_half_an_hour_at_3_m_per_s(run(None))


# The speed field


@pytest.mark.parametrize(
    "field",
    [None, 0.0, [None if second % 2 else 3.0 for second in HALF_HOUR], [3.0] * 900 + [0.0] * 901],
    ids=["null", "zero", "every other second", "zero from half way"],
)
def test_a_field_that_says_nothing_leaves_the_speed_to_the_distance(field: object) -> None:
    result = run(METRES, enhanced_speed=field)
    is_half_an_hour_at_3_m_per_s(result)
    assert result.samples["speed_m_per_s"].to_list()[1:] == pytest.approx([3.0] * 1800)


@pytest.mark.parametrize(
    ("field", "contradiction"),
    [
        (3.0, None),
        (3.149, None),
        (2.851, None),
        (3.151, "two speeds: its speed field lies 5 % off what its distance says"),
        (2.849, "two speeds: its speed field lies -5 % off what its distance says"),
        (3.2, "two speeds: its speed field lies 7 % off what its distance says"),
        (2.6, "two speeds: its speed field lies -13 % off what its distance says"),
        (6.0, "two speeds: its speed field is twice what its distance says"),
        (1.5, "two speeds: its distance is twice what its speed field says"),
    ],
)
def test_the_distance_decides_and_the_difference_is_kept(field: float, contradiction: str | None) -> None:
    result = run(METRES, enhanced_speed=field)
    row = activity(result)
    assert row["field_difference_fraction"] == pytest.approx(field / 3 - 1)
    assert row["contradiction"] == contradiction
    assert result.samples["speed_m_per_s"].to_list()[1:] == pytest.approx([3.0] * 1800)


def test_a_rough_distance_keeps_the_field_s_smoothness() -> None:
    """Two metres and four, second by second: the field says three."""
    metres = [3.0 * second + (second % 2) for second in HALF_HOUR]
    speeds = run(metres, enhanced_speed=2.97).samples["speed_m_per_s"][1:]
    assert speeds.to_list() == pytest.approx([3.0] * 1800, rel=0.02)


def test_a_gap_in_the_distance_is_filled_by_the_field() -> None:
    metres: list[float | None] = [value if second <= 900 else None for second, value in enumerate(METRES)]
    result = run(metres)
    assert result.samples["speed_m_per_s"].to_list()[1:] == pytest.approx([3.0] * 1800)
    assert activity(result)["distance_m"] == pytest.approx(5400)
