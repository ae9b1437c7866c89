-- Contact time at one speed by month and device, in ms, with its standard error
SELECT
    month_start,
    device,
    sensors,
    runs,
    round(1000 * contact_time_at_reference_speed_s, 1) AS contact_ms,
    round(1000 * contact_time_at_reference_speed_se_s, 1) AS error_ms
FROM stride_by_month
WHERE contact_time_at_reference_speed_s IS NOT NULL
ORDER BY month_start, device
