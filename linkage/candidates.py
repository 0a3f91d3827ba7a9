"""Candidates: the pairs worth comparing, and which features brought each."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from features.pairs import Pairs

HUB_PARTNERS = 1_000
"""An account that one feature brings together with more accounts than this is a hub for it."""


@dataclass(frozen=True)
class Candidates:
    """n pairs and who brought them.

    Attributes:
        pairs: the pairs, without doubles.
        brought: uint64 (n,); bit k is set where `features[k]` brought the pair.
        features: names of the features, in the order of the bits.
        left_out_count: pairs of two hubs, which were not taken, over all features.
    """

    pairs: Pairs
    brought: NDArray[np.uint64]
    features: tuple[str, ...]
    left_out_count: int


def gather(meets: Mapping[str, Pairs], hub_partners: int = HUB_PARTNERS) -> Candidates:
    """The union of what the features brought.

    A pair of two hubs says next to nothing and their number grows with the square of the accounts,
    so each feature's pairs are limited to those with at least one account that is no hub: at most
    `hub_partners` pairs an account.

    Args:
        meets: pairs by feature.
        hub_partners: from how many partners on, within one feature, an account is a hub.
    """
    kept = {name: _without_hub_pairs(pairs, hub_partners) for name, pairs in meets.items()}
    keys = np.unique(np.concatenate([np.empty(0, np.uint64), *(p.keys for p in kept.values())]))
    brought = np.zeros(len(keys), np.uint64)
    for number, pairs in enumerate(kept.values()):
        brought[np.searchsorted(keys, pairs.keys)] |= np.uint64(1) << np.uint64(number)
    left_out = sum(len(meets[name]) - len(kept[name]) for name in meets)
    return Candidates(Pairs.from_keys(keys), brought, tuple(meets), left_out)


def _without_hub_pairs(pairs: Pairs, hub_partners: int) -> Pairs:
    if not len(pairs):
        return pairs
    partners = np.bincount(np.concatenate([pairs.left, pairs.right]))
    hub = partners > hub_partners
    return pairs.take(~(hub[pairs.left] & hub[pairs.right]))
