-- fail: the running distance of an athlete's days must be that of their runs
WITH by_day AS (SELECT athlete_id, sum(run_distance_m) AS of_days_m FROM days GROUP BY athlete_id),
by_run AS (SELECT athlete_id, sum(distance_m) AS of_runs_m FROM runs GROUP BY athlete_id)
SELECT r.athlete_id, r.of_runs_m, d.of_days_m
FROM by_run AS r LEFT JOIN by_day AS d ON r.athlete_id = d.athlete_id
WHERE coalesce(abs(r.of_runs_m - d.of_days_m) > 1, true)
