"""Running files as the watch wrote them: FIT's own names and units, one row a message."""

from __future__ import annotations

import dataframely as dy

FILE_FORMATS = ("fit", "tcx", "gpx")  # a run of two of them counts as the first


class RawRecord(dy.Schema):
    """One FIT `record` message, FIT's own names and units; a file without a field has nulls in it."""

    source_id = dy.String(description="the file")
    byte_offset = dy.Int64(
        nullable=True, description="where the message stands in the file", metadata={"unit": "bytes"}
    )
    timestamp = dy.Datetime(time_zone="UTC", nullable=True, metadata={"unit": "UTC"})
    distance = dy.Float64(nullable=True, metadata={"unit": "m"})
    speed = dy.Float64(nullable=True, metadata={"unit": "m/s"})
    enhanced_speed = dy.Float64(nullable=True, metadata={"unit": "m/s"})
    altitude = dy.Float64(nullable=True, metadata={"unit": "m"})
    enhanced_altitude = dy.Float64(nullable=True, metadata={"unit": "m"})
    heart_rate = dy.Float64(nullable=True, metadata={"unit": "bpm"})
    cadence = dy.Float64(nullable=True, metadata={"unit": "rpm"})
    fractional_cadence = dy.Float64(nullable=True, metadata={"unit": "rpm"})
    step_length = dy.Float64(nullable=True, metadata={"unit": "mm"})
    stance_time = dy.Float64(nullable=True, metadata={"unit": "ms"})
    vertical_oscillation = dy.Float64(nullable=True, metadata={"unit": "mm"})
    power = dy.Float64(nullable=True, metadata={"unit": "watts"})
    # What pods and apps write in developer fields, by the profile's field that they stand for, in its unit.
    developer_distance = dy.Float64(nullable=True, metadata={"unit": "m"})
    developer_speed = dy.Float64(nullable=True, metadata={"unit": "m/s"})
    developer_heart_rate = dy.Float64(nullable=True, metadata={"unit": "bpm"})
    developer_cadence = dy.Float64(nullable=True, metadata={"unit": "rpm"})
    developer_step_length = dy.Float64(nullable=True, metadata={"unit": "mm"})
    developer_stance_time = dy.Float64(nullable=True, metadata={"unit": "ms"})
    developer_vertical_oscillation = dy.Float64(nullable=True, metadata={"unit": "mm"})
    developer_power = dy.Float64(nullable=True, metadata={"unit": "watts"})
    developer_temperature = dy.Float64(nullable=True, metadata={"unit": "C"})
    leg_spring_stiffness = dy.Float64(nullable=True, metadata={"unit": "kN/m"})
    core_temperature = dy.Float64(nullable=True, metadata={"unit": "C"})
    temperature = dy.Float64(nullable=True, metadata={"unit": "C"})
    position_lat = dy.Float64(nullable=True, metadata={"unit": "semicircles"})
    position_long = dy.Float64(nullable=True, metadata={"unit": "semicircles"})


class RawSession(dy.Schema):
    """One FIT `session` message, FIT's own names and units."""

    source_id = dy.String(description="the file")
    byte_offset = dy.Int64(
        nullable=True, description="where the message stands in the file", metadata={"unit": "bytes"}
    )
    sport = dy.String(nullable=True)
    sub_sport = dy.String(nullable=True)
    timestamp = dy.Datetime(time_zone="UTC", nullable=True, metadata={"unit": "UTC"})
    start_time = dy.Datetime(time_zone="UTC", nullable=True, metadata={"unit": "UTC"})
    total_elapsed_time = dy.Float64(nullable=True, metadata={"unit": "s"})
    total_timer_time = dy.Float64(nullable=True, metadata={"unit": "s"})
    total_distance = dy.Float64(nullable=True, metadata={"unit": "m"})
    total_ascent = dy.Float64(nullable=True, metadata={"unit": "m"})
    avg_heart_rate = dy.Float64(nullable=True, metadata={"unit": "bpm"})


class RawLap(dy.Schema):
    """One FIT `lap` message, FIT's own names and units."""

    source_id = dy.String(description="the file")
    byte_offset = dy.Int64(
        nullable=True, description="where the message stands in the file", metadata={"unit": "bytes"}
    )
    timestamp = dy.Datetime(time_zone="UTC", nullable=True, metadata={"unit": "UTC"})
    start_time = dy.Datetime(time_zone="UTC", nullable=True, metadata={"unit": "UTC"})
    total_elapsed_time = dy.Float64(nullable=True, metadata={"unit": "s"})
    total_timer_time = dy.Float64(nullable=True, metadata={"unit": "s"})
    total_distance = dy.Float64(nullable=True, metadata={"unit": "m"})


class RawTimerEvent(dy.Schema):
    """One FIT `event` message of the timer: start or stop, which is how a pause is written."""

    source_id = dy.String(description="the file")
    byte_offset = dy.Int64(
        nullable=True, description="where the message stands in the file", metadata={"unit": "bytes"}
    )
    timestamp = dy.Datetime(time_zone="UTC", nullable=True, metadata={"unit": "UTC"})
    event_type = dy.String(nullable=True)


class RawFile(dy.Schema):
    """One FIT file: which device wrote it, and what its clock was set to."""

    source_id = dy.String(primary_key=True, description="the file")
    content_sha256 = dy.String(description="sha256 of its bytes")
    athlete_id = dy.String(description="whose file it is")
    file_format = dy.Enum(FILE_FORMATS, description="what it is")
    device = dy.String(nullable=True, description="manufacturer and product")
    sensors = dy.String(nullable=True, description="what was paired with it")
    timestamp = dy.Datetime(time_zone="UTC", nullable=True, metadata={"unit": "UTC"})
    local_timestamp = dy.Datetime(nullable=True, metadata={"unit": "local time"})
    time_created = dy.Datetime(time_zone="UTC", nullable=True, metadata={"unit": "UTC"})
    power_on = dy.Datetime(
        time_zone="UTC",
        nullable=True,
        description="what its clock's zero was, by `timestamp_correlation`",
        metadata={"unit": "UTC"},
    )
    sports = dy.List(dy.String(), nullable=True, description="of its `sport` messages, else laps, in their order")
    sub_sports = dy.List(dy.String(nullable=True), nullable=True, description="theirs")
