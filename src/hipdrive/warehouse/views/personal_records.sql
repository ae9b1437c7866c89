-- One row per athlete, target and run that set a personal record over it, in the order they fell; the last one stands.
-- Only runs that hipdrive has read can be records. The first run over a target sets the first record.
WITH compared AS (
    SELECT
        *,
        max(speed_m_per_s) OVER (
            PARTITION BY athlete_id, target_m, target_s
            ORDER BY start_utc, activity_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS _former_m_per_s
    FROM efforts
)

SELECT
    athlete_id,
    target_m,
    target_s,
    local_date,
    activity_id,
    time_s,
    speed_m_per_s,
    pace_s_per_km,
    over_next_fraction,
    is_doubtful,
    speed_m_per_s / _former_m_per_s - 1 AS gain_fraction,
    row_number() OVER (
        PARTITION BY athlete_id, target_m, target_s ORDER BY start_utc DESC, activity_id DESC
    ) = 1 AS is_standing
FROM compared
WHERE _former_m_per_s IS NULL OR speed_m_per_s > _former_m_per_s
ORDER BY athlete_id, target_m NULLS LAST, target_s, start_utc
