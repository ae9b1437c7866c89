-- A speed in m/s as minutes and seconds a mile, `8:19`; null where nothing moves.
pace_mi(m_per_s) AS CASE WHEN m_per_s > 0 THEN
    printf('%d:%02d', CAST(round(1609.344 / m_per_s) AS BIGINT) // 60, CAST(round(1609.344 / m_per_s) AS BIGINT) % 60)
END
