"""The walk over packets: equal to gpg and Sequoia on sound keys, unmoved by hostile ones."""

import base64
from collections.abc import Callable

import pysequoia
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.spans.armor import mend
from features.keys.crc24 import crc24
from features.keys.packets import (
    MAX_BLOCK_CHARS,
    MAX_PACKETS,
    MAX_USER_IDS,
    ArmorHeaders,
    Recipients,
    Walked,
    armor_headers,
    walk,
    walk_keys,
    walk_recipients,
    walk_signatures,
)
from features.keys.public_key import email
from tests.keys import KeyMaker, armored, key_maker, octets_of, packet

# A version 6 key of RFC 9580, appendix A.3: a published example, nobody's key.
VERSION_6 = """-----BEGIN PGP PUBLIC KEY BLOCK-----

xioGY4d/4xsAAAAg+U2nu0jWCmHlZ3BqZYfQMxmZu52JGggkLq2EVD34laPCsQYf
GwoAAABCBYJjh3/jAwsJBwUVCg4IDAIWAAKbAwIeCSIhBssYbE8GCaaX5NUt+mxy
KwwfHifBilZwj2Ul7Ce62azJBScJAgcCAAAAAK0oIBA+LX0ifsDm185Ecds2v8lw
gyU2kCcUmKfvBXbAf6rhRYWzuQOwEn7E/aLwIwRaLsdry0+VcallHhSu4RN6HWaE
QsiPlR4zxP/TP7mhfVEe7XWPxtnMUMtf15OyA51YBM4qBmOHf+MZAAAAIIaTJINn
+eUBXbki+PSAld2nhJh/LVmFsS+60WyvXkQ1wpsGGBsKAAAALAWCY4d/4wKbDCIh
BssYbE8GCaaX5NUt+mxyKwwfHifBilZwj2Ul7Ce62azJAAAAAAQBIKbpGG2dWTX8
j+VjFM21J0hqWlEg+bdiojWnKfA5AQpWUWtnNwDEM0g12vYxoWM8Y81W+bHBw805
I8kWVkXU6vFOi+HWvv/ira7ofJu16NnoUkhclkUrk0mXubZvyl4GBg==
-----END PGP PUBLIC KEY BLOCK-----
"""
VERSION_6_FINGERPRINT = "CB186C4F0609A697E4D52DFA6C722B0C1F1E27C18A56708F6525EC27BAD9ACC9"


@pytest.fixture(scope="module")
def maker():
    with key_maker() as made:
        yield made


@pytest.fixture(scope="module", params=["ed25519", "rsa2048", "dsa1024"])
def block(maker: KeyMaker, request: pytest.FixtureRequest) -> str:
    return maker.block(maker.key(f"Tern {request.param} <tern@example.org>", request.param))


def test_the_walk_reads_what_gpg_lists(maker: KeyMaker, block: str):
    [key] = walk_keys(block).keys
    listed = maker.gpg("--with-colons", "--show-keys", "--with-subkey-fingerprint", given=block)
    rows = [line.split(":") for line in listed.splitlines()]
    primary = next(row for row in rows if row[0] == "pub")
    assert [key.fingerprint, *key.subkeys] == [row[9] for row in rows if row[0] == "fpr"]
    assert (key.key_id, key.algorithm) == (primary[4], int(primary[3]))
    assert key.created_at == int(primary[5])
    assert [name.text for name in key.user_ids] == [row[9] for row in rows if row[0] == "uid"]


@pytest.mark.parametrize("block", ["ed25519", "rsa2048"], indirect=True)
def test_the_walk_reads_what_sequoia_reads(block: str):
    [key] = walk_keys(block).keys
    other = pysequoia.Cert.from_bytes(block.encode())
    assert key.fingerprint == other.fingerprint.upper()
    assert [str(name) for name in other.user_ids] == [name.text for name in key.user_ids]


def test_a_key_of_version_6_has_its_long_fingerprint():
    [key] = walk_keys(VERSION_6).keys
    assert (key.version, key.fingerprint) == (6, VERSION_6_FINGERPRINT)
    assert key.key_id == VERSION_6_FINGERPRINT[:16]
    assert len(key.subkeys[0]) == 64
    assert {name for made in key.signatures for name in made.issuers} == {VERSION_6_FINGERPRINT}


def test_a_key_of_version_3_has_the_md5_of_its_integers():
    modulus, exponent = bytes(range(128, 256)), b"\x11"
    numbers = b"\x04\x00" + modulus + b"\x00\x05" + exponent
    body = b"\x03" + (800_000_000).to_bytes(4, "big") + b"\x00\x00\x01" + numbers
    [key] = walk_keys(armored(packet(6, body))).keys
    assert (key.version, key.algorithm, key.created_at) == (3, 1, 800_000_000)
    assert (len(key.fingerprint), key.key_id) == (32, modulus[-8:].hex().upper())


def test_a_signature_names_its_issuer_and_time(maker: KeyMaker):
    fingerprint = maker.key("Plover <plover@example.org>")
    message = maker.sign(fingerprint, "hello")
    [made] = walk_signatures(message[message.index("-----BEGIN PGP SIGNATURE") :])
    assert set(made.issuers) == {fingerprint, fingerprint[-16:]}
    assert made.made_at is not None
    assert made.kind == 1


def test_an_encrypted_message_names_the_subkeys_it_is_for(maker: KeyMaker):
    named, hidden = maker.key("Knot <knot@example.org>"), maker.key("Ruff <ruff@example.org>")
    subkeys = [maker.add_subkey(key) for key in (named, hidden)]
    message = maker.gpg(
        *("--armor", "--trust-model", "always", "--recipient", named),
        *("--hidden-recipient", hidden, "--encrypt"),
        given="for two",
    )
    assert walk_recipients(message) == Recipients((subkeys[0][-16:],), 1)


def test_a_message_of_version_6_names_its_recipient_in_full():
    secret = pysequoia.Tsk.generate("Stint", profile=pysequoia.Profile.RFC9580)
    certificate = secret.extract_certificate()
    message = pysequoia.encrypt(b"for one", recipients=[certificate]).decode()
    [key] = walk_keys(str(certificate)).keys
    [recipient] = walk_recipients(message).ids
    assert recipient in key.subkeys
    assert len(recipient) == 64


@pytest.mark.parametrize(
    ("octets", "why"),
    [
        (packet(1, b"\x03" + bytes(4)), "session key"),
        (packet(1, b"\x09" + bytes(40)), "session key"),
        (packet(1, b"\x06\x15\x04abc"), "session key"),
        (b"\x00" * 40, "no packet begins"),
        (bytes([0xC0 | 18, 0xEA]) + bytes(1024), "in parts"),
    ],
)
def test_a_message_that_names_nobody_says_why(octets: bytes, why: str):
    padded = packet(10, b"PGP") * 3 + octets
    recipients = walk_recipients(armored(padded).replace("PUBLIC KEY BLOCK", "MESSAGE"))
    assert recipients.ids == ()
    assert why in recipients.flaws[0]


HEADERS = ArmorHeaders("GnuPG v1.4.12 (MingW32)", ("see my profile",))
HEADED = (
    "-----BEGIN PGP PUBLIC KEY BLOCK-----\nVersion: GnuPG v1.4.12 (MingW32)\n"
    f"Comment: see my profile\n\n{'mQENBFIx' * 8}\n{'AbCd' * 4}Version: x\n=AbCd\n"
)


@pytest.mark.parametrize(
    "damage",
    [
        lambda block: block,
        lambda block: block.replace("\n", "\r\n"),
        lambda block: "\n".join("> " + line for line in block.splitlines()),
        lambda block: block.replace("\n", " "),
        lambda block: block.replace("\n", "<br>\n").replace("(", "&#40;"),
        lambda block: block + "Comment: no header\n" * 1_000,
    ],
)
def test_armor_headers_say_what_made_a_block(damage: Callable[[str], str]):
    found = armor_headers(damage(HEADED))
    assert found == HEADERS


def test_a_block_without_headers_says_nothing_of_what_made_it(block: str):
    assert armor_headers(block) == ArmorHeaders(None, ())


@pytest.mark.parametrize(
    ("user_id", "address"),
    [
        ("Tern (sea) <Tern@Example.org>", "tern@example.org"),
        ("tern@example.org", "tern@example.org"),
        ("<tern@example.org> ", "tern@example.org"),
        ("Tern at sea", None),
        ("a@b@c", None),
        ("write tern@example.org", None),
        ("", None),
    ],
)
def test_the_address_of_a_user_id(user_id: str, address: str | None):
    assert email(user_id) == address


def test_a_name_that_is_no_utf_8_is_latin_1(block: str):
    first, *_ = walk(octets_of(block))
    changed = packet(6, first.body) + packet(13, "Bj\u00f6rn".encode("latin-1"))
    assert walk_keys(armored(changed)).keys[0].user_ids[0].text == "Bj\u00f6rn"


def test_a_signature_over_a_picture_signs_no_name(block: str):
    first, name, made, *_ = walk(octets_of(block))
    picture = packet(17, b"\x02\x01x")
    octets = packet(*first) + packet(*name) + picture + packet(*made)
    assert [one.self_signed for one in walk_keys(armored(octets)).keys[0].user_ids] == [False]


def test_a_user_id_that_its_key_did_not_sign_carries_no_weight(block: str):
    whole = octets_of(block)
    packets = list(walk(whole))
    unsigned = packet(6, packets[0].body) + packet(13, b"somebody else")
    signed = b"".join(packet(one.tag, one.body) for one in packets[1:3])
    [key] = walk_keys(armored(unsigned + signed)).keys
    assert [name.self_signed for name in key.user_ids] == [False, True]


def test_mended_armor_reads_like_the_armor_it_was(block: str):
    raw = block.replace("\n\n", "\nComment: damaged\n\n", 1).replace("\n", "\n> ")
    mended = mend(raw)
    assert mended is not None
    for change in (lambda armor: armor, lambda armor: armor[:-40] + "=\n-----"):
        assert walk_keys(change(mended)) == walk_keys(change(raw))


def test_a_wrong_checksum_is_a_flaw_and_no_refusal(block: str):
    body = octets_of(block)
    right = base64.b64encode(crc24(body).to_bytes(3, "big")).decode()
    assert f"\n={right}\n" in block
    walked = walk_keys(block.replace(f"\n={right}\n", "\n=AAAA\n"))
    assert (len(walked.keys), walked.flaws) == (1, ("wrong checksum",))


@pytest.mark.parametrize(
    ("extra", "why"),
    [
        (packet(8, b"\x01squeezed"), "tag 8"),
        (packet(5, b"secret"), "tag 5"),
        (packet(13, b"name") * (MAX_USER_IDS + 1), "user ids"),
        (packet(12, b"") * MAX_PACKETS, "packets"),
        (bytes([0xC0 | 13, 254]) + bytes(40), "in parts"),
        (bytes([0x80 | 13 << 2 | 3]) + bytes(40), "unknown length"),
        (bytes([0xC0 | 13, 100]) + bytes(40), "cut"),
        (bytes([0xC0 | 13, 200]), "cut"),
        (b"\x00" * 40, "no packet begins"),
        (packet(14, b"\x05" + bytes(40)), "version 5"),
        (packet(2, b"\x04"), "signature"),
    ],
)
def test_a_block_past_the_bounds_is_refused_with_its_reason(block: str, extra: bytes, why: str):
    walked = walk_keys(armored(octets_of(block) + extra))
    assert walked.keys == ()
    assert why in walked.flaws[0]


def test_a_block_that_is_too_large_is_refused():
    walked = walk_keys(armored(bytes(MAX_BLOCK_CHARS)))
    assert walked == Walked((), ("larger than 256 kB",))


def test_a_block_that_begins_with_something_else_is_refused():
    assert "begin" in walk_keys(armored(packet(13, b"a name before its key"))).flaws[0]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_damage_makes_the_walk_fail(data):
    octets = bytearray(octets_of(VERSION_6))
    for _ in range(data.draw(st.integers(1, 4))):
        octets[data.draw(st.integers(0, len(octets) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(20, len(octets)))
    walked = walk_keys(armored(bytes(octets[:cut])))
    assert walked.keys or walked.flaws
