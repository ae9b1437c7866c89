-- One row per athlete and ISO week, none missing: running volume and strength dose side by side.
-- Doses are null where the strength logs say nothing; adherence is the mean over the strengthening items of the
-- programme (`measure/adherence.py`) and null without a strength log. The running week is not complete. Nothing here says that one moves the other.
WITH adherence AS (
    SELECT athlete_id, week_start, avg(adherence_fraction) AS adherence_fraction
    FROM programme_weeks
    WHERE is_strengthening
    GROUP BY athlete_id, week_start
)

SELECT
    w.athlete_id,
    w.week_start,
    w.is_complete,
    w.runs_all,
    w.run_distance_m,
    w.run_time_s,
    w.trimp,
    w.ctl,
    w.atl,
    w.hip_dose,
    w.heavy_hip_dose,
    w.upper_dose,
    w.mobility_min,
    a.adherence_fraction,
    w.dose_known
FROM weeks AS w
LEFT JOIN adherence AS a ON w.athlete_id = a.athlete_id AND w.week_start = a.week_start
ORDER BY w.athlete_id, w.week_start
