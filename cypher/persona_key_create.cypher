// WRITE: Keeps personas of both slots apart by `persona_key`, and finds them by it.
CREATE CONSTRAINT persona_key IF NOT EXISTS
FOR (n:Persona) REQUIRE n.persona_key IS UNIQUE
