import pytest

from evidence.errors import RefusedInput, UnknownThing
from evidence.rulings import Rulings
from features.feature import Citation, Highlight
from linkage.explanation import explain_afresh, explanation_of
from linkage.pipeline import link
from tests.linkage.toys import Handle, Key, Style, a_corpus, a_model

ANN, ANNE, BOB = "harbour:ann", "lantern:ann", "lantern:bob"
CORPUS = a_corpus(ANN, ANNE, BOB)
FEATURES = (
    Handle({(ANN, ANNE): "same_handle", (ANN, BOB): "unlike_handles"}),
    Key(),
    Style({(ANN, ANNE): "one_style", (ANN, BOB): "other_style"}),
)


def afresh(left, right, features=FEATURES):
    return explain_afresh(CORPUS, features, a_model(), Rulings.none(), (left, right))


def published():
    run = link(CORPUS, FEATURES, a_model(), Rulings.none(), lambda *_: None)
    return explanation_of(run.tables["links"].row(0, named=True), run.tables["evidence"], "run r1")


@pytest.mark.parametrize("pair", [(ANN, ANNE), (BOB, ANN), (ANNE, BOB)])
def test_prior_and_counted_terms_make_the_total(pair):
    found = afresh(*pair)
    counted = sum(term.weight_bits for term in found.terms if term.counted)
    assert found.prior_bits + counted == pytest.approx(found.bits, abs=1e-6)


def test_the_published_explanation_says_what_its_run_found():
    found = published()
    assert (found.verdict, found.band, found.made) == ("same", "strong", "run r1")
    term = found.terms[0]
    assert term.sentence == "handle: same_handle"
    assert term.highlights == (Highlight("left", "this"), Highlight("right", "that"))
    assert term.citations == (Citation("s1", "line 1", "r1"),)


def test_a_feature_with_nothing_to_compare_is_named_as_missing():
    missing = [term for term in afresh(ANN, ANNE).terms if term.level is None]
    assert [term.feature for term in missing] == ["key"]
    assert missing[0].weight_bits is None


def test_a_pair_under_the_threshold_says_why_it_is_not_proposed():
    found = afresh(ANN, BOB)
    assert found.verdict is None
    assert "a lead needs" in found.not_proposed


def test_a_pair_that_nobody_brought_says_so():
    class Quiet(Style):
        def meet(self, traits, survey):
            return super().meet(traits, survey).take(slice(0, 0))

    class Mute(Handle):
        def meet(self, traits, survey):
            return super().meet(traits, survey).take(slice(0, 0))

    features = (Mute({(ANN, BOB): "same_handle"}), Quiet({(ANN, BOB): "one_style"}))
    assert "no feature brought" in afresh(ANN, BOB, features).not_proposed


def test_a_pair_that_the_next_run_would_propose_is_computed_and_says_so():
    found = afresh(ANNE, ANN)
    assert (found.verdict, found.made, found.not_proposed) == ("same", "now", None)
    assert (found.left, found.right) == (ANN, ANNE)


def test_an_unknown_account_is_said_to_be_unknown():
    with pytest.raises(UnknownThing, match="harbour:nobody"):
        afresh(ANN, "harbour:nobody")


def test_an_account_is_not_compared_with_itself():
    with pytest.raises(RefusedInput, match="one account"):
        afresh(ANN, ANN)
