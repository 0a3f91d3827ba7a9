// READ: Which accounts does a persona have in the published run?
MATCH (p:Persona {persona_key: $slot + ':' + $persona_id})<-[:MEMBER_OF]-(a:Account)
MATCH (a)-[on:ON {slot: $slot}]->(:Market)
RETURN a.account_id AS account_id, a.market AS market, a.handle AS handle,
       a.folded_handle AS folded_handle, on.record_count AS record_count,
       toString(on.first_seen_at) AS first_seen_at, toString(on.last_seen_at) AS last_seen_at,
       p.persona_id AS persona_id
ORDER BY account_id
