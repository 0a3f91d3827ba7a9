"""Texts made to be slow: each is read in time that grows with its length, not with its square."""

import random
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from evidence.spans.extraction import extract

HOUSE = Path(__file__).parent.parent.parent.parent
HANDLES = pl.Series(["quill", "quillfoot", "ann@mail"])
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
PIECES = (
    "> ann@mail.example quill\n",
    "[quote]ann@mail.example quill",
    "[/quote]",
    "wrote:\n\n",
    "wrote:\nx\n",
    "- -----BEGIN PGP SIGNED MESSAGE-----\n",
    "-----BEGIN PGP SIGNED MESSAGE-----\n",
    "-----BEGIN PGP SIGNED MESSAGE-----\n-----BEGIN PGP SIGNATURE-----\n",
    "-----BEGIN PGP PUBLIC KEY BLOCK-----\nVersion: 1\n",
    "mQEN" + "a" * 60 + "\n",
    "-----BEGIN PGP MESSAGE-----",
    "&#45;",
    "-",
    "<a ",
    "\u200b",
    "a.onion ",
    "a b2 c . onion ",
    "a@",
    "a at b dot ",
    "a [at] b [dot] ",
    "wickr/telegram: ",
    "signal ",
    "torchat is ",
    "jabber a@b.cc ",
    "12345678 ",
    "AB12 ",
    "a1:",
    "key id ",
    "0x",
    "+1 ",
    "(202) 555",
    "05",
    "BM-1",
    "t.me/",
    "http://a)",
    "hxxp://a[.]",
    "quill quillfoot ",
)


def read(text: str) -> None:
    spans = extract(pl.Series([text]), HANDLES)
    assert ((spans["start"] < spans["end"]) & (spans["end"] <= len(text))).all()


def read_within_minutes(text: str) -> None:
    """In a process of its own, which is ended where the work grows with the square."""
    program = f"import sys; from {__name__} import read; read(sys.stdin.buffer.read().decode())"
    command = [sys.executable, "-c", program]
    subprocess.run(command, input=text.encode(), check=True, timeout=240, cwd=HOUSE)


@pytest.mark.parametrize("piece", [*PIECES, "A" * 59 + "@"])
def test_a_hostile_text_is_read_whole(piece):
    read(piece * (40_000 // len(piece)))


@pytest.mark.slow
@pytest.mark.parametrize("piece", PIECES)
def test_two_megabytes_of_pieces_are_read_within_minutes(piece):
    read_within_minutes(piece * (2_000_000 // len(piece)))


def invented(form: str) -> str:
    rng = random.Random(5)
    letters = {"hex": "0123456789abcdefABCDEF", "base58": BASE58, "base32": "abcdefghij234567"}
    alphabet, head, length, tail = {
        "ethereum": (letters["hex"], "0x", 40, " "),
        "monero": (letters["base58"], "4", 94, " "),
        "bitcoin": (letters["base58"], "1", 33, " "),
        "bech32": ("qpzry9x8gf2tvdw0s3jn54khce6mua7l", "bc1q", 38, " "),
        "tox": ("0123456789ABCDEF", "", 76, " "),
        "onion": (letters["base32"], "", 55, "d.onion "),
        "phone": ("0123456789", "+4420", 8, " "),
        "hex": (letters["hex"], "", 1_000, ""),
    }[form]
    count = 2_000_000 // (len(head) + length + len(tail))
    return "".join(head + "".join(rng.choices(alphabet, k=length)) + tail for _ in range(count))


@pytest.mark.slow
@pytest.mark.parametrize(
    "form", ["ethereum", "monero", "bitcoin", "bech32", "tox", "onion", "phone", "hex"]
)
def test_two_megabytes_of_what_only_looks_like_an_address_are_judged(form):
    read_within_minutes(invented(form))


@pytest.mark.parametrize(
    "text",
    [
        "\ud7ff\ue000\ufffd",
        "\x00@\x00.onion",
        "\u202e-----BEGIN PGP SIGNED MESSAGE-----",
        "\U0001d4d0@\U0001d4d1.com",
    ],
)
def test_odd_characters_do_no_harm(text):
    extract(pl.Series([text * 50]), HANDLES)
