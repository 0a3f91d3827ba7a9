"""The terms of a pair make its sum, and what it would be without one of them is added up anew."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.pairs import Pairs
from linkage.assessment import assess
from linkage.bands import BANDS, VERDICTS
from linkage.findings import evidence_of
from linkage.model import Copying, Shrink, Weight
from linkage.readings import read
from tests.linkage.toys import LEVELS, SOURCE, Handle, Key, Style, a_corpus, a_model

ACCOUNTS = ("harbour:ann", "harbour:bob", "lantern:ann", "lantern:bob")
CORPUS = a_corpus(*ACCOUNTS)
PAIRS = Pairs.of(*np.triu_indices(len(ACCOUNTS), 1))
NAMED = [(ACCOUNTS[a], ACCOUNTS[b]) for a, b in zip(PAIRS.left, PAIRS.right, strict=True)]
COPYING = {
    relation: Copying(owners_per_copier=rate, source=SOURCE)
    for relation, rate in (("across", 4.0), ("same", 0.5))
}
SHRINKS = {
    family: Shrink(value=value, source=SOURCE) for family, value in (("style", 0.7), ("key", 1 / 3))
}
RULES = a_model().rules.model_copy(update={"copying": COPYING, "shrinks": SHRINKS})
KINDS = (Handle, Key, Style)


class Hand(Key):
    """Of one family with the style. Blind spot: all."""

    name = "hand"
    family = "style"


WEIGHED = RULES.model_copy(update={"weights": {**RULES.weights, "hand": RULES.weights["key"]}})


def told(kind):
    names = [*LEVELS.get(kind.name, LEVELS["key"]), None]
    return st.lists(st.sampled_from(names), min_size=len(PAIRS), max_size=len(PAIRS)).map(
        lambda levels: kind(
            {pair: level for pair, level in zip(NAMED, levels, strict=True) if level}
        )
    )


FOUND = st.tuples(*(told(kind) for kind in (*KINDS, Hand)))


def assessed(features, rules=WEIGHED):
    readings = [read(feature, CORPUS) for feature in features]
    return readings, assess(CORPUS.accounts, readings, rules, PAIRS)


def evidence(features, rules=WEIGHED):
    readings, assessment = assessed(features, rules)
    ids = a_corpus(*(f"pair:{n:02}" for n in range(len(PAIRS)))).accounts["account_id"]
    rows = np.arange(len(PAIRS))
    return assessment, evidence_of(assessment, rows, ids, readings, rules)


@settings(max_examples=25, deadline=None)
@given(FOUND)
def test_prior_and_counted_terms_make_the_total_of_every_pair(features):
    assessment, found = evidence(features)
    of_pair = found.filter("counted").group_by("link_id").agg(found["weight_bits"].name)
    sums = dict(of_pair.rows())
    scores = assessment.scores
    for row in range(len(PAIRS)):
        terms = sum(sums.get(f"pair:{row:02}", []))
        assert scores.prior_bits[row] + terms == pytest.approx(scores.total_bits[row], abs=1e-6)


@settings(max_examples=25, deadline=None)
@given(FOUND)
def test_without_a_finding_a_pair_is_what_it_is_where_its_feature_never_looked(features):
    _, found = evidence(features)
    for feature in features:
        _, other = assessed([f for f in features if f is not feature])
        rows = found.filter(feature=feature.name).sort("link_id")
        for row, term in enumerate(rows.iter_rows(named=True)):
            would_be = (term["without_bits"], term["without_verdict"], term["without_band"])
            judgement = other.judgement
            fresh = (
                other.scores.total_bits[row],
                (None, *VERDICTS)[judgement.verdict[row]],
                (None, *BANDS)[judgement.band[row]],
            )
            assert would_be == (fresh if term["counted"] else (None, None, None))


@settings(max_examples=25, deadline=None)
@given(FOUND)
def test_without_copying_a_pair_has_the_bits_that_were_taken_off(features):
    assessment, found = evidence(features)
    for term in found.filter(feature="copying").iter_rows(named=True):
        row = int(term["link_id"].removeprefix("pair:"))
        total = assessment.scores.total_bits[row]
        assert term["without_bits"] == pytest.approx(total - term["weight_bits"], abs=2e-6)
        assert term["without_verdict"] != "copies"


def test_what_was_never_measured_stands_with_the_evidence_and_is_gathered():
    beyond = SOURCE.model_copy(update={"not_validated": "kettles of two harbours"})
    handles = dict(WEIGHED.weights["handle"])
    handles["same_handle"] = handles["same_handle"] | {
        "across": Weight(bits=11.0, source=beyond),
    }
    rules = WEIGHED.model_copy(update={"weights": {**WEIGHED.weights, "handle": handles}})
    same = {pair: "same_handle" for pair in NAMED[:2]}
    _, found = evidence((Handle(same), Style()), rules)
    marks = found.filter(feature="handle").sort("link_id")["not_validated"].to_list()
    assert marks[:2] == [[], ["kettles of two harbours"]]
    assert not any(marks[2:])
