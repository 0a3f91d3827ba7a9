// WRITE: Finds accounts whose folded handle shares three letters in a row with another (Neo4j only).
CREATE FULLTEXT INDEX account_grams IF NOT EXISTS
FOR (n:Account) ON EACH [n.handle_grams]
