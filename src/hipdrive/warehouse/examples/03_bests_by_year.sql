-- The best 1, 5 and 10 km of each year, in minutes
SELECT year(season_start) AS year, target_m, round(min(time_s) / 60, 2) AS minutes
FROM best_efforts_by_season
WHERE target_m IN (1000, 5000, 10000)
GROUP BY ALL
ORDER BY target_m, year
