// WRITE: Adds to a slot the keys that accounts signed with.
UNWIND $rows AS row
UNWIND row.proved_keys AS value
MATCH (a:Account {account_id: row.key})
MERGE (v:PgpKey {value_id: 'key:' + value})
SET v.kind = 'key', v.value = value
CREATE (a)-[:PROVED {slot: $slot}]->(v)
