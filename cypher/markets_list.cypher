// READ: Which markets did the published run see?
MATCH (:Run {slot: $slot})-[saw:SAW]->(m:Market)
RETURN m.market AS market, saw.kind AS kind, toString(saw.opened_at) AS opened_at,
       toString(saw.closed_at) AS closed_at, saw.reason AS reason, saw.belongs_to AS belongs_to,
       saw.account_count AS account_count
ORDER BY market
