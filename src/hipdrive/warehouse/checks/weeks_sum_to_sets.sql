-- fail: the hip dose of an athlete's weeks must be that of their sets
WITH by_week AS (SELECT athlete_id, sum(hip_dose) AS of_weeks FROM weeks GROUP BY athlete_id),
by_set AS (SELECT athlete_id, sum(hip_dose) AS of_sets FROM strength_sets GROUP BY athlete_id)
SELECT s.athlete_id, s.of_sets, w.of_weeks
FROM by_set AS s LEFT JOIN by_week AS w ON s.athlete_id = w.athlete_id
WHERE s.of_sets IS NOT NULL AND coalesce(abs(s.of_sets - w.of_weeks) > 1e-6, true)
