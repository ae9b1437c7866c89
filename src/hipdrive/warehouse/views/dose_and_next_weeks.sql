-- One row per athlete and complete week of known dose: the week's hip dose, and speed at reference heart rate in the eight
-- weeks before it and in the eight after it (geometric means over the weeks with a usable run; neither holds the week itself).
-- Neighbouring rows share most of their weeks and look alike for that alone; load, heat and season are not taken out. The
-- estimate does that (`effects`); this is the plain look.
WITH spans AS (
    SELECT
        athlete_id,
        week_start,
        is_complete,
        dose_known,
        hip_dose,
        exp(avg(ln(speed_at_reference_hr_m_per_s)) FILTER (WHERE is_complete) OVER _before) AS _before_m_per_s,
        exp(avg(ln(speed_at_reference_hr_m_per_s)) FILTER (WHERE is_complete) OVER _after) AS _after_m_per_s,
        count(speed_at_reference_hr_m_per_s) FILTER (WHERE is_complete) OVER _before AS weeks_before,
        count(speed_at_reference_hr_m_per_s) FILTER (WHERE is_complete) OVER _after AS weeks_after
    FROM weeks
    WINDOW  -- no week is missing, so eight rows are eight weeks
        _before AS (PARTITION BY athlete_id ORDER BY week_start ROWS BETWEEN 8 PRECEDING AND 1 PRECEDING),
        _after AS (PARTITION BY athlete_id ORDER BY week_start ROWS BETWEEN 1 FOLLOWING AND 8 FOLLOWING)
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
WHERE is_complete AND dose_known
ORDER BY athlete_id, week_start
