"""A table in the terminal is never wider than it, and never says less than it can."""

from __future__ import annotations

from datetime import date, datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from hipdrive.cli.tables import lay_out

RUNS = pl.DataFrame(
    {
        "local_date": [date(2026, 3, 1), date(2026, 3, 3)],
        "pace_at_reference_hr_s_per_km": [331.25, 329.0],
        "path": ["data/inbox/garmin/2026/2026-03-01-morning-run-with-a-long-name.fit", "data/inbox/b.fit"],
    }
)


def test_what_fits_stands_as_it_is() -> None:
    assert lay_out(RUNS.select("local_date"), 40) == ["local_date", "2026-03-01", "2026-03-03"]


def test_a_long_heading_folds_and_a_path_keeps_its_name() -> None:
    assert lay_out(RUNS, 50) == [
        "            pace_at_reference_",
        "local_date         hr_s_per_km  path",
        "2026-03-01               331.2  data/i…ng-name.fit",
        "2026-03-03                 329  data/inbox/b.fit",
    ]


def test_a_pipe_has_no_edge() -> None:
    lines = lay_out(RUNS, None)
    assert "2026-03-01-morning-run-with-a-long-name.fit" in lines[1]
    assert len(lines) == 3


def test_few_rows_of_many_columns_stand_upright() -> None:
    wide = pl.DataFrame({f"measure_{place}_m": [place + 0.5, 1000.0] for place in range(30)})
    lines = lay_out(wide, 60)
    assert len(lines) == 30
    assert lines[3].split() == ["measure_3_m", "3.5", "1000"]


def test_many_rows_of_many_columns_name_what_is_left_out() -> None:
    wide = pl.DataFrame({f"measure_{place:02d}": [10_000_000] * 9 for place in range(30)})
    lines = lay_out(wide, 60)
    assert all(len(line) <= 60 for line in lines[:-1])
    assert lines[-1].startswith("… and 24 more columns: measure_06, measure_07, ")
    assert "measure_29" in lines[-1]


def test_days_and_numbers_are_never_cut() -> None:
    wide = pl.DataFrame({"start_utc": [datetime(2026, 3, 1, 7, 5, 9)], "distance_m": [11_216.4], "why": ["x" * 90]})  # noqa: DTZ001
    assert lay_out(wide, 46)[-1] == "2026-03-01 07:05:09      11216  xxxxxxxxxxxxx…"


def test_no_name_of_a_log_commands_the_terminal() -> None:
    assert lay_out(pl.DataFrame({"name": ["a\x1b[2Jb\nc"]}), 40)[1] == "a [2Jb c"


@pytest.mark.parametrize("rows", [0, 1, 3, 20])
def test_no_rows_and_no_columns_are_no_fault(rows: int) -> None:
    assert len(lay_out(pl.DataFrame({"a": [1] * rows}), 20)) == 1 + rows
    assert lay_out(pl.DataFrame(), 20) in ([], [""])


@given(
    st.lists(st.lists(st.text(max_size=60), min_size=6, max_size=6), min_size=2, max_size=4, unique_by=tuple),
    st.integers(min_value=40, max_value=200),
)
def test_texts_never_leave_the_terminal(columns: list[list[str]], width: int) -> None:
    frame = pl.DataFrame({f"name_{place}": cells for place, cells in enumerate(columns)})
    lines = [line for line in lay_out(frame, width) if not line.startswith("… and ")]
    assert max(map(cell_len, lines)) <= width
