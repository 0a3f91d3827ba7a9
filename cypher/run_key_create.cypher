// WRITE: Keeps the runs of the two slots apart by `slot`, and finds them by it.
CREATE CONSTRAINT run_key IF NOT EXISTS
FOR (n:Run) REQUIRE n.slot IS UNIQUE
