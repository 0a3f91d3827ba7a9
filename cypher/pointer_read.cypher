// READ: Which run is published, and in which slot?
MATCH (p:Pointer {name: 'published'})
RETURN p.slot AS slot, p.run_id AS run_id, p.run_hash AS run_hash, p.view AS view,
       toString(p.published_at) AS published_at
