-- One row per running activity; recordings of the same run by a second device are left out (`duplicate_of`).
-- The values at reference speed hold at the athlete's own speed of this night (`stride_reference_speed_m_per_s`).
SELECT
    m.activity_id,
    a.athlete_id,
    a.local_date,
    a.start_utc,
    a.device,
    a.sensors,
    a.clock_repair,
    coalesce(
        lag(concat(a.device, '|', a.sensors)) OVER (PARTITION BY a.athlete_id ORDER BY a.start_utc, m.activity_id)
            <> concat(a.device, '|', a.sensors),
        false
    ) AS is_device_change,
    g.text AS gear,
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
    m.known_heart_rate_s,
    m.known_speed_s,
    m.samples,
    m.decoupling_fraction,
    m.cadence_spm,
    m.step_length_m,
    m.is_step_length_measured,
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
    m.ascent_by_altitude_m,
    m.fast_pieces,
    e.heart_rate_above_reference_bpm,
    e.speed_at_reference_hr_m_per_s,
    e.speed_at_reference_hr_reason,
    e.bounded_speed_at_reference_hr_m_per_s,
    e.speed_at_reference_hr_se_m_per_s,
    e.heat_c,
    e.trimp,
    coalesce(s.level_minutes, 0) AS level_minutes,
    s.leg_stiffness_n_per_m,
    s.peak_force_bw,
    s.contact_sweep_deg,
    s.stride_reference_speed_m_per_s,
    s.contact_time_at_reference_speed_s,
    s.contact_time_at_reference_speed_se_s,
    s.cadence_at_reference_speed_spm,
    s.cadence_at_reference_speed_se_spm,
    s.step_length_at_reference_speed_m,
    s.step_length_at_reference_speed_se_m,
    s.vertical_oscillation_at_reference_speed_m,
    s.vertical_oscillation_at_reference_speed_se_m,
    s.vertical_ratio_at_reference_speed_fraction,
    s.vertical_ratio_at_reference_speed_se_fraction,
    s.duty_factor_at_reference_speed_fraction,
    s.duty_factor_at_reference_speed_se_fraction,
    s.leg_stiffness_at_reference_speed_n_per_m,
    s.leg_stiffness_at_reference_speed_se_n_per_m,
    s.peak_force_at_reference_speed_bw,
    s.peak_force_at_reference_speed_se_bw,
    s.contact_sweep_at_reference_speed_deg,
    s.contact_sweep_at_reference_speed_se_deg,
    m.usable_windows,
    e.is_usable,
    e.unusable_reason
FROM run_measures AS m
INNER JOIN activities AS a ON m.activity_id = a.activity_id
INNER JOIN run_efficiency AS e ON m.activity_id = e.activity_id
LEFT JOIN run_strides AS s ON m.activity_id = s.activity_id
ASOF LEFT JOIN (
    SELECT athlete_id, local_date, any_value(text ORDER BY text) AS text
    FROM diary WHERE kind = 'shoes' GROUP BY athlete_id, local_date
) AS g ON a.athlete_id = g.athlete_id AND a.local_date >= g.local_date
WHERE a.duplicate_of IS NULL
ORDER BY a.athlete_id, a.start_utc
