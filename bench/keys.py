"""How many keys are read a second, and how many signed messages judged, against their peers?

    python bench/keys.py [--key-count 2000] [--message-count 500]

Sequoia makes the keys (Ed25519, a subkey for signing and one for encrypting) and signs with them.
"""

import io
import os
import sys
from collections.abc import Callable, Collection, Mapping
from tempfile import TemporaryDirectory

import gnupg
import pysequoia
import typer

sys.path.insert(0, ".")

from evidence.spans.armor import mend
from features.keys.packets import walk_keys
from features.keys.verify import Claim, judge

SAMPLE = 50


class Memory:
    """What was judged before."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def known(self, kind: str, contents: Collection[str]) -> dict[str, bytes]:
        """The answers there are."""
        del kind
        return {content: self.kept[content] for content in contents if content in self.kept}

    def keep(self, kind: str, found: Mapping[str, bytes]) -> None:
        """Keep answers."""
        del kind
        self.kept |= found

    def turn(self) -> None:
        """Nothing is dropped."""


def seconds(work: Callable[[], object]) -> float:
    """Processor time of some work, that of programs it ran with it."""
    start = sum(os.times()[:4])
    work()
    return sum(os.times()[:4]) - start


def scanned(blocks: list[str]) -> None:
    """The peer's reading: python-gnupg over one file of blocks."""
    with TemporaryDirectory() as home:
        gnupg.GPG(gnupghome=home).scan_keys_mem("\n".join(blocks))


def verified(message: str, block: str) -> None:
    """The peer's judging, as people write it: a home, an import, a verification."""
    with TemporaryDirectory() as home:
        gpg = gnupg.GPG(gnupghome=home, options=["--no-autostart"])
        gpg.import_keys(block)
        gpg.verify_file(io.BytesIO(message.encode()))


def main(key_count: int = 2_000, message_count: int = 500) -> None:
    """Print keys and messages a processor second."""
    print("a processor second:")
    secrets = [
        pysequoia.Tsk.generate(f"Key {number} <k{number}@example.org>")
        for number in range(message_count)
    ]
    blocks = [str(secret.extract_certificate()) for secret in secrets]
    many = [blocks[number % message_count] for number in range(key_count)]
    mended = [mend(block) or "" for block in many]
    walk_keys(mended[0])

    ours = key_count / seconds(lambda: [walk_keys(block) for block in mended])
    print(f"walk     {ours:8.0f} keys")
    peer = key_count / seconds(lambda: [pysequoia.Cert.from_bytes(b.encode()) for b in many])
    print(f"peer     {peer:8.0f}, pysequoia's Cert.from_bytes")
    peer = message_count / seconds(lambda: scanned(blocks))
    print(f"peer     {peer:8.0f}, python-gnupg's scan_keys_mem: {ours / peer:.0f} times as fast")

    mode = pysequoia.SignatureMode.CLEAR
    messages = [
        pysequoia.sign(secret.signer(), b"I am who signs this.\n", mode=mode).decode()
        for secret in secrets
    ]
    claims = [Claim(said, (block,)) for said, block in zip(messages, blocks, strict=True)]
    memory = Memory()
    ours = message_count / seconds(lambda: judge(claims, memory))
    print(f"judge    {ours:8.0f} messages, each by a key of its own")
    again = message_count / seconds(lambda: judge(claims, memory))
    print(f"again    {again:8.0f} the next night")
    few = list(zip(messages[:SAMPLE], blocks[:SAMPLE], strict=True))
    peer = len(few) / seconds(lambda: [verified(*one) for one in few])
    print(f"peer     {peer:8.0f}, python-gnupg with a home for each")
    print(f"ratio    {ours / peer:8.1f}")
    bad = [verdict.why for verdict in judge(claims, memory) if not verdict.signers]
    print(f"judged   {message_count - len(bad)} of {message_count} valid")


if __name__ == "__main__":
    typer.run(main)
