"""How long do like handles take to meet, against comparing all pairs of a sample?

    python bench/handles.py [ACCOUNTS]

Handles are invented: half are variants of the other half.
"""

import random
import sys
import time

import polars as pl
from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

sys.path.insert(0, ".")

from features.alias import Alias
from features.handles.folding import skeleton
from features.handles.likeness import ALIKE
from features.pairs import Pairs
from tests.builders import CorpusBuilder

SAMPLE = 4_000
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


def main() -> None:
    """Print seconds of processor time and the share of variants that meet."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    rng = random.Random(1)
    words = ["".join(rng.choices(SYLLABLES, k=rng.choice((2, 2, 3)))) for _ in range(count // 20)]
    firsts = [invent(rng, words) for _ in range(count // 2)]
    handles = firsts + [vary(rng, handle) for handle in firsts]
    builder = CorpusBuilder()
    empty = builder.build()
    accounts = pl.DataFrame({"handle": handles})
    corpus = type(empty)(**{**vars(empty), "accounts": accounts})

    feature = Alias()
    times = [time.process_time()]
    survey = feature.survey(corpus)
    times.append(time.process_time())
    traits = feature.read(corpus, survey)
    times.append(time.process_time())
    met = feature.meet(traits, survey)
    times.append(time.process_time())
    true = Pairs.of(range(count // 2), range(count // 2, count))
    like = feature.compare(traits, survey, true).level < len(feature.levels)
    found = len(set(true.take(like).keys.tolist()) & set(met.keys.tolist())) / like.sum()
    for name, start, end in zip(("survey", "read", "meet"), times, times[1:], strict=False):
        print(f"{name:8}{end - start:8.2f} s")
    print(f"pairs   {len(met):8,}   of the similar variants {found:.1%} meet")

    forms = skeleton(pl.Series(handles).sample(min(SAMPLE, count), seed=1)).to_list()
    start = time.process_time()
    process.cdist(forms, forms, scorer=JaroWinkler.normalized_similarity, score_cutoff=ALIKE)
    peer = (time.process_time() - start) * (count / len(forms)) ** 2
    print(f"peer    {peer:8.2f} s  rapidfuzz cdist of all pairs (from {len(forms):,} handles)")
    print(f"ratio   {peer / (times[3] - times[2]):8.1f}   times as fast")


if __name__ == "__main__":
    main()
