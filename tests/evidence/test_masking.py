"""Masking: nothing of what is masked, nor its length, is left to read."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.corpus import Corpus
from evidence.masking import MASK_TOKEN, mask
from tests.builders import CorpusBuilder
from tests.evidence.spans.test_extraction import BITCOIN, KEY, MONERO, SEGWIT, SIGNED

HANDLES = st.text("abcdefghijklmnopqrstuvwxyz019-", min_size=4, max_size=14).filter(
    lambda handle: handle.isalnum() and handle not in "others are here too by the lake"
)
CONTACTS = st.sampled_from(
    [
        "a@b.example",
        "longer [at] mail [dot] example [dot] org",
        "+44 20 7946 0958",
        "05" + "3f" * 32,
        BITCOIN,
        SEGWIT,
        MONERO,
        "www.shop.example",
    ]
)
KEYS = st.sampled_from([KEY, SIGNED, "ABCD " * 9 + "0123", "0xDEADBEEFCAFE0123"])


def a_corpus(handle: str, contact: str = "x@y.example", key: str = KEY) -> Corpus:
    other = "zzz-neighbour"
    return (
        CorpusBuilder()
        .account("agora", handle, profile=f"Here is {handle}, the {handle.upper()}s. {contact} !")
        .listing("agora", handle, title=f"1g by {handle}", record_id=f"/u/{handle}/1")
        .post("agora", other, f"I trust {handle}. His key:\n{key}\nand {contact} as well")
        .key("agora", handle, KEY)
        .build()
    )


def readable(corpus: Corpus) -> list[list[object]]:
    """All that a feature may read, but the identities and the digests of rows."""
    tables = (corpus.texts, corpus.listings, corpus.posts, corpus.profiles, corpus.spans)
    identity = ("row_id", "account", "position", "place", "source_id")
    return sorted(
        [repr(row)] for table in tables for row in table.drop(identity, strict=False).iter_rows()
    )


@settings(max_examples=25, deadline=None)
@given(HANDLES, HANDLES)
def test_another_handle_in_its_place_changes_nothing_once_masked(first, second):
    one, other = (mask(a_corpus(handle), {"handle"}) for handle in (first, second))
    assert one.accounts["handle"].is_null().all()
    assert readable(one) == readable(other)


@settings(max_examples=20, deadline=None)
@given(CONTACTS, CONTACTS)
def test_another_contact_in_its_place_changes_nothing_once_masked(first, second):
    one, other = (mask(a_corpus("quillfoot", contact), {"contact"}) for contact in (first, second))
    assert readable(one) == readable(other)


@settings(max_examples=10, deadline=None)
@given(KEYS, KEYS)
def test_another_key_in_its_place_changes_nothing_once_masked(first, second):
    one, other = (mask(a_corpus("quillfoot", key=key), {"key"}) for key in (first, second))
    assert readable(one) == readable(other)


def test_own_handles_are_masked_from_three_characters_on_anywhere_in_any_case():
    corpus = (
        CorpusBuilder().post("f", "Bob", "BOBs and bobby, ask al").post("f", "al", "al").build()
    )
    texts = mask(corpus, {"handle"}).texts["text"].to_list()
    assert texts == [f"{MASK_TOKEN}s and {MASK_TOKEN}by, ask al", "al"]


def test_handles_of_others_are_masked_as_whole_words():
    corpus = (
        CorpusBuilder().post("f", "quillfoot", "hello").post("f", "ann", "Quillfoot quillfoots")
    ).build()
    assert f"{MASK_TOKEN} quillfoots" in mask(corpus, {"handle"}).texts["text"].to_list()


def test_a_handle_spelled_by_base64_leaves_the_key_whole():
    corpus = CorpusBuilder().post("f", "Ab3/", f"I am Ab3/\n{KEY}").build()
    masked = mask(corpus, {"handle"})
    assert (
        masked.spans["value"].to_list() == corpus.spans.filter(kind="key_block")["value"].to_list()
    )
    assert masked.texts["text"][0].startswith(f"I am {MASK_TOKEN}\n")


def test_masking_handles_keeps_keys_and_contacts_and_masking_those_keeps_mentions():
    corpus = a_corpus("quillfoot")
    assert set(mask(corpus, {"handle"}).spans["kind"]) == {"key_block", "email"}
    assert "mention" in set(mask(corpus, {"key", "contact"}).spans["kind"])
    assert set(mask(corpus, {"key", "contact"}).spans["kind"]) == {"mention"}


def test_a_key_delivered_as_a_column_is_dropped():
    assert "key" not in set(mask(a_corpus("quillfoot"), {"key"}).texts["ground"])


@pytest.mark.parametrize("what", ["handle", "key", "contact"])
def test_masking_leaves_no_second_copy_of_a_text(what):
    masked = mask(a_corpus("quillfoot"), {what})
    free = [masked.listings["title"], masked.posts["body"], masked.profiles["profile"]]
    assert pl.concat(free).is_null().all()


def test_masking_nothing_changes_nothing():
    corpus = a_corpus("quillfoot")
    assert mask(corpus, set()) is corpus
