"""What any pair of a corpus is compared, judged and explained from: read and met once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import polars as pl

from evidence.corpus import Corpus
from evidence.public_texts import without_public
from evidence.rulings import Rulings
from features.feature import AnyFeature
from features.pairs import Pairs
from linkage.observed import observed_accounts
from linkage.readings import Reading, Watch, read, side_by_side


@dataclass(frozen=True)
class Basis:
    """A corpus as the features read it, and which pairs they bring.

    Attributes:
        accounts: see `evidence.corpus.ACCOUNT_COLUMNS`.
        observed: the same accounts with how much they left and when, see
            `run_tables.RUN_ACCOUNTS`.
        readings: of every feature, in the order in which people see them.
        met: by feature, the pairs that it brings, those of two hubs among them.
    """

    accounts: pl.DataFrame
    observed: pl.DataFrame
    readings: Sequence[Reading]
    met: Mapping[str, Pairs]


def basis_of(
    corpus: Corpus, features: Sequence[AnyFeature], rulings: Rulings, watch: Watch
) -> Basis:
    """Read the corpus with every feature, and let each bring its pairs.

    Args:
        corpus: what is known.
        features: the features, with their fitted parts.
        rulings: the public values in force.
        watch: told after each stage.
    """
    readings = read_all(corpus, features, rulings, watch)
    met = meets_of(readings, watch)
    return Basis(corpus.accounts, observed_accounts(corpus), readings, met)


def read_all(
    corpus: Corpus, features: Sequence[AnyFeature], rulings: Rulings, watch: Watch
) -> list[Reading]:
    """Survey and read the corpus, without what people ruled public, with every feature."""
    readings = []
    corpus = without_public(corpus, rulings.public_values)
    tasks = [partial(read, feature, corpus, rulings.public_values) for feature in features]
    for reading in side_by_side(tasks):
        readings.append(reading)
        watch(f"read {reading.feature.name}", corpus.account_count)
    return readings


def meets_of(readings: Sequence[Reading], watch: Watch) -> dict[str, Pairs]:
    """By feature, everything that it would look at."""
    meets = {}
    met = side_by_side([reading.meet for reading in readings])
    for reading, pairs in zip(readings, met, strict=True):
        meets[reading.feature.name] = pairs
        watch(f"meet {reading.feature.name}", len(pairs))
    return meets
