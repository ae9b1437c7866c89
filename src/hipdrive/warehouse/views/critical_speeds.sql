-- One row per athlete and month with a run: critical speed and D' of the 91 days that end with the month.
-- The line distance = critical speed x time + D' through the best stretches of 3 to 20 minutes, one a target. Null with
-- fewer than three of them, with times that do not differ twofold, and where the line makes no sense (D' below 0).
-- It means what it says only if those stretches were all-out; in ordinary training it is too low.
WITH months AS (
    SELECT DISTINCT athlete_id, CAST(date_trunc('month', local_date) AS DATE) AS month_start FROM runs
),

tried AS (SELECT * FROM efforts WHERE time_s BETWEEN 180 AND 1230),

best AS (
    SELECT
        m.athlete_id,
        m.month_start,
        e.target_m,
        e.target_s,
        max(e.speed_m_per_s) AS speed_m_per_s,
        arg_max(e.time_s, e.speed_m_per_s) AS time_s
    FROM months AS m
    INNER JOIN tried AS e
        ON m.athlete_id = e.athlete_id
        AND e.local_date BETWEEN last_day(m.month_start) - 90 AND last_day(m.month_start)
    GROUP BY m.athlete_id, m.month_start, e.target_m, e.target_s
),

lines AS (
    SELECT
        athlete_id,
        month_start,
        regr_slope(speed_m_per_s * time_s, time_s) AS _slope,
        regr_intercept(speed_m_per_s * time_s, time_s) AS _intercept,
        count(*) AS efforts,
        count(*) >= 3 AND max(time_s) >= 2 * min(time_s) AS _tells
    FROM best
    GROUP BY athlete_id, month_start
)

SELECT
    m.athlete_id,
    m.month_start,
    coalesce(l.efforts, 0) AS efforts,
    CASE WHEN l._tells AND l._intercept >= 0 THEN l._slope END AS critical_speed_m_per_s,
    CASE WHEN l._tells AND l._intercept >= 0 THEN 1000 / l._slope END AS critical_pace_s_per_km,
    CASE WHEN l._tells AND l._intercept >= 0 THEN l._intercept END AS d_prime_m
FROM months AS m
LEFT JOIN lines AS l ON m.athlete_id = l.athlete_id AND m.month_start = l.month_start
ORDER BY m.athlete_id, m.month_start
