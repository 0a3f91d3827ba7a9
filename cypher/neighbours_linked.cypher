// READ: Which accounts are linked to these, the likeliest first?
UNWIND $account_ids AS account_id
MATCH (:Account {account_id: account_id})-[linked:LINKED {slot: $slot}]-(a:Account)
RETURN a.account_id AS id, max(linked.bits) AS bits
ORDER BY bits DESC, id
LIMIT $limit
