-- One row per athlete and complete week of known dose: the week's hip dose, and speed at reference heart rate in the eight
-- weeks before it and in the eight after it (geometric means over the weeks with a usable run; neither holds the week itself).
-- Neighbouring rows share most of their weeks and look alike for that alone; load, heat and season are not taken out. The
-- estimate does that (`effects`); this is the plain look.
WITH spans AS (
    SELECT
        d.athlete_id,
        d.week_start,
        d.hip_dose,
        exp(avg(ln(n.speed_at_reference_hr_m_per_s)) FILTER (WHERE n.week_start < d.week_start)) AS _before_m_per_s,
        exp(avg(ln(n.speed_at_reference_hr_m_per_s)) FILTER (WHERE n.week_start > d.week_start)) AS _after_m_per_s,
        count(n.speed_at_reference_hr_m_per_s) FILTER (WHERE n.week_start < d.week_start) AS weeks_before,
        count(n.speed_at_reference_hr_m_per_s) FILTER (WHERE n.week_start > d.week_start) AS weeks_after
    FROM weeks AS d
    INNER JOIN weeks AS n
        ON d.athlete_id = n.athlete_id
        AND n.is_complete
        AND n.week_start BETWEEN d.week_start - 56 AND d.week_start + 56
    WHERE d.dose_known AND d.is_complete
    GROUP BY d.athlete_id, d.week_start, d.hip_dose
)

SELECT
    athlete_id,
    week_start,
    hip_dose,
    weeks_before,
    _before_m_per_s AS before_speed_at_reference_hr_m_per_s,
    weeks_after,
    _after_m_per_s AS after_speed_at_reference_hr_m_per_s,
    _after_m_per_s / _before_m_per_s - 1 AS change_fraction
FROM spans
ORDER BY athlete_id, week_start
