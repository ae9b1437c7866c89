-- Names in the strength logs that nobody knows, the commonest first
SELECT exercise_name, count(*) AS sets, max(local_date) AS last_logged
FROM strength_sets
WHERE match = 'none' AND log_kind = 'written' AND superseded_by IS NULL
GROUP BY exercise_name
ORDER BY sets DESC, exercise_name
