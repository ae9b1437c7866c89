-- One row per running activity; recordings of the same run by a second device are left out (`duplicate_of`).
SELECT
    m.activity_id,
    a.athlete_id,
    a.local_date,
    a.start_utc,
    a.device,
    a.sensors,
    e.run_type,
    m.distance_m,
    m.moving_time_s,
    m.standing_time_s,
    m.stops,
    m.jump_distance_m,
    m.pace_s_per_km,
    m.grade_adjusted_pace_s_per_km,
    m.heart_rate_bpm,
    m.masked_heart_rate_s,
    m.decoupling_fraction,
    m.cadence_spm,
    m.step_length_m,
    m.measured_step_fraction,
    m.stride_length_m,
    m.contact_time_s,
    m.flight_time_s,
    m.duty_factor,
    m.vertical_oscillation_m,
    m.vertical_ratio_fraction,
    m.power_w,
    m.foot_pod_stiffness_n_per_m,
    m.temperature_c,
    m.ascent_m,
    e.speed_at_reference_hr_m_per_s,
    e.heat_c,
    m.usable_windows,
    e.is_usable,
    e.unusable_reason
FROM run_measures AS m
INNER JOIN activities AS a ON m.activity_id = a.activity_id
INNER JOIN run_efficiency AS e ON m.activity_id = e.activity_id
WHERE a.duplicate_of IS NULL
ORDER BY a.athlete_id, a.start_utc
