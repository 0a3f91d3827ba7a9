"""What the forms of one key say together, and what a stranger's form cannot change."""

import pytest

from features.keys.displays import MOST_FORMS, read_displays
from features.keys.messages import read_messages
from features.keys.packets import walk
from features.keys.refused import refusals_of
from tests.builders import CorpusBuilder
from tests.keys import KeyMaker, armored, key_maker, octets_of, packet


@pytest.fixture(scope="module")
def maker():
    with key_maker() as made:
        yield made


def with_name(block: str, name: str) -> str:
    """The key with a user id hung under it, and a signature of its own that is of another one."""
    parts = list(walk(octets_of(block)))
    own = next(one for one in parts if one.tag == 2)
    hung = packet(13, name.encode()) + packet(*own)
    return armored(b"".join(packet(*one) for one in parts[:3]) + hung)


def test_a_name_that_a_stranger_hung_under_a_key_is_none_of_its_names(maker: KeyMaker):
    block = maker.block(maker.key("Quillfoot <q@example.org>"))
    corpus = (
        CorpusBuilder()
        .post("harbour", "quillfoot", block)
        .post("harbour", "inkstep", with_name(block, "Inkstep <i@example.org>"))
        .build()
    )
    [key] = read_displays(corpus).keys
    assert (key.names, key.emails) == (("Quillfoot <q@example.org>",), ("q@example.org",))


def test_a_key_has_the_names_that_it_got_later(maker: KeyMaker):
    key = maker.key("Teal <teal@example.org>")
    before = maker.block(key)
    maker.gpg("--quick-add-uid", key, "Teal of Lantern <lantern@example.org>")
    corpus = (
        CorpusBuilder()
        .post("harbour", "teal", before)
        .post("lantern", "teal", maker.block(key))
        .build()
    )
    [found] = read_displays(corpus).keys
    assert found.emails == ("lantern@example.org", "teal@example.org")


def test_many_forms_by_one_stranger_do_not_take_the_owners_proof_away(maker: KeyMaker):
    key = maker.key("Smew <smew@example.org>")
    block = maker.block(key)
    first, *_ = walk(octets_of(block))
    builder = CorpusBuilder().post("harbour", "smew", block + maker.sign(key, "I am smew"))
    builder.post("harbour", "smew", f"my key again\n{block}")
    for number in range(MOST_FORMS + 5):
        junk = packet(*first) + packet(13, b"junk %d" % number)
        builder.post("lantern", "inkstep", armored(junk))
    corpus = builder.build()
    displays = read_displays(corpus)
    assert len(displays.keys[0].armors) == MOST_FORMS
    assert [one.signers for one in read_messages(corpus, displays)] == [(0,)]


def test_blocks_that_cannot_be_read_are_named_with_place_and_reason(maker: KeyMaker):
    block = maker.block(maker.key("Garganey <garganey@example.org>"))
    first, *_ = walk(octets_of(block))
    bomb = armored(packet(*first) + packet(8, b"\x01squeezed, over and over"))
    corpus = (
        CorpusBuilder()
        .post("harbour", "smew", f"mine\n{block}")
        .post("harbour", "inkstep", f"mine\n{bomb}\nand\n{block[: len(block) // 2]}")
        .build()
    )
    displays = read_displays(corpus)
    assert len(displays.keys) == 1
    refused = refusals_of(corpus, displays)
    assert refused["handle"].to_list() == ["inkstep", "inkstep"]
    assert refused["place"].to_list() == ["posts line 2"] * 2
    assert refused["reason"].to_list() == [
        "a packet that public keys do not have (tag 8)",
        "cut, or something foreign in it",
    ]
