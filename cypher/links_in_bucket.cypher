// READ: Which links lie in a bucket of the review queue, the likeliest first?
MATCH (k:Link {queue_key: $slot + ':' + $bucket})
RETURN k.link_id AS link_id, k.left AS left, k.right AS right, k.relation AS relation,
       k.verdict AS verdict, k.band AS band, k.copier AS copier,
       k.possible_framing AS possible_framing, k.prior_bits AS prior_bits,
       k.bits AS bits, k.probability AS probability, k.queue_bucket AS queue_bucket,
       k.q_value AS q_value
ORDER BY bits DESC, link_id
SKIP $skip LIMIT $limit
