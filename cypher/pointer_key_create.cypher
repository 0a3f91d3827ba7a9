// WRITE: Keeps pointers apart by `name`, and finds them by it.
CREATE CONSTRAINT pointer_key IF NOT EXISTS
FOR (n:Pointer) REQUIRE n.name IS UNIQUE
