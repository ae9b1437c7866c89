-- A speed in m/s as minutes and seconds a kilometre, `5:10`; null where nothing moves.
pace(m_per_s) AS CASE WHEN m_per_s > 0 THEN
    printf('%d:%02d', CAST(round(1000 / m_per_s) AS BIGINT) // 60, CAST(round(1000 / m_per_s) AS BIGINT) % 60)
END
