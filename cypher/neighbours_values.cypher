// READ: Which values do these accounts show?
UNWIND $account_ids AS account_id
MATCH (:Account {account_id: account_id})-[:SHOWS|PROVED {slot: $slot}]->(v)
RETURN DISTINCT v.value_id AS id
ORDER BY id
LIMIT $limit
