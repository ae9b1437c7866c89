"""Fast pieces: counted in a session of intervals, none in a run that is uneven for another reason."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
import pytest

from hipdrive.measure.fast_pieces import count_fast_pieces
from hipdrive.measure.grade import measure_grade
from hipdrive.tables.runs import Sample
from tests.makers.runs import at

Part = tuple[float, float]  # seconds, m/s


def run(
    *parts: Part,
    noise: float = 0.0,
    every_s: int = 1,
    hill: Sequence[float] = (),
    pausing: bool = False,
    activity_id: str = "a-0",
) -> pl.DataFrame:
    """Parts one after the other; `hill` is the grade of each part, `noise` the sd of ln speed, alike for some 5 s.

    A part at 0 m/s is a halt: with the timer running, or, `pausing`, a gap without records.
    """
    rng = np.random.default_rng(5)
    speed = np.concatenate([np.full(int(seconds), pace) for seconds, pace in parts])
    grade = np.concatenate(
        [np.full(int(seconds), slope) for (seconds, _), slope in zip(parts, hill or [0.0] * len(parts), strict=True)]
    )
    wobble = np.convolve(rng.normal(0, noise, speed.size + 4), np.ones(5) / np.sqrt(5), "valid")
    speed = speed * np.exp(wobble)
    way, height = np.cumsum(speed), np.cumsum(speed * grade)
    kept = np.arange(0, speed.size, every_s)
    if pausing:
        kept = kept[speed[kept] > 0]
    moving = np.where(speed[kept] > 0.5, np.minimum(np.diff(kept, prepend=kept[0]), every_s), 0.0)
    rows = pl.DataFrame(
        {
            "activity_id": activity_id,
            "time_utc": [at(float(second)) for second in kept],
            "timer_s": np.arange(kept.size, dtype=float) * every_s,
            "moving_s": moving,
            "distance_m": way[kept],
            "speed_m_per_s": speed[kept],
            "altitude_m": 100 + height[kept],
            "is_moving": moving > 0,
        }
    )
    types = {name: column.dtype for name, column in Sample.columns().items()}
    drawn = pl.DataFrame({name: rows.get_column(name, default=None) for name in types}, schema=types, strict=False)
    return measure_grade(Sample.validate(drawn))


def pieces(*parts: Part, **how: object) -> int | None:
    count: int | None = count_fast_pieces(run(*parts, **how))["fast_pieces"].item()  # type: ignore[arg-type]
    return count


WARM, COOL = (600, 2.8), (600, 2.8)
KILOMETRES = [part for _ in range(5) for part in ((240, 4.2), (120, 2.4))]


@pytest.mark.parametrize(
    ("session", "expected"),
    [
        ([WARM, *KILOMETRES, COOL], 5),
        ([WARM, *[(60, 4.5), (60, 2.3)] * 8, COOL], 8),
        ([WARM, *[(30, 4.8), (30, 2.2)] * 12, COOL], 12),
        ([WARM, *[(240, 4.2), (120, 1.3)] * 5, COOL], 5),
        ([WARM, *[(240, 4.2), (90, 0.0)] * 5, COOL], 5),
        ([(300, 2.6), *[(600, 4.0), (180, 2.6)] * 3], 3),
        ([(900, 3.4), *[(50, 4.4), (70, 3.4)] * 8, (600, 3.4)], 8),
        ([(1500, 3.1), *[(80, 4.1), (90, 3.0)] * 8, (1200, 3.3)], 8),
        ([(600, 2.6), *[(120, 3.3), (120, 2.5)] * 6, (300, 2.6)], 6),
        (
            [
                WARM,
                *[(seconds, 4.2) if fast else (90, 2.5) for seconds in (60, 120, 180, 120, 60) for fast in (1, 0)],
                COOL,
            ],
            5,
        ),
    ],
    ids=[
        "5 x 1000 m",
        "8 x 1 min",
        "12 x 30 s",
        "walking between",
        "standing between",
        "3 x 10 min",
        "8 x 50 s, close",
        "8 x 80 s in a long run",
        "6 x 2 min, close",
        "a pyramid",
    ],
)
@pytest.mark.parametrize("how", [{}, {"noise": 0.08}, {"every_s": 5}, {"pausing": True}], ids=str)
def test_a_session_of_intervals(session: list[Part], expected: int, how: dict[str, object]) -> None:
    found = pieces(*session, **how)
    assert found is not None
    assert abs(found - expected) <= (0 if not how else 2)
    assert found >= 3


LIGHTS = [(400, 3.0), (50, 0.0)] * 8
CROSSINGS = [(290, 3.0), (10, 1.5)] * 10
TRAIL = [
    (seconds, 3.1 if fast else 2.15)
    for seconds in (40, 180, 60, 300, 30, 90, 240, 50, 120, 70, 400, 80)
    for fast in (1, 0)
]
TRAIL_GRADES = [0.07 * (-1) ** (number // 4) * (-1 if number % 2 else 0.4) for number in range(len(TRAIL))]
UP_AND_DOWN = [(180, 2.5), (180, 3.4)] * 8


@pytest.mark.parametrize(
    ("steady", "how"),
    [
        ([(3000, 3.0)], {}),
        ([(3000, 3.0)], {"noise": 0.15}),
        ([(3000, 3.0)], {"every_s": 7, "noise": 0.1}),
        ([(3000, 3.0)], {"noise": 0.3}),
        (LIGHTS, {}),
        (LIGHTS, {"pausing": True}),
        ([(300, 2.5), *LIGHTS], {"noise": 0.1}),
        (CROSSINGS, {}),
        ([(240, 2.8), (60, 1.4)] * 12, {}),
        ([(60, 2.8), (60, 1.5)] * 20, {"noise": 0.05}),
        ([(120, 3.0), (120, 1.4)] * 10, {}),
        ([(120, 3.0), (120, 1.4)] * 10, {"every_s": 5}),
        (UP_AND_DOWN, {"hill": [0.05, -0.05] * 8}),
        ([(300, 2.2), (200, 3.2)] * 6, {"hill": [0.09, -0.09] * 6}),
        ([(600, 2.5), (1800, 3.6), (600, 2.5)], {}),
        ([(600, 2.5), (900, 3.6), (40, 0.0), (900, 3.6), (600, 2.5)], {}),
        ([(900, 2.8), (900, 3.1), (900, 3.5)], {}),
        ([(2400, 3.0), *[(20, 5.0), (60, 2.5)] * 6], {}),
        ([(1500, 3.3), (1500, 2.6)], {}),
        ([(900, 3.6), (90, 2.4), (150, 3.6), (90, 2.4), (140, 3.6)], {}),
        (TRAIL, {"hill": TRAIL_GRADES}),
        (
            [
                (600, 2.5),
                *[(seconds, 3.2) if fast else (60, 2.55) for seconds in (40, 300, 90, 500, 30) for fast in (1, 0)],
            ],
            {},
        ),
    ],
    ids=[
        "even",
        "a speed field full of noise",
        "smart recording",
        "nothing but noise",
        "lights",
        "lights, the watch pausing",
        "a warm-up and lights",
        "crossings",
        "walking breaks",
        "run and walk a minute each",
        "run and walk two minutes each",
        "the same under smart recording",
        "a rolling road",
        "hills",
        "tempo between warm-up and cool-down",
        "the same with a light",
        "a progression",
        "strides at the end",
        "a fading race",
        "two slow patches",
        "a trail that is run as it comes",
        "a run that wanders between two near speeds",
    ],
)
def test_an_uneven_run_is_no_session_of_intervals(steady: list[Part], how: dict[str, object]) -> None:
    assert pieces(*steady, **how) in (0, 1, 2)


@pytest.mark.parametrize(("apart", "expected"), [(0.1235, 3), (0.1185, 0)])
def test_two_levels_are_two_from_0_12_apart_on_the_level(apart: float, expected: int) -> None:
    """The fast parts go down by 0.014 and the slow ones up: in ln speed Minetti's cost makes 0.15 of that."""
    cost = [np.polyval([155.4, -30.4, -43.3, 46.3, 19.5, 3.6], grade) for grade in (0.014, -0.014)]
    fast = 2.8 * float(np.exp(apart + np.log(cost[0] / cost[1])))
    assert pieces(*[(1200, fast), (1200, 2.8)] * 3, hill=[-0.014, 0.014] * 3) == expected


@pytest.mark.parametrize(("long_s", "expected"), [(300, 5), (310, 0)])
def test_planned_pieces_are_up_to_half_as_long_again(long_s: int, expected: int) -> None:
    """At a fifth above the pace of the rest only a plan's pieces count: of one length, within a factor of 1.5."""
    planned = [part for seconds in (200, long_s, 200, long_s, 200) for part in ((seconds, 3.5), (120, 2.8))]
    assert pieces(WARM, *planned, COOL) == expected


def test_a_short_run_tells_nothing() -> None:
    assert pieces((890, 3.0)) is None
    assert pieces((910, 3.0)) == 0


def test_each_run_is_counted_by_itself() -> None:
    both = pl.concat([run(WARM, *KILOMETRES), run((3000, 3.0), activity_id="b-0")])
    assert dict(count_fast_pieces(both).iter_rows()) == {"a-0": 5, "b-0": 0}


def test_no_runs_have_no_pieces() -> None:
    assert count_fast_pieces(Sample.create_empty()).is_empty()
