-- warn: a run's duty factor should lie below 0.5, because who runs is in the air between two steps
SELECT activity_id, local_date, duty_factor, contact_time_s, unusable_reason
FROM runs
WHERE duty_factor >= 0.5
