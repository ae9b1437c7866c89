-- Each athlete has a date of their own tonight; what an older night left is filled by the next.
ALTER TABLE athlete_settings ADD COLUMN IF NOT EXISTS night_date DATE;
