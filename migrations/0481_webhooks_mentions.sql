-- Intent: messages about somebody are found for his export and his farewell, by the ids that stand in them. On a table of tens of
-- millions of rows the index is made within minutes, once; a message has some ten ids.
CREATE FUNCTION webhooks.mentioned(body text) RETURNS uuid[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT m[1]::uuid), '{}')
    FROM regexp_matches(body, '"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"', 'g') m
$$;

CREATE INDEX deliveries_mentioned_idx ON webhooks.deliveries USING gin (webhooks.mentioned(body));
