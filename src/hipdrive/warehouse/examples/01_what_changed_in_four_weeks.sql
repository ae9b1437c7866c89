-- What changed in the last four weeks?
SELECT measure, unit, latest_28_days, days_28_before, round(100 * change_fraction, 1) AS change_percent
FROM changes_since_last_month
ORDER BY measure
