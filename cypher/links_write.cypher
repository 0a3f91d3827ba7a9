// WRITE: Brings proposed links of a slot up to date, for the queue and for neighbourhoods.
UNWIND $rows AS row
MATCH (left:Account {account_id: row.left})
MATCH (right:Account {account_id: row.right})
MERGE (k:Link {link_key: $slot + ':' + row.key})
SET k.slot = $slot, k.link_id = row.key, k.digest = row.digest, k.status = 'proposed',
    k.left = row.left, k.right = row.right, k.relation = row.relation, k.verdict = row.verdict,
    k.band = row.band, k.copier = row.copier,
    k.possible_framing = row.possible_framing, k.prior_bits = row.prior_bits, k.bits = row.bits,
    k.probability = row.probability, k.queue_bucket = row.queue_bucket,
    k.q_value = row.q_value,
    k.queue_key = $slot + ':' + row.queue_bucket
MERGE (k)-[:LEFT]->(left)
MERGE (k)-[:RIGHT]->(right)
MERGE (left)-[linked:LINKED {slot: $slot, link_id: row.key}]->(right)
SET linked.bits = row.bits, linked.probability = row.probability, linked.verdict = row.verdict,
    linked.band = row.band
