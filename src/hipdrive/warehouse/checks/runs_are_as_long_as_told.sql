-- warn: a run's session and records should tell one distance to within 5 %, but for what was left out of the records
WITH held AS (
    SELECT
        r.activity_id,
        r.local_date,
        r.distance_m,
        a.told_distance_m,
        r.unusable_reason,
        r.distance_m + a.paused_distance_m + a.jump_distance_m + a.vehicle_distance_m AS with_all_m,
        -- A session that tells less of both, at the same pace, tells of a part.
        a.told_distance_m / nullif(a.told_timer_time_s, 0) / (r.distance_m / nullif(a.timer_time_s, 0)) AS told_over_run
    FROM runs AS r
    INNER JOIN activities AS a ON r.activity_id = a.activity_id
    WHERE r.distance_m > 0 AND a.told_distance_m > 0
)

SELECT activity_id, local_date, told_distance_m, distance_m, unusable_reason
FROM held
WHERE
    abs(told_distance_m - distance_m) > greatest(50, 0.05 * greatest(told_distance_m, distance_m))
    AND abs(told_distance_m - with_all_m) > 0.05 * greatest(told_distance_m, with_all_m)
    AND NOT coalesce(told_over_run BETWEEN 0.95 AND 1.05, false)
