// READ: Which accounts does a slot hold, and with which contents?
MATCH (a:Account)-[on:ON {slot: $slot}]->(:Market)
RETURN a.account_id AS key, on.digest AS digest
