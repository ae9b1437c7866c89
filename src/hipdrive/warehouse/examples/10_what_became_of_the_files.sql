-- What became of the files, and one reason of each kind
SELECT status, format, count(*) AS files, sum(records) AS records, sum(sets) AS sets, any_value(reason) AS a_reason
FROM sources
GROUP BY status, format
ORDER BY status, format
