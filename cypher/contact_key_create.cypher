// WRITE: Keeps contacts apart by `value_id`, and finds them by it.
CREATE CONSTRAINT contact_key IF NOT EXISTS
FOR (n:Contact) REQUIRE n.value_id IS UNIQUE
