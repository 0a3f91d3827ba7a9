// READ: Which links stand between these accounts?
UNWIND $account_ids AS account_id
MATCH (a:Account {account_id: account_id})-[linked:LINKED {slot: $slot}]->(b:Account)
WHERE b.account_id IN $account_ids
RETURN a.account_id AS source, b.account_id AS target, linked.link_id AS link_id,
       linked.bits AS bits, linked.probability AS probability, linked.verdict AS verdict,
       linked.band AS band
ORDER BY source, target
