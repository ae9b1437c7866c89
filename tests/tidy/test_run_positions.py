"""Positions → distance, by pencil."""

from __future__ import annotations

from math import pi

import numpy as np
import pytest

from hipdrive.tidy.run_positions import EARTH_M, distance_from_positions

DEGREE_M = EARTH_M * pi / 180


def distances(latitude: list[float], longitude: list[float], activity: list[int] | None = None) -> list[float]:
    names = activity or [0] * len(latitude)
    return list(map(float, distance_from_positions(np.array(names), np.array(latitude), np.array(longitude))))


def test_a_degree_along_a_meridian_is_an_arc_of_the_earth() -> None:
    assert distances([0.0, 1.0], [13.0, 13.0]) == pytest.approx([0, DEGREE_M])


def test_at_sixty_degrees_north_a_degree_to_the_east_is_half_as_long() -> None:
    assert distances([60.0, 60.0], [13.0, 13.001]) == pytest.approx([0, 0.001 * DEGREE_M / 2], rel=1e-6)


def test_between_two_places_ten_metres_apart_the_way_grows_evenly() -> None:
    steps = [0.0, 4.0, 8.0, 12.0, 16.0]  # 12 m is the first that lies ten away, 16 m the last
    assert distances([step / DEGREE_M for step in steps], [0.0] * 5) == pytest.approx(steps)


def test_whoever_stands_under_a_wandering_sky_gets_nowhere() -> None:
    wander = [0.0, 3.0, -4.0, 2.0, 0.0] * 20
    assert max(distances([metres / DEGREE_M for metres in wander], [0.0] * 100)) < 5


def test_each_activity_begins_at_nothing_and_a_missing_place_has_no_distance() -> None:
    metres = [0.0, 12.0, float("nan"), 24.0, 500.0, 512.0]
    found = distances([one / DEGREE_M for one in metres], [0.0] * 6, [1, 1, 1, 1, 2, 2])
    assert found == pytest.approx([0, 12, float("nan"), 24, 0, 12], nan_ok=True)


def test_without_any_position_there_is_no_distance() -> None:
    assert np.isnan(distances([float("nan")] * 2, [float("nan")] * 2)).all()
