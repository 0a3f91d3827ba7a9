// WRITE: Takes proposed links out of a slot.
UNWIND $rows AS row
MATCH (k:Link {link_key: $slot + ':' + row.key})
OPTIONAL MATCH (k)-[:LEFT]->(:Account)-[linked:LINKED {slot: $slot, link_id: row.key}]->(:Account)
DELETE linked
DETACH DELETE k
