-- The best estimated one-repetition maximum of the hip thrust, by week, in kg
SELECT CAST(date_trunc('week', local_date) AS DATE) AS week_start, max(e1rm_kg) AS e1rm_kg, count(*) AS sets
FROM strength_sets
WHERE exercise = 'hip_thrust' AND e1rm_kg IS NOT NULL AND superseded_by IS NULL
GROUP BY ALL
ORDER BY week_start
