// WRITE: Takes markets out of a slot; one that stands in neither goes.
UNWIND $rows AS row
MATCH (:Run {slot: $slot})-[saw:SAW]->(m:Market {market: row.key})
DELETE saw
WITH DISTINCT m
WHERE NOT EXISTS { (m)<-[:SAW]-() } AND NOT EXISTS { (m)<-[:ON]-() }
DETACH DELETE m
