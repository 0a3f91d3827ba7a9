"""Sources by what people call them: the first digits of the id, or the file's name."""

import re

from evidence.errors import RefusedInput, UnknownThing
from evidence.ledger import Ledger
from evidence.sources import Source

LEAST_DIGITS = 8
DIGITS = re.compile(rf"[0-9a-f]{{{LEAST_DIGITS},64}}")


def source_named(ledger: Ledger, name: str) -> Source:
    """The source whose id begins like that (at least `LEAST_DIGITS` digits), or has that name.

    The folders before a file's name may be left out.

    Raises:
        UnknownThing: there is none.
        RefusedInput: there are several.
    """
    sources = ledger.sources()
    found = [s for s in sources if s.name == name]
    found = found or [s for s in sources if s.name.endswith(f"/{name}")]
    if DIGITS.fullmatch(name.lower()):
        found += [s for s in sources if s.source_id.startswith(name.lower()) and s not in found]
    if not found:
        raise UnknownThing("source", name)
    if len(found) > 1:
        ids = ", ".join(source.source_id[:12] for source in found)
        raise RefusedInput(f"{len(found)} sources are called {name!r}; say which by its id: {ids}")
    return found[0]
