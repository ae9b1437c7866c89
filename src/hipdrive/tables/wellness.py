"""What is measured of an athlete outside any activity."""

from __future__ import annotations

import dataframely as dy

WELLNESS_SOURCES = ("diary", "watch", "watch_seven_days")
LOWEST_RESTING_BPM, HIGHEST_RESTING_BPM = 25.0, 120.0  # outside these it is not a heart rate, or not at rest


class RawRestingHeartRate(dy.Schema):
    """One `monitoring_hr_data` message of a watch's monitoring file, FIT's own names and units."""

    timestamp = dy.Datetime(time_zone="UTC", metadata={"unit": "UTC"})
    utc_offset_s = dy.Int64(
        nullable=True, description="local time less UTC, where the file tells", metadata={"unit": "s"}
    )
    resting_heart_rate = dy.Float64(nullable=True, description="of the last seven days", metadata={"unit": "bpm"})
    current_day_resting_heart_rate = dy.Float64(nullable=True, description="of this day", metadata={"unit": "bpm"})


class RawDailySummary(dy.Schema):
    """One day of a service's list of daily summaries."""

    local_date = dy.Date(nullable=True, metadata={"unit": "local date"})
    resting_heart_rate = dy.Float64(nullable=True, description="of the last seven days", metadata={"unit": "bpm"})
    current_day_resting_heart_rate = dy.Float64(nullable=True, description="of this day", metadata={"unit": "bpm"})


class RestingHeartRate(dy.Schema):
    """One file and day: the resting heart rate that a watch told last of that day in that file."""

    athlete_id = dy.String(primary_key=True, description="whose it is")
    source_id = dy.String(primary_key=True, description="the file")
    local_date = dy.Date(
        primary_key=True,
        description="the athlete's day, by the file's local time, else by the zone of the settings",
        metadata={"unit": "local date"},
    )
    told_utc = dy.Datetime(time_zone="UTC", description="when the watch told it", metadata={"unit": "UTC"})
    resting_heart_rate_bpm = dy.Float64(min=0, description="resting heart rate", metadata={"unit": "bpm"})
    is_of_day = dy.Bool(description="true: of this day; false: the watch's mean of seven days, for want of it")


class DailyWellness(dy.Schema):
    """One athlete and day that something is told of: the resting heart rate that counts."""

    athlete_id = dy.String(primary_key=True, description="the athlete")
    local_date = dy.Date(primary_key=True, description="the athlete's day", metadata={"unit": "local date"})
    resting_heart_rate_bpm = dy.Float64(
        min=0,
        description="resting heart rate",
        metadata={
            "unit": "bpm",
            "source": "data/diary.csv, else monitoring_hr_data.current_day_resting_heart_rate, else "
            "monitoring_hr_data.resting_heart_rate",
            "caveat": "what watches call resting is their own reckoning; a new watch may tell another",
        },
    )
    source = dy.Enum(
        WELLNESS_SOURCES,
        description="diary: the athlete's own word, which goes first; watch: of this day; watch_seven_days: the "
        "watch's mean of seven days",
    )
    source_id = dy.String(nullable=True, description="the file; null where the diary tells it")
