// READ: Which personas does a slot hold, and with which members?
MATCH (p:Persona {slot: $slot})
RETURN p.persona_id AS key, p.digest AS digest
