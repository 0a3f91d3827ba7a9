// READ: Waits until every index answers (Neo4j only).
CALL db.awaitIndexes(300)
