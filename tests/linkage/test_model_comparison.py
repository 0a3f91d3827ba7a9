import numpy as np
import pytest

from evidence.rulings import Rulings
from linkage.candidates import HUB_PARTNERS
from linkage.model import Model, Rulebook, Weight
from linkage.model_comparison import COMPARED, Judge, compare_models
from linkage.pipeline import link
from tests.linkage.toys import SOURCE, Handle, Key, Style, a_corpus, a_model

ANN, ANNE, BOB, BOBBY, CAT = "m:ann", "n:ann", "m:bob", "n:bobby", "n:cat"
CORPUS = a_corpus(ANN, ANNE, BOB, BOBBY, CAT)


def features():
    return (
        Handle({(ANN, ANNE): "same_handle"}),
        Key({(ANN, ANNE): "key_shown", (BOB, BOBBY): "key_shown", (ANN, CAT): "key_proved"}),
        Style({(ANN, ANNE): "one_style", (BOB, BOBBY): "one_style"}),
    )


def with_bits(model, feature, level, bits):
    weight = {
        relation: Weight(bits=bits, source=SOURCE) for relation in ("across", "same", "forum")
    }
    weights = {**model.rules.weights, feature: {**model.rules.weights[feature], level: weight}}
    return Model(Rulebook(**{**dict(model.rules), "weights": weights}), {})


def compared(before, after, own=None, other=None):
    sides = Judge(before, own or features()), Judge(after, other or features())
    return compare_models(CORPUS, Rulings.none(), *sides)


def test_a_model_differs_in_nothing_from_itself():
    found = compared(a_model(), a_model())
    assert found.rows.schema == COMPARED
    assert found.rows.is_empty()
    assert found.counts.rows() == [("strong", "strong", 2), ("proved", "proved", 1)]


def test_each_model_proposes_what_its_run_would_propose():
    before, after = a_model(), with_bits(a_model(), "style", "one_style", 0.5)
    rows = compared(before, after).rows
    for model, column in ((before, "before"), (after, "after")):
        run = link(CORPUS, features(), model, Rulings.none(), lambda *_: None)
        proposed = {
            row[:2]: row[2:]
            for row in run.tables["links"].select("left", "right", "band", "bits").iter_rows()
        }
        for row in rows.iter_rows(named=True):
            band, bits = proposed.get((row["left"], row["right"]), ("not proposed", None))
            assert row[column] == band
            assert bits is None or row[f"bits_{column}"] == bits


def test_a_lost_and_a_changed_link_say_which_bits_made_it_so():
    rows = compared(a_model(), with_bits(a_model(), "style", "one_style", 0.5)).rows
    said = {
        (r["left"], r["right"]): (r["change"], r["before"], r["after"], r["why"])
        for r in rows.iter_rows(named=True)
    }
    assert said == {
        (BOB, BOBBY): ("lost", "strong", "not proposed", "style +12.0 -> +0.5"),
        (ANN, ANNE): ("changed", "strong", "lead", "style +12.0 -> +0.5"),
    }


def test_turned_about_what_was_lost_is_gained():
    there = compared(a_model(), with_bits(a_model(), "style", "one_style", 0.5)).rows
    back = compared(with_bits(a_model(), "style", "one_style", 0.5), a_model()).rows
    assert sorted(there["change"]) == ["changed", "lost"]
    assert sorted(back["change"]) == ["changed", "gained"]
    assert back["bits_before"].to_list() == there["bits_after"].to_list()


def test_the_differences_in_bits_add_up_to_that_of_the_total():
    after = with_bits(with_bits(a_model(), "style", "one_style", -9.0), "key", "key_shown", 2.0)
    (row,) = compared(a_model(), after).rows.filter(left=BOB).iter_rows(named=True)
    assert row["why"] == "style +12.0 -> -9.0; key +9.0 -> +2.0"
    assert row["bits_after"] - row["bits_before"] == pytest.approx(-28.0)


def test_where_only_thresholds_differ_they_are_named():
    rows = compared(a_model(), a_model(costly_bits=50.0)).rows
    assert set(rows["why"]) == {"other thresholds"}
    assert set(rows["after"]) == {"lead"}


def test_a_pair_of_two_hubs_is_no_link_of_either_model_as_it_is_none_of_a_run():
    crowd = [f"n:crowd{number}" for number in range(HUB_PARTNERS)]
    beside = {(hub, one): "unlike_handles" for hub in (ANN, BOB) for one in crowd}
    own = (Handle({(ANN, BOB): "same_handle", **beside}),)
    judges = [Judge(with_bits(a_model(), "handle", "same_handle", b), own) for b in (30.0, 1.0)]
    run = link(a_corpus(ANN, BOB, *crowd), own, judges[0].model, Rulings.none(), lambda *_: None)
    found = compare_models(a_corpus(ANN, BOB, *crowd), Rulings.none(), *judges)
    assert run.tables["links"].is_empty()
    assert found.rows.is_empty()


def test_a_pair_that_one_model_never_brings_together_is_none_of_its_links():
    class Quiet(Style):
        def meet(self, traits, survey):
            return super().meet(traits, survey).take(slice(0, 0))

    told = {(BOB, BOBBY): "one_style"}
    generous = with_bits(a_model(), "style", "one_style", 20.0)
    refitted = Model(generous.rules, {"style": {"mean": np.zeros(1, np.float32)}})
    own, other = (Handle(), Key(), Style(told)), (Handle(), Key(), Quiet(told))
    (row,) = compared(generous, refitted, own, other).rows.iter_rows(named=True)
    assert (row["change"], row["why"]) == ("lost", "one model alone brings them together")
