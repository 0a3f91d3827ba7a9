import numpy as np
import pytest
from pysequoia import SignatureMode, Tsk, sign

from features.claims import Claims
from features.pairs import Pairs
from tests.builders import CorpusBuilder

FEATURE = Claims()
LEVELS = [None, *(level.name for level in FEATURE.levels)]
OLD, NEW = ("alder", "oakquill"), ("birch", "ladle77")
"""Rows 0 and 1 of the accounts; the second has been the first."""


def accounts(new="", old=""):
    builder = CorpusBuilder().market("alder", aliases=["Alder Market", "ALD"]).market("birch")
    return builder.account(*OLD, old).account(*NEW, new)


def found(builder, pair=(0, 1)):
    corpus = builder.build()
    traits = FEATURE.read(corpus, None)
    level = LEVELS[FEATURE.compare(traits, None, Pairs.of(pair[:1], pair[1:])).level[0]]
    finding = FEATURE.explain(traits, None, pair)
    assert finding.level == level
    met = FEATURE.meet(traits, None)
    assert (level is not None) == (list(pair) in np.stack([met.left, met.right], 1).tolist())
    return finding


def level_of(builder):
    return found(builder).level


@pytest.mark.parametrize(
    "words",
    [
        "Formerly OakQuill on Alder.",
        "previously known as oakquill on Alder Market, now here",
        "I am oakquill on ALD",
        "we were oakquill from alder",
        "We are the same vendor as oakquill on alder!",
        "You may know us as 'oakquill' from the Alder market",
        "find me on alder as oakquill",
        "on Alder I'm oakquill",
        "my alder account is oakquill",
        "oakquill on alder is my old account",
        "My contacts:\nAlder: oakquill\nmail: ask",
        "i also sell on alder as oakquill.",
    ],
)
def test_who_says_it_was_somebody_on_another_market_claims_to_be_that_account(words):
    finding = found(accounts(new=words))
    assert finding.level == "claimed"
    assert finding.sentence.startswith("the right says that it is the other in its profile")
    assert len(finding.citations) == 1


@pytest.mark.parametrize(
    "words",
    [
        "same name on alder",
        "find us on alder under the same handle. Same vendor as on Alder!",
        "We are on alder under the same username",
        "you know me from alder",
        "we moved here from Alder",
    ],
)
def test_without_a_handle_a_claim_means_the_own_one(words):
    builder = CorpusBuilder().market("alder").account(*OLD).account("birch", "Oak_Quill", words)
    assert level_of(builder) == "claimed"
    assert level_of(accounts(new=words)) is None


@pytest.mark.parametrize(
    "words",
    [
        "Beware of the impostor oakquill on alder!",
        "beware of fake vendor named oakquill",
        "oakquill on Alder is not me",
        "oakquill is an imposter, stay away",
        "I am not oakquill on alder",
        "We are not affiliated with oakquill",
        "please do not confuse us with oakquill on alder",
    ],
)
def test_who_says_that_somebody_is_another_speaks_against_one_hand(words):
    assert level_of(accounts(new=words)) == "denied"


def test_a_warning_of_impostors_on_a_market_means_the_own_handle_there():
    for words in ("Beware of impostors on alder", "I am not on alder", "we are no longer on alder"):
        builder = CorpusBuilder().market("alder").account(*OLD).account("birch", "oakquill", words)
        assert level_of(builder) == "denied"


@pytest.mark.parametrize(
    "words",
    [
        "I am happy on alder",
        "the vendor on alder is great",
        "oakquill on alder is a fine seller",
        "[quote]I was oakquill on alder[/quote] who says that?",
        "did you order on alder? I am not on the list",
        "same day shipping on alder orders",
        "lamps, formerly made of oak",
    ],
)
def test_other_sentences_claim_nothing(words):
    assert level_of(accounts(new=words)) is None


def test_a_handle_without_a_market_is_worth_less():
    assert level_of(accounts(new="formerly known as oakquill")) == "claimed_by_handle"
    assert level_of(accounts(new="formerly oakquill on dream")) is None


def test_a_handle_that_many_bear_means_nobody():
    builder = accounts(new="formerly known as oakquill")
    for number in range(4):
        builder.account(f"market {number}", "oakquill")
    assert level_of(builder) is None


def test_who_speaks_of_dozens_is_no_witness():
    builder = accounts(new="I was oakquill on alder\n" + "".join(
        f"I was kettle{number} on alder\n" for number in range(30)
    ))  # fmt: skip
    for number in range(30):
        builder.account("alder", f"zz_kettle{number}").account("alder", f"kettle{number}")
    corpus = builder.build()
    assert len(FEATURE.meet(FEATURE.read(corpus, None), None)) == 0


def test_when_each_names_the_other_the_claim_is_mutual():
    new, old = "I was oakquill on alder", "soon find me on birch as ladle77"
    assert level_of(accounts(new, old)) == "mutual"
    assert level_of(accounts(new, "beware of the fake ladle77 on birch")) == "denied"


def signed(key, words):
    return sign(key.signer(), words.encode(), mode=SignatureMode.CLEAR).decode()


NEW_SAYS = "I am ladle77 on birch.\nI was oakquill on alder.\n"
OLD_SAYS = "This is oakquill of alder.\nFind me on birch as ladle77\n"


def with_keys(new_signs, old_signs):
    builder = accounts()
    for owner, words, signs in ((NEW, NEW_SAYS, new_signs), (OLD, OLD_SAYS, old_signs)):
        key = Tsk.generate(f"{owner[1]} <{owner[1]}@lamp.example>")
        builder.post(*owner, str(key.extract_certificate()))
        builder.post(*owner, signed(key, words) if signs else words)
    return builder


@pytest.mark.parametrize(
    ("new_signs", "old_signs", "level"),
    [
        (True, True, "each_signed_for_the_other"),
        (True, False, "mutual_and_one_signed"),
        (False, True, "mutual_and_one_signed"),
        (False, False, "mutual"),
    ],
)
def test_a_signature_with_the_own_key_binds_who_makes_the_claim(new_signs, old_signs, level):
    assert level_of(with_keys(new_signs, old_signs)) == level


def test_a_signed_claim_alone_is_anybodys():
    key = Tsk.generate("whoever <whoever@lamp.example>")
    builder = (
        accounts().post(*NEW, str(key.extract_certificate())).post(*NEW, signed(key, NEW_SAYS))
    )
    finding = found(builder)
    assert finding.level == "claimed_signed"
    assert "signed with its own key" in finding.sentence
    assert FEATURE.levels[LEVELS.index(finding.level) - 1].forgeable == "free"


def test_a_message_signed_by_somebody_else_signs_no_claim_of_who_posts_it():
    key = Tsk.generate("other <other@lamp.example>")
    message = signed(key, "oakquill on alder is me, says the third one\n")
    builder = accounts().account("cedar", "third", str(key.extract_certificate()))
    assert level_of(builder.post(*NEW, message)) == "claimed"


def test_words_beside_a_signed_message_are_not_signed():
    key = Tsk.generate("ladle77 <ladle77@lamp.example>")
    message = signed(key, "I am ladle77 on birch.\n")
    builder = accounts().post(*NEW, str(key.extract_certificate()))
    assert level_of(builder.post(*NEW, f"I was oakquill on alder\n{message}")) == "claimed"


def test_neither_saying_anything_is_nothing_to_compare():
    finding = found(accounts())
    assert finding.sentence == "neither says that it is, or is not, the other"
