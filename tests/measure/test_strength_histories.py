"""A random history cut into random exports counts as the history itself."""

from __future__ import annotations

import polars as pl
import pytest
from makers.strength_histories import ASet, Case, as_tables, draw_case

from hipdrive.measure.strength_overlap import find_overlaps

SEEDS = range(40)
CAMPAIGN = range(1000, 1500)


def wrong(case: Case) -> list[str]:
    """What of a case is not as it must be, in words."""
    sets, logs = as_tables(case.exports)
    superseded = find_overlaps(sets, logs).superseded
    counting = sets.join(superseded, on=["athlete_id", "workout_id"], how="anti")
    found: dict[int, list[pl.DataFrame]] = {}
    for part in counting.partition_by("workout_id"):
        found.setdefault(int(part["notes"][0]), []).append(part)
    faults = [f"workout {n} counts {len(parts)} times" for n, parts in sorted(found.items()) if len(parts) > 1]
    faults += [f"workout {n} is lost" for n in sorted(case.must_count - found.keys())]
    faults += [f"workout {n} was deleted and counts" for n in sorted(found.keys() - case.must_count)]
    for number, parts in found.items():
        if number in case.latest:
            shown = [
                ASet(*row) for row in parts[0].sort("set_index").select("exercise", "reps", "weight_kg").iter_rows()
            ]
            if len(shown) == len(case.latest[number]) and tuple(one.reps for one in shown) != tuple(
                one.reps for one in case.latest[number]
            ):
                faults.append(f"workout {number} is not as last mended")
    return faults


@pytest.mark.parametrize("seed", SEEDS)
def test_exports_of_a_history_count_as_the_history(seed: int) -> None:
    assert wrong(draw_case(seed)) == []


@pytest.mark.campaign
@pytest.mark.parametrize("seed", CAMPAIGN)
def test_five_hundred_histories(seed: int) -> None:
    assert wrong(draw_case(seed)) == []
