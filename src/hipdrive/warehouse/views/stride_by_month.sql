-- One row per athlete, month, device and sensors: the stride at the athlete's reference speed, mean over runs.
-- Devices stay apart, because a new watch or strap shifts the level of what it measures. Each error is the scatter of the
-- runs over the root of their number, null for one run alone. Description: no value here is better than another.
SELECT
    athlete_id,
    CAST(date_trunc('month', local_date) AS DATE) AS month_start,
    device,
    sensors,
    any_value(stride_reference_speed_m_per_s) AS stride_reference_speed_m_per_s,
    count(*) AS runs,
    avg(contact_time_at_reference_speed_s) AS contact_time_at_reference_speed_s,
    stddev_samp(contact_time_at_reference_speed_s) / sqrt(count(contact_time_at_reference_speed_s))
        AS contact_time_at_reference_speed_se_s,
    avg(cadence_at_reference_speed_spm) AS cadence_at_reference_speed_spm,
    stddev_samp(cadence_at_reference_speed_spm) / sqrt(count(cadence_at_reference_speed_spm))
        AS cadence_at_reference_speed_se_spm,
    avg(step_length_at_reference_speed_m) AS step_length_at_reference_speed_m,
    stddev_samp(step_length_at_reference_speed_m) / sqrt(count(step_length_at_reference_speed_m))
        AS step_length_at_reference_speed_se_m,
    avg(vertical_ratio_at_reference_speed_fraction) AS vertical_ratio_at_reference_speed_fraction,
    stddev_samp(vertical_ratio_at_reference_speed_fraction) / sqrt(count(vertical_ratio_at_reference_speed_fraction))
        AS vertical_ratio_at_reference_speed_se_fraction,
    avg(leg_stiffness_at_reference_speed_n_per_m) AS leg_stiffness_at_reference_speed_n_per_m,
    stddev_samp(leg_stiffness_at_reference_speed_n_per_m) / sqrt(count(leg_stiffness_at_reference_speed_n_per_m))
        AS leg_stiffness_at_reference_speed_se_n_per_m
FROM runs
WHERE cadence_at_reference_speed_spm IS NOT NULL
GROUP BY athlete_id, month_start, device, sensors
ORDER BY athlete_id, month_start, device NULLS LAST, sensors NULLS LAST
