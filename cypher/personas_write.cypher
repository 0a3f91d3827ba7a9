// WRITE: Brings personas of a slot up to date; their members have been taken out before.
UNWIND $rows AS row
MERGE (p:Persona {persona_key: $slot + ':' + row.key})
SET p.slot = $slot, p.persona_id = row.key, p.digest = row.digest
WITH p, row
UNWIND row.members AS member
MATCH (a:Account {account_id: member})
CREATE (a)-[:MEMBER_OF]->(p)
