-- fail: an activity must stand in the warehouse once
SELECT activity_id, count(*) AS rows FROM activities GROUP BY activity_id HAVING count(*) > 1
