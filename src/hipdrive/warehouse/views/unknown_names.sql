-- One row per athlete and name in their written logs that no exercise answers to.
-- A watch's category is not a name that an alias could settle, and a set that a better log covers is settled by that log.
SELECT
    athlete_id,
    exercise_name,
    count(*) AS sets,
    max(local_date) AS last_date
FROM strength_sets
WHERE match = 'none' AND log_kind = 'written' AND superseded_by IS NULL
GROUP BY athlete_id, exercise_name
ORDER BY athlete_id, sets DESC, exercise_name
