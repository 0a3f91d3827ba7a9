"""Labelled pairs with the bits of every family, from a corpus of sellers of two markets."""

from datetime import UTC, datetime

import numpy as np
import polars as pl
import pytest

from evidence.errors import RefusedInput
from evidence.rulings import PUBLIC_VALUES, Rulings
from linkage.joint_pairs import FAMILIES, grounds_of, truth_ground
from linkage.labels import Labels
from linkage.model import load_model
from tests.builders import CorpusBuilder, decision_rows
from tests.linkage.test_listing_training import MOVERS, sellers

FOLDS = 3
NOW = datetime(2021, 5, 1, tzinfo=UTC)
BASE = load_model()


def a_truth(*pairs):
    rows = [(f"harbour:{a}", f"quay:{b}", same, None, "harbour", "quay") for a, b, same in pairs]
    names = ("left", "right", "same", "kind", "market_a", "market_b")
    return pl.DataFrame(rows, schema=dict.fromkeys(names), orient="row")


def ruled(*pairs):
    rows = [(a, b, ruling, "C. Alder", "case 7", NOW) for a, b, ruling in pairs]
    return Rulings(decision_rows(rows), PUBLIC_VALUES.empty())


TRUTH = a_truth(
    *((f"mover{n}", f"mover{n}", True) for n in range(MOVERS)), ("harbour1030", "quay40", False)
)


@pytest.fixture(scope="module")
def labels():
    return Labels.of(sellers(), TRUTH, Rulings.none(), BASE, FOLDS)


@pytest.fixture(scope="module")
def joint(labels):
    return truth_ground(labels, TRUTH, ("handle",)).pairs


def row_of(labels, account):
    return labels.corpus.accounts["account_id"].index_of(account)


def test_accounts_of_a_label_are_of_one_entity_and_one_fold_be_it_same_or_different(labels):
    for left, right in TRUTH.select("left", "right").iter_rows():
        one, other = row_of(labels, left), row_of(labels, right)
        assert labels.entity[one] == labels.entity[other]
        assert labels.fold[one] == labels.fold[other]


def test_a_ruling_ties_accounts_as_a_truth_does():
    found = Labels.of(
        sellers(), None, ruled(("harbour:harbour1030", "quay:quay40", "unsure")), BASE, FOLDS
    )
    assert (
        found.entity[row_of(found, "harbour:harbour1030")]
        == found.entity[row_of(found, "quay:quay40")]
    )


def test_every_pair_of_the_truth_is_there_once_and_no_pair_lies_between_folds(labels, joint):
    assert joint.same.sum() == MOVERS
    assert (joint.entity[0][joint.same] == joint.entity[1][joint.same]).all()
    fold = dict(zip(labels.entity.tolist(), labels.fold.tolist(), strict=True))
    for side in joint.entity:
        assert [fold[entity] for entity in side.tolist()] == joint.fold.tolist()


def test_what_the_truth_calls_two_hands_is_among_the_others(labels, joint):
    tied = (joint.entity[0] == joint.entity[1]) & ~joint.same
    assert tied.sum() == 1


def test_accounts_of_one_handle_that_the_truth_does_not_name_are_no_strangers():
    fewer = TRUTH[MOVERS // 2 :]
    labels = Labels.of(sellers(), fewer, Rulings.none(), BASE, FOLDS)
    pairs = truth_ground(labels, fewer, ("handle",)).pairs
    assert ((pairs.entity[0] == pairs.entity[1]) & ~pairs.same).sum() == 1


def test_with_the_handle_hidden_no_handle_speaks(joint):
    assert not joint.compared[FAMILIES.index("handle")].any()
    assert joint.compared[FAMILIES.index("listings")][joint.same].all()


def test_the_nearest_stranger_is_the_one_with_most_bits(joint):
    total = joint.bits.sum(axis=0)
    others = np.flatnonzero(~joint.same)
    best = others[total[others].argmax()]
    assert joint.nearest[best]
    assert not (joint.nearest & joint.same).any()
    assert joint.nearest.sum() <= 2 * MOVERS


def test_accounts_with_a_title_in_common_are_no_strangers_unless_the_truth_says_so():
    builder = CorpusBuilder()
    for market in ("harbour", "quay"):
        for number in range(12):
            name = f"mover{number}" if number < 6 else f"{market}{number}"
            for goods in ("kettle", "lantern"):
                title = "a guide to brass tuning" if number > 9 else f"{goods} of {name}"
                builder.listing(market, name, title)
            builder.listing(market, name, f"spoon of {market} {number}")
    movers = [(f"mover{n}", f"mover{n}", True) for n in range(6)]

    def others(*told):
        truth = a_truth(*movers, *told)
        labels = Labels.of(builder.build(), truth, Rulings.none(), BASE, 1)
        pairs = truth_ground(labels, truth, ("handle",)).pairs
        sides = np.sort(pairs.entity[:, ~pairs.same], axis=0)
        rows = (row_of(labels, "harbour:harbour10"), row_of(labels, "quay:quay11"))
        return np.sort(labels.entity[list(rows)])[:, None], sides

    wanted, sides = others()
    assert sides.shape[1] > 20
    assert not (sides == wanted).all(axis=0).any()
    wanted, sides = others(("harbour10", "quay11", False))
    assert (sides == wanted).all(axis=0).any()


def test_rulings_are_judged_beside_their_prior():
    rulings = ruled(
        *((f"harbour:mover{n}", f"quay:mover{n}", "same") for n in range(6)),
        *((f"harbour:harbour{1030 + n}", f"quay:quay{30 + n}", "different") for n in range(6)),
    )
    (ground,) = grounds_of(Labels.of(sellers(), None, rulings, BASE, 2), None, (), halves=False)
    assert not ground.even
    assert ground.pairs.same.sum() == 6
    assert (ground.pairs.given_bits <= BASE.rules.priors["across"].bits + 1e-6).all()
    assert ground.pairs.bits[FAMILIES.index("handle")][ground.pairs.same].min() > 0


def test_where_nothing_is_labelled_nothing_is_learned():
    labels = Labels.of(sellers(), None, Rulings.none(), BASE, FOLDS)
    with pytest.raises(RefusedInput, match="nothing is labelled"):
        grounds_of(labels, None, (), halves=False)


def test_too_few_labels_for_the_folds_are_refused(labels):
    few = a_truth(("mover0", "mover0", True))
    with pytest.raises(RefusedInput, match="cannot be dealt into 3 folds"):
        grounds_of(labels, few, (), halves=False)
