// WRITE: Brings markets of a slot up to date.
UNWIND $rows AS row
MATCH (r:Run {slot: $slot})
MERGE (m:Market {market: row.key})
MERGE (r)-[saw:SAW]->(m)
SET saw.digest = row.digest, saw.kind = row.kind, saw.reason = row.reason,
    saw.opened_at = datetime(row.opened_at), saw.closed_at = datetime(row.closed_at),
    saw.belongs_to = row.belongs_to, saw.account_count = row.account_count
