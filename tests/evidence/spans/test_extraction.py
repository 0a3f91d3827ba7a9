"""Spans: what stands where in a text, quoted or not."""

import html

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.spans.extraction import SPAN_KINDS, extract

BODY = "mDMEZZZZZZYJKwYBBAHaRw8BAQdA" + "Ab3/" * 20
ARMOR = f"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n{BODY[:64]}\n{BODY[64:]}\n=zz12\n"
KEY = ARMOR + "-----END PGP PUBLIC KEY BLOCK-----"
SIGNED = (
    "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nI am quillfoot, write to q@example.org\n"
    "-----BEGIN PGP SIGNATURE-----\nComment: https://signer.example\n\niQEzBAEBCAAdFiEEQ2ab\n=abcd\n"
    "-----END PGP SIGNATURE-----"
)
BITCOIN = "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"
SEGWIT = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
TAPROOT = "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0"
MONERO = (
    "888tNkZrPN6JsEgekjMnABU4TBzc2Dt29EPAvkRxbANsAnjyPbb3iQ1YBRk1UXcdRsiKc9dhwMVgN5S9cQUiyoog"
    "Davup3H"
)


def spans_of(text: str, *handles: str) -> list[dict[str, object]]:
    return extract(pl.Series([text]), pl.Series(handles, dtype=pl.String)).to_dicts()


def values(text: str, kind: str, *handles: str) -> list[object]:
    return [span["value"] for span in spans_of(text, *handles) if span["kind"] == kind]


def kinds(text: str) -> list[object]:
    return [span["kind"] for span in spans_of(text)]


def test_a_key_block_is_found_whole_with_its_place():
    [span] = spans_of(f"my key, ümlaut before:\n{KEY}\nbye")
    assert span["kind"] == "key_block"
    assert (span["start"], span["end"]) == (23, 23 + len(KEY))


@pytest.mark.parametrize(
    "damage",
    [
        lambda key: "\n".join("> " + line for line in key.splitlines()),
        lambda key: "\n".join("    " + line for line in key.splitlines()),
        lambda key: key.replace("\n", "\r\n"),
        lambda key: key.replace("\n", " "),
        lambda key: key.replace("\n", "<br />\n"),
        lambda key: html.escape(key).replace("+", "&#43;").replace("/", "&#x2F;"),
        lambda key: key.replace("\n\n", "\nVersion: GnuPG v2\nComment: see https://a.example\n\n"),
        lambda key: key.replace("\n\n", "\nComment: " + "0123ABCD" * 5 + "\n\n"),
        lambda key: "[quote author=some one]\n" + key + "\n[/quote]",
    ],
    ids=[
        "quoted",
        "indented",
        "windows",
        "one line",
        "breaks",
        "escaped",
        "headers",
        "fingerprint",
        "tagged",
    ],
)
def test_damaged_armor_is_mended_into_the_same_key(damage):
    assert values(damage(KEY), "key_block") == values(KEY, "key_block")


@pytest.mark.parametrize(
    "cut",
    [
        ARMOR,
        ARMOR[:90],
        KEY.replace(BODY[64:], "[snip]"),
        KEY.replace(BODY[64:], BODY[64:-1]),
    ],
)
def test_a_cut_key_block_is_named_and_has_no_value(cut):
    spans = spans_of(f"here {cut}\n\nand on with the talk")
    assert [(span["kind"], span["value"]) for span in spans] == [("key_block_cut", None)]
    assert "talk" not in f"here {cut}\n\nand on with the talk"[5 : spans[0]["end"]]


def test_a_key_block_after_a_cut_one_is_still_found():
    assert kinds(ARMOR + "\nagain:\n" + KEY) == ["key_block_cut", "key_block"]


def test_a_signed_message_holds_its_words_and_its_signature():
    spans = {span["kind"]: span for span in spans_of("x " + SIGNED + " y")}
    assert set(spans) == {"signed_message", "signed_text", "email", "signature"}
    assert (spans["signed_message"]["start"], spans["signed_message"]["end"]) == (
        2,
        2 + len(SIGNED),
    )
    assert spans["signature"]["end"] == spans["signed_message"]["end"]


def test_a_key_inside_a_signed_message_is_found_in_both():
    inside = KEY.replace("-----", "- -----", 1).replace("\n-----END", "\n- -----END")
    signed = SIGNED.replace("I am quillfoot", inside + "\nI am quillfoot")
    expected = {"signed_message", "signed_text", "key_block", "email", "signature"}
    assert set(kinds(signed)) == expected
    assert values(signed, "key_block") == values(KEY, "key_block")


def test_nothing_is_read_within_armor():
    letter = f"-----BEGIN PGP MESSAGE-----\n\n{BITCOIN}\nwww.a.example\n-----END PGP MESSAGE-----"
    assert kinds(letter) == ["encrypted_message"]


@pytest.mark.parametrize("address", [BITCOIN, SEGWIT, SEGWIT.upper(), TAPROOT, MONERO])
def test_a_wallet_counts_only_with_its_checksum(address):
    last = "q" if address[-1] not in "qQ" else "p"
    broken = address[:-1] + (last.upper() if address.isupper() else last)
    expected = address.lower() if address.isupper() else address
    assert values(f"pay ({address}).", "wallet") == [expected]
    assert values(f"pay ({broken}).", "wallet") == []


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("write Ann.B+c@Mail.Example.ORG.", "email", "ann.b+c@mail.example.org"),
        ("http://ABCDEFGHabcdefgh.onion/x", "onion", "abcdefghabcdefgh.onion"),
        ("see (HTTPS://Shop.Example/Path?q=1).", "link", "https://shop.example/Path?q=1"),
        ("Jabber: Ann@Chat.Example", "contact", "jabber:ann@chat.example"),
        ("XMPP - ann@chat.example ok", "contact", "jabber:ann@chat.example"),
        ("Wickr Me: AnnSells", "contact", "wickr:annsells"),
        ("telegram @AnnSells99", "contact", "telegram:annsells99"),
        ("t.me/AnnSells99", "contact", "telegram:annsells99"),
        ("Session ID: 05" + "ab" * 32, "contact", "session:05" + "ab" * 32),
        ("key id 0xDEADBEEFCAFE0123", "fingerprint", "DEADBEEFCAFE0123"),
        ("ABCD " * 9 + "0123", "fingerprint", "ABCD" * 9 + "0123"),
        ("fpr: " + "ab12" * 10, "fingerprint", "AB12" * 10),
    ],
)
def test_each_family_is_normalised(text, kind, value):
    assert values(text, kind) == [value]


@pytest.mark.parametrize(
    "text",
    ["the session was fine", "a telegram arrived", "1234567890123456", "me@home", "a.onion", "@ 5"],
)
def test_plain_words_and_numbers_are_no_contacts(text):
    assert kinds(text) == []


def test_an_address_given_as_a_contact_is_not_an_email_as_well():
    assert kinds("jabber: ann@chat.example") == ["contact"]


def test_a_handle_is_mentioned_as_a_whole_word_in_any_case():
    text = "ask QuillFoot, quillfoot's or «quillfoot» but not quillfoots, équillfoot or bob"
    found = spans_of(text, "quillfoot", "bob")
    assert [text[span["start"] : span["end"]] for span in found] == [
        "QuillFoot",
        "quillfoot",
        "quillfoot",
    ]


def test_handles_with_blanks_accents_and_within_each_other_are_mentioned():
    text = "Dr Öhm and dr öhm met Doctor Ohm Junior"
    handles = ("Dr Öhm", "Doctor Ohm", "Doctor Ohm Junior")
    assert values(text, "mention", *handles) == [
        "dr öhm",
        "dr öhm",
        "doctor ohm",
        "doctor ohm junior",
    ]


def test_words_of_others_are_marked_as_quoted():
    text = (
        "> a@one.example\nb@two.example\n[quote author=x][quote]c@three.example[/quote]\n"
        "d@four.example[/quote] e@five.example\n&gt; f@six.example"
    )
    found = {str(span["value"])[0]: span["quoted"] for span in spans_of(text)}
    assert found == {"a": True, "b": False, "c": True, "d": True, "e": False, "f": True}


def test_spans_of_several_texts_come_in_order():
    texts = pl.Series(["x@one.example y@two.example", "", "http://abcdefghabcdefgh.onion"])
    spans = extract(texts)
    assert spans["text"].to_list() == [0, 0, 2, 2]
    assert spans.equals(spans.sort("text", "start", "end", "kind"))


PIECES = st.sampled_from([KEY, SIGNED, ARMOR, BITCOIN, "bob's ", "> ", "\n", "é", "[quote]", "@"])


@settings(max_examples=40, deadline=None)
@given(st.lists(PIECES | st.text(max_size=8), max_size=8).map("".join))
def test_every_span_lies_within_its_text(text):
    spans = extract(pl.Series([text], dtype=pl.String), pl.Series(["bob's", "éclair"]))
    assert set(spans["kind"]) <= set(SPAN_KINDS)
    assert ((spans["start"] < spans["end"]) & (spans["end"] <= len(text))).all()
