// READ: Which markets does a slot hold, and with which contents?
MATCH (:Run {slot: $slot})-[saw:SAW]->(m:Market)
RETURN m.market AS key, saw.digest AS digest
