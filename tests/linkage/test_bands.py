import numpy as np
import pytest

from features.feature import Level, Outcome
from features.pairs import Pairs
from linkage.bands import BANDS, VERDICTS, judge
from linkage.model import Copying, Weight
from linkage.scoring import score_pairs
from linkage.standing import standing_of
from tests.linkage.toys import SOURCE, Handle, Key, Style, a_model

FEATURES = (Handle(), Key(), Style())


def judged(*found, **thresholds):
    """Verdict and band of one pair on which the features found these levels."""
    found = judgement(*found, **thresholds)
    return (None, *VERDICTS)[found.verdict[0]], (None, *BANDS)[found.band[0]]


def judgement(*found, copying=None, **thresholds):
    outcomes = {}
    for feature in FEATURES:
        names = [level.name for level in feature.levels]
        level = next((names.index(name) + 1 for name in found if name in names), 0)
        nothing = Outcome.nothing(1)
        outcomes[feature.name] = Outcome(np.array([level], np.int8), nothing.value, nothing.count)
    rules = a_model(**thresholds).rules.model_copy(update={"copying": copying or {}})
    scores = score_pairs(Pairs.of([0], [1]), np.zeros(1, np.int8), outcomes, FEATURES, rules)
    return judge(scores, standing_of(scores, FEATURES), rules.thresholds)


def test_nothing_to_compare_is_no_proposal():
    assert judged() == (None, None)


def test_one_style_alone_is_a_lead():
    assert judged("one_style") == ("same", "lead")


def test_what_can_be_copied_never_passes_lead_however_sure_the_sum():
    assert judged("same_handle", "key_shown") == ("same", "lead")


def test_a_style_that_agrees_makes_a_copied_handle_a_strong_link():
    assert judged("same_handle", "one_style") == ("same", "strong")


def test_an_effort_of_too_few_bits_makes_no_strong_link():
    assert judged("same_handle", "key_shown", "one_style", costly_bits=12.5) == ("same", "lead")


def test_an_old_key_that_signs_for_the_other_account_makes_a_strong_link():
    assert judged("key_named_by_other", "same_handle") == ("same", "strong")


def test_a_binding_signature_under_the_probability_stays_a_lead():
    assert judged("key_named_by_other", "unlike_handles") == ("same", "lead")


def test_a_key_that_signed_for_both_is_proved():
    assert judged("key_proved") == ("same", "proved")


def test_a_shared_handle_in_another_style_is_a_copy_and_has_no_band():
    assert judged("same_handle", "other_style") == ("copies", None)


def test_a_proved_key_is_no_copy_whatever_the_style():
    assert judged("key_proved", "same_handle", "other_style") == ("same", "proved")


def test_another_style_alone_is_not_a_copy():
    assert judged("unlike_handles", "other_style") == (None, None)


@pytest.mark.parametrize("threshold", [{"copies_free_bits": 11.5}, {"copies_probability": 0.97}])
def test_copies_need_enough_that_is_shared_and_enough_against(threshold):
    assert judged("same_handle", "other_style", **threshold) == (None, None)


def test_costly_evidence_against_keeps_a_link_from_being_strong():
    class Stock(Style):
        name = "stock"
        family = "stock"
        levels = (Level("other_stock", "sells other things", "costly", speaks="against"),)

    features = (Handle(), Style(), Stock())
    first = Outcome(np.ones(1, np.int8), np.zeros(1, np.float32), np.zeros(1, np.int32))
    outcomes = {feature.name: first for feature in features}
    rules = a_model().rules
    against = {"across": Weight(bits=-1.0, source=SOURCE)}
    weights = {**rules.weights, "stock": {"other_stock": against}}
    rules = rules.model_copy(update={"weights": weights})
    scores = score_pairs(Pairs.of([0], [1]), np.zeros(1, np.int8), outcomes, features, rules)
    found = judge(scores, standing_of(scores, features), rules.thresholds)
    assert scores.probability[0] > rules.thresholds.strong_probability
    assert BANDS[found.band[0] - 1] == "lead"


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (("same_handle", "key_shown"), True),
        (("same_handle", "one_style"), False),
        (("same_handle", "key_named_by_other"), False),
        (("same_handle", "other_style"), False),
        ((), False),
    ],
)
def test_a_link_that_a_stranger_can_make_in_a_minute_may_be_a_framing(found, expected):
    assert judgement(*found).possible_framing[0] == expected


TAKEN = {"across": Copying(owners_per_copier=1.0, source=SOURCE)}


@pytest.mark.parametrize(("found", "lead"), [(("same_handle",), False), (("key_shown",), True)])
def test_a_name_that_a_copier_bears_as_likely_as_its_owner_is_no_lead(found, lead):
    assert judgement(*found, copying=TAKEN, lead_probability=0.01).band[0] == lead
    assert judgement(*found, lead_probability=0.01).band[0] == 1
