"""A runner's history, run by run, and stage 1 over it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from hipdrive.measure.efficiency import Efficiency, measure_efficiency
from hipdrive.tables.diary import DiaryLine
from hipdrive.tables.run_measures import RunMeasure, RunWindow
from hipdrive.tables.weeks import AthleteSetting
from tests.makers.runs import START, Row, activities, activity, athlete_setting, run_row, typed, window_rows

MONDAY = START.date()


class Athlete:
    """Runs drawn one after the other: day, speed, heart rate, and what sets their type."""

    def __init__(self, athlete_id: str = "me") -> None:
        self.athlete_id = athlete_id
        self.activities: list[Row] = []
        self.runs: list[Row] = []
        self.windows: list[Row] = []

    def run_hard_once(self) -> None:
        """A hard run in a week of its own, so that a pulse of 150 is none: it tells no slope and moves no median."""
        self.run(-700, 3.0, 190.0, minutes=15)

    def run(
        self,
        day: int,
        speed: float = 3.0,
        heart: float = 150.0,
        *,
        minutes: int = 20,
        temperature: float | Sequence[float] | None = None,
        run: Row | None = None,
        **columns: object,
    ) -> str:
        """One run on the day so many days after the first Monday; gives its id."""
        name = f"{self.athlete_id[0]}{len(self.runs)}-0"
        local_date = MONDAY + timedelta(days=day)
        self.activities.append(
            {**activity(name, athlete_id=self.athlete_id, local_date=local_date, source_id=name), **columns}
        )
        self.runs.append({**run_row(name, usable_windows=minutes, heart_rate_bpm=heart), **(run or {})})
        temperatures = list(temperature) if isinstance(temperature, Sequence) else temperature
        self.windows += window_rows(
            minutes, activity_id=name, graded_speed_m_per_s=speed, heart_rate_bpm=heart, temperature_c=temperatures
        )
        return name


def efficiency(*athletes: Athlete) -> Efficiency:
    """Stage 1 over the runs of these athletes."""
    return measure_efficiency(
        activities(*(row for one in athletes for row in one.activities)),
        typed(RunMeasure, [row for one in athletes for row in one.runs]),
        typed(RunWindow, [row for one in athletes for row in one.windows]),
        DiaryLine.create_empty(),
        typed(AthleteSetting, [athlete_setting(one.athlete_id) for one in athletes]),
    )
