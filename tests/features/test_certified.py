"""What GnuPG stands behind of a key: its user ids, subkeys, and who certified it."""

from collections.abc import Collection

import pytest

from features.keys.certified import (
    CertificationClaim,
    Certified,
    KeyForms,
    sound_keys,
    verified_certifications,
)
from features.keys.packets import walk, walk_keys
from tests.keys import KeyMaker, armored, key_maker, octets_of, packet


@pytest.fixture(scope="module")
def maker():
    with key_maker() as made:
        yield made


def forms(maker: KeyMaker, key: str, *others: str) -> KeyForms:
    return KeyForms(key, (*others, maker.block(key)))


def names_of(found: Collection[Certified]) -> list[str]:
    return [one.user_id for one in found]


def test_the_old_key_certifies_the_new_one(maker: KeyMaker):
    old, new = maker.key("Godwit: old"), maker.key("Godwit: new <n@example.org>")
    stranger = maker.key("Curlew <curlew@example.org>")
    maker.gpg("--local-user", old, "--quick-sign-key", new)
    keys = {one: forms(maker, one) for one in (old, new, stranger)}
    asked = [(new, old), (old, new), (new, stranger)]
    claims = [CertificationClaim(keys[key], keys[by]) for key, by in asked]
    first, *others = verified_certifications(claims)
    assert names_of(first) == ["Godwit: new <n@example.org>"]
    assert first[0].made_at == walk_keys(keys[new].armors[0]).keys[0].certifications[0].made_at
    assert others == [(), ()]


def test_a_certification_that_was_taken_back_is_none(maker: KeyMaker):
    old = KeyMaker(maker.home, at="20140301T120000").key("Snipe: old")
    new = KeyMaker(maker.home, at="20140301T120000").key("Snipe: new")
    KeyMaker(maker.home, at="20140302T120000").gpg("--local-user", old, "--quick-sign-key", new)
    claim = CertificationClaim(forms(maker, new), forms(maker, old))
    assert names_of(verified_certifications([claim])[0]) == ["Snipe: new"]
    KeyMaker(maker.home, at="20140303T120000").gpg("--quick-revoke-sig", new, old)
    claim = CertificationClaim(forms(maker, new), forms(maker, old))
    assert verified_certifications([claim]) == [()]


def test_a_certification_by_a_revoked_key_is_none(maker: KeyMaker):
    old, new = maker.key("Dotterel: old"), maker.key("Dotterel: new")
    maker.gpg("--local-user", old, "--quick-sign-key", new)
    revocation = (maker.home / "openpgp-revocs.d" / f"{old}.rev").read_text()
    maker.gpg("--import", given=revocation.replace(":-----BEGIN", "-----BEGIN"))
    claim = CertificationClaim(forms(maker, new), forms(maker, old))
    assert verified_certifications([claim]) == [()]


def test_a_certification_hung_under_a_strangers_key_is_none(maker: KeyMaker):
    old, new = maker.key("Phalarope: old"), maker.key("Phalarope: new")
    stranger = maker.key("Stint <stint@example.org>")
    maker.gpg("--local-user", old, "--quick-sign-key", new)
    certified = list(walk(octets_of(maker.block(new))))
    theirs = [one for one in certified if one.tag == 2][1]
    hung = armored(octets_of(maker.block(stranger)) + packet(2, theirs.body))
    claim = CertificationClaim(forms(maker, stranger, hung), forms(maker, old))
    assert verified_certifications([claim]) == [()]


def test_a_user_id_or_subkey_hung_under_a_key_is_not_sound(maker: KeyMaker):
    key, other = maker.key("Turnstone <t@example.org>"), maker.key("Plover <p@example.org>")
    subkey, foreign = maker.add_subkey(key), maker.add_subkey(other)
    parts = list(walk(octets_of(maker.block(key))))
    name = packet(13, b"Plover <p@example.org>") + packet(2, parts[2].body)
    borrowed = [one for one in walk(octets_of(maker.block(other))) if one.tag in (2, 14)][-2:]
    hung = b"".join(packet(*one) for one in parts[:3]) + name
    hung += b"".join(packet(*one) for one in borrowed)
    [read] = walk_keys(armored(hung)).keys
    assert "Plover <p@example.org>" in {one.text for one in read.user_ids if one.self_signed}
    assert foreign in read.subkeys
    [sound] = sound_keys([forms(maker, key, armored(hung))])
    assert sound is not None
    assert sound.user_ids == {"Turnstone <t@example.org>"}
    assert sound.subkeys == {subkey}
    assert not sound.revoked


def test_of_a_key_that_nobody_shows_nothing_is_sound(maker: KeyMaker):
    block = maker.block(maker.key("Gull <gull@example.org>"))
    assert sound_keys([KeyForms("0" * 40, (block,)), KeyForms("1" * 40, ())]) == [None, None]
