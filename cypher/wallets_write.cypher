// WRITE: Adds to a slot the wallets that accounts show.
UNWIND $rows AS row
UNWIND row.wallets AS value
MATCH (a:Account {account_id: row.key})
MERGE (v:Wallet {value_id: 'wallet:' + value})
SET v.kind = 'wallet', v.value = value
CREATE (a)-[:SHOWS {slot: $slot}]->(v)
