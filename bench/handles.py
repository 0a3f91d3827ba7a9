"""Do all like handles meet, how long does it take, and are invented variants found?

    python bench/handles.py [--accounts 100000]

Handles are invented: half are variants of the other half. The peer compares a sample of the
folded handles with all of them by rapidfuzz, which also says whether any like pair is missing.
"""

import random
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import polars as pl
import typer
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

sys.path.insert(0, ".")

from evidence.corpus import Corpus
from features.alias import Alias
from features.handles.alike import alike_forms
from features.handles.bounds import ALIKE, LONG, SHORT
from features.handles.crowds import Crowds
from features.pairs import Pairs
from tests.builders import CorpusBuilder
from world.handles import look_alike, new_handle, renamed

SAMPLE = 400
SYLLABLES = [c + v for c in "bcdfghjklmnprstvwz" for v in ("a", "e", "i", "o", "u", "an", "er")]


def invent(rng: random.Random, words: list[str]) -> str:
    """A handle of one or two words, now and then with a number."""
    handle = rng.choice(words)
    if rng.random() < 0.5:
        handle += rng.choice(("", "_", "-")) + rng.choice(words).title()
    return handle + (str(rng.randrange(1, 3000)) if rng.random() < 0.2 else "")


def vary(rng: random.Random, handle: str) -> str:
    """The handle as the same hand might write it elsewhere."""
    at = rng.randrange(len(handle))
    return rng.choice(
        (
            handle.upper(),
            handle.replace("a", "4").replace("e", "3"),
            f"{handle}_{rng.randrange(1, 100)}",
            handle[:at] + handle[at + 1 :],
            f"The{handle.title()}",
        )
    )


def corpus_of(handles: list[str]) -> Corpus:
    """A corpus of accounts that have a handle and nothing else."""
    empty = CorpusBuilder().build()
    accounts = pl.DataFrame({"handle": handles, "market": ["market"] * len(handles)})
    return type(empty)(**{**vars(empty), "accounts": accounts})


@contextmanager
def timed(name: str) -> Iterator[None]:
    """Print how long something took."""
    wall, processor = time.perf_counter(), time.process_time()
    yield
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    print(f"{name:44}{wall:8.2f} s, {processor:8.2f} s of processor time")


def missing(forms: pl.Series, crowds: Crowds) -> tuple[int, int]:
    """Like pairs that a sample has with all forms by brute force, and how many are not found."""
    rng = np.random.default_rng(1)
    chosen = np.sort(rng.choice(len(forms), min(SAMPLE, len(forms)), replace=False))
    text, some = forms.to_list(), forms.gather(chosen).to_list()
    similar = process.cdist(some, text, scorer=JaroWinkler.normalized_similarity, dtype=np.float32)
    edits = process.cdist(
        some, text, scorer=DamerauLevenshtein.distance, score_cutoff=2, dtype=np.uint8
    )
    letters = forms.str.len_chars().to_numpy()
    shorter = np.minimum(letters[chosen][:, None], letters[None, :])
    few = np.select([shorter >= LONG, shorter >= SHORT], [2, 1], 0)
    row, column = np.nonzero((similar >= np.float32(ALIKE)) | (edits <= few))
    wanted = Pairs.of(chosen[row], column)
    found = Pairs.of(crowds.alike.low, crowds.alike.high)
    return len(wanted), int((~np.isin(wanted.keys, found.keys)).sum())


def world_variants(count: int) -> float:
    """The share of variants, as invented worlds make them, that meet."""
    rng = np.random.default_rng(2)
    handles = [new_handle(rng) for _ in range(count)]
    variants = [(renamed, look_alike)[at % 2](rng, handle) for at, handle in enumerate(handles)]
    corpus, feature = corpus_of(handles + variants), Alias()
    survey = feature.survey(corpus)
    met = feature.meet(feature.read(corpus, survey), survey)
    true = Pairs.of(range(count), range(count, 2 * count))
    return float(np.isin(true.keys, met.keys).mean())


def main(accounts: int = 100_000) -> None:
    """Print seconds, what is missing, and the share of variants that meet."""
    rng = random.Random(1)
    words = [
        "".join(rng.choices(SYLLABLES, k=rng.choice((2, 2, 3)))) for _ in range(accounts // 20)
    ]
    firsts = [invent(rng, words) for _ in range(accounts // 2)]
    corpus = corpus_of(firsts + [vary(rng, handle) for handle in firsts])
    feature = Alias()
    warm = feature.survey(corpus_of(firsts[:50]))
    feature.meet(feature.read(corpus_of(firsts[:50]), warm), warm)

    with timed("survey, the like handles among it"):
        survey = feature.survey(corpus)
    forms = survey.crowds.forms
    with timed(f"the like ones of {len(forms):,} folded handles"):
        alike_forms(forms)
    with timed("read"):
        traits = feature.read(corpus, survey)
    with timed("meet"):
        met = feature.meet(traits, survey)
    with timed(f"compare {len(met):,} pairs"):
        feature.compare(traits, survey, met)
    with timed(f"rapidfuzz, {SAMPLE} of them against all"):
        wanted, lost = missing(forms, survey.crowds)
    print(f"{lost} of {wanted:,} like pairs of the sample are missing")
    print(f"{world_variants(accounts // 2):.2%} of an invented world's variants meet")


if __name__ == "__main__":
    typer.run(main)
