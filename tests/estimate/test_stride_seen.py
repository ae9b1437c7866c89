from __future__ import annotations

import polars as pl
import pytest

from hipdrive.estimate.stride_seen import describe_stride


def windows(count: int = 60) -> pl.DataFrame:
    """Speeds from 3.0 to 4.0 m/s, contact and step time falling with them."""
    speed = pl.Series([3 + index / (count - 1) for index in range(count)])
    return pl.DataFrame({"speed_m_per_s": speed}).with_columns(
        grade_fraction=pl.lit(0.0),
        step_time_s=0.353 - 0.02 * (pl.col("speed_m_per_s") - 3.5),
        contact_time_s=0.25 - 0.05 * (pl.col("speed_m_per_s") - 3.5),
    )


def test_angle_and_swing_by_pencil() -> None:
    found = describe_stride(windows(), 0.53 * 1.78)
    assert found is not None
    assert found.speed_m_per_s == pytest.approx(3.5, abs=0.01)
    assert found.sweep_deg == pytest.approx(27.6, abs=0.1)
    # the slowest six of sixty: 3.0 to 3.085 m/s; 2 * step - contact is 0.456 + 0.01 * (v - 3.5)
    assert found.slow_m_per_s == pytest.approx(3.042, abs=0.001)
    assert found.slow_swing_s == pytest.approx(0.456 - 0.00458, abs=1e-4)
    assert found.fast_swing_s > found.slow_swing_s


def test_hills_and_impossible_contacts_do_not_count() -> None:
    steep = windows().with_columns(grade_fraction=pl.lit(0.03))
    impossible = windows().with_columns(contact_time_s=pl.lit(0.8))
    assert describe_stride(steep, 0.94) is None
    assert describe_stride(impossible, 0.94) is None
    assert describe_stride(windows(29), 0.94) is None
    assert describe_stride(pl.concat([windows(), steep, impossible]), 0.94) == describe_stride(windows(), 0.94)
