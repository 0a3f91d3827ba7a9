"""An entry for OpenPGP blocks: keys, signatures, messages, headers, what gpg would get."""

from base64 import b64encode

from features.keys.packets import (
    armor_headers,
    refusals,
    walk_keys,
    walk_recipients,
    walk_signatures,
)
from features.keys.slimming import Asked, slim
from tests.features.hostile_keys import BLOCKS
from tests.features.test_openpgp_packets import VERSION_6

LONGEST_SEED = 10_000


def fuzz_packets(data: bytes) -> None:
    """Read the bytes as a block and as what a block holds; nothing may be raised."""
    body = b64encode(data).decode()
    edge = "-----{} PGP PUBLIC KEY BLOCK-----"
    block = f"{edge.format('BEGIN')}\n\n{body}\n{edge.format('END')}\n"
    for armor in (data.decode("utf-8", "replace"), block):
        walked = walk_keys(armor)
        assert walked.keys or sum(refusals([walked]).values()) == 1
        ids = frozenset(key.fingerprint for key in walked.keys)
        assert len(slim([armor, armor], Asked(ids))) == len(ids)
        walk_signatures(armor)
        walk_recipients(armor)
        armor_headers(armor)


def seeds() -> list[bytes]:
    """A sound block and hostile ones, those that are short enough to be changed usefully."""
    blocks = [VERSION_6, *(make() for make in BLOCKS.values())]
    return [block.encode() for block in blocks if len(block) <= LONGEST_SEED]
