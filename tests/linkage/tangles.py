"""Small tangles of accounts `m:0`, `m:1`, … and what stands between them."""

import numpy as np
import polars as pl

from features.pairs import Pairs
from linkage.bonds import AGAINST, KINDS, LINK, Holds
from linkage.persona_health import health_of
from linkage.personas import group

JOIN = 3.0
NO_CREWS = pl.DataFrame(schema={"persona": pl.Int64, "crew_reason": pl.String})


def ids(count):
    return pl.Series("account_id", [f"m:{n:02}" for n in range(count)])


def holds(*rows):
    """From (account, account, bits), or (account, account, bits, kind)."""
    made = sorted((min(a, b), max(a, b), bits, *kind) for a, b, bits, *kind in rows)
    kinds = [KINDS.index(row[3]) if row[3:] else _by(row[2]) for row in made]
    pairs = Pairs.of([row[0] for row in made], [row[1] for row in made])
    bits = np.array([row[2] for row in made], np.float64)
    return Holds(pairs, np.array(kinds, np.int8), bits)


def _by(bits):
    return LINK if bits > 0 else AGAINST


def grouped(count, held):
    return group(count, held.bonds, held.walls, JOIN)


def health(count, held, crews=NO_CREWS):
    return health_of(grouped(count, held), held, ids(count), JOIN, crews)
