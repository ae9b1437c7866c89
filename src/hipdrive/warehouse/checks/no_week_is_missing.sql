-- fail: no week may be missing between an athlete's first and last
SELECT athlete_id, count(*) AS weeks, min(week_start) AS first_week, max(week_start) AS last_week
FROM weeks
GROUP BY athlete_id
HAVING date_diff('week', min(week_start), max(week_start)) + 1 <> count(*)
