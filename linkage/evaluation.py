"""Quality measured: every query against every gallery account, and the links that are proposed.

Nothing is measured on what the model was fitted on: either the model is refitted without the
accounts that are judged (folds), or the measurement is refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b

import numpy as np
import polars as pl
from numpy.typing import NDArray

from evidence.corpus import Corpus
from evidence.errors import RefusedInput
from evidence.splitting import whole_ids
from features import assemble_features
from features.feature import AnyFeature
from features.pairs import Pairs, keys_of
from linkage.assessment import assess
from linkage.model import Model
from linkage.ranking import ScoredTrial
from linkage.readings import Reading
from linkage.scoring import BITS_DECIMALS, Scores


@dataclass(frozen=True)
class Task:
    """One ranking: queries and gallery as account rows, and who belongs together.

    Attributes:
        markets: where the queries stand, and where the gallery.
        queries: int64 (q,).
        gallery: int64 (g,); a query that stands in it is not compared with itself.
        partners: pairs of one hand.
    """

    markets: tuple[str, str]
    queries: NDArray[np.int64]
    gallery: NDArray[np.int64]
    partners: Pairs


@dataclass(frozen=True)
class ScoredTask:
    """Every pair of a task, scored; `left` (n,) is the query, `right` (n,) the gallery account.

    `scores` are those of the n pairs.
    """

    task: Task
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    relation: NDArray[np.int8]
    scores: Scores

    @property
    def likelihood_bits(self) -> NDArray[np.float64]:
        """log2 odds (n,) without the prior."""
        return np.round(self.scores.total_bits - self.scores.prior_bits, BITS_DECIMALS)

    def within(self, rows: NDArray[np.int64]) -> "ScoredTask":
        """The same with accounts numbered as in the corpus that `rows` of were kept."""
        task, partners = self.task, self.task.partners
        moved = Task(
            task.markets,
            rows[task.queries],
            rows[task.gallery],
            Pairs.of(rows[partners.left], rows[partners.right]),
        )
        return replace(self, task=moved, left=rows[self.left], right=rows[self.right])

    def trial(self, first_query: int, entity: NDArray[np.int64]) -> ScoredTrial:
        """The pairs as the figures need them; `entity` (accounts,) is that of each account."""
        pair = keys_of(self.left, self.right)
        return ScoredTrial(
            query=self.left + first_query,
            entity=entity[self.left],
            score=self.scores.total_bits,
            likelihood_bits=self.likelihood_bits,
            true=np.isin(pair, self.task.partners.keys),
            pair=pair,
        )


def chosen_features(model: Model, only: Sequence[str] | None) -> tuple[AnyFeature, ...]:
    """The features to judge: all, or those named.

    Raises:
        RefusedInput: one of the names is no feature; the message lists them.
    """
    features = assemble_features(model.fitted)
    known = [feature.name for feature in features]
    unknown = sorted(set(only or ()) - set(known))
    if unknown:
        raise RefusedInput(f"no feature {', '.join(unknown)}; there are {', '.join(known)}")
    return tuple(f for f in features if only is None or f.name in only)


def refuse_training_data(corpus: Corpus, model: Model, names: Mapping[str, str]) -> None:
    """Refuse to judge accounts by a model that was fitted on their source.

    Args:
        corpus: the accounts to judge.
        model: what is to judge them.
        names: file names of sources by id.

    Raises:
        RefusedInput: a text of theirs stands in a source that the model's manifest names.
    """
    used = set(corpus.texts["source_id"].unique()) & set(model.rules.trained_on)
    if used:
        files = ", ".join(sorted(names.get(source, source) for source in used))
        raise RefusedInput(
            f"model {model.rules.name!r} was fitted on {files}: its figures there would say "
            "nothing; use --folds N, which refits it without the accounts that are judged"
        )


def score_task(task: Task, corpus: Corpus, readings: Sequence[Reading], model: Model) -> ScoredTask:
    """Score every query against every gallery account, candidates or not."""
    left = np.repeat(task.queries, len(task.gallery))
    right = np.tile(task.gallery, len(task.queries))
    left, right = left[left != right], right[left != right]
    keys = keys_of(left, right)
    pairs = Pairs.of(left, right)
    place = np.searchsorted(pairs.keys, keys)
    found = assess(corpus.accounts, readings, model.rules, pairs)
    return ScoredTask(task, left, right, found.relation[place], found.scores.take(place))


def time_split_task(corpus: Corpus) -> Task:
    """The task of a corpus cut in two by time: each early half against all late halves."""
    accounts = corpus.accounts.with_row_index("row").with_columns(whole=whole_ids(corpus))
    halves = accounts.filter(side="early").join(
        accounts.filter(side="late"), on="whole", maintain_order="left"
    )
    early, late = (halves[name].to_numpy().astype(np.int64) for name in ("row", "row_right"))
    return Task(("early", "late"), early, late, Pairs.of(early, late))


def truth_tasks(corpus: Corpus, same_pairs: pl.DataFrame, gallery: NDArray[np.bool_]) -> list[Task]:
    """A task for each two markets of the truth and each direction between them.

    Args:
        corpus: the accounts.
        same_pairs: all pairs of one hand, see `linkage.truth.Known`.
        gallery: bool (n,), accounts with enough records to be judged.
    """
    judged = corpus.accounts.select("account_id").with_row_index("row").filter(pl.Series(gallery))
    here = same_pairs.join(judged, left_on="left", right_on="account_id")
    here = here.join(judged, left_on="right", right_on="account_id", suffix="_right")
    rows = here.select("row", "row_right").sort("row", "row_right").to_numpy().astype(np.int64)
    both = np.concatenate([rows, rows[:, ::-1]])
    market = corpus.accounts["market"].to_numpy()
    tasks = []
    for left, right in sorted({(market[a], market[b]) for a, b in both}):
        chosen = both[(market[both[:, 0]] == left) & (market[both[:, 1]] == right)]
        tasks.append(
            Task(
                (left, right),
                np.unique(chosen[:, 0]),
                np.flatnonzero(gallery & (market == right)),
                Pairs.of(chosen[:, 0], chosen[:, 1]),
            )
        )
    return tasks


def folds_of(entities: Sequence[str], count: int) -> NDArray[np.int64]:
    """Fold (n,) of each entity, by the order of a digest of its name: even, fixed, arbitrary."""
    digests = [blake2b(name.encode(), digest_size=8).digest() for name in entities]
    order = np.argsort(np.array(digests, dtype="S8"), kind="stable")
    fold = np.empty(len(entities), np.int64)
    fold[order] = np.arange(len(entities)) % count
    return fold
