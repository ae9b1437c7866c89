-- One row per athlete, quarter of the year and target: the fastest stretch of any run, and which run it was.
-- A stretch counts whatever it was run for: training hides what a runner could do, and a satellite can flatter it.
WITH ranked AS (
    SELECT
        *,
        CAST(date_trunc('quarter', local_date) AS DATE) AS season_start,
        row_number() OVER (
            PARTITION BY athlete_id, date_trunc('quarter', local_date), target_m, target_s
            ORDER BY speed_m_per_s DESC, start_utc
        ) AS _place
    FROM efforts
)

SELECT
    athlete_id,
    season_start,
    target_m,
    target_s,
    time_s,
    speed_m_per_s,
    pace_s_per_km,
    activity_id,
    local_date,
    over_next_fraction,
    is_doubtful
FROM ranked
WHERE _place = 1
ORDER BY athlete_id, season_start, target_m NULLS LAST, target_s
