// READ: Which accounts have exactly this handle?
MATCH (a:Account {handle: $handle})-[on:ON {slot: $slot}]->(:Market)
OPTIONAL MATCH (a)-[:MEMBER_OF]->(p:Persona {slot: $slot})
RETURN a.account_id AS account_id, a.market AS market, a.handle AS handle,
       a.folded_handle AS folded_handle, on.record_count AS record_count,
       toString(on.first_seen_at) AS first_seen_at, toString(on.last_seen_at) AS last_seen_at,
       p.persona_id AS persona_id
ORDER BY account_id
LIMIT $limit
