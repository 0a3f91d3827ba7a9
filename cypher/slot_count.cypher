// READ: How many things of each kind does a slot hold?
RETURN COUNT { MATCH (:Run {slot: $slot})-[:SAW]->(:Market) } AS markets,
       COUNT { MATCH (:Account)-[:ON {slot: $slot}]->(:Market) } AS accounts,
       COUNT { MATCH (:Account)-[:SHOWS|PROVED {slot: $slot}]->() } AS shown,
       COUNT { MATCH (:Link {slot: $slot})-[:LEFT]->(:Account) } AS lefts,
       COUNT { MATCH (:Link {slot: $slot})-[:RIGHT]->(:Account) } AS rights,
       COUNT { MATCH (:Account)-[:LINKED {slot: $slot}]->(:Account) } AS links,
       COUNT { MATCH (:Persona {slot: $slot})<-[:MEMBER_OF]-(:Account) } AS members,
       COUNT { MATCH (:Market)-[:FLOW {slot: $slot}]->(:Market) } AS flows
