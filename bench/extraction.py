"""How many megabytes of text a second are read into spans, and what one plain scan would take?

    python bench/extraction.py [--table CSV] [--column text] [--handles COLUMN]

Without a file the texts are invented: talk with one address, key or handle in a hundred texts. With
one (CSV, may be .gz) they are one of its columns, and the handles those of another.
"""

import random
import re
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import polars as pl
import typer

sys.path.insert(0, ".")

from evidence.spans.extraction import FINDERS, Finder, extract
from evidence.spans.hints import HintedTexts
from evidence.spans.mentions import find_mentions

PLAIN_SCAN = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}")
TEXT_COUNT = 50_000
SYLLABLES = [c + v for c in "bcdfghjklmnprstvwz" for v in ("a", "e", "i", "o", "u", "an", "er")]
ADDRESSES = (
    "ann@mail.example",
    "http://abcdefgh234567ab.onion/x",
    "wickr: annsells",
    "1BoatSLRHtKNngkdXEeobR76b53LETtpyT",
    "+44 20 7946 0958",
    "key id DEADBEEF",
    "ann [at] mail [dot] example [dot] org",
)


def invent() -> tuple[pl.Series, pl.Series]:
    """Texts of 20 to 100 invented words, and 800 handles."""
    rng = random.Random(1)
    words = ["".join(rng.choices(SYLLABLES, k=rng.choice((1, 2, 3)))) for _ in range(20_000)]
    handles = ["".join(rng.choices(SYLLABLES, k=4)) for _ in range(800)]
    texts = []
    for _ in range(TEXT_COUNT):
        text = rng.choices(words, k=rng.randrange(20, 100))
        if rng.random() < 0.05:
            text.append(rng.choice((*ADDRESSES, *handles[:20])))
        texts.append(" ".join(text))
    return pl.Series(texts), pl.Series(handles)


def delivered(path: Path, column: str, handles: str) -> tuple[pl.Series, pl.Series]:
    """The texts of a CSV file, and the handles in it."""
    table = pl.read_csv(path, infer_schema_length=0)
    known = table[handles].unique() if handles else pl.Series([], dtype=pl.String)
    return table[column].fill_null(""), known


def seconds(work: Callable[[], object]) -> float:
    """Seconds of processor time of the best of three runs."""
    times = []
    for _ in range(3):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def consume(texts: pl.Series, finder: Finder) -> None:
    """Run one finder over the texts that its hints leave."""
    for _, text in HintedTexts(texts).matching(finder.hints):
        for _ in finder.find(text):
            pass


def main(table: Path | None = None, column: str = "text", handles: str = "") -> None:
    """Print processor seconds by finder, megabytes a second in all, and those of a plain scan."""
    texts, known = invent() if table is None else delivered(table, column, handles)
    megabytes = texts.str.len_bytes().sum() / 1e6
    for finder in FINDERS:
        print(f"{finder.find.__name__:24}{seconds(partial(consume, texts, finder)):8.2f} s")
    print(f"{'find_mentions':24}{seconds(lambda: find_mentions(texts, known)):8.2f} s")
    start = time.perf_counter()
    spans = extract(texts, known)
    wall = time.perf_counter() - start
    whole = seconds(lambda: extract(texts, known))
    plain = seconds(lambda: [PLAIN_SCAN.findall(text) for text in texts.to_list()])
    print(f"extract {whole:7.2f} s for {megabytes:.1f} MB and {spans.height:,} spans: ", end="")
    print(f"{megabytes / whole:.1f} MB a processor second, {megabytes / wall:.1f} MB a second")
    print(f"peer    {plain:7.2f} s  one regular expression, for e-mail alone, text by text")
    print(f"ratio   {whole / plain:7.2f}  times the peer, for everything")


if __name__ == "__main__":
    typer.run(main)
