// WRITE: Finds accounts by `folded_handle`.
CREATE INDEX account_folded_handle IF NOT EXISTS
FOR (n:Account) ON (n.folded_handle)
