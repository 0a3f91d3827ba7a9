// WRITE: Finds all links of a slot by `slot`.
CREATE INDEX link_slot IF NOT EXISTS
FOR (n:Link) ON (n.slot)
