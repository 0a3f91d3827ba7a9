// READ: What does the published run say of one link?
MATCH (k:Link {link_key: $slot + ':' + $link_id})
RETURN k.link_id AS link_id, k.left AS left, k.right AS right, k.relation AS relation,
       k.verdict AS verdict, k.band AS band, k.copier AS copier,
       k.possible_framing AS possible_framing, k.prior_bits AS prior_bits,
       k.bits AS bits, k.probability AS probability, k.queue_bucket AS queue_bucket,
       k.q_value AS q_value
