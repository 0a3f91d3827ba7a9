// WRITE: Removes some of all that publications wrote, whatever slot it lies in; says how many.
MATCH (n:Account|Link|Persona|PgpKey|Photo|Contact|Wallet|Market|Run)
WITH n LIMIT $limit
DETACH DELETE n
RETURN count(n) AS removed
