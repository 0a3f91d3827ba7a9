// WRITE: Takes the members out of personas of a slot.
UNWIND $rows AS row
MATCH (:Persona {persona_key: $slot + ':' + row.key})<-[member:MEMBER_OF]-(:Account)
DELETE member
