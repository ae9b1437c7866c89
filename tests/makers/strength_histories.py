"""A made-up strength history, and the exports it could have come in: what counts of them must be the history itself.

Each set carries the number of its true workout in `notes`, by which a test sees what of the exports counts.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import dataframely as dy
import polars as pl

from hipdrive.measure.strength_overlap import find_overlaps
from hipdrive.tables.strength import TidyStrengthSet
from hipdrive.tables.strength_overlap import StrengthLog

ZONES = ("Europe/Berlin", "America/New_York", "Asia/Tokyo", "Australia/Sydney", "Asia/Kolkata", "America/Los_Angeles")
EXERCISES = ("hip_thrust", "rdl", "back_squat", "lunge", "bench_press", "pull_up", "calf_raise", "plank", "leg_press")
PROGRAMME = ("band_drive_back", "sl_glute_bridge", "band_donkey_kick", "sl_bounds", "hip_flexor_stretch")
LB = 0.45359237
_FEW, _FEW_BY_HAND = 4, 12


@dataclass(frozen=True)
class ASet:
    """One set as it was done."""

    exercise: str
    reps: float
    weight_kg: float | None


@dataclass(frozen=True)
class Workout:
    """One workout as it was done; `number` is its name in a test."""

    number: int
    start: datetime
    sets: tuple[ASet, ...]
    title: str = "Gym"


@dataclass
class Export:
    """One file: which workouts it holds, and on whose clock.

    Attributes:
        name: its `source_id`.
        app: null for a log made by hand.
        zone: of the phone or server that writes the times; read as `home`.
        made: when; decides what is later.
    """

    name: str
    app: str | None
    workouts: Sequence[Workout]
    zone: str
    made: datetime
    has_clock: bool = True
    states_time: bool = True
    in_lb: bool = False
    home: str = "Europe/Berlin"
    athlete: str = "me"
    jitter: dict[int, float] = field(default_factory=dict)
    zones_then: dict[int, str] = field(default_factory=dict)

    def rows(self) -> list[dict[str, object]]:
        """Its sets as the tidy stage gives them."""
        rows = []
        for place, workout in enumerate(sorted(self.workouts, key=lambda one: one.start)):
            there = ZoneInfo(self.zones_then.get(workout.number, self.zone))
            start = workout.start + timedelta(seconds=self.jitter.get(workout.number, 0.0))
            local = start.astimezone(there).replace(tzinfo=None)
            shown = local if self.has_clock else datetime(local.year, local.month, local.day, 12)  # noqa: DTZ001
            for index, one in enumerate(workout.sets):
                rows.append(
                    {
                        "athlete_id": self.athlete,
                        "source_id": self.name,
                        "workout_id": f"{self.name[:16]}-{place}",
                        "workout_name": workout.title,
                        "log_kind": "written",
                        "started_utc": shown.replace(tzinfo=ZoneInfo(self.home)).astimezone(UTC),
                        "has_clock": self.has_clock,
                        "local_date": local.date(),
                        "set_index": index,
                        "line": index,
                        "set_type": "normal",
                        "exercise_name": one.exercise,
                        "exercise": one.exercise,
                        "match": "exact",
                        "reps": one.reps,
                        "weight_kg": self._weight(one.weight_kg),
                        "notes": str(workout.number),
                    }
                )
        return rows

    def _weight(self, weight_kg: float | None) -> float | None:
        if weight_kg is None or not self.in_lb:
            return weight_kg
        return round(weight_kg / LB, 1) * LB


def as_tables(exports: Sequence[Export]) -> tuple[dy.DataFrame[TidyStrengthSet], dy.DataFrame[StrengthLog]]:
    """The sets of all exports, and what the ledger knows of them."""
    schema = TidyStrengthSet.create_empty().schema
    rows = [{name: row.get(name) for name in schema} for export in exports for row in export.rows()]
    logs = [
        {
            "athlete_id": export.athlete,
            "source_id": export.name,
            "path": f"data/inbox/{export.name}.csv",
            "app": export.app,
            "exported_utc": export.made if export.states_time else None,
            "exported_date": export.made.date() if export.states_time else None,
            "modified_utc": export.made,
        }
        for export in exports
    ]
    return (
        TidyStrengthSet.validate(pl.DataFrame(rows, schema=schema)),
        StrengthLog.validate(pl.DataFrame(logs, schema=StrengthLog.create_empty().schema)),
    )


def draw_history(draw: random.Random, *, weeks: int, first: date = date(2025, 1, 6)) -> list[Workout]:
    """A runner's strength work: a gym plan that grows, a plan without growth, or the article's five at one hour."""
    style = draw.choice(["gym", "gym", "plan", "programme"])
    days = sorted(draw.sample(range(7), draw.randint(2, 5))) if style != "programme" else list(range(0, 7, 1))
    hour = draw.choice([7, 12, 18, 19, 21, 23])
    workouts: list[Workout] = []
    plans = [draw.sample(EXERCISES, draw.randint(3, 6)) for _ in range(draw.randint(1, 3))]
    for week in range(weeks):
        for place, day in enumerate(days):
            if draw.random() < 0.15:
                continue
            number = len(workouts)
            minute, second = (0, 0) if style == "programme" else (draw.randrange(60), draw.randrange(60))
            at = datetime.combine(first + timedelta(days=7 * week + day), datetime.min.time())
            start = (at + timedelta(hours=hour, minutes=minute, seconds=second)).replace(
                tzinfo=ZoneInfo("Europe/Berlin")
            )
            if style == "programme":
                sets = tuple(ASet(name, 20.0 if name == "band_drive_back" else 15.0, None) for name in PROGRAMME)
            else:
                plan = plans[(week * len(days) + place) % len(plans)]
                grown = week if style == "gym" else 0
                sets = tuple(
                    ASet(name, float(5 + (len(name) + nth + (grown if style == "gym" else 0)) % 7), 20.0 + 2.5 * grown)
                    for name in plan
                    for nth in range(3)
                )
            workouts.append(Workout(number, start.astimezone(UTC), sets))
    return workouts


@dataclass
class Case:
    """Exports, and which workouts must count, each once; `latest` gives the sets where one app alone holds it."""

    exports: list[Export]
    must_count: set[int]
    latest: dict[int, tuple[ASet, ...]]


def draw_case(seed: int) -> Case:
    """A random history cut into random exports: other zones, two apps, edits, deletions."""
    draw = random.Random(seed)  # noqa: S311  made up, no secret
    weeks = draw.randint(6, 40)
    history = draw_history(draw, weeks=weeks)
    while len(history) < 8:
        history = draw_history(draw, weeks=weeks)
    is_programme = history[0].sets[0].exercise == "band_drive_back"
    zones = ["Europe/Berlin"] if is_programme and history[0].start.hour > 18 else list(ZONES)
    now = {workout.number: workout for workout in history}
    exports: list[Export] = []
    apps = draw.sample(["strong", "hevy", "lyfta", None], draw.choice([1, 1, 2, 2, 3]))
    used_from = {app: (0 if place == 0 else draw.randrange(weeks)) for place, app in enumerate(apps)}
    begin, end = history[0].start, history[-1].start
    jitter = {app: {n: draw.uniform(-600, 600) for n in now} if draw.random() < 0.3 else {} for app in apps}
    moments = sorted(begin + (end - begin) * draw.random() for _ in range(draw.randint(0, 4)))
    moments = [*moments, end + timedelta(hours=2)]
    for place, moment in enumerate(moments):
        is_last = place == len(moments) - 1
        for app in apps:
            if not is_last and draw.random() < 0.4:
                continue
            since = begin + timedelta(weeks=used_from[app])
            if draw.random() < 0.2:
                since = max(since, begin + (moment - begin) * draw.random() * 0.7)
            held = [one for one in now.values() if since <= one.start <= moment]
            if app != apps[0] and draw.random() < 0.2 and app not in {e.app for e in exports}:
                held = [one for one in held if draw.random() < 0.6]
            # A few workouts that another clock moves to another day are no evidence, and count twice by the rule.
            if len(held) < (_FEW_BY_HAND if app != apps[0] and jitter[app] else _FEW):
                continue
            # The phone now, a server, or the phone then.
            zone = draw.choice(zones) if app == "strong" else "UTC" if app == "lyfta" else "Europe/Berlin"
            exports.append(
                Export(
                    name=f"{app or 'hand'}{place:02d}{seed:05d}".ljust(64, "0"),
                    app=app,
                    workouts=held,
                    zone=zone,
                    made=moment + timedelta(hours=1),
                    states_time=draw.random() < 0.3,
                    in_lb=app == "hevy" and draw.random() < 0.5,
                    jitter=jitter[app] if app != apps[0] else {},
                )
            )
        if len(apps) == 1 and apps[0] is not None and not is_last:
            _edit(draw, now, moment)
    exports = _with_evidence(exports)
    return Case(exports, _counting(exports, now), _latest(exports, apps))


def draw_mended_case(seed: int) -> Case:
    """Two exports of an app and another log, with the two workouts that a careless match counts twice or loses.

    One workout was mended in both: more than half of its sets differ between the later export and the other log, and
    only the earlier export, which still counts for the first days, is like either. Another is told short in the other
    log, which also holds a second workout of that day that the app lacks and that begins with the same exercise.
    """
    draw = random.Random(seed)  # noqa: S311  made up, no secret
    first = datetime(2025, 1, 6, draw.choice([7, 12, 18]), draw.randrange(60), tzinfo=UTC)
    plan = draw.sample(EXERCISES, 4)
    history = [
        Workout(
            number,
            first + timedelta(days=2 * number, minutes=draw.randrange(-30, 30)),
            tuple(ASet(name, 6.0 + 2 * nth, 20.0 + 2.5 * number) for name in plan for nth in range(3)),
        )
        for number in range(draw.randint(12, 30))
    ]
    short, mended = draw.sample(range(4, len(history)), 2)
    later, other = history[draw.randint(1, 3) :], list(history)
    later[mended - history.index(later[0])] = _mended(history[mended], range(5))
    other[mended] = _mended(history[mended], range(6, 11))
    told = history[short]
    other[short] = replace(told, sets=told.sets[:5])
    more = tuple(ASet("hip_abduction", 12.0, 30.0) for _ in range(3))
    other.append(Workout(len(history), told.start + timedelta(hours=4), told.sets[:3] + more))
    end, zone = history[-1].start, draw.choice(["Europe/Berlin", "UTC", "Asia/Tokyo"])
    exports = [
        Export(f"strong0{seed:05d}".ljust(64, "0"), "strong", history, "Europe/Berlin", end + timedelta(days=1)),
        Export(f"strong1{seed:05d}".ljust(64, "0"), "strong", later, "Europe/Berlin", end + timedelta(days=9)),
        Export(f"other{seed:05d}".ljust(64, "0"), draw.choice(["hevy", None]), other, zone, end + timedelta(days=20)),
    ]
    return Case(exports, set(range(len(history) + 1)), {})


def _mended(workout: Workout, places: range) -> Workout:
    sets = enumerate(workout.sets)
    return replace(workout, sets=tuple(replace(one, reps=one.reps + 1) if n in places else one for n, one in sets))


def _with_evidence(exports: list[Export]) -> list[Export]:
    """Without exports that share with another, on another clock, too few workouts to show it."""
    kept: list[Export] = []
    for export in sorted(exports, key=lambda one: -len(one.workouts)):
        here = {one.number for one in export.workouts}
        few = _FEW_BY_HAND if export.jitter else _FEW
        if all(
            len(here & {one.number for one in other.workouts}) not in range(1, few) or other.zone == export.zone
            for other in kept
        ):
            kept.append(export)
    return kept


def _edit(draw: random.Random, now: dict[int, Workout], moment: datetime) -> None:
    """What an owner mends in the app before the next export: loads, starts; and workouts deleted."""
    done = [number for number, one in now.items() if one.start <= moment]
    for number in draw.sample(done, min(len(done), draw.randint(0, 2))):
        one = now[number]
        if draw.random() < 0.4 and len(now) > 8:
            del now[number]
        elif draw.random() < 0.5:
            now[number] = replace(one, start=one.start + timedelta(minutes=draw.choice([-7, 7, 15])))
        else:
            mended = replace(one.sets[0], reps=one.sets[0].reps + 1)
            now[number] = replace(one, sets=(mended, *one.sets[1:]))


def _counting(exports: Sequence[Export], now: dict[int, Workout]) -> set[int]:
    """What some export holds, less what a later export of the app, which covers it, no longer holds."""
    counting = set()
    for export in exports:
        later = [one for one in exports if one.app == export.app and one.made > export.made and export.app is not None]
        for workout in export.workouts:
            is_deleted = workout.number not in now and any(
                min(other.start for other in one.workouts) <= workout.start <= _until(one)
                and workout.number not in {other.number for other in one.workouts}
                for one in later
            )
            if not is_deleted:
                counting.add(workout.number)
    return counting


def _until(export: Export) -> datetime:
    last = max(one.start for one in export.workouts)
    return max(last, export.made) if export.states_time else last


def _latest(exports: Sequence[Export], apps: Sequence[str | None]) -> dict[int, tuple[ASet, ...]]:
    if len(apps) > 1 or apps[0] is None:
        return {}
    return {one.number: one.sets for export in sorted(exports, key=lambda each: each.made) for one in export.workouts}


def faults(case: Case) -> list[str]:
    """What of a case is not as it must be, in words."""
    sets, logs = as_tables(case.exports)
    superseded = find_overlaps(sets, logs).superseded
    counting = sets.join(superseded, on=["athlete_id", "workout_id"], how="anti")
    found: dict[int, list[pl.DataFrame]] = {}
    for part in counting.partition_by("workout_id"):
        found.setdefault(int(part["notes"][0]), []).append(part)
    wrong = [f"workout {n} counts {len(parts)} times" for n, parts in sorted(found.items()) if len(parts) > 1]
    wrong += [f"workout {n} is lost" for n in sorted(case.must_count - found.keys())]
    wrong += [f"workout {n} was deleted and counts" for n in sorted(found.keys() - case.must_count)]
    for number, parts in found.items():
        if number in case.latest:
            shown = [
                ASet(*row) for row in parts[0].sort("set_index").select("exercise", "reps", "weight_kg").iter_rows()
            ]
            if len(shown) == len(case.latest[number]) and tuple(one.reps for one in shown) != tuple(
                one.reps for one in case.latest[number]
            ):
                wrong.append(f"workout {number} is not as last mended")
    return wrong
