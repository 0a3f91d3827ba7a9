// WRITE: Brings flows between markets of a slot up to date.
UNWIND $rows AS row
MATCH (source:Market {market: row.market_from})
MATCH (target:Market {market: row.market_to})
MERGE (source)-[f:FLOW {slot: $slot, flow_id: row.key}]->(target)
SET f.count = row.count, f.digest = row.digest
