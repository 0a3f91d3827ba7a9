// WRITE: Adds to a slot the keys that accounts show.
UNWIND $rows AS row
UNWIND row.shown_keys AS value
MATCH (a:Account {account_id: row.key})
MERGE (v:PgpKey {value_id: 'key:' + value})
SET v.kind = 'key', v.value = value
CREATE (a)-[:SHOWS {slot: $slot}]->(v)
