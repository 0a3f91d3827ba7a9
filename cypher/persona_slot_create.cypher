// WRITE: Finds all personas of a slot by `slot`.
CREATE INDEX persona_slot IF NOT EXISTS
FOR (n:Persona) ON (n.slot)
