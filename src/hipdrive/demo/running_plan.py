"""The made-up runner's running: which runs on which day, how hard, and the days without any."""

from __future__ import annotations

from calendar import SATURDAY, SUNDAY, THURSDAY, TUESDAY, WEDNESDAY
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from hipdrive.demo import physiology

if TYPE_CHECKING:
    from numpy.typing import NDArray

YEAR_WEEKS = 52
GAP_SHARE = 0.03  # of weeks without a run, for no reason a file could tell
TREADMILL_EVERY_WEEKS = 9
RUN_DAYS = (
    (TUESDAY, THURSDAY, SUNDAY),
    (TUESDAY, THURSDAY, SATURDAY, SUNDAY),
    (TUESDAY, WEDNESDAY, THURSDAY, SATURDAY, SUNDAY),
)
RUN_DAYS_SHARES = (0.25, 0.5, 0.25)
TUESDAY_SHARES = (0.15, 0.43, 0.42)  # easy after all, tempo, intervals


class RunType(StrEnum):
    """What a run is for."""

    EASY = "easy"
    LONG = "long"
    TEMPO = "tempo"
    INTERVALS = "intervals"


@dataclass(frozen=True, slots=True)
class Effort:
    """A stretch of a run at one effort: its length in s and the steady heart rate in beats a minute it is run at."""

    seconds: int
    heart_rate_bpm: float


@dataclass(frozen=True, slots=True)
class PlannedRun:
    """One run before it is run: when, what, how hard. `start` is local time."""

    start: datetime
    run_type: RunType
    efforts: tuple[Effort, ...]
    is_treadmill: bool = False

    @property
    def seconds(self) -> int:
        """Moving time in s."""
        return sum(effort.seconds for effort in self.efforts)

    @property
    def is_in_the_morning(self) -> bool:
        """Whether it starts before noon."""
        return self.start.time() < time(12)

    @property
    def planned_km(self) -> float:
        """Distance in km on a day when the runner is as fast as always."""
        paces = physiology.level_speed(np.array([effort.heart_rate_bpm for effort in self.efforts]), 0.0)
        return float(sum(effort.seconds * pace for effort, pace in zip(self.efforts, paces, strict=True)) / 1000.0)


@dataclass(frozen=True, slots=True)
class Absences:
    """Days without training, one value a day: ill, or away on holiday."""

    is_ill: NDArray[np.bool_]
    is_away: NDArray[np.bool_]

    @property
    def is_absent(self) -> NDArray[np.bool_]:
        """Days on which nothing is done."""
        return self.is_ill | self.is_away


def draw_absences(weeks: int, rng: np.random.Generator) -> Absences:
    """One illness of 5 to 9 days and one holiday of 8 to 12 in each year; none in a history under half a year."""
    is_ill, is_away = (np.zeros(weeks * 7, dtype=np.bool_) for _ in range(2))
    for year in range((weeks + YEAR_WEEKS // 2) // YEAR_WEEKS):
        last_week = min((year + 1) * YEAR_WEEKS, weeks) - 3
        for days, lengths in ((is_ill, (5, 10)), (is_away, (8, 13))):
            first = int(rng.integers(year * YEAR_WEEKS + 4, last_week)) * 7 + int(rng.integers(7))
            days[first : first + int(rng.integers(*lengths))] = True
    return Absences(is_ill, is_away)


def easy_efforts(seconds: int, heart_rate_bpm: float) -> tuple[Effort, ...]:
    """A steady run with five gentle minutes first."""
    return Effort(300, heart_rate_bpm - 6.0), Effort(seconds - 300, heart_rate_bpm)


def _efforts(run_type: RunType, volume: float, rng: np.random.Generator) -> tuple[Effort, ...]:
    """How the run is divided; `volume` stretches the easy ones. The day's whim moves every heart rate a little."""
    if run_type is RunType.TEMPO:
        tempo = Effort(int(rng.integers(18, 29)) * 60, 165.0 + 2.0 * rng.standard_normal())
        return Effort(720, 136.0), tempo, Effort(480, 135.0)
    if run_type is RunType.INTERVALS:
        repeat = Effort(int(rng.integers(3, 5)) * 60, 173.0 + 1.5 * rng.standard_normal())
        repeats = (repeat, Effort(120, 138.0)) * int(rng.integers(4, 7))
        return Effort(840, 136.0), *repeats, Effort(420, 135.0)
    middle, spread, shortest, longest = (143.0, 3.0, 62, 88) if run_type is RunType.LONG else (140.0, 3.5, 34, 50)
    minutes = rng.integers(shortest, longest) * volume
    return easy_efforts(int(minutes * 60), middle + spread * rng.standard_normal())


def _kind(weekday: int, rng: np.random.Generator) -> RunType:
    if weekday == SUNDAY:
        return RunType.LONG
    if weekday != TUESDAY:
        return RunType.EASY
    return (RunType.EASY, RunType.TEMPO, RunType.INTERVALS)[int(rng.choice(3, p=TUESDAY_SHARES))]


def draw_runs(first_day: date, is_absent: NDArray[np.bool_], rng: np.random.Generator) -> list[PlannedRun]:
    """Every run in order of time: three to five a week, at most one of them hard, the long one on Sunday.

    Three weeks of growing volume, then one of rest, on top of a slow drift. In every ninth week the first easy run is
    on a treadmill. `is_absent` has one value a day.
    """
    weeks = len(is_absent) // 7
    drift = np.exp(physiology.autoregression(weeks, 0.1, 12.0, rng))
    runs: list[PlannedRun] = []
    for week in range(weeks):
        is_gap = week > 0 and rng.random() < GAP_SHARE
        days = RUN_DAYS[int(rng.choice(3, p=RUN_DAYS_SHARES))]
        volume = (1.0, 1.06, 1.12, 0.8)[week % 4] * float(np.clip(drift[week], 0.8, 1.25))
        wants_treadmill = week % TREADMILL_EVERY_WEEKS == 1
        for weekday in days:
            day = week * 7 + weekday
            run_type = _kind(weekday, rng)
            efforts = _efforts(run_type, volume, rng)
            start = time(8, 30) if weekday in {SATURDAY, SUNDAY} else time(17, 30)
            delay = timedelta(seconds=int(rng.integers(45 * 60)))
            if is_gap or is_absent[day]:
                continue
            is_treadmill = wants_treadmill and run_type is RunType.EASY
            wants_treadmill = wants_treadmill and not is_treadmill
            when = datetime.combine(first_day + timedelta(days=day), start) + delay
            runs.append(PlannedRun(when, run_type, efforts, is_treadmill))
    return runs
