-- The newest ten runs, with the pace a mile
SELECT local_start, run_type, pace, pace_mi(1000 / pace_s_per_km) AS pace_mi, counts, path FROM run_list LIMIT 10
