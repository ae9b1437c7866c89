"""What a night writes of the estimate: the verdict of the last look, tonight's numbers, and a declared experiment."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from hipdrive.estimate import estimate_effect
from hipdrive.estimate.experiment import declare_experiment
from hipdrive.night.answers import estimate_athlete
from hipdrive.night.plans import follow_plans, forget_answers
from hipdrive.settings import Home
from hipdrive.tables.estimates import EffectRow, PacePartRow, Plan, RaceRow
from hipdrive.tables.weeks import Week
from hipdrive.warehouse import Warehouse
from tests.makers.warehouse import MONDAY, day, fill, finish

WEEKS = 112
ASKED = datetime(2028, 5, 1, 3, 30, tzinfo=UTC)
_, BLOCKS = declare_experiment("me", datetime(2026, 2, 27, tzinfo=UTC), MONDAY, seed=5)  # 96 weeks from the first on


@pytest.fixture
def years(home: Home) -> Iterator[Warehouse]:
    """112 weeks of three runs, hip work as the experiment's draw says and none after it, known to the last day."""
    rng = np.random.default_rng(4)
    on = np.repeat([arm == "on" for arm in BLOCKS["arm"]], 8).tolist() + [False] * (WEEKS - 96)
    runs = [7 * week + weekday for week in range(WEEKS) for weekday in (1, 3, 5)]
    scatter = np.where(np.array(runs) < 7 * 104, 0.03, 0.4)  # after the last look a broken sensor blurs everything
    speed = np.exp(np.log(3) + scatter * rng.normal(size=len(runs)))
    with Warehouse(home) as warehouse:
        names = [f"run-{number:04}" for number in runs]
        fill(
            warehouse,
            "activities",
            *({"activity_id": name, "local_date": day(number)} for name, number in zip(names, runs, strict=True)),
        )
        fill(warehouse, "run_measures", *({"activity_id": name} for name in names))
        fill(
            warehouse,
            "run_efficiency",
            *(
                {"activity_id": name, "speed_at_reference_hr_m_per_s": float(value), "heat_c": float(rng.uniform(0, 8))}
                for name, value in zip(names, speed, strict=True)
            ),
        )
        contact = 0.25 * np.exp(rng.normal(0, 0.01, len(runs)))
        fill(
            warehouse,
            "run_strides",
            *(
                {"activity_id": name, "contact_time_at_reference_speed_s": float(value)}
                for name, value in zip(names, contact, strict=True)
            ),
        )
        loads = np.exp(rng.normal(1.6, 0.1, (7 * WEEKS, 2)))
        fill(
            warehouse,
            "daily_load",
            *(
                {
                    "local_date": day(number),
                    "run_time_s": 3000.0 if number in set(runs) else 0.0,
                    "ctl": float(loads[number, 0]),
                    "atl": float(loads[number, 1]),
                }
                for number in range(7 * WEEKS)
            ),
        )
        fill(
            warehouse,
            "strength_sets",
            *(
                {"set_index": week, "local_date": day(7 * week), "hip_dose": 1.0 if is_on else 0.0, "upper_dose": 0.5}
                for week, is_on in enumerate(on)
            ),
        )
        fill(warehouse, "log_spans", {"first_date": MONDAY, "last_date": day(7 * WEEKS - 1)})
        fill(warehouse, "athlete_settings", {"athlete_id": "me", "time_zone": "UTC", "mass_kg": 70.0, "height_m": 1.75})
        finish(warehouse, MONDAY + timedelta(weeks=WEEKS))
        yield warehouse


def test_the_first_night_with_years_of_data_stores_the_verdict_of_the_last_look(years: Warehouse) -> None:
    answers = estimate_athlete(years, "night", "me", ASKED)
    assert answers is not None
    weeks = years.read("weeks", Week).sort("week_start")
    assert weeks["is_complete"].all()
    assert answers.weeks["week_start"].to_list() == weeks["week_start"].to_list()
    assert answers.look == estimate_effect(answers.weeks.head(104))
    assert answers.effect == estimate_effect(answers.weeks)
    assert answers.look.verdict == "no_clear_sign"
    assert answers.effect.verdict == "not_enough_data"
    primary = years.read("effects", EffectRow).filter("is_primary").row(0, named=True)
    assert primary["verdict"] == answers.look.verdict
    assert primary["estimate_fraction"] == answers.effect.achieved.estimate
    assert primary["estimate_fraction"] != answers.look.achieved.estimate
    assert not primary["is_look"]
    assert (primary["outcome"], primary["exposure"]) == ("speed_at_reference_hr_m_per_s", "hip_dose")


def test_a_declared_experiment_is_judged_by_its_draw_once_it_has_ended(years: Warehouse) -> None:
    plan, blocks = declare_experiment("me", datetime(2026, 2, 27, tzinfo=UTC), MONDAY, seed=5)
    years.append("plans", plan)
    years.append("plan_blocks", blocks)
    follow_plans(years)
    answers = estimate_athlete(years, "night", "me", ASKED)
    assert answers is not None
    assert answers.look is not None
    assert answers.look.weeks == 104  # a look of the calendar after the experiment's end at 96
    for effect in (answers.look, answers.effect):
        assert effect.experiment is not None
        assert effect.experiment.was_kept
        assert effect.shift_p_value is not None
        assert effect.shift_p_value * 64 == pytest.approx(round(effect.shift_p_value * 64))
    kept = years.read("plans", Plan).row(0, named=True)
    assert kept["asked_utc"] == ASKED
    assert kept["draw_p_value"] == answers.effect.shift_p_value
    later = estimate_athlete(years, "next night", "me", ASKED + timedelta(days=1))
    assert later is not None
    assert later.effect == dataclasses.replace(
        answers.effect, decision=later.effect.decision, experiment=later.effect.experiment
    )
    assert years.read("plans", Plan).row(0, named=True) == kept


def test_races_and_parts_are_kept_of_the_newest_night_alone(years: Warehouse) -> None:
    days = [day(7 * week + 5) for week in (20, 40, 60, 80, 130)]
    fill(years, "diary", *({"local_date": one, "kind": "race", "text": "10 km"} for one in days))
    for night in ("night", "next night"):
        answers = estimate_athlete(years, night, "me", ASKED)
    assert answers is not None
    assert answers.effect.races == 4
    assert "race_ramp" in answers.effect.adjusted_for
    assert years.read("races", RaceRow, "me")["local_date"].to_list() == [
        day(7 * week + 5) for week in (20, 40, 60, 80, 130)
    ]
    parts = years.read("pace_parts", PacePartRow, "me")
    assert set(parts["part"]) == {"load", "heat", "season", "races", "level"}
    assert parts.filter(pl.col("part") == "level").height == WEEKS


def test_the_experiment_of_another_athlete_has_no_say(years: Warehouse) -> None:
    plan, blocks = declare_experiment("you", datetime(2026, 2, 27, tzinfo=UTC), MONDAY, seed=5)
    years.append("plans", plan)
    years.append("plan_blocks", blocks)
    answers = estimate_athlete(years, "night", "me", ASKED)
    assert answers is not None
    assert answers.effect.experiment is None


def test_stride_at_one_speed_is_written_beside_with_its_q_and_without_a_verdict(years: Warehouse) -> None:
    answers = estimate_athlete(years, "night", "me", ASKED)
    assert answers is not None
    rows = years.read("effects", EffectRow).filter(pl.col("outcome") == "contact_time_at_reference_speed_s")
    assert rows["quantity"].to_list() == ["achieved", "sustained"]
    (contact,) = answers.mechanisms
    assert rows["estimate_fraction"].to_list() == [contact.effect.achieved.estimate, contact.effect.sustained.estimate]
    assert rows["q_value"].to_list() == [contact.effect.p_value] * 2  # of a family of one
    assert not rows["is_primary"].any()
    assert rows["verdict"].null_count() == 2
    assert years.read("effects", EffectRow).height == 5


def test_a_backfill_lets_the_draw_be_asked_again(years: Warehouse) -> None:
    plan, blocks = declare_experiment("me", datetime(2026, 2, 27, tzinfo=UTC), MONDAY, seed=5)
    years.append("plans", plan)
    years.append("plan_blocks", blocks)
    estimate_athlete(years, "night", "me", ASKED)
    forget_answers(years)
    assert years.read("plans", Plan)["asked_utc"].to_list() == [None]
    later = ASKED + timedelta(days=400)
    estimate_athlete(years, "backfill", "me", later)
    assert years.read("plans", Plan)["asked_utc"].to_list() == [later]
