// WRITE: Adds to a slot the photos that accounts show.
UNWIND $rows AS row
UNWIND row.photos AS value
MATCH (a:Account {account_id: row.key})
MERGE (v:Photo {value_id: 'photo:' + value})
SET v.kind = 'photo', v.value = value
CREATE (a)-[:SHOWS {slot: $slot}]->(v)
