// WRITE: Keeps markets apart by `market`, and finds them by it.
CREATE CONSTRAINT market_key IF NOT EXISTS
FOR (n:Market) REQUIRE n.market IS UNIQUE
