"""Running tables: the record as the watch wrote it, the sample as we trust it, the run as we measure it."""

from __future__ import annotations

import dataframely as dy

RUN_TYPES = ("easy", "long", "tempo", "intervals", "race", "hills", "treadmill")


class RawRecord(dy.Schema):
    """One FIT `record` message, FIT's own names and units; a file without a field has nulls in it."""

    source_id = dy.String(description="the file")
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
    temperature = dy.Float64(nullable=True, metadata={"unit": "C"})
    position_lat = dy.Float64(nullable=True, metadata={"unit": "semicircles"})
    position_long = dy.Float64(nullable=True, metadata={"unit": "semicircles"})


class RawSession(dy.Schema):
    """One FIT `session` message, FIT's own names and units."""

    source_id = dy.String(description="the file")
    sport = dy.String(nullable=True)
    sub_sport = dy.String(nullable=True)
    timestamp = dy.Datetime(time_zone="UTC", nullable=True, metadata={"unit": "UTC"})
    start_time = dy.Datetime(time_zone="UTC", nullable=True, metadata={"unit": "UTC"})
    total_elapsed_time = dy.Float64(nullable=True, metadata={"unit": "s"})
    total_timer_time = dy.Float64(nullable=True, metadata={"unit": "s"})
    total_distance = dy.Float64(nullable=True, metadata={"unit": "m"})
    total_ascent = dy.Float64(nullable=True, metadata={"unit": "m"})


class RawLap(dy.Schema):
    """One FIT `lap` message, FIT's own names and units."""

    source_id = dy.String(description="the file")
    timestamp = dy.Datetime(time_zone="UTC", nullable=True, metadata={"unit": "UTC"})
    start_time = dy.Datetime(time_zone="UTC", nullable=True, metadata={"unit": "UTC"})
    total_elapsed_time = dy.Float64(nullable=True, metadata={"unit": "s"})
    total_timer_time = dy.Float64(nullable=True, metadata={"unit": "s"})
    total_distance = dy.Float64(nullable=True, metadata={"unit": "m"})


class RawTimerEvent(dy.Schema):
    """One FIT `event` message of the timer: start or stop, which is how a pause is written."""

    source_id = dy.String(description="the file")
    timestamp = dy.Datetime(time_zone="UTC", nullable=True, metadata={"unit": "UTC"})
    event_type = dy.String(nullable=True)


class RawFile(dy.Schema):
    """One FIT file: which device wrote it, and what its clock was set to."""

    source_id = dy.String(primary_key=True, description="the file")
    content_sha256 = dy.String(description="sha256 of its bytes")
    athlete_id = dy.String(description="whose file it is")
    device = dy.String(nullable=True, description="manufacturer and product")
    timestamp = dy.Datetime(time_zone="UTC", nullable=True, metadata={"unit": "UTC"})
    local_timestamp = dy.Datetime(nullable=True, metadata={"unit": "local time"})
    sport = dy.String(nullable=True, description="the sport message, for files without a session")
    sub_sport = dy.String(nullable=True)


class Activity(dy.Schema):
    """One session of one file, any sport; a triathlon is several.

    Files without a session message (cut off before their end) give one activity made from their records.
    """

    athlete_id = dy.String(description="whose activity it is")
    activity_id = dy.String(
        primary_key=True, description="first 16 of the file's `content_sha256`, `-`, and the session's index"
    )
    source_id = dy.String(description="the file it came from")
    session_index = dy.Int64(min=0, description="its place among the file's sessions", metadata={"unit": "index"})
    sport = dy.String(description="FIT's sport; `unknown` where the file says none")
    sub_sport = dy.String(nullable=True, description="FIT's sub sport")
    device = dy.String(nullable=True, description="manufacturer and product of the recording device")
    start_utc = dy.Datetime(time_zone="UTC", description="start", metadata={"unit": "UTC"})
    utc_offset_s = dy.Int64(
        description="local time minus UTC",
        metadata={"unit": "s", "source": "activity.local_timestamp, else the athlete's zone in the settings"},
    )
    local_date = dy.Date(description="the athlete's day on which it began", metadata={"unit": "local date"})
    elapsed_time_s = dy.Float64(
        nullable=True, min=0, description="from start to end, pauses included", metadata={"unit": "s"}
    )
    timer_time_s = dy.Float64(
        nullable=True,
        min=0,
        description="with the timer running",
        metadata={"unit": "s", "source": "session.total_timer_time, else the records and timer events"},
    )
    distance_m = dy.Float64(
        nullable=True,
        min=0,
        description="distance by the device",
        metadata={"unit": "m", "source": "session.total_distance, else the records"},
    )
    ascent_m = dy.Float64(
        nullable=True, description="climbed in all", metadata={"unit": "m", "source": "session.total_ascent"}
    )
    richness = dy.Int64(
        min=0,
        description="values present in heart rate, cadence, contact time and position: the richer of two recordings "
        "of one run is kept",
        metadata={"unit": "count"},
    )
    duplicate_of = dy.String(nullable=True, description="the activity that is kept in place of this one")


class Sample(dy.Schema):
    """One record of one activity with a time stamp, sorted by time, none twice.

    Known lies of the source: optical heart rate follows the steps at times; treadmill distance is the watch's guess;
    temperature is the wrist's.
    """

    activity_id = dy.String(description="the activity")
    time_utc = dy.Datetime(time_zone="UTC", description="when", metadata={"unit": "UTC"})
    timer_s = dy.Float64(
        description="time since the start with the timer running, pauses cut out", metadata={"unit": "s"}
    )
    moving_s = dy.Float64(
        min=0,
        description="seconds of moving that this sample stands for: those since the sample before it",
        metadata={"unit": "s"},
    )
    distance_m = dy.Float64(nullable=True, description="distance since the start", metadata={"unit": "m"})
    speed_m_per_s = dy.Float64(
        nullable=True,
        min=0,
        description="speed",
        metadata={"unit": "m/s", "source": "enhanced_speed, else speed, else distance over time"},
    )
    altitude_m = dy.Float64(
        nullable=True, description="altitude", metadata={"unit": "m", "source": "enhanced_altitude, else altitude"}
    )
    grade_fraction = dy.Float64(
        nullable=True,
        description="slope of the ground: mean altitude of the 50 m ahead less that of the 50 m behind, over 50 m",
        metadata={"unit": "fraction", "caveat": "null within 50 m of either end and where no altitude is"},
    )
    heart_rate_bpm = dy.Float64(nullable=True, description="heart rate", metadata={"unit": "bpm"})
    cadence_spm = dy.Float64(
        nullable=True,
        description="steps a minute, both feet; null for sports without steps",
        metadata={"unit": "steps/min", "source": "2 x (cadence + fractional_cadence)"},
    )
    step_length_m = dy.Float64(
        nullable=True,
        description="one step",
        metadata={"unit": "m", "source": "step_length, else speed x 60 / cadence"},
    )
    contact_time_s = dy.Float64(
        nullable=True, description="foot on the ground", metadata={"unit": "s", "source": "stance_time"}
    )
    vertical_oscillation_m = dy.Float64(nullable=True, description="rise of the trunk a step", metadata={"unit": "m"})
    power_w = dy.Float64(nullable=True, description="running power by the device", metadata={"unit": "W"})
    temperature_c = dy.Float64(
        nullable=True, description="at the device", metadata={"unit": "°C", "caveat": "warmed by the wrist"}
    )
    latitude_deg = dy.Float64(nullable=True, description="latitude; never leaves the warehouse", metadata={"unit": "°"})
    longitude_deg = dy.Float64(
        nullable=True, description="longitude; never leaves the warehouse", metadata={"unit": "°"}
    )
    is_moving = dy.Bool(description="timer running and faster than 0.5 m/s")


class Lap(dy.Schema):
    """One lap of one activity, as the device cut it."""

    activity_id = dy.String(primary_key=True, description="the activity")
    lap_index = dy.Int64(primary_key=True, min=0, description="its place", metadata={"unit": "index"})
    start_utc = dy.Datetime(time_zone="UTC", description="start", metadata={"unit": "UTC"})
    elapsed_time_s = dy.Float64(nullable=True, description="pauses included", metadata={"unit": "s"})
    timer_time_s = dy.Float64(nullable=True, description="with the timer running", metadata={"unit": "s"})
    distance_m = dy.Float64(nullable=True, description="distance", metadata={"unit": "m"})


class RunMeasure(dy.Schema):
    """One running activity, measured from its samples alone; never changes unless a formula does.

    Means are weighted by moving time. A measure is null where its inputs cover less than half of the moving time.
    """

    activity_id = dy.String(primary_key=True, description="the activity")
    distance_m = dy.Float64(description="distance by the device", metadata={"unit": "m"})
    moving_time_s = dy.Float64(min=0, description="timer running and moving", metadata={"unit": "s"})
    pace_s_per_km = dy.Float64(nullable=True, description="moving time over distance", metadata={"unit": "s/km"})
    grade_adjusted_pace_s_per_km = dy.Float64(
        nullable=True,
        description="pace on the level at the same cost of running",
        metadata={"unit": "s/km", "source": "Minetti 2002, doi:10.1152/japplphysiol.01177.2001"},
    )
    heart_rate_bpm = dy.Float64(nullable=True, description="mean heart rate", metadata={"unit": "bpm"})
    cadence_spm = dy.Float64(nullable=True, description="mean cadence, both feet", metadata={"unit": "steps/min"})
    step_length_m = dy.Float64(nullable=True, description="mean length of a step", metadata={"unit": "m"})
    stride_length_m = dy.Float64(nullable=True, description="two steps", metadata={"unit": "m"})
    contact_time_s = dy.Float64(nullable=True, description="mean ground contact time", metadata={"unit": "s"})
    flight_time_s = dy.Float64(
        nullable=True,
        description="step time less contact time",
        metadata={"unit": "s", "caveat": "negative in walking"},
    )
    duty_factor = dy.Float64(
        nullable=True, description="contact time over stride time (two steps)", metadata={"unit": "fraction"}
    )
    vertical_oscillation_m = dy.Float64(nullable=True, description="mean rise of the trunk", metadata={"unit": "m"})
    vertical_ratio_fraction = dy.Float64(
        nullable=True, description="vertical oscillation over step length", metadata={"unit": "fraction"}
    )
    power_w = dy.Float64(nullable=True, description="mean running power by the device", metadata={"unit": "W"})
    temperature_c = dy.Float64(
        nullable=True, description="mean at the device", metadata={"unit": "°C", "caveat": "warmed by the wrist"}
    )
    ascent_m = dy.Float64(
        nullable=True, description="climbed in all", metadata={"unit": "m", "source": "session.total_ascent"}
    )
    usable_windows = dy.Int64(
        min=0, description="60 s windows that may speak for the outcome", metadata={"unit": "count"}
    )


class RunWindow(dy.Schema):
    """One 60 s window of a run, counted on the timer; the raw material of speed at reference heart rate."""

    activity_id = dy.String(primary_key=True, description="the run")
    window_start_utc = dy.Datetime(time_zone="UTC", primary_key=True, description="start", metadata={"unit": "UTC"})
    window_index = dy.Int64(min=0, description="minutes of timer before it", metadata={"unit": "index"})
    speed_m_per_s = dy.Float64(nullable=True, description="mean speed", metadata={"unit": "m/s"})
    graded_speed_m_per_s = dy.Float64(
        nullable=True,
        description="mean of speed x cost of running on this grade / cost on the level",
        metadata={"unit": "m/s", "source": "Minetti 2002, doi:10.1152/japplphysiol.01177.2001"},
    )
    heart_rate_bpm = dy.Float64(
        nullable=True, description="mean heart rate of the 60 s that begin 25 s later", metadata={"unit": "bpm"}
    )
    grade_fraction = dy.Float64(nullable=True, description="mean grade", metadata={"unit": "fraction"})
    temperature_c = dy.Float64(nullable=True, description="mean at the device", metadata={"unit": "°C"})
    step_time_s = dy.Float64(nullable=True, description="60 over mean cadence", metadata={"unit": "s"})
    contact_time_s = dy.Float64(nullable=True, description="mean contact time", metadata={"unit": "s"})
    is_usable = dy.Bool(
        description="past the first 10 min, whole, over 2 m/s, |grade| to 0.10, heart rate there and believable"
    )


class RunEfficiency(dy.Schema):
    """One run beside all others of its athlete: what it was, and its speed at the reference heart rate."""

    activity_id = dy.String(primary_key=True, description="the run")
    run_type = dy.Enum(RUN_TYPES, description="by declared rules; see docs/methods.md")
    is_usable = dy.Bool(description="whether it enters the outcome")
    unusable_reason = dy.String(nullable=True, description="why not")
    speed_at_reference_hr_m_per_s = dy.Float64(
        nullable=True,
        description="grade-adjusted speed brought to the reference heart rate and to an easy run",
        metadata={"unit": "m/s", "caveat": "heat is not taken out here but by the week"},
    )
    heat_c = dy.Float64(
        nullable=True, description="mean degrees above 10 °C", metadata={"unit": "°C", "caveat": "the wrist's"}
    )


class AthleteLevel(dy.Schema):
    """One athlete: the reference to which runs are brought, recomputed with the data."""

    athlete_id = dy.String(primary_key=True, description="the athlete")
    reference_hr_bpm = dy.Float64(
        nullable=True, description="median heart rate over all usable windows", metadata={"unit": "bpm"}
    )
    reference_speed_m_per_s = dy.Float64(
        nullable=True, description="median speed at the reference heart rate", metadata={"unit": "m/s"}
    )
    hr_slope_per_bpm = dy.Float64(
        nullable=True, description="ln speed a beat more, within weeks", metadata={"unit": "1/bpm"}
    )


class Run(RunMeasure):
    """One running activity, duplicates left out: what people ask about first.

    Means are weighted by moving time. A measure is null where the device did not record it, or covered less than half
    of the moving time.
    """

    athlete_id = dy.String(description="whose run it is")
    local_date = dy.Date(description="the athlete's day on which it began", metadata={"unit": "local date"})
    start_utc = dy.Datetime(time_zone="UTC", description="start", metadata={"unit": "UTC"})
    device = dy.String(nullable=True, description="manufacturer and product of the recording device")
    run_type = dy.Enum(RUN_TYPES, description="by declared rules; see docs/methods.md")
    is_usable = dy.Bool(description="whether it enters the outcome")
    unusable_reason = dy.String(nullable=True, description="why not")
    speed_at_reference_hr_m_per_s = dy.Float64(
        nullable=True,
        description="grade-adjusted speed brought to the reference heart rate and to an easy run",
        metadata={"unit": "m/s", "caveat": "heat is not taken out here but by the week"},
    )
    heat_c = dy.Float64(
        nullable=True, description="mean degrees above 10 °C", metadata={"unit": "°C", "caveat": "the wrist's"}
    )
