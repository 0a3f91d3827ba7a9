"""Writing style: counted, weighted, normalised, explained."""
