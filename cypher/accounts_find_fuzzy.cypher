// READ: Which accounts share the most and rarest three-letter pieces of a folded handle?
CALL db.index.fulltext.queryNodes($index, $grams) YIELD node AS a, score
MATCH (a)-[on:ON {slot: $slot}]->(:Market)
OPTIONAL MATCH (a)-[:MEMBER_OF]->(p:Persona {slot: $slot})
WITH a, on, p, score
ORDER BY score DESC, a.account_id
LIMIT $limit
RETURN a.account_id AS account_id, a.market AS market, a.handle AS handle,
       a.folded_handle AS folded_handle, on.record_count AS record_count,
       toString(on.first_seen_at) AS first_seen_at, toString(on.last_seen_at) AS last_seen_at,
       p.persona_id AS persona_id
