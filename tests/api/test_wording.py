import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.answers import Evidence, LinkAnswer, Step
from api.examples import LINK_ANSWER
from api.wording import (
    YARDSTICK,
    Scale,
    expected_wrong,
    hangs_on_one,
    in_words,
    odds,
    percent,
    proposal,
    sentence,
    signed,
    visible,
)
from tests.api.published import evidence

BITS = st.floats(-60, 60)


def test_a_probability_is_said_on_the_analysts_yardstick() -> None:
    said = [in_words(p) for p in (0.0, 0.15, 0.3, 0.45, 0.7, 0.85, 1.0)]
    assert said == [words for _, words in YARDSTICK]


def test_a_probability_is_never_said_to_be_certain() -> None:
    assert percent(1.0) == "over 99.9 %"
    assert percent(0.0) == "under 0.1 %"
    assert (percent(0.5), percent(0.973), percent(0.05)) == ("50 %", "97.3 %", "5.0 %")


def test_a_pair_is_proposed_as_its_band_as_copies_or_not_at_all() -> None:
    said = [proposal(*pair) for pair in (("same", "lead"), ("copies", None), (None, None))]
    assert said == ["lead", "copies", "not proposed"]


def test_words_become_a_sentence_with_true_minus_signs() -> None:
    assert sentence("what is alike (alias -1.5)") == "What is alike (alias \N{MINUS SIGN}1.5)."


@pytest.mark.parametrize(("band", "hangs"), [("lead", True), ("strong", False), (None, True)])
def test_a_link_hangs_on_a_finding_without_which_it_is_something_else(band, hangs) -> None:
    found = evidence("a", "alias", 9.0, without_band=band, without_verdict=band and "same")
    step = Step(name="alias", kind="for", before_bits=0, after_bits=9, evidence=Evidence(**found))
    answer = LinkAnswer(**{**LINK_ANSWER, "steps": [step]})
    assert hangs_on_one(answer) is hangs


def test_what_is_expected_to_be_wrong_is_said_in_whole_proposals() -> None:
    assert expected_wrong(1502, 20.6) == (
        "1,502 proposals of one hand, about 21 of them expected to be wrong"
    )
    assert "fewer than one" in expected_wrong(3, 0.2)


def test_bits_are_said_as_odds_of_three_digits() -> None:
    said = [odds(bits) for bits in (-99, -14, 0, 3, 7.2, 99)]
    assert said[:3] == ["under 1 : 1,000,000", "1 : 16,400", "1 : 1"]
    assert said[3:] == ["8 : 1", "147 : 1", "over 1,000,000 : 1"]


def test_bits_carry_their_sign() -> None:
    assert (signed(3.14), signed(-2.0), signed(-0.04)) == ("+3.1", "\N{MINUS SIGN}2.0", "+0.0")


def test_letters_that_hide_are_named() -> None:
    assert visible("bob\N{RIGHT-TO-LEFT OVERRIDE}\N{ZERO WIDTH SPACE}") == "bob⟨U+202E⟩⟨U+200B⟩"
    assert visible("b\N{ZERO WIDTH JOINER}b") == "b⟨U+200D⟩b"


def test_a_picture_joined_of_several_stays_one_picture() -> None:
    family = "\N{MAN}\N{ZERO WIDTH JOINER}\N{WOMAN}"
    assert visible(family) == family


@given(st.lists(st.tuples(BITS, BITS), min_size=1, max_size=6))
def test_every_step_is_drawn_inside_the_picture(ends: list[tuple[float, float]]) -> None:
    steps = [Step(name="x", kind="for", before_bits=a, after_bits=b) for a, b in ends]
    scale = Scale.of(steps)
    assert all(0 <= scale.x(bits) <= 100 for pair in ends for bits in pair)
    assert 1 <= len(scale.ticks) <= 9
    assert 0 in scale.ticks
