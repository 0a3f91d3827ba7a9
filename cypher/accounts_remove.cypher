// WRITE: Takes accounts out of a slot; one that stands in neither goes.
UNWIND $rows AS row
MATCH (a:Account {account_id: row.key})-[on:ON {slot: $slot}]->(:Market)
DELETE on
WITH DISTINCT a
WHERE NOT EXISTS { (a)-[:ON]->() }
DETACH DELETE a
