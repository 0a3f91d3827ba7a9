"""Keys that sign for one another, and what signatures say of other accounts."""

from datetime import UTC, datetime
from functools import cache

import pytest

from evidence.corpus import Corpus
from features.pairs import Pairs
from features.pgp_key import PgpKey
from tests.builders import CorpusBuilder
from tests.keys import KeyMaker, key_maker

MARCH, APRIL, MAY, JUNE = (datetime(2015, month, 1, tzinfo=UTC) for month in (3, 4, 5, 6))


@pytest.fixture(scope="module")
def maker():
    with key_maker() as made:
        yield made


@pytest.fixture(scope="module")
def keys(maker: KeyMaker):
    return cache(lambda name: maker.key(f"{name} <{name}@x.example>", "ed25519"))


def level_of(corpus: Corpus, left: str, right: str) -> str | None:
    feature = PgpKey()
    survey = feature.survey(corpus)
    traits = feature.read(corpus, survey)
    rows = [corpus.accounts["account_id"].to_list().index(account) for account in (left, right)]
    pair = Pairs.of([rows[0]], [rows[1]])
    level = int(feature.compare(traits, survey, pair).level[0])
    name = feature.levels[level - 1].name if level else None
    assert feature.explain(traits, survey, (min(rows), max(rows))).level == name
    return name


def a_mover(maker: KeyMaker, old: str, new: str, said: str, told_at: datetime = MAY):
    """quillfoot of harbour signs with the old key and says something of inkstep's on lantern."""
    return (
        CorpusBuilder()
        .account("harbour", "quillfoot", maker.block(old), stated_at=MARCH)
        .post("harbour", "quillfoot", maker.sign(old, "quillfoot on harbour"), stated_at=APRIL)
        .post("harbour", "quillfoot", maker.sign(old, said), stated_at=told_at)
        .account("lantern", "inkstep", maker.block(new), stated_at=MAY)
    )


def test_the_old_key_names_the_new_one_and_both_sign(maker, keys):
    old, new = keys("quillfoot"), keys("inkstep")
    told = a_mover(maker, old, new, f"My new key is {new}.")
    told.post("lantern", "inkstep", maker.sign(new, "inkstep of lantern"), stated_at=JUNE)
    assert level_of(told.build(), "harbour:quillfoot", "lantern:inkstep") == "rotation_signed"


def test_each_key_signs_for_the_other_and_both_accounts_sign(maker, keys):
    old, new = keys("quillfoot"), keys("inkstep")
    told = a_mover(maker, old, new, f"My new key is {new}.")
    said = f"inkstep of lantern. My old key was {old}."
    told.post("lantern", "inkstep", maker.sign(new, said), stated_at=JUNE)
    assert level_of(told.build(), "harbour:quillfoot", "lantern:inkstep") == "rotation_proved"


def test_the_new_account_publishes_what_the_old_key_signed(maker, keys):
    old, new = keys("quillfoot"), keys("inkstep")
    said = (
        f"I am inkstep on lantern. Before I was quillfoot on harbour. From now on I use key {new}."
    )
    corpus = (
        CorpusBuilder()
        .account("harbour", "quillfoot", maker.block(old), stated_at=MARCH)
        .account("lantern", "inkstep", maker.block(new), stated_at=MAY)
        .post("lantern", "inkstep", maker.sign(old, said), stated_at=JUNE)
        .build()
    )
    assert level_of(corpus, "harbour:quillfoot", "lantern:inkstep") == "one_signed_for_both"


def test_who_only_shows_the_new_key_is_not_bound_by_the_old_one(maker, keys):
    told = a_mover(maker, keys("quillfoot"), keys("inkstep"), f"My new key is {keys('inkstep')}.")
    told.account("windmill", "inkstep", maker.block(keys("inkstep")), stated_at=JUNE)
    assert level_of(told.build(), "harbour:quillfoot", "windmill:inkstep") == "rotation_shown"


def test_to_sign_for_a_stranger_s_known_key_binds_nobody(maker, keys):
    old, new = keys("quillfoot"), keys("inkstep")
    told = a_mover(maker, old, new, f"inkstep on lantern is me, my new key is {new}", JUNE)
    told.post("lantern", "inkstep", maker.sign(new, "inkstep of lantern"), stated_at=JUNE)
    assert level_of(told.build(), "harbour:quillfoot", "lantern:inkstep") == "rotation_shown"


@pytest.mark.parametrize(
    "said",
    [
        "Beware of the scammer with key {}, my new key is another",
        "The key of vendor inkstep on lantern is {}",
        "my keys are {} and {other}",
        "nothing about keys",
    ],
)
def test_a_message_that_warns_or_lists_or_speaks_of_others_vouches_for_nothing(maker, keys, said):
    old, new = keys("quillfoot"), keys("inkstep")
    told = a_mover(maker, old, new, said.format(new, other=keys("third")))
    told.post("lantern", "inkstep", maker.sign(new, "inkstep of lantern"), stated_at=JUNE)
    told.account("windmill", "third", maker.block(keys("third")))
    found = level_of(told.build(), "harbour:quillfoot", "lantern:inkstep")
    assert found == "different_keys_signed"


def test_a_message_may_hold_the_new_key_instead_of_its_fingerprint(maker, keys):
    old, new = keys("quillfoot"), keys("inkstep")
    told = a_mover(maker, old, new, f"my new key:\n\n{maker.block(new)}")
    told.post("lantern", "inkstep", maker.sign(new, "inkstep of lantern"), stated_at=JUNE)
    assert level_of(told.build(), "harbour:quillfoot", "lantern:inkstep") == "rotation_signed"


def test_who_signs_that_he_is_another_account_binds_it_where_it_shows_the_key(maker, keys):
    key = keys("quillfoot")
    said = "quillfoot of harbour here, also known as inkstep on lantern"
    corpus = (
        CorpusBuilder()
        .post("harbour", "quillfoot", maker.block(key) + maker.sign(key, said), stated_at=MARCH)
        .account("lantern", "inkstep", maker.block(key), stated_at=MAY)
        .account("windmill", "inkstep", maker.block(key), stated_at=MAY)
        .build()
    )
    assert level_of(corpus, "harbour:quillfoot", "lantern:inkstep") == "one_signed_for_both"
    assert level_of(corpus, "harbour:quillfoot", "windmill:inkstep") == "one_signed_one_shows"


def test_a_signed_warning_of_an_impostor_binds_him_to_nothing(maker, keys):
    key = keys("quillfoot")
    said = "quillfoot of harbour. The inkstep on lantern is a fake, he copied this key"
    corpus = (
        CorpusBuilder()
        .post("harbour", "quillfoot", maker.block(key) + maker.sign(key, said), stated_at=MARCH)
        .account("lantern", "inkstep", maker.block(key), stated_at=MAY)
        .build()
    )
    assert level_of(corpus, "harbour:quillfoot", "lantern:inkstep") == "one_signed_one_shows"


def test_words_above_a_detached_signature_are_signed(maker, keys):
    key = keys("quillfoot")

    def detached(text: str) -> str:
        return f"{text}\n" + maker.gpg("-u", key, "--armor", "--detach-sign", given=text)

    corpus = (
        CorpusBuilder()
        .post("harbour", "quillfoot", maker.block(key) + detached("quillfoot of harbour"))
        .post("lantern", "inkstep", detached("Call me inkstep on lantern from now on."))
        .build()
    )
    assert level_of(corpus, "harbour:quillfoot", "lantern:inkstep") == "same_key_proved"


def test_keys_of_one_rare_address_are_a_weak_tie(maker):
    builder = CorpusBuilder()
    for number, name in enumerate(("heron", "otter", "rook", "sable")):
        key = maker.key(f"{name} <{'one' if number < 2 else 'none'}@mail.example>", "ed25519")
        builder.account("harbour" if number % 2 else "lantern", name, maker.block(key))
    assert level_of(builder.build(), "lantern:heron", "harbour:otter") == "same_email"
    for name in ("teal", "wren"):
        key = maker.key(f"{name} <none@mail.example>", "ed25519")
        builder.account("lantern", name, maker.block(key))
    assert level_of(builder.build(), "lantern:rook", "harbour:sable") == "different_keys"


def test_without_a_key_the_rest_of_what_ties_stays(maker, keys):
    old, new = keys("quillfoot"), keys("inkstep")
    told = a_mover(maker, old, new, f"My new key is {new}.")
    told.post("lantern", "inkstep", maker.sign(new, "inkstep of lantern"), stated_at=JUNE)
    third = maker.block(keys("third"))
    corpus = told.account("harbour", "third", third).account("lantern", "third", third).build()
    feature = PgpKey()
    survey = feature.survey(corpus)
    traits = feature.read(corpus, survey)
    kept = feature.without(traits, survey, {old})
    pairs = feature.meet(kept, survey)
    ids = corpus.accounts["account_id"].to_list()
    assert [
        (ids[left], ids[right]) for left, right in zip(pairs.left, pairs.right, strict=True)
    ] == [("harbour:third", "lantern:third")]
    assert len(feature.meet(traits, survey)) == 2
    assert old not in kept.shows["fingerprint"].to_list()
