-- Names in the strength logs that nobody knows, the commonest first
SELECT exercise_name, sets, last_date AS last_logged
FROM unknown_names
ORDER BY sets DESC, exercise_name
