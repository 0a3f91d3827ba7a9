// READ: Which of these values do these accounts show or prove?
UNWIND $account_ids AS account_id
MATCH (a:Account {account_id: account_id})-[shown:SHOWS|PROVED {slot: $slot}]->(v)
WHERE v.value_id IN $value_ids
RETURN a.account_id AS source, v.value_id AS target, type(shown) AS kind
ORDER BY source, target
