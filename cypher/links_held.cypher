// READ: Which links does a slot hold, and with which contents?
MATCH (k:Link {slot: $slot})
RETURN k.link_id AS key, k.digest AS digest
