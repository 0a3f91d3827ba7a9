"""How long do 500,000 accounts and 2 million links take to group and to look into?

    python bench/personas.py

Bonds within small hands and across all of them, so that one component holds nearly all accounts;
then shapes that hurt a careless way: a crowd around one account, a chain, one dense clump.
"""

import resource
import sys
import time

import numpy as np
import polars as pl
import typer
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

sys.path.insert(0, ".")

from features.pairs import Pairs
from linkage.bonds import LINK, Holds
from linkage.persona_health import health_of
from linkage.personas import Bonds, group

ACCOUNTS, LINKS, HAND = 500_000, 2_000_000, 5
JOIN_BITS = 3.0
IDS = pl.Series("account_id", [f"m:{number}" for number in range(ACCOUNTS)])
NO_CREWS = pl.DataFrame(schema={"persona": pl.Int64, "crew_reason": pl.String})


def tangled() -> Bonds:
    """Links within hands of five, and a third as many to anybody."""
    rng = np.random.default_rng(0)
    pairs = Pairs.of([], [])
    while len(pairs) < LINKS:
        hand = rng.integers(0, ACCOUNTS // HAND, LINKS) * HAND
        left, right = hand + rng.integers(0, HAND, (2, LINKS))
        right = np.where(rng.random(LINKS) < 0.4, rng.integers(0, ACCOUNTS, LINKS), right)
        keys = np.union1d(pairs.keys, Pairs.of(left, right).keys)
        pairs = Pairs.from_keys(keys)
    return bonds(pairs.take(np.sort(rng.choice(len(pairs), LINKS, replace=False))), rng)


def bonds(pairs: Pairs, rng: np.random.Generator) -> Bonds:
    """The pairs with 3 to 30 bits."""
    return Bonds(pairs, rng.uniform(JOIN_BITS, 30, len(pairs)))


def shapes() -> dict[str, Bonds]:
    """By name."""
    rng = np.random.default_rng(1)
    others = np.arange(1, ACCOUNTS // 2)
    return {
        "tangled": tangled(),
        "crowd around one": bonds(Pairs.of(np.zeros_like(others), others), rng),
        "chain": bonds(Pairs.of(others - 1, others), rng),
        "clump of 2,000": bonds(Pairs.of(*np.triu_indices(2_000, 1)), rng),
    }


def components(pairs: Pairs) -> NDArray[np.int32]:
    """The peer: which component each account is in."""
    ones = np.ones(len(pairs))
    matrix = csr_matrix((ones, (pairs.left, pairs.right)), shape=(ACCOUNTS, ACCOUNTS))
    return np.asarray(connected_components(matrix, directed=False)[1])


def health(personas: list[list[int]], held: Bonds) -> pl.DataFrame:
    """The health of each persona."""
    links = Holds(held.pairs, np.full(len(held.pairs), LINK, np.int8), held.bits)
    return health_of(personas, links, IDS, JOIN_BITS, NO_CREWS)


def main() -> None:
    """Print seconds and sizes, shape by shape."""
    one = Bonds(Pairs.of([0], [1]), np.array([9.0]))
    health(group(2, one, Pairs.none(), JOIN_BITS), one)
    for name, held in shapes().items():
        start = time.perf_counter()
        largest = int(np.bincount(components(held.pairs)).max())
        peer = time.perf_counter() - start
        start = time.perf_counter()
        made = group(ACCOUNTS, held, Pairs.none(), JOIN_BITS)
        took = time.perf_counter() - start
        start = time.perf_counter()
        table = health(made, held)
        looked = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{name:18}{len(held.pairs):>10,} links, largest component {largest:>7,}: "
            f"{len(made):>7,} personas in {took:5.1f} s, components alone {peer:4.1f} s, "
            f"{took / peer:4.0f} times; health {looked:5.1f} s, of which "
            f"{table['bridge_id'].count():,} have a bridge; peak {peak:,.0f} MB"
        )


if __name__ == "__main__":
    typer.run(main)
