// WRITE: Brings accounts of a slot up to date.
UNWIND $rows AS row
MATCH (m:Market {market: row.market})
MERGE (a:Account {account_id: row.key})
SET a.market = row.market, a.handle = row.handle, a.folded_handle = row.folded_handle,
    a.handle_grams = row.handle_grams
MERGE (a)-[on:ON {slot: $slot}]->(m)
SET on.digest = row.digest, on.record_count = row.record_count,
    on.first_seen_at = datetime(row.first_seen_at), on.last_seen_at = datetime(row.last_seen_at)
