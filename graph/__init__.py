"""The identity graph in Neo4j: publish it, read it, walk it."""
