-- One row per athlete: settings, and the reference heart rate and speed that their runs are brought to.
SELECT
    s.athlete_id,
    s.night_date,
    s.time_zone,
    s.mass_kg,
    s.height_m,
    s.leg_length_m,
    s.max_heart_rate_bpm,
    s.resting_heart_rate_bpm,
    s.trimp_weighting,
    s.left_at_default,
    l.reference_hr_bpm,
    l.reference_speed_m_per_s,
    1000 / l.reference_speed_m_per_s AS reference_pace_s_per_km,
    l.hr_slope_per_bpm,
    l.run_scatter_fraction,
    l.highest_hr_bpm
FROM athlete_settings AS s
LEFT JOIN athlete_levels AS l ON s.athlete_id = l.athlete_id
ORDER BY s.athlete_id
