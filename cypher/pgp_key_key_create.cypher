// WRITE: Keeps keys apart by `value_id`, and finds them by it.
CREATE CONSTRAINT pgp_key_key IF NOT EXISTS
FOR (n:PgpKey) REQUIRE n.value_id IS UNIQUE
