"""OpenPGP blocks and clear-signed messages, however a forum or a mail has treated them."""

import html

import pytest

from evidence.spans.armor import unwrap
from tests.evidence.spans.test_extraction import ARMOR, BODY, KEY, SIGNED, kinds, spans_of, values

WORDS = "I am quillfoot, write to q@example.org"


def texts_of(text, kind):
    return [text[span["start"] : span["end"]] for span in spans_of(text) if span["kind"] == kind]


@pytest.mark.parametrize(
    "damage",
    [
        lambda key: key.replace("-----", "\u2014\u2013"),
        lambda key: key.replace("-----", "\u2013" * 5),
        lambda key: key.replace("-----", "&#8211;&#8211;-"),
        lambda key: key.replace("-----", "----"),
        lambda key: key.replace("-----", "------"),
        lambda key: key.replace("BEGIN PGP", "BEGIN  PGP").replace("-----BEGIN", "----- BEGIN"),
        lambda key: key.replace("PGP PUBLIC", "PGP\u00a0PUBLIC"),
        lambda key: "\n".join("> > " + line for line in key.splitlines()),
        lambda key: "\n".join(">> " + line for line in key.splitlines()),
        lambda key: "\n".join("&gt; " + line for line in key.splitlines()),
        lambda key: key.replace(BODY[:64], BODY[:30] + "\u200b" + BODY[30:64]),
        lambda key: "<p>" + key.replace("\n", "</p>\n<p>") + "</p>",
        lambda key: "1g of quills " + key.replace("\n", " ") + " ships worldwide",
    ],
)
def test_a_key_is_the_same_whatever_happened_to_its_dashes_and_lines(damage):
    assert values(damage(KEY), "key_block") == values(KEY, "key_block")


def test_a_key_out_of_a_spreadsheet_loses_its_checksum_and_no_more():
    body, checksum = unwrap(KEY)
    assert unwrap(KEY.replace(checksum, "#NAME?")) == (body, None)
    assert kinds(KEY.replace(checksum, "#NAME?")) == ["key_block"]


def test_several_keys_stand_in_one_text():
    other = KEY.replace("mDME", "mDMF")
    text = f"old: {KEY}\nnew, in one line: {other.replace(chr(10), ' ')} and {KEY}"
    assert texts_of(text, "key_block")[0] == KEY
    first, second = values(KEY, "key_block"), values(other, "key_block")
    assert values(text, "key_block") == first + second + first


def test_keys_that_touch_are_told_apart():
    assert kinds(KEY + KEY) == ["key_block", "key_block"]


@pytest.mark.parametrize(
    "talk",
    [
        "copy from -----BEGIN PGP PUBLIC KEY BLOCK----- to -----END PGP PUBLIC KEY BLOCK-----",
        "-----BEGIN PGP MESSAGE-----\n(your words)\n-----END PGP MESSAGE-----",
        "-----BEGIN PGP PUBLIC KEY BLOCK-----\nVersion: x\n\n-----END PGP PUBLIC KEY BLOCK-----",
        "it says -----BEGIN PGP PRIVATE KEY BLOCK-----, then gibberish",
    ],
)
def test_talk_about_armor_is_no_armor(talk):
    assert kinds(f"{talk} or ask q@example.org") == ["email"]


def test_a_key_without_its_frame_is_a_cut_one():
    body = "\n".join([BODY[:64], BODY[:64].replace("m", "n"), "Ab3/=", "=zz12"])
    assert texts_of(f"take this:\n{body}\nthanks", "key_block_cut") == [body]
    assert kinds(KEY) == ["key_block"]


def test_what_is_signed_is_told_from_what_stands_around():
    text = f"before\n{SIGNED}\nafter"
    assert texts_of(text, "signed_text") == [WORDS]
    assert values(text, "signed_text") == [None]


def test_dash_escapes_are_no_words():
    signed = SIGNED.replace(WORDS, f"- - one\n{WORDS}\n- -- \nquillfoot")
    assert values(signed, "signed_text") == [f"- one\n{WORDS}\n-- \nquillfoot"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: "\n".join("> " + line for line in text.splitlines()),
        lambda text: "\n".join("    " + line for line in text.splitlines()),
        lambda text: text.replace("-----", "\u2014\u2013"),
        lambda text: text.replace("\n", "<br>\n"),
        lambda text: html.escape(text).replace("=abcd", "&#61;abcd"),
    ],
)
def test_a_damaged_signed_message_is_mended_as_it_was_signed(damage):
    signed = SIGNED.replace(WORDS, f"you asked:\n  {WORDS}\n> - well")
    assert values(damage(signed), "signed_message") == [signed]
    assert texts_of(damage(SIGNED), "signed_text")[0].startswith("I am quillfoot")


def test_an_entity_that_was_signed_stays():
    signed = SIGNED.replace(WORDS, 'I wrote "&lt;b&gt;"')
    assert values(signed, "signed_message") == [None]


def test_a_signed_message_that_quotes_another_is_whole():
    inner = "\n".join("> " + line for line in SIGNED.splitlines())
    outer = SIGNED.replace(WORDS, f"he wrote:\n{inner}\nand that is false")
    found = [span for span in spans_of(outer) if span["kind"] == "signed_message"]
    starts = [0, outer.index(inner) + 2]
    assert [(span["start"], span["quoted"]) for span in found] == list(
        zip(starts, [False, True], strict=True)
    )
    assert [text[-5:] for text in texts_of(outer, "signed_text")] == ["false", "e.org"]


def test_a_signature_without_its_end_line_is_mended():
    cut = SIGNED.removesuffix("\n-----END PGP SIGNATURE-----")
    assert values(f'"{cut}"', "signed_message") == [SIGNED]
    assert kinds(cut.removesuffix("\n=abcd") + "\n\nbye").count("signed_message") == 0


def test_a_signed_message_of_windows_keeps_its_line_ends():
    signed = SIGNED.replace("\n", "\r\n")
    assert values(signed, "signed_message") == [None]
    assert texts_of(signed, "signed_text") == [WORDS]


def test_unwrapping_gives_body_and_checksum():
    assert unwrap(KEY) == (BODY, "=zz12")
    assert unwrap(ARMOR.replace("=zz12\n", "")) == (BODY, None)
    assert unwrap("no armor") is None
