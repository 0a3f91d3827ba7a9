// READ: Which flows between markets does a slot hold?
MATCH (m:Market)-[f:FLOW {slot: $slot}]->(:Market)
RETURN f.flow_id AS key, f.digest AS digest
