// WRITE: Takes out of a slot what accounts show; a value that nobody shows in either slot goes.
UNWIND $rows AS row
MATCH (:Account {account_id: row.key})-[shown:SHOWS|PROVED {slot: $slot}]->(v)
DELETE shown
WITH DISTINCT v
WHERE NOT EXISTS { (v)<-[:SHOWS|PROVED]-() }
DELETE v
