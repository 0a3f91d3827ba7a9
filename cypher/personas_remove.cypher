// WRITE: Takes personas out of a slot.
UNWIND $rows AS row
MATCH (p:Persona {persona_key: $slot + ':' + row.key})
DETACH DELETE p
