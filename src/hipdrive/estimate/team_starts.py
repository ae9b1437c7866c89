"""A stepped design: one athlete after the other takes up the programme, in an order drawn by lot.

So that weather, season and races, which all share, fall on strength work and on none alike.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from hipdrive.tables.teams import TeamStart

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    import dataframely as dy

FIRST_START_WEEKS, LAST_START_WEEKS = 8, 34  # of a year: everyone has two months without and four months with
FEWEST_TO_DRAW = 3


def draw_starts(athlete_ids: Sequence[str], declared_utc: datetime, monday: date, seed: int) -> dy.DataFrame[TeamStart]:
    """Who starts when; the same athletes and seed give the same order, in whatever order they are named.

    Args:
        athlete_ids: three or more.
        declared_utc: now; it must come before the first Monday.
        monday: the first, from which nobody does the programme until their start.
        seed: of the draw, at least 0.

    Raises:
        ValueError: too few athletes, or a Monday that is none or already past.
    """
    names = sorted(set(athlete_ids))
    if len(names) < FEWEST_TO_DRAW:
        raise ValueError(f"a team of {len(names)}; it takes {FEWEST_TO_DRAW} athletes")
    if monday.weekday() != 0 or monday <= declared_utc.date():
        raise ValueError(f"{monday} is not a Monday in the future; a team starts on a Monday")
    order = np.random.default_rng(seed).permutation(len(names))
    weeks = np.linspace(FIRST_START_WEEKS, LAST_START_WEEKS, len(names)).round().astype(int)
    rows = [
        {
            "plan_id": f"team-{monday.isoformat()}-{seed}",
            "athlete_id": names[who],
            "declared_utc": declared_utc,
            "seed": seed,
            "place": place,
            "start_date": monday + timedelta(weeks=int(after)),
        }
        for place, (who, after) in enumerate(zip(order.tolist(), weeks, strict=True), start=1)
    ]
    return TeamStart.validate(pl.DataFrame(rows).select(TeamStart.column_names()), cast=True)
