"""Ways to reach somebody: messengers, phones, addresses, fingerprints, in each form they take."""

import pytest

from evidence.spans.addresses import is_onion_v3
from tests.evidence.spans.test_extraction import kinds, spans_of, values

TOX = "1977C1317439B55DB9D18126BDFE58C3B8032D144ABD9C8F93598B42E6686E100102030415A8"
TOX_OF_THE_DOCS = "56A1ADE4B65B86BCD51CC73E2CD4E542179F47959FE3E0E21B4B0ACDADE5185520B3E6FC5D64"
ONION_V3 = "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd"
"""Tor's rend-spec-v3, section 6, and the Tor Project's own examples."""
BITMESSAGE = "BM-87UkvboG4dBiTK8JSCffW66TMnwv1i4XYs7"
SESSION = "05" + "3f" * 32
OTR = "12345678 9ABCDEF0 12345678 9ABCDEF0 12345678"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Jabber: Ann@Chat.Example", "jabber:ann@chat.example"),
        ("talk to me on jabber at ann@chat.example", "jabber:ann@chat.example"),
        ("ann@chat.example (XMPP)", "jabber:ann@chat.example"),
        ("ann@jabber.example", "jabber:ann@jabber.example"),
        ("xmpp:ann@chat.example", "jabber:ann@chat.example"),
        (f"add {SESSION}", f"session:{SESSION}"),
        (f"tox:{TOX}", f"tox:{TOX}"),
        (TOX_OF_THE_DOCS.lower(), f"tox:{TOX_OF_THE_DOCS}"),
        ("Wickr Me - AnnSells", "wickr:annsells"),
        ("wickr username: ann.sells", "wickr:ann.sells"),
        ("my wickr is annsells99", "wickr:annsells99"),
        ("TG: @AnnSells", "telegram:annsells"),
        ("Telegram → @AnnSells", None),
        ("telegram AnnSells_99", "telegram:annsells_99"),
        ("https://t.me/AnnSells", "telegram:annsells"),
        ("telegram.me/joinchat/AAAAAEabcdEFGH12", "telegram:+AAAAAEabcdEFGH12"),
        ("tg://resolve?domain=annsells", "telegram:annsells"),
        ("Threema ID: ECHOECHO", "threema:ECHOECHO"),
        ("https://threema.id/a1b2c3d4", "threema:A1B2C3D4"),
        ("Signal: +44 20 7946 0958", "signal:+442079460958"),
        ("signal me at ann.42", "signal:ann.42"),
        ("https://signal.me/#p/+442079460958", "signal:+442079460958"),
        ("WhatsApp +44 (20) 7946-0958", "whatsapp:+442079460958"),
        ("wa.me/442079460958", "whatsapp:+442079460958"),
        ("ICQ 123-456-789", "icq:123456789"),
        ("torchat id is abcdefgh234567ab", "torchat:abcdefgh234567ab"),
        ("ricochet:abcdefgh234567ab", "ricochet:abcdefgh234567ab"),
        ("skype: ann.sells", "skype:ann.sells"),
        (f"reach me: {BITMESSAGE}", f"bitmessage:{BITMESSAGE}"),
        (f"fingerprint {OTR}", f"otr:{OTR.replace(' ', '')}"),
        (f"OTR: {'ab12' * 10}", f"otr:{'AB12' * 10}"),
    ],
)  # fmt: skip
def test_a_contact_is_normalised_under_its_messenger(text, value):
    expected = [] if value is None else [value]
    assert list(dict.fromkeys(values(text, "contact"))) == expected


def test_one_name_given_for_two_messengers_is_both():
    assert values("Wickr/Telegram: annsells", "contact") == ["telegram:annsells", "wickr:annsells"]


@pytest.mark.parametrize(
    "text",
    [
        "wickr is great, telegram is not",
        "Wickr: on request",
        "Telegram: please",
        "I lost the signal at 3.45",
        "no jabber here, mail me at home",
        "skype or wickr only",
        "torchat is slow and riskier",
        TOX[:-1] + "9",
        BITMESSAGE[:-1] + "8",
        "01001000 01100101 01101100 01101100 01101111 00100001",
        "https://t.me/share?url=x",
    ],
)
def test_talk_about_messengers_names_nobody(text):
    assert "contact" not in kinds(text)


def test_a_contact_is_reported_as_nothing_else():
    assert kinds("Signal: +44 20 7946 0958") == ["contact"]
    assert kinds(f"OTR: {'ab12' * 10}") == ["contact"]
    assert kinds("jabber: ann@chat.example") == ["contact"]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("call +44 20 7946 0958 now", "+442079460958"),
        ("0044-20-7946-0958", "+442079460958"),
        ("(+49) 30/901820", "+4930901820"),
        ("+1 (202) 555-0143.", "+12025550143"),
        ("ring 202-555-0143", "+12025550143"),
        ("ring (202) 555-0143", "+12025550143"),
    ],
)
def test_a_phone_number_is_given_in_e164(text, number):
    assert values(text, "phone") == [number]


@pytest.mark.parametrize(
    "text",
    [
        "+20 grams for 3000000",
        "00100000 01110000",
        "+1 for that",
        "order 1202-555-0143",
        "123-456-7890",
        "http://a.example/?t=+442079460958",
        "10.202.555.0143",
    ],
)
def test_other_numbers_are_no_phones(text):
    assert "phone" not in kinds(text)


def test_an_onion_of_version_3_counts_by_its_checksum():
    assert is_onion_v3(ONION_V3)
    assert values(f"http://{ONION_V3}.onion/x", "onion") == [f"{ONION_V3}.onion"]
    assert values(f"at {ONION_V3.upper()}", "onion") == [f"{ONION_V3}.onion"]
    assert values(f"http://{ONION_V3[:-2]}ad.onion/x", "onion") == []
    assert values(f"http://{'a' * 55}d.onion/x", "onion") == []


def test_a_subdomain_is_no_part_of_the_onion():
    [onion] = [span for span in spans_of("www.abcdefgh234567ab.onion") if span["kind"] == "onion"]
    assert (onion["start"], onion["value"]) == (4, "abcdefgh234567ab.onion")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("ABCD " * 5 + " " + "0123 " * 4 + "CDEF", "ABCD" * 5 + "0123" * 4 + "CDEF"),
        ("fpr = ABCD ABCD ABCD ABCD ABCD\n      " + "0123 " * 5, "ABCD" * 5 + "0123" * 5),
        ("fingerprint " + ":".join(["a1"] * 20), "A1" * 20),
        ("0xDEADBEEFCAFE0123", "DEADBEEFCAFE0123"),
        ("RSA key ID DEADBEEF", "DEADBEEF"),
        ("Key-ID: 0xdeadbeef", "DEADBEEF"),
        ("key id DEAD BEEF", "DEADBEEF"),
        ("pub   4096R/DEADBEEF 2012-01-01", "DEADBEEF"),
    ],
)
def test_a_fingerprint_or_key_id_is_found_however_it_is_spaced(text, value):
    assert values(text, "fingerprint") == [value]


@pytest.mark.parametrize(
    "text",
    [
        "SHA1: " + "ab12" * 10,
        "magnet:?xt=urn:btih:" + "ab12" * 10,
        "http://a.example/raw/" + "ab12" * 10,
        "picture-0123456789ABCDEF-1.jpg",
        "48 65 6c 6c 6f " * 8,
        "the key deadbeef",
    ],
)
def test_other_hex_digits_are_no_fingerprint(text):
    assert "fingerprint" not in kinds(text)
