"""While files are read, what DuckDB keeps at hand does not grow with their number, and no batch has less than all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import polars as pl

from hipdrive.warehouse import Warehouse
from hipdrive.warehouse import warehouse as room
from tests.makers.warehouse import ask

if TYPE_CHECKING:
    import pytest

    from hipdrive.settings import Home

BATCHES, ROWS = 6, 100_000
KEPT_MB = 16


def records(batch: int) -> pl.DataFrame:
    """So many samples whose columns no compression makes small."""
    start = datetime(2026, 3, 2, tzinfo=UTC)
    drawn = pl.Series(range(ROWS)).hash(seed=batch).cast(pl.Float64)
    names = ("timer_s", "moving_s", "distance_m", "speed_m_per_s", "altitude_m", "power_w", "temperature_c")
    return pl.DataFrame(
        {
            "activity_id": [f"a-{batch}"] * ROWS,
            "time_utc": pl.datetime_range(start, start + timedelta(seconds=ROWS - 1), "1s", eager=True),
            **{name: drawn + number for number, name in enumerate(names)},
        }
    )


def kept_mb(warehouse: Warehouse) -> float:
    ((kept,),) = ask(warehouse, "SELECT sum(memory_usage_bytes) / 1e6 FROM duckdb_memory()")
    return float(str(kept))


def limit(warehouse: Warehouse) -> object:
    ((found,),) = ask(warehouse, "SELECT current_setting('memory_limit')")
    return found


def test_what_is_kept_between_batches_does_not_grow_and_a_batch_may_take_all(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "KEPT_BETWEEN_BATCHES", f"{KEPT_MB}MB")
    with Warehouse(home) as warehouse:
        whole = limit(warehouse)
        with warehouse.reading():
            for batch in range(BATCHES):
                with warehouse.all_or_nothing():
                    assert limit(warehouse) == whole
                    warehouse.append("samples", records(batch))
                assert kept_mb(warehouse) <= KEPT_MB
        assert limit(warehouse) == whole
