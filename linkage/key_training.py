"""How often two hands, and how often one, show one key: what the bits of shown keys rest on.

Different hands: every two accounts of one market that both show a key; the few that are one hand
count among them, so that their share is rather too large. One hand: the earlier and the later half
of one account's posts, where both show a key. Who changes his account has more reasons to change
his key as well than who only goes on writing: their share is an upper bound.
"""

from itertools import combinations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from evidence.corpus import Corpus
from evidence.errors import RefusedInput
from evidence.splitting import TimeSplit, split_by_time, whole_ids
from features.pairs import Pairs
from features.pgp_key import PgpKey
from linkage.ratios import Ratio

HALVES = TimeSplit(per_side=1_000_000, min_records=2, min_chars=0)
BANDS = ((2, 2), (3, 3), (4, 10), (11, None))
"""How many accounts show a shared key, first and last of each band."""


def count_key_levels(corpus: Corpus) -> dict[str, Ratio]:
    """By level how often it comes out for one hand and for different hands.

    Args:
        corpus: with posts of authors of one place or several; not cut by time.

    Raises:
        RefusedInput: no two halves of an account, or no two accounts, show a key.
    """
    same = _levels(split_by_time(corpus, HALVES), one_account=True)
    other = _levels(corpus, one_account=False)
    if same.is_empty() or other.is_empty():
        raise RefusedInput("too few accounts show a key: add forum posts")
    return {
        level.name: Ratio(
            same.filter(level=number).height,
            same.height,
            other.filter(level=number).height,
            other.height,
        )
        for number, level in enumerate(PgpKey.levels, 1)
    }


def count_sharing(corpus: Corpus) -> dict[tuple[int, int | None], tuple[int, int]]:
    """By how many accounts show a key: pairs of one market that share such a one, of all pairs.

    Whatever their words: this is how often a key under two names would be a false pair to who took
    showing for holding.
    """
    found = _levels(corpus, one_account=False)
    sharing = found.filter(pl.col("showers") > 0)
    return {
        (least, most): (
            sharing.filter(pl.col("showers").is_between(least, most or 2**31)).height,
            found.height,
        )
        for least, most in BANDS
    }


def _levels(corpus: Corpus, *, one_account: bool) -> pl.DataFrame:
    """(level, showers) of every pair to count of which both sides show a key."""
    feature = PgpKey()
    survey = feature.survey(corpus)
    traits = feature.read(corpus, survey)
    pairs = _pairs(corpus, traits.shows["account"].unique().to_numpy(), one_account=one_account)
    outcome = feature.compare(traits, survey, pairs)
    return pl.DataFrame({"level": outcome.level, "showers": outcome.count})


def _pairs(corpus: Corpus, showing: NDArray[np.uint32], *, one_account: bool) -> Pairs:
    """The halves of one account, or the accounts of one market, among those that show a key."""
    whole = whole_ids(corpus)
    place = whole if one_account else corpus.accounts["market"]
    groups = pl.DataFrame({"place": place.gather(showing), "account": showing})
    members = groups.sort("account").group_by("place", maintain_order=True).agg("account")
    found = [pair for some in members["account"].to_list() for pair in combinations(some, 2)]
    return Pairs.of(*zip(*found, strict=True)) if found else Pairs.none()
