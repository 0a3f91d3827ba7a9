"""A feature alone, and all but it: as if the others, or it, had never been asked."""

from functools import cache

import pytest

from evidence.masking import Masked
from linkage.answers import Answer
from linkage.trials import truth_trial
from tests.linkage.test_trials import PARTNERS, a_question, a_truth, everybody, two_markets

NAMES = ["alias", "pgp_key", "writing_style"]


@cache
def asked(*only: str, each: bool = False, masked: tuple[Masked, ...] = ()) -> Answer:
    corpus = two_markets().build()
    question = a_question(only=list(only), each=each, masked=masked)
    return truth_trial(corpus, a_truth(PARTNERS), everybody(corpus), question, lambda _: None)


def test_where_it_is_not_asked_for_no_feature_is_judged_by_itself():
    assert asked(*NAMES).by_feature == {}


@pytest.mark.parametrize("name", NAMES)
def test_a_feature_alone_is_what_it_is_when_only_it_is_asked(name):
    assert asked(*NAMES, each=True).by_feature[name].alone == asked(name).pooled


@pytest.mark.parametrize("name", NAMES)
def test_all_without_a_feature_are_what_they_are_when_it_is_not_asked(name):
    others = [other for other in NAMES if other != name]
    assert asked(*NAMES, each=True).by_feature[name].without == asked(*others).pooled


def test_without_the_only_feature_that_sees_anything_nothing_is_found():
    found = asked(*NAMES, each=True).by_feature
    assert found["alias"].without.recall_at_1.value == 0
    assert found["pgp_key"].without == asked(*NAMES).pooled


def test_the_share_of_pairs_on_which_a_feature_has_something_to_compare():
    found = asked(*NAMES, each=True).by_feature
    assert found["alias"].compared_share == 1
    assert found["pgp_key"].compared_share == 0
