"""Running tables: an activity, its samples, laps and timer, as we trust them."""

from __future__ import annotations

import dataframely as dy

from hipdrive.tables.run_files import FILE_FORMATS

HEART_RATE_FAULTS = ("out_of_range", "held", "slow_start", "dropout", "cadence_lock")
SPEED_FAULTS = ("spike", "jump", "vehicle")
_STAYS = "on no page, and in Parquet files only if you ask for it with --gps"


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
    file_format = dy.Enum(
        FILE_FORMATS, description="what its file is; a TCX or GPX file is never preferred to the FIT file of a run"
    )
    device = dy.String(nullable=True, description="manufacturer and product of the recording device")
    sensors = dy.String(
        nullable=True,
        description="straps and pods that were paired with it, by name, comma-separated",
        metadata={"source": "device_info of source antplus or bluetooth", "caveat": "null where the file names none"},
    )
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
        metadata={
            "unit": "s",
            "source": "session.total_timer_time where the records and timer events agree with it, else these",
        },
    )
    distance_m = dy.Float64(
        nullable=True,
        min=0,
        description="distance by the records, without what a pause, a leap or a vehicle added; of a treadmill the "
        "session's, to which its records are scaled",
        metadata={"unit": "m", "source": "record.distance, else positions, record.speed or session.total_distance"},
    )
    told_elapsed_time_s = dy.Float64(
        nullable=True,
        min=0,
        description="from start to end as the session tells it",
        metadata={"unit": "s", "source": "session.total_elapsed_time, else its laps"},
    )
    told_timer_time_s = dy.Float64(
        nullable=True,
        min=0,
        description="with the timer running as the session tells it",
        metadata={"unit": "s", "source": "session.total_timer_time, else its laps"},
    )
    told_distance_m = dy.Float64(
        nullable=True,
        min=0,
        description="distance as the session tells it",
        metadata={"unit": "m", "source": "session.total_distance, else its laps"},
    )
    jump_distance_m = dy.Float64(
        nullable=True,
        min=0,
        description="gained faster than 12.5 m/s, or than 8 m/s over a gap of more than 100 s, and not to make up for "
        "a stall: the satellite's, not the runner's; left out",
        metadata={"unit": "m"},
    )
    vehicle_distance_m = dy.Float64(
        nullable=True,
        min=0,
        description="driven by a vehicle: from a minute above 7 m/s (6 without steps) to where somebody runs or walks "
        "again; left out",
        metadata={"unit": "m", "caveat": "a rider who keeps below these speeds is not seen"},
    )
    paused_distance_m = dy.Float64(
        nullable=True, min=0, description="gained while the timer stood; left out", metadata={"unit": "m"}
    )
    field_difference_fraction = dy.Float64(
        nullable=True,
        description="how far the device's speed field lies above its distance, over the records that have both; above "
        "5 % either way the run does not enter the outcome",
        metadata={"unit": "fraction", "caveat": "null under a minute of such records"},
    )
    reason = dy.String(nullable=True, description="what of its totals was repaired, and where they contradict")
    contradiction = dy.String(nullable=True, description="why its records are not to be believed as a run")
    ascent_m = dy.Float64(
        nullable=True, description="climbed in all", metadata={"unit": "m", "source": "session.total_ascent"}
    )
    told_heart_rate_bpm = dy.Float64(
        nullable=True,
        description="mean heart rate as the session tells it",
        metadata={"unit": "bpm", "source": "session.avg_heart_rate"},
    )
    richness = dy.Int64(
        min=0,
        description="values present in heart rate, cadence, contact time and position: the richer of two recordings "
        "of one run is kept",
        metadata={"unit": "count"},
    )
    duplicate_of = dy.String(nullable=True, description="the activity that is kept in place of this one")
    clock_repair = dy.String(
        nullable=True,
        description="what was moved because the device's clock was set while it recorded, never set, or showed local "
        "time for UTC; null where nothing was",
    )


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
    distance_m = dy.Float64(
        nullable=True,
        description="distance since the start, without what a pause, a leap or a vehicle added; a count that began "
        "again is joined",
        metadata={
            "unit": "m",
            "source": "distance, else positions, else the speed field; of a treadmill scaled to the session's",
            "caveat": "falls where the device corrected itself",
        },
    )
    speed_m_per_s = dy.Float64(
        nullable=True,
        min=0,
        description="speed",
        metadata={"unit": "m/s", "source": "distance over time; in its gaps enhanced_speed, else speed"},
    )
    speed_fault = dy.Enum(
        SPEED_FAULTS,
        nullable=True,
        description="why the speed is masked: `spike`, the device's speed is one that no runner reaches; `jump`, the "
        "distance since the sample before is; `vehicle`, it was driven",
        metadata={"caveat": "sports on foot only; a jump or a drive stands for no moving time and adds no distance"},
    )
    altitude_m = dy.Float64(
        nullable=True, description="altitude", metadata={"unit": "m", "source": "enhanced_altitude, else altitude"}
    )
    grade_fraction = dy.Float64(
        nullable=True,
        description="slope of the ground: mean altitude of the 50 m ahead less that of the 50 m behind, over 50 m",
        metadata={"unit": "fraction", "caveat": "null within 50 m of either end and where no altitude is"},
    )
    graded_speed_m_per_s = dy.Float64(
        nullable=True,
        description="speed on the level at the same cost of running; where the grade is not known, the speed",
        metadata={"unit": "m/s", "source": "Minetti 2002, doi:10.1152/japplphysiol.01177.2001"},
    )
    heart_rate_bpm = dy.Float64(
        nullable=True, description="heart rate, artefacts masked", metadata={"unit": "bpm", "source": "heart_rate"}
    )
    heart_rate_fault = dy.Enum(
        HEART_RATE_FAULTS,
        nullable=True,
        description="why the heart rate is masked, by declared rules: `out_of_range` 30 to 240 bpm; `held` at one "
        "value for more than 90 s; `slow_start`, before a leap in the first ten minutes; `dropout`, a fall no heart "
        "makes; `cadence_lock`, a leap onto the cadence that stays there",
        metadata={"caveat": "a runner whose heart beats as often as they step looks locked only after a leap"},
    )
    cadence_spm = dy.Float64(
        nullable=True,
        description="steps a minute, both feet; null for sports without steps",
        metadata={
            "unit": "steps/min",
            "source": "2 x (cadence + fractional_cadence), or once where the writer stored both feet",
        },
    )
    step_length_m = dy.Float64(
        nullable=True,
        description="one step",
        metadata={
            "unit": "m",
            "source": "step_length where the device measured at least half of the activity's steps, else "
            "speed x 60 / cadence throughout",
        },
    )
    is_step_length_measured = dy.Bool(
        nullable=True, description="true: by the device; false: speed x 60 / cadence; null without a step length"
    )
    contact_time_s = dy.Float64(
        nullable=True,
        description="foot on the ground",
        metadata={"unit": "s", "source": "stance_time, else a pod's, but while it counts no step"},
    )
    flight_time_s = dy.Float64(
        nullable=True,
        description="step time (60 / cadence) less contact time",
        metadata={"unit": "s", "caveat": "of running records only"},
    )
    duty_factor = dy.Float64(
        nullable=True,
        description="contact time over stride time (two steps)",
        metadata={"unit": "fraction", "caveat": "of running records only"},
    )
    vertical_oscillation_m = dy.Float64(
        nullable=True,
        description="rise of the trunk a step",
        metadata={"unit": "m", "source": "vertical_oscillation, else a pod's"},
    )
    vertical_ratio_fraction = dy.Float64(
        nullable=True, description="vertical oscillation over step length", metadata={"unit": "fraction"}
    )
    power_w = dy.Float64(
        nullable=True,
        description="running power by the device",
        metadata={"unit": "W", "source": "power, else a pod's or an app's", "caveat": "each maker's own model"},
    )
    foot_pod_stiffness_n_per_m = dy.Float64(
        nullable=True,
        description="leg stiffness as a foot pod says it",
        metadata={"unit": "N/m", "source": "Stryd's Leg Spring Stiffness"},
    )
    temperature_c = dy.Float64(
        nullable=True, description="at the device", metadata={"unit": "°C", "caveat": "warmed by the wrist"}
    )
    core_temperature_c = dy.Float64(
        nullable=True,
        description="of the body, as a sensor on the skin works it out",
        metadata={"unit": "°C", "source": "core_temperature", "caveat": "the maker's own model"},
    )
    latitude_deg = dy.Float64(nullable=True, description=f"latitude; {_STAYS}", metadata={"unit": "°"})
    longitude_deg = dy.Float64(nullable=True, description=f"longitude; {_STAYS}", metadata={"unit": "°"})
    is_moving = dy.Bool(
        description="timer running and faster than 0.5 m/s; where no record of the activity tells a way, timer running "
        "and, where steps are counted, stepping"
    )


class Lap(dy.Schema):
    """One lap of one activity, as the device cut it."""

    activity_id = dy.String(primary_key=True, description="the activity")
    lap_index = dy.Int64(primary_key=True, min=0, description="its place", metadata={"unit": "index"})
    start_utc = dy.Datetime(time_zone="UTC", description="start", metadata={"unit": "UTC"})
    elapsed_time_s = dy.Float64(nullable=True, description="pauses included", metadata={"unit": "s"})
    timer_time_s = dy.Float64(nullable=True, description="with the timer running", metadata={"unit": "s"})
    distance_m = dy.Float64(nullable=True, description="distance", metadata={"unit": "m"})


class TimerSpan(dy.Schema):
    """One stretch of an activity in which its timer ran; between two of them it stood."""

    activity_id = dy.String(primary_key=True, description="the activity")
    start_utc = dy.Datetime(time_zone="UTC", primary_key=True, description="first sample", metadata={"unit": "UTC"})
    end_utc = dy.Datetime(time_zone="UTC", description="last sample", metadata={"unit": "UTC"})
