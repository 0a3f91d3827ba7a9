// WRITE: Finds accounts by `handle`.
CREATE INDEX account_handle IF NOT EXISTS
FOR (n:Account) ON (n.handle)
