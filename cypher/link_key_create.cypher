// WRITE: Keeps links of both slots apart by `link_key`, and finds them by it.
CREATE CONSTRAINT link_key IF NOT EXISTS
FOR (n:Link) REQUIRE n.link_key IS UNIQUE
