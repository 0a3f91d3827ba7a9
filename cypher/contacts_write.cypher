// WRITE: Adds to a slot the contacts that accounts show.
UNWIND $rows AS row
UNWIND row.contacts AS value
MATCH (a:Account {account_id: row.key})
MERGE (v:Contact {value_id: 'contact:' + value})
SET v.kind = 'contact', v.value = value
CREATE (a)-[:SHOWS {slot: $slot}]->(v)
