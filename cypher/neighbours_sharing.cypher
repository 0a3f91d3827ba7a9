// READ: Which accounts show a value that this one shows?
MATCH (:Account {account_id: $account_id})-[:SHOWS|PROVED {slot: $slot}]->(v)
WHERE v.value_id IN $value_ids
MATCH (v)<-[:SHOWS|PROVED {slot: $slot}]-(a:Account)
RETURN DISTINCT a.account_id AS id
ORDER BY id
LIMIT $limit
