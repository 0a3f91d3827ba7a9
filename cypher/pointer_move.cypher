// WRITE: Names the slot that readers read, unless somebody else has moved the pointer meanwhile.
MERGE (p:Pointer {name: 'published'})
WITH p
WHERE coalesce(p.run_id, '') = $expected_run_id
SET p.slot = $slot, p.run_id = $run_id, p.run_hash = $run_hash, p.view = $view,
    p.published_at = datetime($at)
RETURN p.slot AS slot
