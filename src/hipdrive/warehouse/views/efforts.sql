-- One row per run and target: the run's fastest stretch, and by how much it beats the next slower one of the runner's
-- other runs. More than 4 % is doubtful: a real 5 km of 14:15 was a race of 15:16, of which the watch made 5,378 m.
-- Left out are recordings of the same run by a second device, and runs whose records contradict themselves.
WITH own AS MATERIALIZED (
    SELECT athlete_id, activity_id, local_date, start_utc FROM runs WHERE contradiction IS NULL
),

compared AS (
    SELECT
        r.athlete_id,
        b.target_m,
        b.target_s,
        b.time_s,
        b.speed_m_per_s,
        1000 / b.speed_m_per_s AS pace_s_per_km,
        b.activity_id,
        r.local_date,
        b.speed_m_per_s / lead(b.speed_m_per_s) OVER (
            PARTITION BY r.athlete_id, b.target_m, b.target_s
            ORDER BY b.speed_m_per_s DESC, r.start_utc, b.activity_id
        ) - 1 AS over_next_fraction,
        r.start_utc
    FROM best_efforts AS b
    INNER JOIN own AS r ON b.activity_id = r.activity_id
)

SELECT
    athlete_id,
    target_m,
    target_s,
    time_s,
    speed_m_per_s,
    pace_s_per_km,
    activity_id,
    local_date,
    over_next_fraction,
    coalesce(over_next_fraction > 0.04, false) AS is_doubtful,
    start_utc
FROM compared
ORDER BY athlete_id, target_m NULLS LAST, target_s, start_utc
