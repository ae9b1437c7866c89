"""Views that answer what runners ask: each one question, its grain and its caveats."""

from __future__ import annotations

import dataframely as dy

from hipdrive.tables.run_history import RUN_TYPES


class _Of(dy.Schema):
    athlete_id = dy.String(description="the athlete")


class RunListRow(_Of):
    """One run, the newest first, with what a person asks first; `runs` has everything else.

    `pace(m_per_s)` and `pace_mi(m_per_s)` write any speed as minutes and seconds a kilometre or a mile.
    """

    local_start = dy.Datetime(description="start by the runner's own clock", metadata={"unit": "local time"})
    run_type = dy.Enum(RUN_TYPES, description="by declared rules; see docs/measures.md")
    distance_m = dy.Float64(nullable=True, description="distance", metadata={"unit": "m"})
    pace_s_per_km = dy.Float64(nullable=True, description="moving time over distance", metadata={"unit": "s/km"})
    pace = dy.String(nullable=True, description="the same as people write it, minutes and seconds a kilometre")
    heart_rate_bpm = dy.Float64(nullable=True, description="mean heart rate", metadata={"unit": "bpm"})
    pace_at_reference_hr_s_per_km = dy.Float64(
        nullable=True,
        description="pace at the athlete's reference heart rate, as the page and the estimate take it",
        metadata={"unit": "s/km", "caveat": "null where the run does not count"},
    )
    cadence_spm = dy.Float64(nullable=True, description="mean cadence, both feet", metadata={"unit": "steps/min"})
    step_length_m = dy.Float64(nullable=True, description="mean length of a step", metadata={"unit": "m"})
    counts = dy.Bool(description="whether it enters the outcome")
    why_not = dy.String(nullable=True, description="why it does not")
    path = dy.String(nullable=True, description="the file it came from")
    activity_id = dy.String(description="the run, as in `runs`")


class UnknownName(_Of):
    """One athlete and name in their written strength logs that no exercise of the catalogue answers to.

    Its sets are kept and count nowhere until an alias settles the name.
    """

    exercise_name = dy.String(nullable=True, description="the name as logged")
    sets = dy.Int64(min=1, description="sets that carry it", metadata={"unit": "count"})
    last_date = dy.Date(description="the last day it was logged", metadata={"unit": "local date"})


class WeekVolumeAndDose(_Of):
    """One athlete's ISO week, none missing: running volume and strength dose side by side.

    Nothing here says that one moves the other.
    """

    week_start = dy.Date(description="its Monday", metadata={"unit": "local date"})
    is_complete = dy.Bool(description="false for the running week")
    runs_all = dy.Int64(min=0, description="runs", metadata={"unit": "count"})
    run_distance_m = dy.Float64(min=0, description="running distance", metadata={"unit": "m"})
    run_time_s = dy.Float64(min=0, description="moving time of runs", metadata={"unit": "s"})
    trimp = dy.Float64(nullable=True, description="training impulse of all runs", metadata={"unit": "TRIMP"})
    ctl = dy.Float64(description="chronic load, 42 d", metadata={"unit": "km/d"})
    atl = dy.Float64(description="acute load, 7 d", metadata={"unit": "km/d"})
    hip_dose = dy.Float64(
        nullable=True,
        description="credit of hip-extension work; 1 a week is the programme as prescribed",
        metadata={"unit": "dose", "caveat": "null where the dose is not known"},
    )
    heavy_hip_dose = dy.Float64(
        nullable=True, description="the part of it lifted at 80 % of e1RM or more", metadata={"unit": "dose"}
    )
    upper_dose = dy.Float64(
        nullable=True, description="upper-body and core work by the same rule", metadata={"unit": "dose"}
    )
    mobility_min = dy.Float64(nullable=True, description="stretching", metadata={"unit": "min"})
    adherence_fraction = dy.Float64(
        nullable=True,
        description="done over prescribed, mean over the strengthening items of the programme",
        metadata={"unit": "fraction", "caveat": "null without a strength log"},
    )
    dose_known = dy.Bool(description="false outside the days that the strength logs speak for")


class _Effort(_Of):
    target_m = dy.Float64(
        nullable=True, description="distance, null where a time is the target", metadata={"unit": "m"}
    )
    target_s = dy.Float64(
        nullable=True, description="time, null where a distance is the target", metadata={"unit": "s"}
    )
    time_s = dy.Float64(min=0, description="clock time of the stretch, pauses included", metadata={"unit": "s"})
    speed_m_per_s = dy.Float64(min=0, description="distance over time", metadata={"unit": "m/s"})
    pace_s_per_km = dy.Float64(min=0, description="the same as a pace", metadata={"unit": "s/km"})
    activity_id = dy.String(description="the run it lies in")
    local_date = dy.Date(description="the day of that run", metadata={"unit": "local date"})
    over_next_fraction = dy.Float64(
        nullable=True,
        description="speed over that of the next slower effort of the runner's other runs over the same target, less 1",
        metadata={"unit": "fraction", "caveat": "null where no other run has one"},
    )
    is_doubtful = dy.Bool(
        description="by more than 4 %: a great day, or a watch that measured too long; look before you believe it"
    )


class Effort(_Effort):
    """One run and target: its fastest stretch, beside those of the runner's other runs.

    Recordings of the same run by a second device are left out, and runs whose records contradict themselves.
    """

    start_utc = dy.Datetime(time_zone="UTC", description="start of that run", metadata={"unit": "UTC"})


class BestEffortBySeason(_Effort):
    """One athlete, quarter of the year and target: the fastest stretch of any run.

    A stretch counts whatever it was run for: training hides what a runner could do, and a satellite can flatter it.
    """

    season_start = dy.Date(description="the quarter's first day", metadata={"unit": "local date"})


class PersonalRecord(_Effort):
    """One athlete, target and run that set a personal record over it, in the order they fell.

    Only runs that hipdrive has read can be records; the first run over a target sets the first.
    """

    gain_fraction = dy.Float64(
        nullable=True,
        description="speed over that of the record before, less 1",
        metadata={"unit": "fraction", "caveat": "null for the first"},
    )
    is_standing = dy.Bool(description="whether it stands tonight")


class StrideByMonth(_Of):
    """One athlete, month, device and set of sensors: the stride at the athlete's reference speed, mean over runs.

    Devices stay apart, because a new watch or strap shifts what it measures. Errors are the scatter of the runs over
    the root of their number, null for one run alone. Description: no value here is better than another.
    """

    month_start = dy.Date(description="the month's first day", metadata={"unit": "local date"})
    device = dy.String(nullable=True, description="manufacturer and product of the recording device")
    sensors = dy.String(nullable=True, description="straps and pods that were paired with it")
    stride_reference_speed_m_per_s = dy.Float64(
        nullable=True, description="the speed that the values hold at", metadata={"unit": "m/s"}
    )
    runs = dy.Int64(min=1, description="runs with a cadence at that speed", metadata={"unit": "count"})
    contact_time_at_reference_speed_s = dy.Float64(
        nullable=True, description="contact time, mean over runs", metadata={"unit": "s"}
    )
    contact_time_at_reference_speed_se_s = dy.Float64(
        nullable=True, min=0, description="its standard error", metadata={"unit": "s"}
    )
    cadence_at_reference_speed_spm = dy.Float64(
        nullable=True, description="cadence, mean over runs", metadata={"unit": "steps/min"}
    )
    cadence_at_reference_speed_se_spm = dy.Float64(
        nullable=True, min=0, description="its standard error", metadata={"unit": "steps/min"}
    )
    step_length_at_reference_speed_m = dy.Float64(
        nullable=True, description="length of a step, mean over runs", metadata={"unit": "m"}
    )
    step_length_at_reference_speed_se_m = dy.Float64(
        nullable=True, min=0, description="its standard error", metadata={"unit": "m"}
    )
    vertical_ratio_at_reference_speed_fraction = dy.Float64(
        nullable=True,
        description="vertical oscillation over step length, mean over runs",
        metadata={"unit": "fraction"},
    )
    vertical_ratio_at_reference_speed_se_fraction = dy.Float64(
        nullable=True, min=0, description="its standard error", metadata={"unit": "fraction"}
    )
    leg_stiffness_at_reference_speed_n_per_m = dy.Float64(
        nullable=True, description="leg stiffness by the sine model, mean over runs", metadata={"unit": "N/m"}
    )
    leg_stiffness_at_reference_speed_se_n_per_m = dy.Float64(
        nullable=True, min=0, description="its standard error", metadata={"unit": "N/m"}
    )


class DoseAndNextWeeks(_Of):
    """One athlete's complete week of known dose: its hip dose, and speed at reference heart rate before and after.

    Neighbouring rows share most of their weeks and look alike for that alone; load, heat and season are not taken out.
    The estimate does that (`effects`); this is the plain look.
    """

    week_start = dy.Date(description="its Monday", metadata={"unit": "local date"})
    hip_dose = dy.Float64(nullable=True, description="hip dose of the week", metadata={"unit": "dose"})
    weeks_before = dy.Int64(
        min=0, max=8, description="weeks with a usable run among the eight before", metadata={"unit": "count"}
    )
    before_speed_at_reference_hr_m_per_s = dy.Float64(
        nullable=True, description="their geometric mean", metadata={"unit": "m/s"}
    )
    weeks_after = dy.Int64(
        min=0, max=8, description="weeks with a usable run among the eight after", metadata={"unit": "count"}
    )
    after_speed_at_reference_hr_m_per_s = dy.Float64(
        nullable=True, description="their geometric mean", metadata={"unit": "m/s"}
    )
    change_fraction = dy.Float64(nullable=True, description="after over before, less 1", metadata={"unit": "fraction"})


class CriticalSpeed(_Of):
    """One athlete and month with a run: critical speed and D' of the 91 days that end with the month.

    It means what it says only if the best stretches of 3 to 20 minutes were all-out; in ordinary training it is too
    low. Null with fewer than three of them, with times that do not differ twofold, and where D' would be below 0.
    """

    month_start = dy.Date(description="the month's first day", metadata={"unit": "local date"})
    efforts = dy.Int64(min=0, description="targets with a stretch of 3 to 20 minutes", metadata={"unit": "count"})
    critical_speed_m_per_s = dy.Float64(
        nullable=True,
        description="slope of distance on time through them",
        metadata={"unit": "m/s", "source": "the two-parameter model, distance = critical speed x time + D'"},
    )
    critical_pace_s_per_km = dy.Float64(nullable=True, description="the same as a pace", metadata={"unit": "s/km"})
    d_prime_m = dy.Float64(nullable=True, description="distance at time 0 on that line", metadata={"unit": "m"})


class ChangeSinceLastMonth(_Of):
    """One athlete and measure: the 28 days before tonight against the 28 before those.

    Sums are sums, and means are over the runs that have the measure. A change is not a trend, and four weeks are few.
    """

    measure = dy.String(description="what is compared")
    unit = dy.String(description="unit of both values")
    latest_28_days = dy.Float64(
        nullable=True, description="the 28 days before tonight", metadata={"unit": "as `unit` says"}
    )
    days_28_before = dy.Float64(nullable=True, description="the 28 before those", metadata={"unit": "as `unit` says"})
    change_fraction = dy.Float64(nullable=True, description="latest over before, less 1", metadata={"unit": "fraction"})
