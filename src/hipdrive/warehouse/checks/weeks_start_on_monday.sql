-- fail: a week must begin on a Monday
SELECT athlete_id, week_start FROM weeks WHERE isodow(week_start) <> 1
