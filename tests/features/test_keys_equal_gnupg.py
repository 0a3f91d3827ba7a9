"""What the walk reads of keys equals what GnuPG lists, and Sequoia for version 6."""

import os
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pysequoia
import pytest

from evidence.spans.extraction import extract
from features.keys.packets import Packet, PublicKey, refusals, walk, walk_keys
from tests.features.gnupg_listing import as_listed, listed_by_gpg
from tests.keys import KeyMaker, armored, key_maker, octets_of, packet

DEBIAN_KEYRINGS = Path("/usr/share/keyrings")
WHOLE_RING_PACKETS = 1_000_000
TOO_LARGE = {"larger than 256 kB", "more than 2000 packets", "more than 64 user ids"}


@pytest.fixture(scope="module")
def maker():
    with key_maker() as made:
        yield made


def read_equally(blocks: list[str], octets: bytes) -> tuple[int, dict[str, int]]:
    """How many keys the blocks hold, each as GnuPG lists it, and why others are refused."""
    listed = listed_by_gpg(octets)
    walked = [walk_keys(block) for block in blocks]
    keys = {key.fingerprint: key for one in walked for key in one.keys}
    for key in keys.values():
        assert as_listed(key, listed[key.fingerprint]) == listed[key.fingerprint]
    refused = refusals(walked)
    assert len(keys) + sum(refused.values()) == len(listed)
    return len(keys), refused


def test_a_key_with_everything_reads_as_gpg_lists_it(maker: KeyMaker):
    past = KeyMaker(maker.home, at="20140301T120000")
    key = past.key("Tern <tern@example.org>", "rsa2048", expires="2y")
    past.add_subkey(key)
    later = KeyMaker(maker.home, at="20150301T120000")
    later.gpg("--quick-add-uid", key, "Tern at sea <Sea@Example.org>")
    later.gpg("--quick-add-uid", key, "Tern, mistaken <wrong@example.org>")
    later.gpg("--quick-revoke-uid", key, "Tern, mistaken <wrong@example.org>")
    later.gpg("--quick-set-expire", key, "6y")
    later.gpg("--quick-set-expire", key, "3y", "*")
    block = maker.block(key)
    assert read_equally([block], block.encode()) == (1, {})
    [read] = walk_keys(block).keys
    assert read.expires_at is not None
    assert [name.revoked_at is not None for name in read.user_ids].count(True) == 1
    assert {name.email for name in read.user_ids} == {
        "tern@example.org",
        "sea@example.org",
        "wrong@example.org",
    }


def test_a_revoked_key_reads_as_gpg_lists_it(maker: KeyMaker):
    key = maker.key("Avocet <avocet@example.org>")
    revocation = (maker.home / "openpgp-revocs.d" / f"{key}.rev").read_text()
    maker.gpg("--import", given=revocation.replace(":-----BEGIN", "-----BEGIN"))
    block = maker.block(key)
    assert read_equally([block], block.encode()) == (1, {})
    [read] = walk_keys(block).keys
    assert read.revoked_at is not None
    assert [made.reason for made in read.signatures if made.kind == 0x20] == [0]


def test_who_certified_which_user_id_and_took_it_back(maker: KeyMaker):
    old, new = maker.key("Dunlin <old@example.org>"), maker.key("Dunlin <new@example.org>")
    maker.gpg("--local-user", old, "--quick-sign-key", new)
    [certified] = certifications(maker, new)
    assert set(certified.issuers) == {old, old[-16:]}
    assert (certified.user_id, certified.revokes) == ("Dunlin <new@example.org>", False)
    assert certified.made_at is not None
    maker.gpg("--quick-revoke-sig", new, old)
    assert [one.revokes for one in certifications(maker, new)].count(True) == 1


def certifications(maker: KeyMaker, fingerprint: str):
    [key] = walk_keys(maker.block(fingerprint)).keys
    return key.certifications


def test_a_key_of_version_6_reads_as_sequoia_reads_it():
    secret = pysequoia.Tsk.generate("Knot <knot@example.org>", profile=pysequoia.Profile.RFC9580)
    made = secret.extract_certificate()
    [key] = walk_keys(str(made)).keys
    assert (key.version, key.fingerprint) == (6, made.fingerprint.upper())
    assert [(name.text, name.self_signed) for name in key.user_ids] == [
        (str(name), True) for name in made.user_ids
    ]
    assert (key.expires_at, key.revoked_at) == (None, None)
    lasting = made.set_expiration(datetime(2040, 1, 1, tzinfo=UTC), secret.certifier())
    [lasts] = walk_keys(str(lasting)).keys
    assert lasts.expires_at == datetime(2040, 1, 1, tzinfo=UTC).timestamp()
    revocation = bytes(made.revoke(secret.certifier()))
    first, *others = (packet(one.tag, one.body) for one in walk(octets_of(str(made))))
    [gone] = walk_keys(armored(first + revocation + b"".join(others))).keys
    assert gone.revoked_at is not None


def data_folder() -> Path:
    folder = os.environ.get("SAMEHAND_TEST_DATA")
    if not folder:
        pytest.skip("SAMEHAND_TEST_DATA does not name a folder of real keys")
    return Path(folder)


def ring_blocks(octets: bytes) -> list[str]:
    """The keys of a binary keyring, each as a block of its own."""
    keys: list[list[Packet]] = []
    for one in walk(octets, WHOLE_RING_PACKETS):
        if one.tag == 6:
            keys.append([])
        keys[-1].append(one)
    return [armored(b"".join(packet(one.tag, one.body) for one in key)) for key in keys]


def test_every_key_of_the_keyrings_reads_as_gpg_lists_it():
    folder = data_folder() / "keyrings"
    counts: dict[str, int] = {}
    for path in sorted(folder.glob("*.gpg")):
        octets = path.read_bytes()
        binary = octets if octets[0] & 0x80 else octets_of(octets.decode("ascii"))
        counts[path.stem], refused = read_equally(ring_blocks(binary), octets)
        assert refused == {}
    print(f"keys read as gpg lists them: {counts}")
    assert sum(counts.values()) >= 431


@pytest.mark.slow
def test_every_key_that_debian_keeps_reads_as_gpg_lists_it():
    paths = sorted(DEBIAN_KEYRINGS.glob("debian-*.gpg"))
    if not paths:
        pytest.skip(f"{DEBIAN_KEYRINGS} holds no keyrings of Debian")
    for path in paths:
        octets = path.read_bytes()
        read, refused = read_equally(ring_blocks(octets), octets)
        print(f"{path.stem}: {read} keys read as gpg lists them, refused {refused}")
        assert read > 0
        assert set(refused) <= TOO_LARGE


@pytest.mark.slow
def test_blocks_posted_on_a_forum_read_as_gpg_lists_them_or_say_why_not():
    path = data_folder() / "dev" / "sr1_pgp_keys.csv.gz"
    posted = pl.read_csv(path, infer_schema=False)["key"]
    spans = extract(posted).filter(pl.col("kind") == "key_block")
    counts: Counter[str] = Counter()
    for number, raw in enumerate(posted):
        listed = listed_by_gpg(raw.encode())
        blocks = spans.filter(pl.col("text") == number)["value"].to_list() or [raw]
        walked = [walk_keys(block) for block in blocks]
        keys: list[PublicKey] = [key for one in walked for key in one.keys]
        for key in keys if listed else []:
            assert as_listed(key, listed[key.fingerprint]) == listed[key.fingerprint]
        assert {key.fingerprint for key in keys} >= set(listed)
        assert keys or sum(refusals(walked).values()) == len(walked)
        counts["equal" if listed else "read by us alone" if keys else "refused"] += 1
    print(f"forum blocks: {dict(counts)}")
    assert counts["equal"] == 383
    assert counts.total() == 413
