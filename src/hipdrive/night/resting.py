"""Resting heart rates that a file tells, whatever kind of file it is."""

from __future__ import annotations

from datetime import date

import dataframely as dy
import polars as pl

from hipdrive.read.inbox import Opened
from hipdrive.settings import Settings
from hipdrive.tables.wellness import RawRestingHeartRate
from hipdrive.tidy.wellness import tidy_resting_heart_rates


def keep_resting(
    opened: Opened,
    raw: dy.DataFrame[RawRestingHeartRate],
    settings: Settings,
    kept: list[pl.DataFrame],
    last_date: date,
) -> int:
    """Add the days that a file tells to those kept; gives how many they are."""
    athlete = opened.offer.athlete_id
    told = tidy_resting_heart_rates(
        raw,
        athlete_id=athlete,
        source_id=opened.source_id,
        time_zone=settings.of(athlete).time_zone,
        last_date=last_date,
    )
    if told.height:
        kept.append(told)
    return told.height
