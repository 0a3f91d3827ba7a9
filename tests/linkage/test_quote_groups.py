"""Quoted keys, with words the rules were not written for: nobody is linked by quoting."""

from functools import cache
from itertools import combinations

import pytest

from features.alias import Alias
from features.keys.holdings import key_holdings
from features.pairs import Pairs
from features.pgp_key import PgpKey
from linkage.assessment import assess
from linkage.model import load_model
from linkage.readings import read
from tests.features.quote_groups import told
from tests.features.wordings import DEVELOPMENT, SECOND, THIRD, UNSEEN, Wordings

GROUPS = 60
OWNERS_NAMED = 0.8
TRUE_LEADS = 0.75
"""Of the accounts of one hand whose words nobody had in mind."""


@cache
def written(words: Wordings, seed: int):
    builder, groups = told(words, seed, GROUPS)
    return builder.build(), groups


@cache
def readings(words: Wordings, seed: int):
    corpus = written(words, seed)[0]
    return [read(feature, corpus) for feature in (Alias(), PgpKey())]


def proposed(words: Wordings, seed: int, pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Which of the pairs of account ids are proposed as one hand."""
    corpus = written(words, seed)[0]
    rows = {account: row for row, account in enumerate(corpus.accounts["account_id"])}
    numbered = Pairs.of(*zip(*([rows[a], rows[b]] for a, b in pairs), strict=True))
    found = assess(corpus.accounts, readings(words, seed), load_model().rules, numbered)
    assert not (found.judgement.band > 1).any()
    chosen = numbered.take(found.judgement.verdict == 1)
    linked = set(zip(chosen.left.tolist(), chosen.right.tolist(), strict=True))
    return [pair for pair in pairs if tuple(sorted(rows[account] for account in pair)) in linked]


every_wording = pytest.mark.parametrize(
    ("words", "seed"),
    [(DEVELOPMENT, 1), (SECOND, 2), (THIRD, 3), (UNSEEN, 4), (UNSEEN, 5)],
    ids=["development", "second", "third", "unseen", "unseen again"],
)


@every_wording
def test_no_quoter_is_linked_to_a_quoter_or_to_an_owner(words, seed):
    pairs = []
    for group in written(words, seed)[1]:
        pairs += combinations(group.quoters, 2)
        owners = [account for account in (group.owner, group.other) if account]
        pairs += [(quoter, owner) for quoter in group.quoters for owner in owners]
    assert len(pairs) >= 100
    assert proposed(words, seed, pairs) == []


@every_wording
def test_who_moved_on_with_the_key_is_a_lead(words, seed):
    pairs = [
        (group.owner, group.other)
        for group in written(words, seed)[1]
        if group.owner is not None and group.other is not None
    ]
    assert len(pairs) >= 5
    assert len(proposed(words, seed, pairs)) >= TRUE_LEADS * len(pairs)


@every_wording
def test_the_owner_is_named(words, seed):
    corpus, groups = written(words, seed)
    survey = readings(words, seed)[1].survey
    holdings = key_holdings(corpus, survey)
    named = {
        row["fingerprint"]: f"{row['owner_market']}:{row['owner_handle']}"
        for row in holdings.filter(status="owned").iter_rows(named=True)
    }
    owned = [group for group in groups if group.owner is not None]
    right = sum(named.get(group.fingerprint) == group.owner for group in owned)
    assert len(owned) >= 40
    assert right >= OWNERS_NAMED * len(owned)
