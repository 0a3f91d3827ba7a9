"""How long do the features of listings take on a workspace, and how much memory?

    python bench/listings.py WORKSPACE

Each of listing_text, shipping and product_mix is surveyed, read, met and compared once, with the
default model, as a night does it; processor seconds and the peak memory until then.
"""

import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from api.cli import run_alone
from api.commands.options import open_workspace
from api.taken_in import taken_in
from features import assemble_features
from features.pairs import Pairs
from linkage.listing_training import LISTING_FEATURES
from linkage.model import load_model

COMPARED = 500_000


def timed(name: str, step: Callable[[], Any]) -> Any:
    """What a step gives; prints its processor seconds, seconds and the memory until then."""
    wall, processor = time.perf_counter(), time.process_time()
    made = step()
    spent, waited = time.process_time() - processor, time.perf_counter() - wall
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{name:24}{spent:8.1f} s{waited:8.1f} s wall{memory:8,} MB", flush=True)
    return made


def main(workspace: Path) -> None:
    """Measure every step of the three features."""
    place = open_workspace(workspace)
    corpus = timed("load", lambda: taken_in(place))
    count = corpus.account_count
    print(f"{count:,} accounts, {corpus.listings.height:,} listings")
    drawn = Pairs.of(*np.random.default_rng(0).integers(0, count, (2, COMPARED)))
    for feature in assemble_features(load_model().fitted):
        if feature.name in LISTING_FEATURES:
            survey = timed(f"survey {feature.name}", lambda f=feature: f.survey(corpus))
            traits = timed(f"read {feature.name}", lambda f=feature, s=survey: f.read(corpus, s))
            met = timed(f"meet {feature.name}", lambda f=feature, t=traits, s=survey: f.meet(t, s))
            pairs = Pairs.from_keys(np.union1d(met.keys, drawn.keys))
            timed(
                f"compare {len(pairs):,}",
                lambda f=feature, t=traits, s=survey, p=pairs: f.compare(t, s, p),
            )


if __name__ == "__main__":
    run_alone(main)
