"""How alike are the titles of strangers, by whether they sell at one time and on one market?

    python bench/strangers.py WORKSPACE

All pairs of accounts with titles, the handle hidden, in bands of their score, by level, by bits.
Of one hand are accounts of one handle on two markets. All others count as strangers, but for those
on two markets that show a title in common: of strangers on one market some are one seller as well.
"""

from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from api.cli import run_alone
from api.commands.options import open_workspace
from api.taken_in import taken_in
from evidence.corpus import Corpus
from evidence.masking import mask
from features.listing_text import REPEATED, ListingText
from features.pairs import Pairs
from features.titles.texts import cut_alike, titles_of
from linkage.listing_pairs import known_pairs, same_title_pairs
from linkage.model import RELATIONS, load_model
from linkage.ratios import Ratio
from linkage.scoring import bits_of

BOUNDS = (5, 8, 10, 12, 14, 18)
ONE_YEAR = 1.0
STRANGERS = ("one market", "one year", "years apart")
MORE_BITS = (10, 13)


def scored_pairs(corpus: Corpus) -> pl.DataFrame:
    """All pairs of accounts whose titles can be compared.

    `one_market`, years `apart`, `level`, `score` and `bits` as of two markets; whether they are
    of one `hand`, and whether they show a title in `common`.
    """
    titles = cut_alike(titles_of(corpus))
    known, common = known_pairs(corpus, titles), same_title_pairs(corpus, titles)
    masked, model = mask(corpus, ["handle"]), load_model()
    feature = ListingText.from_fitted(model.fitted.get(ListingText.name))
    survey = feature.survey(masked)
    rows = survey.titles.accounts[survey.markets.group >= 0]
    left, right = np.triu_indices(len(rows), 1)
    pairs = Pairs.of(rows[left], rows[right])
    outcome = feature.compare(feature.read(masked, survey), survey, pairs)
    market = corpus.accounts["market"].rank("dense").to_numpy()
    sides = survey.rows_of(pairs.left), survey.rows_of(pairs.right)
    across = np.full(len(pairs), RELATIONS.index("across"), np.int8)
    names = np.array(["", *(level.name for level in feature.levels)])
    scored = pl.DataFrame(
        {
            "one_market": market[pairs.left] == market[pairs.right],
            "apart": np.abs(survey.year[sides[0]] - survey.year[sides[1]]),
            "level": names[outcome.level],
            "score": outcome.value,
            "bits": bits_of(feature, outcome, across, model.rules),
            "hand": np.isin(pairs.keys, known.pairs.take(known.same).keys),
            "common": np.isin(pairs.keys, common.keys),
        }
    )
    return scored.filter(pl.col("level") != "")


def print_bands(scored: pl.DataFrame) -> None:
    """Counts of each band, and the bits for one hand against each kind of strangers."""
    kind = (
        pl.when("one_market")
        .then(pl.lit(STRANGERS[0]))
        .when(pl.col("apart") < ONE_YEAR)
        .then(pl.lit(STRANGERS[1]))
        .otherwise(pl.lit(STRANGERS[2]))
    )
    compared = scored.filter(pl.col("level") != REPEATED)
    strangers = compared.filter(~pl.col("hand") & ~pl.col("common")).with_columns(kind=kind)
    same = compared.filter("hand")["score"].to_numpy()
    print("score".ljust(10), "one hand", *(name.rjust(24) for name in STRANGERS))
    for low, high in zip((-np.inf, *BOUNDS), (*BOUNDS, np.inf), strict=True):
        cells = []
        for name in STRANGERS:
            others = strangers.filter(kind=name)["score"].to_numpy()
            values = np.concatenate([same, others])
            ratio = Ratio.of(within(values, low, high), np.arange(len(values)) < len(same))
            cells.append(f"{ratio.other:,} of {ratio.other_pairs:,} {ratio.bits:+5.1f}".rjust(24))
        held = f"{within(same, low, high).sum()} of {len(same)}"
        print(f"{low:g} to {high:g}".ljust(10), held.rjust(8), *cells)


def print_levels(scored: pl.DataFrame) -> None:
    """How many pairs of two markets come to each level, and to more than so many bits."""
    away = scored.filter(~pl.col("one_market"))
    kinds = {
        "one hand": away.filter("hand"),
        "strangers": away.filter(~pl.col("hand") & ~pl.col("common")),
        "a title in common": away.filter(~pl.col("hand") & pl.col("common")),
    }
    wanted = {level: pl.col("level") == level for level in away["level"].unique().sort()}
    wanted |= {f"over {bits} bits": pl.col("bits") > bits for bits in MORE_BITS}
    for name, chosen in wanted.items():
        counts = [f"{kind}: {rows.filter(chosen).height:,}" for kind, rows in kinds.items()]
        print(name.ljust(16), ", ".join(counts))
    print("of".ljust(16), ", ".join(f"{kind}: {rows.height:,}" for kind, rows in kinds.items()))


def within(values: NDArray[np.float64], low: float, high: float) -> NDArray[np.bool_]:
    """Which of n values lie in a band."""
    return (values >= low) & (values < high)


def main(workspace: Path) -> None:
    """Print the bands and levels of all pairs."""
    scored = scored_pairs(taken_in(open_workspace(workspace)))
    print_bands(scored)
    print_levels(scored)


if __name__ == "__main__":
    run_alone(main)
