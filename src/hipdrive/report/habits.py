"""Whose habits the words of a page follow: set once around a drawing, asked wherever a number or a day is written.

Every number of the report goes through `report/words.py`, so none of its sentences has to know the reader's units.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hipdrive.settings import Habits

if TYPE_CHECKING:
    from collections.abc import Iterator

_HABITS: ContextVar[Habits] = ContextVar("habits", default=Habits())  # noqa: B039  frozen


@dataclass(frozen=True)
class Unit:
    """What a reader measures in: its name, and how much of it one SI unit is."""

    name: str
    per_si: float


@dataclass(frozen=True)
class Units:
    """One system of units; `a_distance` is said in a sentence, and nobody paces out finer than `session_step`.

    A difference of temperature has no zero, so it needs a factor only.
    """

    distance: Unit
    a_distance: str
    whole_distance: str
    short: Unit
    step_length: Unit
    step_length_decimals: int
    mass: Unit
    warmer: Unit
    session_step: float

    @property
    def pace_factor(self) -> float:
        """Seconds a distance of this system, of seconds a kilometre."""
        return 1 / (1000 * self.distance.per_si)


METRIC = Units(
    distance=Unit("km", 1 / 1000),
    a_distance="a km",
    whole_distance="a kilometre",
    short=Unit("m", 1.0),
    step_length=Unit("cm", 100.0),
    step_length_decimals=1,
    mass=Unit("kg", 1.0),
    warmer=Unit("°C", 1.0),
    session_step=5.0,
)
IMPERIAL = Units(
    distance=Unit("mi", 1 / 1609.344),
    a_distance="a mile",
    whole_distance="a mile",
    short=Unit("ft", 1 / 0.3048),
    step_length=Unit("ft", 1 / 0.3048),
    step_length_decimals=2,
    mass=Unit("lb", 1 / 0.45359237),
    warmer=Unit("°F", 1.8),
    session_step=10.0,
)


@contextmanager
def written_for(habits: Habits) -> Iterator[None]:
    """Whatever is written inside follows these habits."""
    token = _HABITS.set(habits)
    try:
        yield
    finally:
        _HABITS.reset(token)


def habits() -> Habits:
    """Whose habits are followed here; metric, with days as `3 March 2026`, where nobody has said."""
    return _HABITS.get()


def units() -> Units:
    """The reader's units."""
    return IMPERIAL if habits().units == "imperial" else METRIC
