"""Running tables: the run as we measure it, whole and by the minute."""

from __future__ import annotations

import dataframely as dy


class RunMeasure(dy.Schema):
    """One running activity, measured from its samples alone; never changes unless a formula does.

    Means are weighted by moving time; a value stands for 60 s at most. A measure is null where its inputs cover less
    than half of the moving time.
    """

    activity_id = dy.String(primary_key=True, description="the activity")
    distance_m = dy.Float64(
        description="distance by the records, without what a pause, a leap or a vehicle added; of a treadmill the "
        "session's",
        metadata={"unit": "m"},
    )
    told_distance_m = dy.Float64(
        nullable=True, min=0, description="distance as the session tells it", metadata={"unit": "m"}
    )
    moving_time_s = dy.Float64(
        min=0,
        description="timer running and moving; of a file whose records tell no way the timer",
        metadata={"unit": "s"},
    )
    standing_time_s = dy.Float64(min=0, description="timer running, but not moving", metadata={"unit": "s"})
    stops = dy.Int64(min=0, description="times that the runner stood for 10 s or more", metadata={"unit": "count"})
    jump_distance_m = dy.Float64(
        min=0,
        description="distance gained faster than 12.5 m/s, or than 8 m/s over a gap of more than 100 s: the "
        "satellite's, not the runner's; left out",
        metadata={"unit": "m"},
    )
    vehicle_distance_m = dy.Float64(
        min=0, description="driven by a vehicle with the watch on; left out", metadata={"unit": "m"}
    )
    speed_difference_fraction = dy.Float64(
        nullable=True,
        description="how far the device's speed field lies above its distance, which decides",
        metadata={"unit": "fraction", "caveat": "null under a minute of records that have both"},
    )
    contradiction = dy.String(nullable=True, description="why its records are not to be believed as a run")
    pace_s_per_km = dy.Float64(
        nullable=True,
        description="moving time over distance",
        metadata={"unit": "s/km"},
    )
    grade_adjusted_pace_s_per_km = dy.Float64(
        nullable=True,
        description="pace on the level at the same cost of running",
        metadata={"unit": "s/km", "source": "Minetti 2002, doi:10.1152/japplphysiol.01177.2001"},
    )
    heart_rate_bpm = dy.Float64(
        nullable=True,
        description="mean heart rate",
        metadata={"unit": "bpm", "source": "samples, else the session's mean where there is no sample"},
    )
    masked_heart_rate_s = dy.Float64(
        min=0,
        description="moving time in which the heart rate was one that no heart makes (`samples.heart_rate_fault`)",
        metadata={"unit": "s"},
    )
    samples = dy.Int64(
        nullable=True, min=0, description="samples; without one only totals are known", metadata={"unit": "count"}
    )
    known_speed_s = dy.Float64(
        nullable=True, min=0, description="moving time in which the speed is known", metadata={"unit": "s"}
    )
    known_heart_rate_s = dy.Float64(
        nullable=True, min=0, description="moving time in which the heart rate is believable", metadata={"unit": "s"}
    )
    decoupling_fraction = dy.Float64(
        nullable=True,
        description="fall of graded speed per beat from the first half of the usable minutes to the second",
        metadata={
            "unit": "fraction",
            "caveat": "null under 20 usable minutes; heat, hills and a change of pace move it",
        },
    )
    cadence_spm = dy.Float64(nullable=True, description="mean cadence, both feet", metadata={"unit": "steps/min"})
    step_length_m = dy.Float64(nullable=True, description="mean length of a step", metadata={"unit": "m"})
    is_step_length_measured = dy.Bool(
        nullable=True, description="true: by the device; false: speed x 60 / cadence; null without a step length"
    )
    stride_length_m = dy.Float64(nullable=True, description="two steps", metadata={"unit": "m"})
    contact_time_s = dy.Float64(
        nullable=True,
        description="mean ground contact time of what was run, not walked",
        metadata={"unit": "s"},
    )
    flight_time_s = dy.Float64(
        nullable=True,
        description="step time less contact time, of what was run",
        metadata={"unit": "s"},
    )
    duty_factor = dy.Float64(
        nullable=True,
        description="contact time over stride time (two steps), of what was run",
        metadata={"unit": "fraction"},
    )
    vertical_oscillation_m = dy.Float64(nullable=True, description="mean rise of the trunk", metadata={"unit": "m"})
    vertical_ratio_fraction = dy.Float64(
        nullable=True, description="vertical oscillation over step length", metadata={"unit": "fraction"}
    )
    power_w = dy.Float64(nullable=True, description="mean running power by the device", metadata={"unit": "W"})
    foot_pod_stiffness_n_per_m = dy.Float64(
        nullable=True, description="mean leg stiffness as a foot pod says it", metadata={"unit": "N/m"}
    )
    temperature_c = dy.Float64(
        nullable=True, description="mean at the device", metadata={"unit": "°C", "caveat": "warmed by the wrist"}
    )
    ascent_m = dy.Float64(
        nullable=True, description="climbed in all", metadata={"unit": "m", "source": "session.total_ascent"}
    )
    ascent_by_altitude_m = dy.Float64(
        nullable=True,
        min=0,
        description="climbed by the altitude, smoothed as for the grade; it tells the hills of `run_type`",
        metadata={"unit": "m", "caveat": "null where less than half of the way has a grade"},
    )
    fast_pieces = dy.Int64(
        nullable=True,
        min=0,
        description="pieces of a session of intervals: two speeds, to and fro between them; 0 where a run has one",
        metadata={"unit": "count", "source": "docs/measures.md", "caveat": "null under 15 minutes of running"},
    )
    usable_windows = dy.Int64(
        min=0, description="60 s windows that may speak for the outcome", metadata={"unit": "count"}
    )


class RunWindow(dy.Schema):
    """One 60 s window of a run, counted on the timer; the raw material of all that compares runs.

    Means are over the records within limits: moving at 2 m/s or more on a grade up to 0.10. They are null in a window
    without such a record.
    """

    activity_id = dy.String(primary_key=True, description="the run")
    window_start_utc = dy.Datetime(time_zone="UTC", primary_key=True, description="start", metadata={"unit": "UTC"})
    window_index = dy.Int64(min=0, description="minutes of timer before it", metadata={"unit": "index"})
    moving_time_s = dy.Float64(min=0, description="timer running and moving", metadata={"unit": "s"})
    within_limits_s = dy.Float64(min=0, description="the part of it within limits", metadata={"unit": "s"})
    speed_m_per_s = dy.Float64(nullable=True, description="mean speed", metadata={"unit": "m/s"})
    graded_speed_m_per_s = dy.Float64(
        nullable=True,
        description="mean of speed x cost of running on this grade / cost on the level",
        metadata={"unit": "m/s", "source": "Minetti 2002, doi:10.1152/japplphysiol.01177.2001"},
    )
    heart_rate_bpm = dy.Float64(
        nullable=True,
        description="mean heart rate of the 60 s that begin 25 s later, over their believable values",
        metadata={"unit": "bpm", "caveat": "null where they cover less than half of it"},
    )
    grade_fraction = dy.Float64(nullable=True, description="mean grade", metadata={"unit": "fraction"})
    temperature_c = dy.Float64(nullable=True, description="mean at the device", metadata={"unit": "°C"})
    step_time_s = dy.Float64(nullable=True, description="60 over mean cadence", metadata={"unit": "s"})
    step_length_m = dy.Float64(nullable=True, description="mean length of a step", metadata={"unit": "m"})
    contact_time_s = dy.Float64(nullable=True, description="mean contact time", metadata={"unit": "s"})
    vertical_oscillation_m = dy.Float64(nullable=True, description="mean rise of the trunk", metadata={"unit": "m"})
    is_usable = dy.Bool(
        description="for speed at reference heart rate: past the first 10 min, moving for 50 s, 30 s of them within "
        "limits, heart rate from 60 to 220 bpm over half of it"
    )


class RunMinute(dy.Schema):
    """Of a window what the page shows when a run is opened: no place, and no clock time."""

    activity_id = dy.String(primary_key=True, description="the run")
    window_index = dy.Int64(primary_key=True, min=0, description="minutes of timer before it")
    speed_m_per_s = dy.Float64(nullable=True, description="mean speed while running, see `RunWindow`")
    heart_rate_bpm = dy.Float64(nullable=True, description="mean heart rate of the 60 s that begin 25 s later")
    step_time_s = dy.Float64(nullable=True, description="60 over mean cadence")
