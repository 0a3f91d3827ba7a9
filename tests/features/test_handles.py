"""Forms that are alike are found exactly, and nobody can make that long."""

import random

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from features.handles.alike import alike_forms
from features.handles.bounds import LONGEST
from features.handles.crowds import Crowds
from features.handles.keys import GRAM, Letters
from features.handles.likeness import contained, likeness
from features.handles.words import turned

SYLLABLES = ("ba", "re", "no", "ti", "lu", "sha", "ker", "mon", "dal", "x", "y", "z")


def found(forms, **limits):
    column = pl.Series("form", forms, pl.String)
    alike = alike_forms(column, **limits)
    return {frozenset((forms[a], forms[b])) for a, b in zip(alike.low, alike.high, strict=True)}


def are_alike(left, right):
    """The rule as it is written down, pair by pair."""
    shorter = min(len(left), len(right))
    edits = 2 if shorter >= 8 else 1 if shorter >= 3 else 0
    if DamerauLevenshtein.distance(left, right) <= edits:
        return True
    similarity = JaroWinkler.normalized_similarity(*sorted((left, right)))
    return np.float32(similarity) >= np.float32(0.92)


def by_brute_force(forms):
    pairs = ((a, b) for at, a in enumerate(forms) for b in forms[:at])
    return {frozenset(pair) for pair in pairs if are_alike(*pair)}


def invented(count, seed=1):
    rng = random.Random(seed)
    forms = set()
    while len(forms) < count:
        form = "".join(rng.choices(SYLLABLES, k=rng.randrange(1, 7)))
        forms.add(form)
        at = rng.randrange(len(form))
        forms.add(
            form[:at] + rng.choice(("", "q", form[at] * 2, form[at:][:2][::-1])) + form[at + 1 :]
        )
    return sorted(forms - {""})


def test_alike_forms_are_those_that_brute_force_finds():
    forms = invented(1_200)
    wanted = by_brute_force(forms)
    assert len(wanted) > 1_000
    assert found(forms) == wanted


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("abcdé東", min_size=1, max_size=12), min_size=2, max_size=25, unique=True))
def test_no_pair_of_the_rule_slips_through_the_bounds(forms):
    assert found(forms) == by_brute_force(forms)


@settings(max_examples=40, deadline=None)
@given(st.text("ab", min_size=55, max_size=LONGEST), st.data())
def test_the_longest_forms_are_compared_like_others(form, data):
    at = data.draw(st.integers(0, len(form) - 2))
    swapped = form[:at] + form[at + 1] + form[at] + form[at + 2 :]
    pair = sorted({form, swapped, form[::-1]})
    assert found(pair) == by_brute_force(pair)


def test_a_similarity_of_just_as_much_as_is_asked_is_enough():
    form = "bbaaaaaaabaaaaaaaaaaaabbbbbbbbbbbbbbbbaaaaabbbbbbbabbbbbbbab"
    assert JaroWinkler.normalized_similarity(form, form[::-1]) == pytest.approx(0.92, abs=1e-12)
    assert found(sorted({form, form[::-1]})) == {frozenset((form, form[::-1]))}


def test_what_was_swapped_may_be_edited_once_more():
    assert are_alike("xyzkcaxyzk", "xyzkabcxyzk")
    assert found(["xyzkcaxyzk", "xyzkabcxyzk"])


@pytest.mark.parametrize("forms", [[], ["a"], ["a", "b"]])
def test_few_forms_are_no_error(forms):
    assert found(forms) == set()


def test_a_pair_of_two_hubs_is_left_out_and_a_hub_meets_all_others():
    crowd = [f"maplegarden{a}{b}" for a in "bcdfg" for b in "hjkmn"]
    forms = sorted([*crowd, "maplegxrden", "ironkettle"])
    assert found(forms, most=10) == set()
    assert found(forms) == by_brute_force(forms)
    places = [forms.index(form) for form in crowd]
    assert set(places) <= set(alike_forms(pl.Series(forms), most=10).hubs.tolist())


def test_a_flood_of_handles_makes_no_flood_of_pairs():
    anagrams = ["".join(random.Random(n).sample("abcdefghijklmnop", 16)) for n in range(3_000)]
    numbered = [f"maplegarden{n:05}" for n in range(3_000)]
    forms = pl.Series("form", sorted({*anagrams, *numbered}))
    alike = alike_forms(forms, most=20)
    assert len(alike.low) <= 20 * len(forms)
    crowds = Crowds(forms, np.full(len(forms), 1), alike)
    assert len(crowds.pairs(np.arange(len(forms)))) <= len(alike.low)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(["oak", "oaks", "elmtree", "elmtrees", "fir", None]), max_size=12))
def test_accounts_meet_where_their_forms_are_one_or_alike(handles):
    column = pl.Series("form", handles, pl.String)
    crowds = Crowds.of(column)
    pairs = crowds.pairs(crowds.places(column))
    met = set(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True))
    assert met == {
        (a, b)
        for b, right in enumerate(handles)
        for a, left in enumerate(handles[:b])
        if left and right and (left == right or are_alike(left, right))
    }


def test_the_crowd_of_a_form_is_who_bears_it_or_one_like_it():
    crowds = Crowds.of(pl.Series("form", ["oaktable", "oaktable", "oaktables", "ironlamp", None]))
    assert dict(zip(crowds.forms.to_list(), crowds.crowd.tolist(), strict=True)) == {
        "ironlamp": 1,
        "oaktable": 3,
        "oaktables": 3,
    }


@settings(max_examples=60, deadline=None)
@given(st.text("abc", max_size=9), st.text("abc", max_size=9))
def test_likeness_is_the_rule_whichever_side_comes_first(left, right):
    one, other = (np.array([a], object) for a in (left, right))
    there, back = likeness(one, other), likeness(other, one)
    assert there.similarity.tobytes() == back.similarity.tobytes()
    assert there.edited.tolist() == back.edited.tolist()
    if left and right:
        assert there.alike.tolist() == [are_alike(left, right)]


def test_a_form_within_another_counts_where_it_is_half_of_it():
    left = np.array(["mapledesk", "desk", "maple", "oak"], object)
    right = np.array(["oldmapledesk", "mapledesk", "mapledeskofold", ""], object)
    assert contained(left, right).tolist() == [True, False, False, False]
    assert contained(right, left).tolist() == [True, False, False, False]


def test_a_name_and_its_parts_turned_round_have_one_stem():
    assert turned("mapledesk") == turned("deskmaple") == turned("ledeskmap")
    assert turned("mapledesk") != turned("maplekeds")
    assert turned("") == ""
    assert turned(None) is None


def by_row(keys):
    rows, hashes = keys
    return {row: set(hashes[rows == row].tolist()) for row in np.unique(rows).tolist()}


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text("abcd", min_size=1, max_size=9), min_size=2, max_size=6))
def test_pieces_have_one_key_exactly_where_they_are_one_text(forms):
    grams = by_row(Letters.of(pl.Series("form", forms, pl.String)).grams())
    for i, left in enumerate(forms):
        for j, right in enumerate(forms):
            shared = pieces(left) & pieces(right)
            assert len(grams.get(i, set()) & grams.get(j, set())) == len(shared)


def pieces(form):
    framed = f"<{form}>"
    return {framed[at : at + GRAM] for at in range(len(framed) - GRAM + 1)}
