"""Made runners with parts taken out by chance: what real watches, logs and habits leave out."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from tests.makers.findings import make_findings
from tests.makers.findings_history import TONIGHT

if TYPE_CHECKING:
    from collections.abc import Callable

    from hipdrive.report import Findings

    Spoil = Callable[[pl.DataFrame, np.random.Generator], pl.DataFrame]

WEEKS = (1, 2, 4, 8, 12, 16, 26, 30, 52, 60, 104)
OF_HEART_RATE = (
    "heart_rate_bpm",
    "heart_rate_above_reference_bpm",
    "speed_at_reference_hr_m_per_s",
    "speed_at_reference_hr_se_m_per_s",
    "bounded_speed_at_reference_hr_m_per_s",
)
OF_CADENCE = ("cadence_spm", "step_length_m", "stride_length_m", "cadence_at_reference_speed_spm")
OF_STRIDE = (
    "contact_time_s",
    "vertical_ratio_fraction",
    "contact_time_at_reference_speed_s",
    "step_length_at_reference_speed_m",
    "vertical_ratio_at_reference_speed_fraction",
)


def degraded(seed: int) -> Findings:
    """One made runner, of one to 104 weeks, with one to four faults; the same seed gives the same page."""
    rng = np.random.default_rng(seed)
    weeks = int(rng.choice(WEEKS))
    chosen = rng.choice(sorted(FAULTS), size=int(rng.integers(1, 5)), replace=False)
    history: dict[str, Any] = {
        "has_log": rng.random() > 0.2,
        "has_runs": rng.random() > 0.04,
        "log_ends_weeks_ago": int(rng.integers(0, weeks)) if rng.random() < 0.3 else 0,
        "nights_later": int(rng.choice([10, 29, 40, 200, 1500])) if rng.random() < 0.35 else 0,
    }

    def spoil(runs: pl.DataFrame) -> pl.DataFrame:
        for fault in chosen if runs.height else ():
            runs = FAULTS[fault](runs, rng)
        return runs

    return make_findings(weeks, effect=0.03, seed=seed, spoil=spoil, **history)


def _without(runs: pl.DataFrame, columns: tuple[str, ...], rows: pl.Series) -> pl.DataFrame:
    return runs.with_columns(pl.when(~rows).then(pl.col(name)).alias(name) for name in columns)


def _some(runs: pl.DataFrame, rng: np.random.Generator) -> pl.Series:
    return pl.Series(rng.random(runs.height) < rng.choice([0.3, 0.7, 1.0]), dtype=pl.Boolean)


def _no_heart_rate(runs: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    lost = _some(runs, rng)
    return _without(runs, OF_HEART_RATE, lost).with_columns(
        is_usable=pl.col("is_usable") & ~lost,
        unusable_reason=pl.when(lost).then(pl.lit("no heart rate")).otherwise("unusable_reason"),
    )


def _no_cadence(runs: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    return _without(runs, OF_CADENCE, _some(runs, rng))


def _no_stride(runs: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    return _without(runs, OF_STRIDE, _some(runs, rng))


def _gap(runs: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    from_day = runs["local_date"][int(rng.integers(0, runs.height))]
    until = from_day + timedelta(days=int(rng.integers(14, 300)))
    return runs.filter(~pl.col("local_date").is_between(from_day, until))


def _few_runs(runs: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    kept = rng.choice(runs.height, size=min(runs.height, int(rng.integers(1, 25))), replace=False)
    return runs[sorted(int(row) for row in kept)]


def _two_watches(runs: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    day = TONIGHT - timedelta(days=int(rng.integers(1, 500)))
    first = runs.filter(pl.col("local_date") >= day)["activity_id"].head(1)
    faster = pl.when(pl.col("local_date") >= day).then(1.03).otherwise(1.0)
    speeds = ("speed_at_reference_hr_m_per_s", "bounded_speed_at_reference_hr_m_per_s")
    return runs.with_columns(
        pl.col("activity_id").is_in(first.to_list()).alias("is_device_change"),
        *(pl.col(name) * faster for name in speeds),
    )


def _devices_by_turns(runs: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    return runs.with_columns(is_device_change=pl.Series(rng.random(runs.height) < 0.3, dtype=pl.Boolean))


def _noisy(runs: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    by = pl.Series(np.exp(rng.normal(0, rng.choice([0.1, 0.3]), runs.height)))
    speeds = ("speed_at_reference_hr_m_per_s", "bounded_speed_at_reference_hr_m_per_s")
    error = pl.col("speed_at_reference_hr_se_m_per_s") * 8
    return runs.with_columns(*(pl.col(name) * by for name in speeds), error)


def _unusable(runs: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    lost = _some(runs, rng)
    reason = pl.when(lost).then(pl.lit("speed and distance of the record disagree by more than 5 %"))
    return runs.with_columns(is_usable=pl.col("is_usable") & ~lost, unusable_reason=reason.otherwise("unusable_reason"))


def _stopped(runs: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    return runs.head(max(1, int(runs.height * rng.uniform(0.2, 0.9))))


FAULTS: dict[str, Spoil] = {
    "no heart rate": _no_heart_rate,
    "no cadence": _no_cadence,
    "no stride": _no_stride,
    "a gap": _gap,
    "few runs": _few_runs,
    "two watches": _two_watches,
    "devices by turns": _devices_by_turns,
    "noisy": _noisy,
    "unusable": _unusable,
    "stopped": _stopped,
}
