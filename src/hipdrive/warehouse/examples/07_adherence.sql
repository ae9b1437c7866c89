-- How much of each item of the programme was done in the last twelve complete weeks
SELECT p.exercise, sum(p.done_sets) AS done_sets, sum(p.prescribed_sets) AS prescribed_sets,
    round(100 * avg(p.adherence_fraction)) AS adherence_percent
FROM programme_weeks AS p
INNER JOIN weeks AS w ON p.athlete_id = w.athlete_id AND p.week_start = w.week_start
WHERE w.is_complete AND p.week_start >= (SELECT max(week_start) - 77 FROM weeks WHERE is_complete)
GROUP BY p.exercise
ORDER BY adherence_percent, p.exercise
