import numpy as np
import polars as pl
import pytest

from features.pairs import Pairs
from linkage.assessment import assess
from linkage.candidates import gather
from linkage.chance import chance_of
from linkage.decoys import DecoyReading, Decoys, decoys_of, meetings
from linkage.readings import read, unwatched
from linkage.strata import KEYS, LEAST_ACCOUNTS
from tests.linkage.toys import LEVELS, Handle, Key, Style, a_corpus, a_model

FAMILIES = ("handle", "key", "style")
CROWD = [f"harbour:{n}" for n in range(LEAST_ACCOUNTS)] + [
    f"lantern:{n}" for n in range(LEAST_ACCOUNTS)
]
CORPUS = a_corpus(*CROWD)
RULES = a_model().rules


def one_stratum(count):
    return pl.DataFrame({key: ["alike"] * count for key in KEYS})


def chance(handles=None, styles=None, corpus=CORPUS):
    """What decoys show, of accounts whose pairs have these levels."""
    features = (Handle(handles), Key(), Style(styles))
    readings = [read(feature, corpus) for feature in features]
    candidates = gather({r.feature.name: r.meet() for r in readings})
    assessment = assess(corpus.accounts, readings, RULES, candidates.pairs)
    return chance_of(corpus, (candidates, assessment), readings, RULES, unwatched)


def test_a_decoy_is_made_of_other_accounts_all_different():
    ids = CORPUS.accounts["account_id"]
    decoys = decoys_of(ids, one_stratum(len(ids)), FAMILIES, 1)
    assert sorted(decoys.model) == list(range(len(ids)))
    parts = np.array([decoys.model, *decoys.donors.values()])
    assert all(len(set(column)) == len(FAMILIES) + 1 for column in parts.T.tolist())


def test_equal_accounts_give_equal_decoys_and_fewer_when_sampled():
    ids = CORPUS.accounts["account_id"]
    few, again = (decoys_of(ids, one_stratum(len(ids)), FAMILIES, 10) for _ in range(2))
    assert few.model.tolist() == again.model.tolist()
    assert len(few.model) == len(ids) / 10
    everyone = decoys_of(ids, one_stratum(len(ids)), FAMILIES, 1)
    place = [everyone.model.tolist().index(model) for model in few.model]
    assert few.donors["style"].tolist() == everyone.donors["style"][place].tolist()


def test_an_account_meets_a_decoy_where_a_feature_brought_it_and_the_donor():
    decoys = Decoys(4, np.array([3]), {"handle": np.array([1]), "style": np.array([2])})
    candidates = gather({"handle": Pairs.of([0, 0], [1, 2]), "style": Pairs.of([1, 2], [2, 3])})
    met = meetings(decoys, candidates, {"handle": "handle", "style": "style"})
    assert (met.left.tolist(), met.right.tolist()) == ([0, 1], [4, 4])


def test_a_decoy_is_compared_as_its_donor_is_and_not_with_the_donor_itself():
    ann, bob, cid = "harbour:ann", "lantern:bob", "lantern:cid"
    reading = read(Style({(ann, bob): "one_style"}), a_corpus(ann, bob, cid))
    decoys = Decoys(3, np.array([2]), {"style": np.array([1])})
    said = DecoyReading(reading, decoys).compare(Pairs.of([0, 1, 2], [3, 3, 3]))
    assert said.level.tolist() == [1, 0, 0]


def test_chances_in_two_families_add_up_on_a_decoy():
    few = [(f"harbour:{n}", f"lantern:{m}") for n in range(5) for m in range(LEAST_ACCOUNTS)]
    alone = chance(styles=dict.fromkeys(few, "one_style"))
    both = chance(dict.fromkeys(few, "same_handle"), dict.fromkeys(few, "one_style"))
    assert both.bits.max() == pytest.approx(alone.bits.max() + LEVELS["handle"]["same_handle"])


def test_where_one_family_alone_speaks_decoys_show_what_the_score_leaves_to_chance():
    alike = {(f"harbour:{n}", f"lantern:{n}"): "one_style" for n in range(LEAST_ACCOUNTS)}
    reading = read(Style(alike), CORPUS)
    scores = assess(CORPUS.accounts, [reading], RULES, reading.meet()).scores
    assert chance(styles=alike).links.sum() == pytest.approx((1 - scores.probability).sum())


def test_a_true_pair_is_not_met_by_chance():
    mover = {("harbour:0", "lantern:0"): "same_handle"}
    style = {("harbour:0", "lantern:0"): "one_style"}
    assert chance(mover, style).links.sum() < 0.01


def test_too_few_accounts_have_no_decoys():
    shown = chance(corpus=a_corpus("harbour:ann", "lantern:ann"))
    assert len(shown.links) == 0
