"""What holds for a semi-real world because it held for the sources it was made of."""

import json
from collections.abc import Iterable, Sequence

from evidence.source_card import ALLOWED, LONGEST_CHARS
from evidence.sources import Source

UNKNOWN = "unknown"
NO_EVIDENCE = "X4"
"""The grade of whatever was invented: nobody can vouch for the source, nor judge what it says."""


def inherited_card(sources: Sequence[Source]) -> str:
    """A source file (TOML, see `evidence.source_card`) for what was made of these sources.

    Owners, legal bases and compartments are named together, so that of several compartments a new
    one is made, which nobody is cleared for yet; of handling codes and TLP the strictest holds, of
    days of review and deletion the earliest. The grade says that this is no evidence.
    """
    said = {
        "owner": _all_of(source.owner for source in sources),
        "legal_basis": _all_of(source.legal_basis for source in sources),
        "compartment": _all_of(source.compartment for source in sources),
        "handling_code": _strictest("handling_code", [source.handling_code for source in sources]),
        "tlp": _strictest("tlp", [source.tlp for source in sources]),
        "grade": NO_EVIDENCE,
    }
    for name in ("review_at", "delete_at"):
        days = [day for source in sources if (day := getattr(source, name)) is not None]
        said[name] = min(days).isoformat() if days else ""
    lines = [
        f"{name} = {json.dumps(text, ensure_ascii=False)}" for name, text in said.items() if text
    ]
    return "".join(f"{line}\n" for line in lines)


def _all_of(texts: Iterable[str]) -> str:
    return " + ".join(sorted(set(texts) - {UNKNOWN}))[:LONGEST_CHARS]


def _strictest(name: str, values: Sequence[str]) -> str:
    known = [value for value in ALLOWED[name] if value in values]
    return known[-1] if known else ""
