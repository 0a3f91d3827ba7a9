// WRITE: Says which run a slot is being filled with.
MERGE (r:Run {slot: $slot})
SET r.run_id = $run_id, r.run_hash = $run_hash, r.view = $view, r.model_hash = $model_hash,
    r.started_at = datetime($started_at), r.finished_at = datetime($finished_at)
