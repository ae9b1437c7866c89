"""Days, weeks and nights: what the views promise to those who ask in SQL."""

from __future__ import annotations

import dataframely as dy


class DailyLoad(dy.Schema):
    """One athlete's local day from the first activity or set to the last, none missing."""

    athlete_id = dy.String(primary_key=True, description="the athlete")
    local_date = dy.Date(primary_key=True, description="the athlete's day", metadata={"unit": "local date"})
    run_distance_m = dy.Float64(min=0, description="running distance", metadata={"unit": "m"})
    run_time_s = dy.Float64(min=0, description="moving time of runs", metadata={"unit": "s"})
    ctl = dy.Float64(
        description="chronic load: running km a day, exponentially weighted over 42 d",
        metadata={"unit": "km/d", "caveat": "starts at the mean of the first 28 d"},
    )
    atl = dy.Float64(
        description="acute load: running km a day, exponentially weighted over 7 d",
        metadata={"unit": "km/d", "caveat": "starts at the mean of the first 28 d"},
    )


class _Doses(dy.Schema):
    hip_dose = dy.Float64(
        nullable=True,
        description="credit of hip-extension work; 1 a week is the programme as prescribed",
        metadata={"unit": "dose"},
    )
    heavy_hip_dose = dy.Float64(
        nullable=True, description="the part of hip_dose lifted at 80 % of e1RM or more", metadata={"unit": "dose"}
    )
    upper_dose = dy.Float64(
        nullable=True,
        description="upper-body and core work by the same rule: the negative control",
        metadata={"unit": "dose"},
    )
    plantarflexor_dose = dy.Float64(
        nullable=True, description="calf work by the same rule: a competing exposure", metadata={"unit": "dose"}
    )
    mobility_min = dy.Float64(nullable=True, description="stretching", metadata={"unit": "min"})
    dose_known = dy.Bool(
        description="whether the strength logs speak for this day, or for all seven days of the week",
        metadata={"caveat": "where they do not, an unlogged dose is not zero but null: unknown"},
    )


class Day(_Doses):
    """One athlete's local day, none missing."""

    athlete_id = dy.String(primary_key=True, description="the athlete")
    local_date = dy.Date(primary_key=True, description="the athlete's day", metadata={"unit": "local date"})
    run_distance_m = dy.Float64(min=0, description="running distance", metadata={"unit": "m"})
    run_time_s = dy.Float64(min=0, description="moving time of runs", metadata={"unit": "s"})
    ctl = dy.Float64(description="chronic load, 42 d", metadata={"unit": "km/d"})
    atl = dy.Float64(description="acute load, 7 d", metadata={"unit": "km/d"})
    acute_hip_dose = dy.Float64(
        nullable=True,
        description="hip dose of this and the 13 days before, halved every 1.4 d: the sum of dose x exp(-days/2)",
        metadata={"unit": "dose"},
    )


class Week(_Doses):
    """One athlete's ISO week, none missing; averages are over the runs of the week that are usable for the outcome."""

    athlete_id = dy.String(primary_key=True, description="the athlete")
    week_start = dy.Date(primary_key=True, description="its Monday", metadata={"unit": "local date"})
    is_complete = dy.Bool(description="false for the running week")
    runs_all = dy.Int64(min=0, description="runs", metadata={"unit": "count"})
    runs = dy.Int64(min=0, description="runs usable for the outcome", metadata={"unit": "count"})
    run_distance_m = dy.Float64(min=0, description="running distance", metadata={"unit": "m"})
    run_time_s = dy.Float64(min=0, description="moving time of runs", metadata={"unit": "s"})
    speed_at_reference_hr_m_per_s = dy.Float64(
        nullable=True, description="exp of the mean log over usable runs", metadata={"unit": "m/s"}
    )
    speed_at_reference_hr_se_m_per_s = dy.Float64(
        nullable=True,
        description="its standard error: that of its runs, each by itself, over their number",
        metadata={
            "unit": "m/s",
            "caveat": "an error of the slopes that all runs share is counted as if each had its own",
        },
    )
    heat_c = dy.Float64(nullable=True, description="mean degrees above 10 °C", metadata={"unit": "°C"})
    device = dy.String(nullable=True, description="the device of most usable runs")
    gear = dy.String(nullable=True, description="the shoes of most usable runs")
    trimp = dy.Float64(
        nullable=True,
        description="training impulse of all runs",
        metadata={"unit": "TRIMP", "caveat": "runs without a heart rate add nothing"},
    )
    pace_s_per_km = dy.Float64(
        nullable=True, description="time over distance of usable runs", metadata={"unit": "s/km"}
    )
    heart_rate_bpm = dy.Float64(nullable=True, description="mean over usable runs", metadata={"unit": "bpm"})
    cadence_spm = dy.Float64(nullable=True, description="mean over usable runs", metadata={"unit": "steps/min"})
    step_length_m = dy.Float64(nullable=True, description="mean over usable runs", metadata={"unit": "m"})
    stride_length_m = dy.Float64(nullable=True, description="mean over usable runs", metadata={"unit": "m"})
    contact_time_s = dy.Float64(nullable=True, description="mean over usable runs", metadata={"unit": "s"})
    vertical_ratio_fraction = dy.Float64(
        nullable=True, description="mean over usable runs", metadata={"unit": "fraction"}
    )
    ctl = dy.Float64(description="chronic load, mean over its run days, else its days", metadata={"unit": "km/d"})
    atl = dy.Float64(description="acute load, mean over its run days, else its days", metadata={"unit": "km/d"})
    acute_hip_dose = dy.Float64(
        nullable=True,
        description="mean over its run days of the day's acute hip dose, else over its days",
        metadata={"unit": "dose"},
    )


class AthleteSetting(dy.Schema):
    """One athlete of this home, as the settings describe them."""

    athlete_id = dy.String(primary_key=True, description="the athlete")
    night_date = dy.Date(nullable=True, description="the athlete's date when these tables were made")
    time_zone = dy.String(description="IANA time zone, from the settings")
    mass_kg = dy.Float64(description="body mass, from the settings", metadata={"unit": "kg"})
    height_m = dy.Float64(description="body height, from the settings", metadata={"unit": "m"})
    leg_length_m = dy.Float64(
        description="hip to ground, from the settings, else 0.53 of the height", metadata={"unit": "m"}
    )
    max_heart_rate_bpm = dy.Float64(nullable=True, description="from the settings", metadata={"unit": "bpm"})
    resting_heart_rate_bpm = dy.Float64(description="from the settings", metadata={"unit": "bpm"})
    trimp_weighting = dy.String(description="`male` or `female`: whose curve weighs training load")
    left_at_default = dy.String(
        nullable=True, description="which of these nobody has set, comma-separated; what rests on them says so"
    )


class Athlete(AthleteSetting):
    """One athlete of this home: settings, and the reference that runs are brought to."""

    reference_hr_bpm = dy.Float64(
        nullable=True, description="median heart rate over all usable windows", metadata={"unit": "bpm"}
    )
    reference_speed_m_per_s = dy.Float64(
        nullable=True, description="median speed at the reference heart rate", metadata={"unit": "m/s"}
    )
    reference_pace_s_per_km = dy.Float64(nullable=True, description="the same as a pace", metadata={"unit": "s/km"})
    hr_slope_per_bpm = dy.Float64(
        nullable=True, description="ln speed a beat more, within weeks", metadata={"unit": "1/bpm"}
    )
    run_scatter_fraction = dy.Float64(
        nullable=True,
        description="how far one run's speed at reference heart rate lies from its week's, standard deviation",
        metadata={"unit": "fraction", "caveat": "of few runs it rests on what is usual for watches: 6 %"},
    )
    highest_hr_bpm = dy.Float64(nullable=True, description="the highest minute of all runs", metadata={"unit": "bpm"})


class NightlyRun(dy.Schema):
    """One run of the nightly flow, failed ones too."""

    run_id = dy.String(primary_key=True, description="its name")
    started_utc = dy.Datetime(time_zone="UTC", description="start", metadata={"unit": "UTC"})
    finished_utc = dy.Datetime(time_zone="UTC", description="end", metadata={"unit": "UTC"})
    status = dy.Enum(["done", "needs_a_person", "stopped"], description="how it ended")
    sources_new = dy.Int64(min=0, description="files opened for the first time", metadata={"unit": "count"})
    quarantined = dy.Int64(min=0, description="files that could not be read, this night", metadata={"unit": "count"})
    seconds_ingest = dy.Float64(min=0, description="inbox to tables", metadata={"unit": "s"})
    seconds_measure = dy.Float64(min=0, description="dose, load, efficiency, views, checks", metadata={"unit": "s"})
    seconds_estimate = dy.Float64(min=0, description="the estimate", metadata={"unit": "s"})
    seconds_report = dy.Float64(min=0, description="the page", metadata={"unit": "s"})
    version = dy.String(description="version of hipdrive")
    message = dy.String(nullable=True, description="why it stopped")
