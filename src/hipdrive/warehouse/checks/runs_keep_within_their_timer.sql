-- warn: a run should move no longer than its timer ran, and its timer run no longer than from start to end
SELECT r.activity_id, r.local_date, r.moving_time_s, a.timer_time_s, a.elapsed_time_s, r.unusable_reason
FROM runs AS r
INNER JOIN activities AS a ON r.activity_id = a.activity_id
WHERE r.moving_time_s > 1.01 * a.timer_time_s OR a.timer_time_s > 1.01 * a.elapsed_time_s
