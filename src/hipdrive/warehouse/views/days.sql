-- One row per athlete and local day, from the first run or set to the last, none missing.
-- Outside the days that the strength logs speak for (`dose_known` false) a day without a logged set has null doses:
-- unlogged is not zero, and a set of an exercise nobody knows has no dose. A day is not known either when most of its
-- sets are such: a watch's `unknown`, or names that nobody settled; what it has is the sum of the others. The acute dose is null on all of them, because
-- it speaks for 13 days more. Sets that a better log covers (`superseded_by`) carry a dose of zero and change no sum.
WITH sets AS (
    SELECT
        athlete_id,
        local_date,
        sum(hip_dose) AS hip_dose,
        sum(heavy_hip_dose) AS heavy_hip_dose,
        sum(upper_dose) AS upper_dose,
        sum(plantarflexor_dose) AS plantarflexor_dose,
        sum(mobility_min) AS mobility_min,
        coalesce(
            avg(CAST(match = 'none' AS INTEGER)) FILTER (
                WHERE superseded_by IS NULL AND coalesce(set_type, 'normal') NOT IN ('rest', 'note')
            ) > 0.5,
            false
        ) AS is_unnamed
    FROM strength_sets
    GROUP BY athlete_id, local_date
),

-- Acute fatigue: the doses of this and the 13 days before, each times exp(-days/2).
acute AS (
    SELECT
        d.athlete_id,
        d.local_date,
        sum(s.hip_dose * exp(-date_diff('day', s.local_date, d.local_date) / 2.0)) AS acute_hip_dose
    FROM daily_load AS d
    INNER JOIN sets AS s
        ON d.athlete_id = s.athlete_id AND s.local_date BETWEEN d.local_date - 13 AND d.local_date
    GROUP BY d.athlete_id, d.local_date
),

known AS (
    SELECT
        d.athlete_id,
        d.local_date,
        l.athlete_id IS NOT NULL AND NOT coalesce(s.is_unnamed, false) AS dose_known
    FROM daily_load AS d
    LEFT JOIN log_spans AS l
        ON d.athlete_id = l.athlete_id AND d.local_date BETWEEN l.first_date AND l.last_date
    LEFT JOIN sets AS s ON d.athlete_id = s.athlete_id AND d.local_date = s.local_date
)

SELECT
    d.athlete_id,
    d.local_date,
    d.run_distance_m,
    d.run_time_s,
    d.ctl,
    d.atl,
    coalesce(s.hip_dose, CASE WHEN k.dose_known THEN 0 END) AS hip_dose,
    coalesce(s.heavy_hip_dose, CASE WHEN k.dose_known THEN 0 END) AS heavy_hip_dose,
    coalesce(s.upper_dose, CASE WHEN k.dose_known THEN 0 END) AS upper_dose,
    coalesce(s.plantarflexor_dose, CASE WHEN k.dose_known THEN 0 END) AS plantarflexor_dose,
    coalesce(s.mobility_min, CASE WHEN k.dose_known THEN 0 END) AS mobility_min,
    CASE WHEN k.dose_known THEN coalesce(a.acute_hip_dose, 0) END AS acute_hip_dose,
    k.dose_known
FROM daily_load AS d
INNER JOIN known AS k ON d.athlete_id = k.athlete_id AND d.local_date = k.local_date
LEFT JOIN sets AS s ON d.athlete_id = s.athlete_id AND d.local_date = s.local_date
LEFT JOIN acute AS a ON d.athlete_id = a.athlete_id AND d.local_date = a.local_date
ORDER BY d.athlete_id, d.local_date
