// READ: Which accounts does a persona have in the published run?
MATCH (p:Persona {persona_key: $slot + ':' + $persona_id})<-[:MEMBER_OF]-(a:Account)
RETURN a.account_id AS account_id
ORDER BY account_id
