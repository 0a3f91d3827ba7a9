"""How much more alike are an account's halves than two accounts of one hand? Titles say both.

    python bench/halves.py WORKSPACE

Of titles two truths are there: accounts of one handle on two markets, the handle hidden, and
accounts cut in two. For each, the bits at which the unlikest pairs speak against one hand: how many
pairs of one hand are no more alike than so many of the others. Where only halves are there, as for
descriptions, no more may be said against one hand than two accounts bear out.
"""

from math import log2
from pathlib import Path

import numpy as np

from api.cli import run_alone
from api.commands.options import open_workspace
from api.taken_in import taken_in
from features.listing_text import ListingText
from features.titles.texts import cut_alike, titles_of
from linkage.calibration import Scored
from linkage.listing_pairs import halves_scored, known_pairs, scored
from linkage.listing_training import weightings_of

SHARES = (0.25, 0.50, 0.75, 0.90)


def print_against(name: str, pairs: Scored) -> None:
    """The bits of the least alike pairs; half a pair is added, so that none is never nothing."""
    same, other = pairs.value[pairs.same], pairs.value[~pairs.same]
    for share in SHARES:
        below = int((same <= np.quantile(other, share)).sum())
        bits = log2((below + 0.5) / (len(same) + 1) / share)
        print(
            f"{name:12} {below:4} of {len(same)} as unlike as {share:4.0%} of others: {bits:5.1f}"
        )


def main(workspace: Path) -> None:
    """Print the bits of both truths."""
    corpus = taken_in(open_workspace(workspace))
    titles = cut_alike(titles_of(corpus))
    weightings = weightings_of(titles)
    known = known_pairs(corpus, titles)
    print_against("two markets", scored(ListingText(weightings), corpus, known).there)
    print_against("halves", halves_scored(titles, corpus.accounts, weightings))


if __name__ == "__main__":
    run_alone(main)
