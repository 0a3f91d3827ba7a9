// WRITE: Takes flows between markets out of a slot.
UNWIND $rows AS row
MATCH (:Market)-[f:FLOW {slot: $slot, flow_id: row.key}]->(:Market)
DELETE f
