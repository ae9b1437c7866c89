-- Each athlete has a date of their own tonight; the ledger says what a file was read with, and what was found apart from
-- where it lay. What an older program read is read again, because nobody knows what it was read with.
ALTER TABLE athlete_settings ADD COLUMN IF NOT EXISTS night_date DATE;
ALTER TABLE sources ADD COLUMN IF NOT EXISTS last_offered_utc TIMESTAMP;
ALTER TABLE sources ADD COLUMN IF NOT EXISTS read_with VARCHAR;
ALTER TABLE sources ADD COLUMN IF NOT EXISTS is_gone BOOLEAN;
ALTER TABLE sources ADD COLUMN IF NOT EXISTS counted BIGINT;
UPDATE sources SET last_offered_utc = coalesce(last_offered_utc, first_seen_utc), is_gone = coalesce(is_gone, false), counted = coalesce(counted, 0);
INSERT INTO readings BY NAME
SELECT athlete_id, content_sha256, source_id, format, status, reason, CAST(NULL AS VARCHAR) AS read_with, activities, records, sets
FROM sources ANTI JOIN readings USING (athlete_id, content_sha256)
WHERE status IN ('loaded', 'skipped', 'quarantined') AND content_sha256 IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY athlete_id, content_sha256 ORDER BY status, path) = 1;
