-- warn: a run's pace should lie between 2:00 and 20:00 a km
SELECT activity_id, local_date, pace_s_per_km, unusable_reason
FROM runs
WHERE pace_s_per_km NOT BETWEEN 120 AND 1200 AND distance_m > 500
