-- One row per athlete and ISO week, none missing; averages are over the week's runs that are usable for the outcome.
-- Loads and acute dose are means over the days with a run, because that is when the running was measured; in a week
-- without a run, over all its days. Doses are plain sums. A week counts as known when the strength logs speak for all
-- seven of its days: the week in which a log ends goes on after it, and what was done then is unknown, not nothing.
-- Days and runs are stacked and summed in one go: a join of their sums would read every athlete's runs for one athlete's
-- weeks.
WITH days_and_runs AS (
    SELECT
        athlete_id,
        CAST(date_trunc('week', local_date) AS DATE) AS week_start,
        TRUE AS is_day,
        run_distance_m,
        run_time_s,
        run_time_s > 0 AS has_run,
        ctl,
        atl,
        hip_dose,
        heavy_hip_dose,
        upper_dose,
        plantarflexor_dose,
        mobility_min,
        acute_hip_dose,
        dose_known
    FROM days
    UNION ALL BY NAME
    SELECT
        athlete_id,
        CAST(date_trunc('week', local_date) AS DATE) AS week_start,
        FALSE AS is_day,
        is_usable,
        bounded_speed_at_reference_hr_m_per_s,
        speed_at_reference_hr_se_m_per_s,
        heat_c,
        device,
        gear,
        trimp,
        moving_time_s,
        pace_s_per_km,
        heart_rate_bpm,
        cadence_spm,
        step_length_m,
        stride_length_m,
        contact_time_s,
        vertical_ratio_fraction
    FROM runs
),

summed AS (
    SELECT
        athlete_id,
        week_start,
        count(*) FILTER (WHERE NOT is_day) AS runs_all,
        count(*) FILTER (WHERE is_usable) AS runs,
        sum(run_distance_m) AS run_distance_m,
        sum(run_time_s) AS run_time_s,
        exp(avg(ln(bounded_speed_at_reference_hr_m_per_s)) FILTER (WHERE is_usable)) AS speed_at_reference_hr_m_per_s,
        -- Of independent runs: the root of the summed squares, over their number.
        sqrt(sum(speed_at_reference_hr_se_m_per_s ^ 2) FILTER (WHERE is_usable)) / count(*) FILTER (WHERE is_usable)
            AS speed_at_reference_hr_se_m_per_s,
        avg(heat_c) FILTER (WHERE is_usable) AS heat_c,
        -- Of the list: DuckDB rewrites mode() into a table that no filter of an athlete reaches.
        list_aggregate(list(device) FILTER (WHERE is_usable AND device IS NOT NULL), 'mode') AS device,
        list_aggregate(list(gear) FILTER (WHERE is_usable AND gear IS NOT NULL), 'mode') AS gear,
        sum(trimp) AS trimp,
        -- Time over the distance of that time: a file that breaks off may tell more distance than it has records for.
        sum(moving_time_s) FILTER (WHERE is_usable AND pace_s_per_km > 0)
            / sum(moving_time_s / pace_s_per_km) FILTER (WHERE is_usable AND pace_s_per_km > 0) AS pace_s_per_km,
        avg(heart_rate_bpm) FILTER (WHERE is_usable) AS heart_rate_bpm,
        avg(cadence_spm) FILTER (WHERE is_usable) AS cadence_spm,
        avg(step_length_m) FILTER (WHERE is_usable) AS step_length_m,
        avg(stride_length_m) FILTER (WHERE is_usable) AS stride_length_m,
        avg(contact_time_s) FILTER (WHERE is_usable) AS contact_time_s,
        avg(vertical_ratio_fraction) FILTER (WHERE is_usable) AS vertical_ratio_fraction,
        coalesce(avg(ctl) FILTER (WHERE has_run), avg(ctl)) AS ctl,
        coalesce(avg(atl) FILTER (WHERE has_run), avg(atl)) AS atl,
        coalesce(avg(acute_hip_dose) FILTER (WHERE has_run), avg(acute_hip_dose)) AS acute_hip_dose,
        sum(hip_dose) AS hip_dose,
        sum(heavy_hip_dose) AS heavy_hip_dose,
        sum(upper_dose) AS upper_dose,
        sum(plantarflexor_dose) AS plantarflexor_dose,
        sum(mobility_min) AS mobility_min,
        count(*) FILTER (WHERE dose_known) = 7 AS dose_known
    FROM days_and_runs
    GROUP BY athlete_id, week_start
    HAVING bool_or(is_day)
)

SELECT
    s.athlete_id,
    s.week_start,
    s.week_start + 7 <= coalesce(t.night_date, (SELECT CAST(value AS DATE) FROM about WHERE key = 'tonight'))
        AS is_complete,
    s.* EXCLUDE (athlete_id, week_start)
FROM summed AS s
LEFT JOIN athlete_settings AS t ON s.athlete_id = t.athlete_id
ORDER BY s.athlete_id, s.week_start
