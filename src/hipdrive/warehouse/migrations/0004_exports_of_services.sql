-- What an activity's file is: until now they all were FIT.
ALTER TABLE activities ADD COLUMN IF NOT EXISTS file_format VARCHAR;
UPDATE activities SET file_format = 'fit' WHERE file_format IS NULL;
