from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from math import log2

import pytest

from evidence.errors import RefusedInput, UnknownThing
from evidence.rulings import Rulings
from features.feature import Citation, Highlight
from linkage import not_proposed
from linkage.basis import basis_of
from linkage.candidates import gather
from linkage.explanation import explain_afresh, explanation_of, with_ruling
from linkage.model import BitsSource, Copying, Model, Shrink
from linkage.pipeline import link
from linkage.readings import unwatched
from tests.builders import decision_rows
from tests.linkage.toys import SOURCE, Handle, Key, Style, a_corpus, a_model

ANN, ANNE, BOB = "harbour:ann", "lantern:ann", "lantern:bob"
CORPUS = a_corpus(ANN, ANNE, BOB)
FEATURES = (
    Handle({(ANN, ANNE): "same_handle", (ANN, BOB): "unlike_handles"}),
    Key(),
    Style({(ANN, ANNE): "one_style", (ANN, BOB): "other_style"}),
)


def read_by(features):
    return basis_of(CORPUS, features, Rulings.none(), unwatched)


def afresh(left, right, features=FEATURES):
    return explain_afresh(read_by(features), a_model(), Rulings.none(), (left, right))


def published():
    run = link(CORPUS, FEATURES, a_model(), Rulings.none(), lambda *_: None)
    links, evidence = run.tables["links"], run.tables["evidence"]
    return explanation_of(links.row(0, named=True), evidence, "run r1", {"across": "a rule"})


@pytest.mark.parametrize("pair", [(ANN, ANNE), (BOB, ANN), (ANNE, BOB)])
def test_prior_and_counted_terms_make_the_total(pair):
    found = afresh(*pair)
    counted = sum(term.weight_bits for term in found.terms if term.counted)
    assert found.prior_bits + counted == pytest.approx(found.bits, abs=1e-6)


def test_the_prior_says_where_its_bits_come_from():
    assert published().prior_source == "a rule"
    assert afresh(ANN, BOB).prior_source == f"{SOURCE.kind}: {SOURCE.text}"


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
    assert found.not_proposed.lacking_bits == pytest.approx(log2(0.1 / 0.9) - found.bits, abs=1e-6)
    assert f"{found.not_proposed.lacking_bits:.1f} bits more" in found.not_proposed.reasons[0]
    assert found.not_proposed.brought_by == ("handle", "style")


def test_a_name_that_a_copier_would_bear_as_well_is_said_to_need_more():
    copying = {"across": Copying(owners_per_copier=1.0, source=SOURCE)}
    model = a_model(lead_probability=0.01)
    model = replace(model, rules=model.rules.model_copy(update={"copying": copying}))
    read = read_by((Handle({(ANN, ANNE): "same_handle"}), Key()))
    found = explain_afresh(read, model, Rulings.none(), (ANN, ANNE))
    assert "needs 0.5, as a copier would be no less likely" in found.not_proposed.reasons[0]


class Quiet(Style):
    """Brings nobody together."""

    def meet(self, traits, survey):
        return super().meet(traits, survey).take(slice(0, 0))


class Elsewhere(Handle):
    """Brings another pair."""

    def meet(self, traits, survey):
        return super().meet(traits, survey).take(slice(0, 1))


def test_a_pair_that_nobody_brought_says_who_looked():
    told = {(ANN, ANNE): "same_handle", (ANN, BOB): "same_handle"}
    features = (Elsewhere(told), Key(), Quiet({(ANN, BOB): "one_style"}))
    found = afresh(ANN, BOB, features).not_proposed
    assert (found.brought_by, found.passed_by, found.lacking_bits) == ((), ("handle",), None)
    assert "handle looked, and brought other pairs" in found.reasons[0]


def test_a_pair_of_two_hubs_says_for_whom_they_are_hubs(monkeypatch):
    monkeypatch.setattr(not_proposed, "gather", partial(gather, hub_partners=1))
    told = {(ANN, ANNE): "same_handle", (ANN, BOB): "same_handle", (ANNE, BOB): "same_handle"}
    found = afresh(ANN, BOB, (Handle(told), Quiet({(ANN, BOB): "one_style"}))).not_proposed
    assert (found.brought_by, found.left_out_by) == ((), ("handle",))
    assert "for handle both have too many partners" in found.reasons[0]


@pytest.mark.parametrize("ruling", ["same", "different", "unsure"])
def test_what_people_ruled_on_a_pair_is_said_with_it(ruling):
    rows = [(ANNE, ANN, "same"), (BOB, ANN, "different"), (ANNE, ANN, ruling)]
    decisions = [
        (*row, "kim", "seen", datetime(2018, 1, day, tzinfo=UTC)) for day, row in enumerate(rows, 1)
    ]
    ruled = decision_rows(decisions)
    rulings = replace(Rulings.none(), decisions=ruled)
    assert explain_afresh(read_by(FEATURES), a_model(), rulings, (ANN, ANNE)).ruling == ruling
    assert with_ruling(published(), ruled).ruling == ruling


def test_a_pair_that_copies_says_what_makes_it_so():
    features = (
        Handle({(ANN, ANNE): "same_handle"}),
        Key({(ANN, ANNE): "key_shown"}),
        Style({(ANN, ANNE): "other_style"}),
    )
    found = afresh(ANN, ANNE, features)
    assert found.verdict == "copies"
    assert found.because == (
        "what a stranger can copy is alike (handle +11.0, key +9.0); what was not copied is not "
        "(style -5.0)"
    )
    without = {term.feature: (term.without_verdict, term.without_band) for term in found.terms}
    assert without["style"] == ("same", "lead")


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


def test_a_run_that_was_stored_before_all_this_was_asked_is_still_explained():
    run = link(CORPUS, FEATURES, a_model(), Rulings.none(), lambda *_: None)
    link_row = run.tables["links"].row(0, named=True)
    evidence = run.tables["evidence"].filter(link_id=link_row["link_id"])
    earlier = evidence.drop("not_validated", "without_bits", "without_verdict", "without_band")
    found = explanation_of(link_row, earlier, "run r0", {})
    assert found.prior_source is None
    assert found.bits == explanation_of(link_row, evidence, "run r1", {}).bits
    assert {term.without_bits for term in found.terms} == {None}


def test_shrunk_bits_say_by_how_much_and_why_and_still_make_the_total():
    base = a_model()
    shrink = Shrink(value=0.5, source=BitsSource(kind="measured", text="invented real pairs", n=90))
    model = Model(base.rules.model_copy(update={"shrinks": {"style": shrink}}), {})
    found = explain_afresh(read_by(FEATURES), model, Rulings.none(), (ANN, ANNE))
    style = next(term for term in found.terms if term.feature == "style")
    assert style.weight_bits == 6.0
    assert style.bits_source.endswith("times 0.5 beside others (measured: invented real pairs)")
    counted = sum(term.weight_bits for term in found.terms if term.counted)
    assert found.prior_bits + counted == pytest.approx(found.bits, abs=1e-6)
