"""Whose key it is, by all that speaks for somebody."""

from datetime import UTC, datetime

import pytest

from features.keys.cues import FOREIGN, PLACED, SAID, SILENT
from features.keys.displays import read_displays
from features.keys.holdings import key_holdings
from features.keys.voices import read_voices
from features.pgp_key import PgpKey
from tests.builders import CorpusBuilder
from tests.features.quote_groups import key_of

EARLY, LATE = datetime(2015, 1, 1, tzinfo=UTC), datetime(2016, 1, 1, tzinfo=UTC)
BLOCK, FINGERPRINT = key_of("quillfoot <quillfoot@x.example>")
NOBODYS, _ = key_of("nobody <nobody@x.example>")


def owner(builder: CorpusBuilder, public=()) -> tuple[str | None, str, int]:
    corpus = builder.build()
    found = key_holdings(corpus, PgpKey().survey(corpus), public).row(0, named=True)
    name = f"{found['owner_market']}:{found['owner_handle']}" if found["owner_handle"] else None
    return name, found["status"], found["shown_by_count"]


def test_the_name_in_the_key_decides_between_two_that_claim_it():
    builder = CorpusBuilder().post("talk", "inkstep", f"my key:\n{BLOCK}")
    builder.post("talk", "quillfoot", f"my key:\n{BLOCK}")
    assert owner(builder) == ("talk:quillfoot", "owned", 2)


def test_who_claimed_a_nameless_key_first_owns_it():
    builder = CorpusBuilder().post("talk", "inkstep", f"my key:\n{NOBODYS}", stated_at=EARLY)
    builder.post("talk", "rook", f"my key:\n{NOBODYS}", stated_at=LATE)
    assert owner(builder) == ("talk:inkstep", "owned", 2)


def test_two_that_claim_a_nameless_key_at_unknown_times_leave_it_unknown():
    builder = CorpusBuilder().post("talk", "inkstep", f"my key:\n{NOBODYS}")
    builder.post("talk", "rook", f"my key:\n{NOBODYS}")
    assert owner(builder) == (None, "unknown", 2)


def test_whom_others_name_owns_the_key_though_it_never_showed_it():
    builder = CorpusBuilder().post("talk", "sandpiper", "hello, no key of mine here")
    for speaker in ("rook", "heron"):
        builder.post("talk", speaker, f"sandpiper's key:\n{NOBODYS}")
    assert owner(builder) == ("talk:sandpiper", "owned", 2)


def test_an_owner_that_is_no_account_at_hand_is_known_by_name():
    builder = CorpusBuilder().post("talk", "rook", f"Quillfoot's pgp key:\n{BLOCK}")
    builder.post("talk", "heron", f"here is his key\n{BLOCK}")
    assert owner(builder) == ("talk:quillfoot", "owned", 2)


def test_nobody_is_an_owner_by_posting_alone():
    one = CorpusBuilder()
    for number in range(12):
        one.post("talk", "rook", key_of(f"vendor {number} <v{number}@x.example>")[0])
    many = CorpusBuilder()
    for number in range(30):
        for other in range(4):
            block = key_of(f"vendor {other} <v{other}@x.example>")[0]
            many.post("talk", f"poster {number}", f"my key:\n{block}", stated_at=EARLY)
    for builder in (one, many):
        corpus = builder.build()
        holdings = key_holdings(corpus, PgpKey().survey(corpus))
        assert set(holdings["status"]) == {"unknown"}


def test_a_public_key_is_nobody_s():
    builder = CorpusBuilder().post("talk", "quillfoot", f"my key:\n{BLOCK}")
    assert owner(builder, {FINGERPRINT}) == (None, "unknown", 1)


@pytest.mark.parametrize(
    ("title", "body", "voice"),
    [
        ("hello", "my key:\n{}", SAID),
        ("hello", "rook's key:\n{}", SAID),
        ("hello", "his key:\n{}", FOREIGN),
        ("hello", "heron\n{}", FOREIGN),
        ("heron's key", "{}", FOREIGN),
        ("Re: my pgp key", "{}", SILENT),
        ("my pgp key", "{}", SAID),
        ("Re: Post your public key here", "{}", PLACED),
        ("hello", "I am new and would love to talk.\n{}", PLACED),
        ("hello", "I asked heron and got this.\n{}", SILENT),
        ("hello", "{}", SILENT),
        ("hello", "> my key\n{}", SILENT),
        ("hello", "{0}\nand\n{1}", FOREIGN),
        ("hello", "my key:\n{0}\nand\n{1}", SAID),
        ("hello", "MEIN SCHLÜSSEL:\n{}", SAID),
        ("hello", "It\u2019s the vendor\u2019s key\n{}", FOREIGN),
    ],
)
def test_how_a_key_in_a_post_is_shown(title, body, voice):
    builder = CorpusBuilder().account("talk", "heron", "a profile")
    builder.post("talk", "rook", body.format(NOBODYS, BLOCK), title=title)
    corpus = builder.build()
    displays = read_displays(corpus)
    voices = read_voices(corpus, displays)
    number = displays.numbers[key_of("nobody <nobody@x.example>")[1]]
    assert voices.filter(key=number)["voice"].to_list() == [voice]


def test_a_key_on_a_profile_or_delivered_with_it_is_placed_and_one_by_itself_is_not():
    corpus = (
        CorpusBuilder()
        .account("harbour", "ann", NOBODYS)
        .key("harbour", "bob", NOBODYS)
        .key("harbour", "cleo", NOBODYS)
        .listing("harbour", "cleo", "a ladle")
        .build()
    )
    voices = read_voices(corpus, read_displays(corpus))
    assert voices["voice"].to_list() == [PLACED, SILENT, PLACED]
