// WRITE: Finds a page of the review queue by `queue_key`.
CREATE INDEX link_queue_key IF NOT EXISTS
FOR (n:Link) ON (n.queue_key)
