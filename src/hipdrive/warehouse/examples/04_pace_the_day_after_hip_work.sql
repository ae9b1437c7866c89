-- Speed at reference heart rate on the day after hip work, and on other days, as a pace
SELECT
    coalesce(d.hip_dose, 0) > 0 AS day_after_hip_work,
    count(*) AS runs,
    1000 / exp(avg(ln(r.bounded_speed_at_reference_hr_m_per_s))) AS pace_at_reference_hr_s_per_km
FROM runs AS r
INNER JOIN days AS d ON r.athlete_id = d.athlete_id AND d.local_date = r.local_date - 1
WHERE r.is_usable AND d.dose_known
GROUP BY ALL
ORDER BY day_after_hip_work
