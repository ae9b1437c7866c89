-- One row per strength set that carries a dose, with the week it enters: the path from a number of `weeks` to its sets.
-- For each athlete and week the doses of these rows sum to those of `weeks`; `hip_dose` is weight x effort x quantity over
-- the credit of one full prescribed week (docs/strength.md). Line and path lead to the row in the user's own file.
SELECT
    s.athlete_id,
    CAST(date_trunc('week', s.local_date) AS DATE) AS week_start,
    s.local_date,
    s.workout_id,
    s.set_index,
    s.exercise_name,
    s.exercise,
    s.match,
    e.hip_extension_weight,
    s.effort_fraction,
    s.quantity_fraction,
    s.reps,
    s.weight_kg,
    s.hold_s,
    s.distance_m,
    s.hip_dose,
    s.heavy_hip_dose,
    s.upper_dose,
    s.plantarflexor_dose,
    s.mobility_min,
    f.path,
    s.line
FROM strength_sets AS s
INNER JOIN exercises AS e ON s.exercise = e.exercise
LEFT JOIN (SELECT source_id, any_value(path ORDER BY path) AS path FROM sources GROUP BY source_id) AS f
    ON s.source_id = f.source_id
WHERE greatest(s.hip_dose, s.upper_dose, s.plantarflexor_dose, s.mobility_min) > 0
ORDER BY s.athlete_id, s.local_date, s.workout_id, s.set_index
