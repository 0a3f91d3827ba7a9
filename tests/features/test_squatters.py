"""Who takes a name that somebody else's signature may be read to name gains nothing by it."""

from datetime import UTC, datetime

import pytest

from tests.builders import CorpusBuilder
from tests.features.test_pgp_key import level_of
from tests.keys import key_maker

EARLY, LATE = datetime(2014, 3, 1, tzinfo=UTC), datetime(2014, 9, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def maker():
    with key_maker() as made:
        yield made


@pytest.fixture(scope="module")
def key(maker):
    return maker.key("quillfoot <quillfoot@x.example>", "ed25519", "never")


def a_signer(maker, key, words, handle="quillfoot"):
    """He shows his key on the lantern and signs these words there."""
    said = maker.block(key) + maker.sign(key, words)
    return CorpusBuilder().post("lantern", handle, said, stated_at=EARLY)


def test_who_replays_a_signature_under_the_name_in_other_letters_proves_nothing(maker, key):
    builder = a_signer(maker, key, "I am quillfoot on lantern.")
    replayed = str(builder.rows["posts"][0]["body"])
    builder.post("lantern", "QuillFoot", replayed, stated_at=LATE)
    level = level_of(builder.build(), "lantern:quillfoot", "lantern:QuillFoot")
    assert level == "one_signed_one_shows"


def test_who_takes_the_name_in_other_letters_is_not_named_by_a_signature(maker, key):
    builder = a_signer(maker, key, "I am quillfoot on lantern.")
    builder.account("lantern", "QuillFoot", maker.block(key), stated_at=LATE)
    level = level_of(builder.build(), "lantern:quillfoot", "lantern:QuillFoot")
    assert level == "one_signed_one_shows"


def test_who_takes_on_one_market_the_name_that_a_signer_had_on_another_is_not_named(maker, key):
    words = "I am quillfoot2 on lantern.\nBefore that I was quillfoot on harbour."
    builder = a_signer(maker, key, words, "quillfoot2")
    builder.account("lantern", "quillfoot", maker.block(key), stated_at=LATE)
    builder.account("harbour", "quillfoot", maker.block(key), stated_at=EARLY)
    corpus = builder.build()
    squatter = level_of(corpus, "lantern:quillfoot2", "lantern:quillfoot")
    assert squatter == "one_signed_one_shows"
    assert level_of(corpus, "lantern:quillfoot2", "harbour:quillfoot") == "one_signed_for_both"


def test_who_is_named_beside_others_on_the_market_where_he_is_is_named(maker, key):
    words = "I am quillfoot2 on lantern, and inkstep on harbour."
    builder = a_signer(maker, key, words, "quillfoot2")
    builder.account("harbour", "inkstep", maker.block(key), stated_at=EARLY)
    level = level_of(builder.build(), "lantern:quillfoot2", "harbour:inkstep")
    assert level == "one_signed_for_both"
