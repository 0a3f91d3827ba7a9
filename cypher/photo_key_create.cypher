// WRITE: Keeps photos apart by `value_id`, and finds them by it.
CREATE CONSTRAINT photo_key IF NOT EXISTS
FOR (n:Photo) REQUIRE n.value_id IS UNIQUE
