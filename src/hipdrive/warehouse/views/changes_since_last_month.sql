-- One row per athlete and measure: the 28 days before tonight against the 28 before those.
-- Sums are sums and means are over the runs that have the measure; a measure that neither span has is left out. Doses
-- count what was logged: a span that the strength logs do not reach to its end has none.
WITH tonight AS (SELECT CAST(value AS DATE) AS today FROM about WHERE key = 'tonight'),

day_sums AS (
    SELECT
        d.athlete_id,
        d.local_date >= t.today - 28 AS is_latest,
        sum(d.run_distance_m) AS distance_m,
        sum(d.run_time_s) AS time_s,
        CASE WHEN bool_and(d.dose_known) THEN sum(d.hip_dose) END AS hip_dose
    FROM days AS d
    CROSS JOIN tonight AS t
    WHERE d.local_date >= t.today - 56 AND d.local_date < t.today
    GROUP BY d.athlete_id, is_latest
),

run_means AS (
    SELECT
        r.athlete_id,
        r.local_date >= t.today - 28 AS is_latest,
        count(*) AS runs,
        exp(avg(ln(r.bounded_speed_at_reference_hr_m_per_s)) FILTER (WHERE r.is_usable)) AS speed_m_per_s,
        avg(r.contact_time_at_reference_speed_s) AS contact_s,
        avg(r.cadence_at_reference_speed_spm) AS cadence_spm,
        avg(r.step_length_at_reference_speed_m) AS step_m,
        avg(r.vertical_ratio_at_reference_speed_fraction) AS ratio_fraction,
        sum(r.trimp) AS trimp
    FROM runs AS r
    CROSS JOIN tonight AS t
    WHERE r.local_date >= t.today - 56 AND r.local_date < t.today
    GROUP BY r.athlete_id, is_latest
),

long AS (
    SELECT
        athlete_id,
        is_latest,
        unnest([
            struct_pack(measure := 'running distance', unit := 'm', value := distance_m),
            struct_pack(measure := 'running time', unit := 's', value := time_s),
            struct_pack(measure := 'hip dose', unit := 'dose', value := hip_dose)
        ], recursive := true)
    FROM day_sums
    UNION ALL BY NAME
    SELECT
        athlete_id,
        is_latest,
        unnest([
            struct_pack(measure := 'runs', unit := 'count', value := CAST(runs AS DOUBLE)),
            struct_pack(measure := 'training impulse', unit := 'TRIMP', value := trimp),
            struct_pack(measure := 'speed at reference heart rate', unit := 'm/s', value := speed_m_per_s),
            struct_pack(measure := 'contact time at one speed', unit := 's', value := contact_s),
            struct_pack(measure := 'cadence at one speed', unit := 'steps/min', value := cadence_spm),
            struct_pack(measure := 'step length at one speed', unit := 'm', value := step_m),
            struct_pack(measure := 'vertical ratio at one speed', unit := 'fraction', value := ratio_fraction)
        ], recursive := true)
    FROM run_means
)

SELECT
    athlete_id,
    measure,
    unit,
    any_value(value) FILTER (WHERE is_latest) AS latest_28_days,
    any_value(value) FILTER (WHERE NOT is_latest) AS days_28_before,
    any_value(value) FILTER (WHERE is_latest) / nullif(any_value(value) FILTER (WHERE NOT is_latest), 0) - 1
        AS change_fraction
FROM long
WHERE value IS NOT NULL
GROUP BY athlete_id, measure, unit
ORDER BY athlete_id, measure
