-- The estimate and its interval, night after night, in percent of speed
SELECT
    e.run_id,
    n.finished_utc,
    e.weeks,
    round(100 * e.lo_fraction, 1) AS lo_percent,
    round(100 * e.estimate_fraction, 1) AS estimate_percent,
    round(100 * e.hi_fraction, 1) AS hi_percent,
    e.verdict
FROM effects AS e
LEFT JOIN nightly_runs AS n ON e.run_id = n.run_id
WHERE e.is_primary AND e.quantity = 'achieved'
ORDER BY n.finished_utc NULLS LAST, e.run_id
