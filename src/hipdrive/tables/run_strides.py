"""A run's stride: what the sine model makes of it, and what it comes to at the runner's reference speed."""

from __future__ import annotations

import dataframely as dy

MODEL = "Morin and others 2005, doi:10.1123/jab.21.2.167"
_ERROR = "standard error of the same"
_CAVEAT = "minutes count as independent, so the error is somewhat too small"


class StrideValues(dy.Schema):
    """What is told of a run's stride; `RunStride` says of which minutes."""

    level_minutes = dy.Int64(min=0, description="minutes on level ground that speak for it", metadata={"unit": "count"})
    leg_stiffness_n_per_m = dy.Float64(
        nullable=True,
        description="leg stiffness by the sine model, mean of the level minutes",
        metadata={"unit": "N/m", "source": MODEL, "caveat": "from mass, leg length and times; no force was measured"},
    )
    peak_force_bw = dy.Float64(
        nullable=True,
        description="peak vertical force by the sine model, mean of the level minutes",
        metadata={"unit": "body weights", "source": MODEL, "caveat": "from times; no force was measured"},
    )
    contact_sweep_deg = dy.Float64(
        nullable=True,
        description="half the angle that the leg sweeps in contact, asin(v c/(2 L)), mean of the level minutes",
        metadata={"unit": "°", "caveat": "front and back cannot be told apart"},
    )
    stride_reference_speed_m_per_s = dy.Float64(
        nullable=True,
        description="the speed that the values below hold at: the athlete's reference speed, else their median speed",
        metadata={"unit": "m/s", "caveat": "moves with the data, and all values with it"},
    )
    contact_time_at_reference_speed_s = dy.Float64(
        nullable=True,
        description="contact time at the reference speed",
        metadata={"unit": "s"},
    )
    contact_time_at_reference_speed_se_s = dy.Float64(
        nullable=True, min=0, description=_ERROR, metadata={"unit": "s", "caveat": _CAVEAT}
    )
    cadence_at_reference_speed_spm = dy.Float64(
        nullable=True,
        description="cadence at the reference speed",
        metadata={"unit": "steps/min"},
    )
    cadence_at_reference_speed_se_spm = dy.Float64(
        nullable=True, min=0, description=_ERROR, metadata={"unit": "steps/min", "caveat": _CAVEAT}
    )
    step_length_at_reference_speed_m = dy.Float64(
        nullable=True,
        description="length of a step at the reference speed",
        metadata={"unit": "m"},
    )
    step_length_at_reference_speed_se_m = dy.Float64(
        nullable=True, min=0, description=_ERROR, metadata={"unit": "m", "caveat": _CAVEAT}
    )
    vertical_oscillation_at_reference_speed_m = dy.Float64(
        nullable=True,
        description="rise of the trunk at the reference speed",
        metadata={"unit": "m"},
    )
    vertical_oscillation_at_reference_speed_se_m = dy.Float64(
        nullable=True, min=0, description=_ERROR, metadata={"unit": "m", "caveat": _CAVEAT}
    )
    vertical_ratio_at_reference_speed_fraction = dy.Float64(
        nullable=True,
        description="vertical oscillation over step length at the reference speed",
        metadata={"unit": "fraction"},
    )
    vertical_ratio_at_reference_speed_se_fraction = dy.Float64(
        nullable=True, min=0, description=_ERROR, metadata={"unit": "fraction", "caveat": _CAVEAT}
    )
    duty_factor_at_reference_speed_fraction = dy.Float64(
        nullable=True,
        description="contact time over stride time at the reference speed",
        metadata={"unit": "fraction"},
    )
    duty_factor_at_reference_speed_se_fraction = dy.Float64(
        nullable=True, min=0, description=_ERROR, metadata={"unit": "fraction", "caveat": _CAVEAT}
    )
    leg_stiffness_at_reference_speed_n_per_m = dy.Float64(
        nullable=True,
        description="leg stiffness by the sine model at the reference speed",
        metadata={"unit": "N/m", "source": MODEL},
    )
    leg_stiffness_at_reference_speed_se_n_per_m = dy.Float64(
        nullable=True, min=0, description=_ERROR, metadata={"unit": "N/m", "caveat": _CAVEAT}
    )
    peak_force_at_reference_speed_bw = dy.Float64(
        nullable=True,
        description="peak force by the sine model at the reference speed",
        metadata={"unit": "body weights", "source": MODEL},
    )
    peak_force_at_reference_speed_se_bw = dy.Float64(
        nullable=True, min=0, description=_ERROR, metadata={"unit": "body weights", "caveat": _CAVEAT}
    )
    contact_sweep_at_reference_speed_deg = dy.Float64(
        nullable=True,
        description="half the angle swept in contact at the reference speed",
        metadata={"unit": "°"},
    )
    contact_sweep_at_reference_speed_se_deg = dy.Float64(
        nullable=True, min=0, description=_ERROR, metadata={"unit": "°", "caveat": _CAVEAT}
    )


class RunStride(StrideValues):
    """One run's stride on level ground (|grade| up to 0.02), over its minutes with at least 50 s within limits.

    At one speed means: ln of the measure is fitted on ln speed over the run's minutes, the slope drawn to the slope of
    all the athlete's runs, and the value is taken at the athlete's reference speed. Treadmill runs have none, because
    their speed is a guess; nor have runs with fewer than 5 such minutes. Description, never a benefit.
    """

    activity_id = dy.String(primary_key=True, description="the run")
