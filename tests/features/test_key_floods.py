"""Keys made to keep somebody busy: named, at little cost, and the others are read all the same."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.keys.packets import refusals, walk_keys
from features.keys.verify import Claim, judge
from features.pgp_key import PgpKey
from tests.builders import CorpusBuilder
from tests.features import hostile_keys
from tests.features.hostile_keys import BLOCKS, armored, dsa, names, number, rsa
from tests.keys import KeyMaker, key_maker, octets_of, packet
from tests.soak.packets import fuzz_packets, seeds


@pytest.fixture(scope="module")
def maker():
    with key_maker() as made:
        yield made


REASONS = {
    "100,000 user ids": "larger than 256 kB",
    "100,000 user ids, squeezed": "tag 8",
    "as many user ids as there is room for": "more than 2000 packets",
    "20,000 bogus signatures": "larger than 256 kB",
    "bogus signatures to the brim": "more than 2000 packets",
    "bogus signatures within bounds": "nothing refused",
    "a compressed bomb": "tag 8",
    "bombs in bombs": "tag 8",
    "a number of 65,535 bits": "a number of more than 16384 bits",
    "a huge exponent": "an exponent of more than 64 bits",
    "a huge group order": "a group order of more than 512 bits",
    "a chain of partial lengths": "a packet in parts",
    "an armor without end": "larger than 256 kB",
}


@pytest.mark.slow
def test_every_hostile_block_is_named_within_five_seconds_and_512_mb():
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, hostile_keys.__file__],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(root), "OMP_NUM_THREADS": "1", "POLARS_MAX_THREADS": "1"},
    )
    said = dict(line.split(": ", 1) for line in done.stdout.splitlines())
    assert (done.returncode, list(said)) == (0, list(BLOCKS)), done.stderr
    for name, reason in REASONS.items():
        assert reason in said[name]


def test_a_key_cut_anywhere_is_read_or_named(maker: KeyMaker):
    octets = octets_of(maker.block(maker.key("Petrel <petrel@example.org>")))
    walked = [walk_keys(armored(octets[:end])) for end in range(0, len(octets), 7)]
    assert all(one.keys or one.flaws for one in walked)
    assert sum(refusals(walked).values()) == sum(not one.keys for one in walked)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(seeds()), st.data())
def test_no_damage_to_a_block_is_more_than_a_reason(seed: bytes, data: st.DataObject):
    start = data.draw(st.integers(0, len(seed)))
    end = data.draw(st.integers(start, min(len(seed), start + 40)))
    fuzz_packets(seed[:start] + data.draw(st.binary(max_size=20)) + seed[end:])


def test_the_features_run_goes_on_past_hostile_blocks(maker: KeyMaker):
    key = maker.key("Shearwater <shearwater@example.org>")
    said = maker.sign(key, "shearwater here")
    builder = CorpusBuilder().post("harbour", "shearwater", maker.block(key) + said)
    for name in ("100,000 user ids, squeezed", "bogus signatures within bounds", "zeros"):
        builder.post("harbour", name, BLOCKS[name]())
    builder.post("lantern", "copier", maker.block(key))
    corpus = builder.build()
    feature = PgpKey()
    shown = feature.shown(feature.read(corpus, feature.survey(corpus)))
    assert shown is not None
    assert shown.value.count(key) == 2


@pytest.mark.slow
@pytest.mark.parametrize("primary", [rsa(16_384, exponent=64), dsa(512, size=16_384)])
def test_keys_that_are_dear_to_check_cost_themselves_alone(maker: KeyMaker, primary: bytes):
    key = maker.key(f"Fulmar {len(primary)} <fulmar@example.org>")
    message, dear = maker.sign(key, "one"), dear_key(primary)
    [issuer] = walk_keys(dear).keys
    claims = [Claim(message, (maker.block(key),))]
    claims += [Claim(bogus(message, issuer.key_id, place), (dear,)) for place in range(3)]
    first, *others = judge(claims)
    assert first.signers == {key}
    assert all(not one.signers for one in others)


def dear_key(primary: bytes) -> str:
    """A key of numbers as large as are read, and signatures that claim to be its own."""
    [read] = walk_keys(armored(primary)).keys
    issuer = _area(b"\x09\x10" + bytes.fromhex(read.key_id))
    head = bytes([4, 0x13, read.algorithm, 8])
    value = number(500) * 2 if read.algorithm == 17 else number(2_000)
    claimed = (
        packet(2, head + _area(_seconds(2, 0) + _seconds(9, place)) + issuer + bytes(2) + value)
        for place in range(180)
    )
    return armored(primary + names(1) + b"".join(claimed))


def _seconds(field: int, count: int) -> bytes:
    return bytes([5, field]) + count.to_bytes(4, "big")


def _area(fields: bytes) -> bytes:
    return len(fields).to_bytes(2, "big") + fields


def bogus(message: str, issuer: str, place: int) -> str:
    """The message with a signature that names another issuer."""
    fields = b"\x09\x10" + bytes.fromhex(issuer)
    body = b"\x04\x01\x01\x08" + _area(b"\x05\x02" + bytes(4)) + _area(fields) + bytes(2)
    block = armored(packet(2, body + number(2_000 + place))).replace(
        "PUBLIC KEY BLOCK", "SIGNATURE"
    )
    return message[: message.index("-----BEGIN PGP SIGNATURE")] + block
