// READ: How many links does the published run propose from market to market?
MATCH (source:Market)-[f:FLOW {slot: $slot}]->(target:Market)
RETURN source.market AS market_from, target.market AS market_to, f.count AS count
ORDER BY market_from, market_to
