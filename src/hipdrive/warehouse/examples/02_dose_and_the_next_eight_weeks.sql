-- Hip work of a week, and the speed of the eight weeks after it against the eight before
SELECT week_start, hip_dose, weeks_after, round(100 * change_fraction, 1) AS change_percent
FROM dose_and_next_weeks
ORDER BY week_start
