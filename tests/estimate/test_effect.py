from __future__ import annotations

import os
import random
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from benchmarks.histories import make_history
from hipdrive.errors import BrokenContract
from hipdrive.estimate import estimate_effect
from hipdrive.estimate.exposure import expose
from hipdrive.estimate.quantity import Quantity

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Draw = Callable[..., pl.DataFrame]

NEEDED = [
    "week_start",
    "runs",
    "speed_at_reference_hr_m_per_s",
    "heat_c",
    "ctl",
    "atl",
    "acute_hip_dose",
    "hip_dose",
    "upper_dose",
]


def nine_week_blocks(weeks: int = 104) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return (np.arange(weeks) // 9 % 2).astype(np.float64)


def test_a_large_planted_effect_is_found(draw_weeks: Draw) -> None:
    effect = estimate_effect(draw_weeks(log_change=np.log(1.08) * expose(nine_week_blocks(), 6)))
    assert effect.sustained.estimate == pytest.approx(0.08, abs=0.03)
    assert effect.sustained.lo is not None
    assert effect.sustained.hi is not None
    assert 0 < effect.sustained.lo < 0.08 < effect.sustained.hi
    assert effect.verdict == "associated"
    assert effect.p_value is not None
    assert effect.p_value < 0.01
    assert effect.shift_p_value is not None
    assert effect.shift_p_value < 0.05


def test_a_planted_slowing_is_found_as_such(draw_weeks: Draw) -> None:
    effect = estimate_effect(draw_weeks(seed=2, log_change=-0.08 * expose(nine_week_blocks(), 6)))
    assert effect.verdict == "slower"


def test_no_effect_is_none(draw_weeks: Draw) -> None:
    effect = estimate_effect(draw_weeks())
    assert not effect.achieved.excludes(0)
    assert effect.verdict in {"not_enough_data", "no_clear_sign"}


def test_the_achieved_contrast_is_the_sustained_dose_scaled_to_the_runners_own_weeks(draw_weeks: Draw) -> None:
    effect = estimate_effect(draw_weeks(dose=0.5 * nine_week_blocks(), log_change=0.1 * nine_week_blocks()))
    assert effect.achieved.estimate is not None
    assert effect.sustained.estimate is not None
    ratio = np.log1p(effect.achieved.estimate) / np.log1p(effect.sustained.estimate)
    assert ratio == pytest.approx(effect.contrast, rel=0.15)
    assert 0.2 < effect.contrast < 0.5


def test_the_interval_covers_the_truth_of_made_up_runners_as_often_as_it_says() -> None:
    covered = found = 0
    for seed in range(40):
        made = make_history("clean", 78, 0.03, 1000 + seed)
        effect = estimate_effect(made.weeks)
        covered += not effect.sustained.excludes(0.03)
        found += (effect.p_value or 1) < 0.05
    # 38 expected; 33 or fewer of 40 would come with a coverage of 95 % once in 300 times
    assert covered >= 34
    assert found <= 20


def test_the_same_weeks_give_the_same_bits(draw_weeks: Draw) -> None:
    weeks = draw_weeks(60)
    first = estimate_effect(weeks)
    random.seed(8)
    np.random.default_rng().random()
    shuffled = weeks.sample(fraction=1, shuffle=True, seed=4).with_columns(
        extra=pl.lit(1), runs=pl.col("runs").cast(pl.Int16)
    )
    assert estimate_effect(shuffled) == first
    other = weeks.with_columns(pl.col("hip_dose") * 0.9)
    assert estimate_effect(other).data_version != first.data_version


def test_only_the_needed_columns_are_needed(draw_weeks: Draw) -> None:
    weeks = draw_weeks(60)
    assert estimate_effect(weeks.select(NEEDED)) == estimate_effect(weeks.with_columns(athlete_id=pl.lit("me")))


def test_weeks_of_unknown_dose_change_nothing(draw_weeks: Draw) -> None:
    weeks = draw_weeks(90)
    flagged = weeks.with_columns(dose_known=pl.int_range(90).is_between(10, 79), hip_dose=pl.col("hip_dose"))
    assert estimate_effect(flagged) == estimate_effect(weeks[10:80])


def test_numbers_come_whatever_the_verdict_says(draw_weeks: Draw) -> None:
    effect = estimate_effect(draw_weeks(20))
    assert effect.verdict == "cannot_be_estimated"
    for found in (effect.achieved, effect.sustained):
        assert found.estimate is not None
        assert found.lo is not None
        assert found.hi is not None
        assert found.lo < found.estimate < found.hi
    assert effect.decision.grounds[0] == "few_weeks"


@pytest.mark.parametrize("weeks", [0, 1, 2, 5, 8])
def test_too_few_weeks_give_no_number_and_no_error(draw_weeks: Draw, weeks: int) -> None:
    effect = estimate_effect(draw_weeks(weeks))
    assert effect.achieved == effect.sustained == Quantity()
    assert effect.verdict == "cannot_be_estimated"
    assert effect.weeks == weeks
    assert effect.checks == ()


@pytest.mark.parametrize("weeks", range(9, 26))
def test_every_short_history_is_answered(draw_weeks: Draw, weeks: int) -> None:
    effect = estimate_effect(draw_weeks(weeks, dose=[float(week // 5 % 2) for week in range(weeks)]))
    assert effect.verdict == "cannot_be_estimated"


def test_a_dose_that_never_changed_cannot_be_estimated(draw_weeks: Draw) -> None:
    effect = estimate_effect(draw_weeks(60, dose=[1.0] * 60))
    assert effect.verdict == "cannot_be_estimated"
    assert effect.achieved == Quantity()
    assert effect.decision.grounds == ("few_changes", "too_even", "nothing_left")


def test_a_dose_tied_to_training_load_cannot_be_told_from_it(draw_weeks: Draw) -> None:
    load = np.exp(2 + expose(nine_week_blocks(), 7) + np.random.default_rng(3).normal(0, 0.02, 104))
    effect = estimate_effect(draw_weeks(104, ctl=load))
    assert effect.verdict == "cannot_be_estimated"
    assert effect.decision.grounds == ("entangled",)
    assert effect.decision.facts.covariate_share > 0.9


def test_logs_of_other_dates_say_so(draw_weeks: Draw) -> None:
    weeks = draw_weeks(60, dose_known=[False] * 30 + [True] * 30)
    effect = estimate_effect(weeks.with_columns(runs=pl.when(pl.int_range(60) < 30).then("runs").otherwise(0)))
    assert effect.verdict == "cannot_be_estimated"
    assert effect.decision.grounds == ("other_dates",)
    assert effect.achieved == Quantity()


def test_heat_and_training_load_are_taken_out(draw_weeks: Draw) -> None:
    off = 1 - expose(nine_week_blocks(), 6)
    rng = np.random.default_rng(9)
    heat = 10 * off + rng.uniform(0, 4, 104)
    chronic = np.exp(1.9 + 0.2 * off + rng.normal(0, 0.1, 104))
    poisoned = draw_weeks(
        log_change=-0.004 * heat - 0.2 * np.log(chronic),
        noise=0.004,
        wander=0.001,
        heat_c=heat,
        ctl=chronic,
        atl=chronic,
    )
    assert not estimate_effect(poisoned).sustained.excludes(0)
    blind = poisoned.with_columns(heat_c=pl.lit(None, pl.Float64), ctl=pl.lit(7.0), atl=pl.lit(7.0))
    assert estimate_effect(blind).sustained.excludes(0)


def test_a_declared_experiment_that_was_kept_can_support(draw_weeks: Draw) -> None:
    weeks = 96
    order = [1, 0, 0, 1, 1, 0, 1, 0, 0, 1, 0, 1]
    dose = np.repeat(order, 8).astype(np.float64)
    frame = draw_weeks(weeks, dose=dose, log_change=0.08 * expose(dose, 6))
    monday = frame["week_start"][0]
    blocks = pl.DataFrame({"block_index": range(12), "arm": ["on" if arm else "off" for arm in order]}).with_columns(
        start_date=pl.lit(monday) + pl.duration(weeks=8 * pl.col("block_index")),
        end_date=pl.lit(monday) + pl.duration(weeks=8 * pl.col("block_index") + 8, days=-1),
    )
    effect = estimate_effect(frame, blocks)
    assert effect.verdict == "supported"
    assert effect.shift_p_value is not None
    assert effect.shift_p_value * 64 == pytest.approx(round(effect.shift_p_value * 64))
    unkept = estimate_effect(frame.with_columns(hip_dose=0.3 + 0.7 * pl.col("hip_dose")), blocks)
    assert unkept.verdict == "associated"
    assert unkept.experiment is not None
    assert not unkept.experiment.was_kept


def test_kernel_weights_sum_to_one_and_data_share_is_a_share(draw_weeks: Draw) -> None:
    effect = estimate_effect(draw_weeks())
    assert sum(effect.kernel_weights.values()) == pytest.approx(1)
    assert list(effect.kernel_weights) == [4, 6, 8, 10]
    assert effect.data_share_fraction is not None
    assert 0 < effect.data_share_fraction < 1


def test_the_runners_own_noise_is_measured(draw_weeks: Draw) -> None:
    quiet, loud = (estimate_effect(draw_weeks(noise=noise)).noise for noise in (0.01, 0.04))
    assert quiet is not None
    assert loud is not None
    assert quiet.week_sd == pytest.approx(0.01, rel=0.35)
    assert loud.week_sd == pytest.approx(0.04, rel=0.35)


@pytest.mark.parametrize("width", [pl.Int8, pl.UInt8, pl.Int32, pl.UInt64, pl.Float32])
def test_integer_widths_are_cast(draw_weeks: Draw, width: type[pl.DataType]) -> None:
    weeks = draw_weeks(60).select(NEEDED).with_columns(hip_dose=pl.Series([week // 9 % 2 for week in range(60)]))
    narrow = weeks.with_columns(pl.col("runs", "hip_dose").cast(width))
    assert estimate_effect(narrow) == estimate_effect(weeks.with_columns(pl.col("hip_dose").cast(pl.Float64)))


def test_covariates_may_be_null_where_nobody_ran_and_heat_anywhere(draw_weeks: Draw) -> None:
    rested = pl.int_range(60) % 7 == 3
    weeks = draw_weeks(60).select(NEEDED).with_columns(runs=pl.when(rested).then(0).otherwise("runs"))
    empty = [pl.when(~rested).then(name).alias(name) for name in NEEDED[2:7]]
    assert estimate_effect(weeks.with_columns(empty)) == estimate_effect(weeks)
    cold = weeks.with_columns(heat_c=pl.when(pl.int_range(60) % 5 > 0, ~rested).then("heat_c"))
    filled = estimate_effect(cold.with_columns(pl.col("heat_c").fill_null(cold.filter(~rested)["heat_c"].mean())))
    assert estimate_effect(cold).sustained.estimate == pytest.approx(filled.sustained.estimate, rel=1e-9)


def test_a_missing_column_is_named(draw_weeks: Draw) -> None:
    for name in NEEDED:
        with pytest.raises(BrokenContract, match=f"the column {name} is there"):
            estimate_effect(draw_weeks(60).drop(name))


def test_a_process_of_its_own_gives_the_same_bits(draw_weeks: Draw, tmp_path: Path) -> None:
    """Whatever the hash seed and the number of threads: the fingerprint of all numbers, to the last digit."""
    weeks = draw_weeks(70)
    weeks.write_parquet(tmp_path / "weeks.parquet")
    program = (
        "import sys, polars as pl\n"
        "from hipdrive.estimate import estimate_effect\n"
        "print(repr(estimate_effect(pl.read_parquet(sys.argv[1]))))\n"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", program, str(tmp_path / "weeks.parquet")],
            env={**os.environ, "PYTHONHASHSEED": seed, "OPENBLAS_NUM_THREADS": threads, "POLARS_MAX_THREADS": threads},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed, threads in (("1", "1"), ("2", "2"))
    }
    assert said == {f"{estimate_effect(weeks)!r}\n"}
