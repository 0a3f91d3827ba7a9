"""Entries for what stands in texts: spans, handles, style."""

from functools import cache

import numpy as np
import polars as pl

from evidence.corpus import SPAN_COLUMNS
from evidence.masking import MASK_TOKEN, replaced
from evidence.spans.extraction import extract
from evidence.spans.intervals import PLACES
from features.handles.folding import disguised, fold, skeleton
from features.handles.words import bare, words
from features.style import counts
from features.style.counts import Family, count_all

PIECES = (
    "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQENBFx\n-----END PGP PUBLIC KEY BLOCK-----",
    "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n- -words\n-----BEGIN PGP SIGNATURE-----\n",
    "-----END PGP SIGNATURE-----\n",
    "write to ada@mail.example.org or jabber: ada@xmpp.example",
    "ada [at] mail [dot] example [dot] org, wickr: ada_77, t.me/ada77",
    "hxxp://abcdefghij234567.onion/vendor/ada?x=1#y",
    "pay 1BoatSLRHtKNngkdXEeobR76b53LETtpyT or bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
    "fingerprint 0123 4567 89AB CDEF 0123 4567 89AB CDEF 0123 4567, key id 0xDEADBEEF",
    "> > she wrote:\n[quote=ada]no[/quote]\n<blockquote>no</blockquote>",
    "call +49 (0)30 901820 or 0044 20 7946 0958",
    "@quillfoot, vendor quillfoot, the quillfoot of old",
    "\u202eaet\u2066\u200b\ufeff\u0301 \ufdfd \u00bd \u2167 \U0001d518 \U0010ffff \0",
)
HANDLES = pl.Series(
    ["quillfoot", "ada", "tin_pan", "\uff31\uff35\uff29", "\u0438\u0306", "a.b", "\u202eevil", None]
)
FAMILIES = tuple(found for found in vars(counts).values() if isinstance(found, Family))


def text_of(data: bytes) -> str:
    """Any text that a table may hold: not UTF-8 is replaced."""
    return data.decode("utf-8", "replace")


def fuzz_spans(data: bytes) -> None:
    """Spans lie within their texts, in order, and can be masked."""
    texts = pl.Series(text_of(data).split("\x1e"), dtype=pl.String)
    spans = extract(texts, HANDLES)
    assert spans.schema == SPAN_COLUMNS
    length = texts.str.len_chars().gather(spans["text"])
    assert (spans["start"] < spans["end"]).all()
    assert (spans["end"] <= length).all()
    masked = replaced(pl.DataFrame({"text": texts}), spans.select(*PLACES))
    assert masked["text"].str.contains(MASK_TOKEN, literal=True).sum() >= min(1, spans.height)


def fuzz_handles(data: bytes) -> None:
    """Folding ends, says the same twice, and folds what is folded to itself."""
    handles = pl.Series(text_of(data).split("\n"), dtype=pl.String)
    folded = fold(handles)
    assert folded.equals(fold(handles))
    assert fold(folded).equals(folded)
    assert len(skeleton(handles)) == len(disguised(handles)) == len(handles)
    assert words(handles)["row"].is_in(range(len(handles))).all()
    assert bare(handles, ("amber", "birch bay")).height == len(handles)


@cache
def documents(text_count: int) -> np.ndarray:
    return np.arange(text_count, dtype=np.int64)


def fuzz_style(data: bytes) -> None:
    """Every family counts whatever stands there, alone as among others."""
    texts = pl.Series(text_of(data).split("\x1e"), dtype=pl.String)
    together = count_all(texts, documents(len(texts)), FAMILIES)
    alone = count_all(texts[-1:], documents(1), FAMILIES)
    for table, row in zip(together, alone, strict=True):
        assert table.shape[0] == len(texts)
        assert (table[[-1]] != row).nnz == 0


def pieces() -> list[bytes]:
    """What to start from: each piece, and all of them together."""
    return [piece.encode() for piece in (*PIECES, "\n".join(PIECES))]
