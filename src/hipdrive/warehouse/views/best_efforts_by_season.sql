-- One row per athlete, quarter of the year and target: the fastest stretch of any run, and which run it was.
-- Recordings of the same run by a second device are left out. A stretch counts whatever it was run for: training hides
-- what a runner could do, and a satellite can flatter it.
WITH ranked AS (
    SELECT
        r.athlete_id,
        CAST(date_trunc('quarter', r.local_date) AS DATE) AS season_start,
        b.target_m,
        b.target_s,
        b.time_s,
        b.speed_m_per_s,
        r.activity_id,
        r.local_date,
        row_number() OVER (
            PARTITION BY r.athlete_id, date_trunc('quarter', r.local_date), b.target_m, b.target_s
            ORDER BY b.speed_m_per_s DESC, r.start_utc
        ) AS _place
    FROM best_efforts AS b
    INNER JOIN runs AS r ON b.activity_id = r.activity_id
)

SELECT
    athlete_id,
    season_start,
    target_m,
    target_s,
    time_s,
    speed_m_per_s,
    1000 / speed_m_per_s AS pace_s_per_km,
    activity_id,
    local_date
FROM ranked
WHERE _place = 1
ORDER BY athlete_id, season_start, target_m NULLS LAST, target_s
