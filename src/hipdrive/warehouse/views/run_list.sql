-- One row per run, the newest first: what a person asks first, few enough columns for a terminal. `runs` has the rest.
WITH paths AS (SELECT athlete_id, source_id, min(path) AS path FROM sources GROUP BY athlete_id, source_id)

SELECT
    r.start_utc + to_seconds(a.utc_offset_s) AS local_start,
    r.run_type,
    r.distance_m,
    r.pace_s_per_km,
    pace(1000 / r.pace_s_per_km) AS pace,
    r.heart_rate_bpm,
    1000 / r.bounded_speed_at_reference_hr_m_per_s AS pace_at_reference_hr_s_per_km,
    r.cadence_spm,
    r.step_length_m,
    r.is_usable AS counts,
    r.unusable_reason AS why_not,
    p.path,
    r.athlete_id,
    r.activity_id
FROM runs AS r
INNER JOIN activities AS a ON r.activity_id = a.activity_id
LEFT JOIN paths AS p ON a.athlete_id = p.athlete_id AND a.source_id = p.source_id
ORDER BY r.athlete_id, r.start_utc DESC
