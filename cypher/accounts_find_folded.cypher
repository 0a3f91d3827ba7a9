// READ: Which have these when case, marks, look-alikes and leet are taken away, so many of each?
UNWIND $asked AS asked
MATCH (a:Account {folded_handle: asked})-[on:ON {slot: $slot}]->(:Market)
OPTIONAL MATCH (a)-[:MEMBER_OF]->(p:Persona {slot: $slot})
WITH asked, a, on, p
ORDER BY asked, a.account_id
WITH asked, collect({
       account_id: a.account_id, market: a.market, handle: a.handle,
       folded_handle: a.folded_handle, record_count: on.record_count,
       first_seen_at: toString(on.first_seen_at), last_seen_at: toString(on.last_seen_at),
       persona_id: p.persona_id})[..$limit] AS accounts
RETURN asked, accounts
ORDER BY asked
