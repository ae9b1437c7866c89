"""Runs beside all other runs of their athlete: what they were, and what they come to at the athlete's references."""

from __future__ import annotations

import dataframely as dy

from hipdrive.tables.run_measures import RunMeasure
from hipdrive.tables.run_strides import StrideValues

RUN_TYPES = ("easy", "long", "tempo", "intervals", "race", "hills", "treadmill")
SLOPES = ("heart_rate", "long", "tempo", "intervals", "heat")  # of stage 1, in the order of its design


class RunEfficiency(dy.Schema):
    """One run beside all others of its athlete: what it was, and its speed at the reference heart rate."""

    activity_id = dy.String(primary_key=True, description="the run")
    run_type = dy.Enum(RUN_TYPES, description="by declared rules; see docs/measures.md")
    is_usable = dy.Bool(description="whether it enters the outcome")
    unusable_reason = dy.String(nullable=True, description="why not")
    heart_rate_above_reference_bpm = dy.Float64(
        nullable=True,
        description="mean heart rate of the usable windows, less the athlete's reference",
        metadata={"unit": "bpm"},
    )
    speed_at_reference_hr_m_per_s = dy.Float64(
        nullable=True,
        description="grade-adjusted speed brought to the reference heart rate and to an easy run",
        metadata={
            "unit": "m/s",
            "caveat": "heat is not taken out here but by the week; null where `speed_at_reference_hr_reason` says why",
        },
    )
    speed_at_reference_hr_reason = dy.String(
        nullable=True, description="why a usable run has no speed at reference heart rate"
    )
    bounded_speed_at_reference_hr_m_per_s = dy.Float64(
        nullable=True,
        description="the same of every usable run, at most 15 % outside the graded speeds of the runs of the 56 "
        "days to its day: what `weeks`, the page and the estimate take",
        metadata={"unit": "m/s"},
    )
    speed_at_reference_hr_se_m_per_s = dy.Float64(
        nullable=True,
        min=0,
        description="its standard error: the scatter of runs within a week, and what is not known of the slopes",
        metadata={"unit": "m/s", "caveat": "of few runs it rests on what is usual for watches: 6 % a run"},
    )
    trimp = dy.Float64(
        nullable=True,
        description="training impulse: minutes x share of the heart-rate reserve, weighted by Banister's curve",
        metadata={
            "unit": "TRIMP",
            "source": "Banister 1991, through Morton and others 1990, doi:10.1152/jappl.1990.69.3.1171",
            "caveat": "rests on the settings' resting and maximal heart rate; null where the heart rate covers less "
            "than half of the run",
        },
    )
    heat_c = dy.Float64(
        nullable=True,
        description="degrees above 10 °C of the run's mean over its usable minutes",
        metadata={"unit": "°C", "caveat": "the wrist's"},
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
    run_scatter_fraction = dy.Float64(
        nullable=True,
        description="how far one run's speed at reference heart rate lies from its week's, standard deviation",
        metadata={"unit": "fraction", "caveat": "of few runs it rests on what is usual for watches: 6 %"},
    )
    highest_hr_bpm = dy.Float64(nullable=True, description="the highest minute of all runs", metadata={"unit": "bpm"})


class EfficiencySlope(dy.Schema):
    """One athlete and slope of the fit that brings runs to the reference: its size and its covariances.

    Units: 1/bpm of
    `heart_rate`, none of a kind, 1/°C of `heat`; a covariance has the product of two.
    """

    athlete_id = dy.String(primary_key=True, description="the athlete")
    slope = dy.Enum(SLOPES, primary_key=True, description="of what: a beat, a kind of session, a degree above 10 °C")
    per_unit = dy.Float64(description="ln speed a unit more", metadata={"unit": "1/unit"})
    covariance_with_heart_rate = dy.Float64(description="with the slope of a beat", metadata={"unit": "1/unit/bpm"})
    covariance_with_long = dy.Float64(description="with the offset of long runs", metadata={"unit": "1/unit"})
    covariance_with_tempo = dy.Float64(description="with that of tempo runs", metadata={"unit": "1/unit"})
    covariance_with_intervals = dy.Float64(description="with that of intervals", metadata={"unit": "1/unit"})
    covariance_with_heat = dy.Float64(description="with the slope of a degree", metadata={"unit": "1/unit/°C"})


class Run(RunMeasure, StrideValues):
    """One running activity, duplicates left out: what people ask about first.

    Means are weighted by moving time. A measure is null where the device did not record it, or covered less than half
    of the moving time.
    """

    athlete_id = dy.String(description="whose run it is")
    local_date = dy.Date(description="the athlete's day on which it began", metadata={"unit": "local date"})
    start_utc = dy.Datetime(time_zone="UTC", description="start", metadata={"unit": "UTC"})
    device = dy.String(nullable=True, description="manufacturer and product of the recording device")
    sensors = dy.String(nullable=True, description="straps and pods that were paired with it")
    clock_repair = dy.String(nullable=True, description="what was moved in time, and why; null where nothing was")
    is_device_change = dy.Bool(description="another device or other sensors than in the athlete's run before")
    gear = dy.String(
        nullable=True,
        description="the shoes, by a service's list of runs, else by the diary's latest line of kind `shoes`",
    )
    name = dy.String(nullable=True, description="what its athlete called it, by a service's list of runs")
    file_format = dy.String(description="what its file is: fit, tcx or gpx")
    run_type = dy.Enum(RUN_TYPES, description="by declared rules; see docs/measures.md")
    is_usable = dy.Bool(description="whether it enters the outcome")
    unusable_reason = dy.String(nullable=True, description="why not")
    heart_rate_above_reference_bpm = dy.Float64(
        nullable=True,
        description="mean heart rate of the usable windows, less the athlete's reference",
        metadata={"unit": "bpm"},
    )
    speed_at_reference_hr_m_per_s = dy.Float64(
        nullable=True,
        description="grade-adjusted speed brought to the reference heart rate and to an easy run",
        metadata={
            "unit": "m/s",
            "caveat": "heat is not taken out here but by the week; null where `speed_at_reference_hr_reason` says why",
        },
    )
    speed_at_reference_hr_reason = dy.String(
        nullable=True, description="why a usable run has no speed at reference heart rate"
    )
    bounded_speed_at_reference_hr_m_per_s = dy.Float64(
        nullable=True,
        description="the same of every usable run, at most 15 % outside the graded speeds of the runs of the 56 "
        "days to its day: what `weeks`, the page and the estimate take",
        metadata={"unit": "m/s"},
    )
    speed_at_reference_hr_se_m_per_s = dy.Float64(
        nullable=True,
        min=0,
        description="its standard error: the scatter of runs within a week, and what is not known of the slopes",
        metadata={"unit": "m/s", "caveat": "of few runs it rests on what is usual for watches: 6 % a run"},
    )
    trimp = dy.Float64(
        nullable=True,
        description="training impulse: minutes x share of the heart-rate reserve, weighted by Banister's curve",
        metadata={
            "unit": "TRIMP",
            "source": "Banister 1991, through Morton and others 1990, doi:10.1152/jappl.1990.69.3.1171",
            "caveat": "rests on the settings' resting and maximal heart rate; null where the heart rate covers less "
            "than half of the run",
        },
    )
    heat_c = dy.Float64(
        nullable=True,
        description="degrees above 10 °C of the run's mean over its usable minutes",
        metadata={"unit": "°C", "caveat": "the wrist's"},
    )
