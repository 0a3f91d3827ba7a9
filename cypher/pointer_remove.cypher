// WRITE: Takes the published run from its readers.
MATCH (p:Pointer {name: 'published'})
DELETE p
