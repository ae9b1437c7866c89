-- warn: an activity should not begin in the future
SELECT activity_id, local_date FROM activities
WHERE local_date > (SELECT CAST(value AS DATE) + 1 FROM about WHERE key = 'tonight')
