"""Labelled accounts, dealt into folds: what any label ties together is judged together."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from evidence.corpus import Corpus
from evidence.rulings import Rulings
from features import assemble_features
from linkage.entities import entities_of, tied
from linkage.evaluation import folds_of
from linkage.model import Model
from linkage.readings import Reading, read
from linkage.training import refit


@dataclass(frozen=True)
class Labels:
    """A corpus, and which of its accounts any label ties together.

    Attributes:
        corpus: as assembled.
        rulings: decisions and public values.
        base: gives what is not fitted anew; without shrinks.
        entity: int64 (accounts,), the component of all labels that each account is in.
        fold: int64 (accounts,), that of its entity.
        fold_count: how many there are.
    """

    corpus: Corpus
    rulings: Rulings
    base: Model
    entity: NDArray[np.int64]
    fold: NDArray[np.int64]
    fold_count: int

    @classmethod
    def of(
        cls,
        corpus: Corpus,
        truth: pl.DataFrame | None,
        rulings: Rulings,
        base: Model,
        fold_count: int,
    ) -> "Labels":
        """Tie accounts by every label there is, be it `same` or `different`.

        Args:
            corpus: as assembled, not masked.
            truth: see `linkage.truth.read_truth`.
            rulings: what people ruled on pairs ties them as well.
            base: the model to train from.
            fold_count: into how many folds the entities are dealt.
        """
        entities = entities_of(corpus.accounts, truth, rulings.decisions)
        one = entities.select(left="account_id", right=pl.col("account_id").min().over("entity"))
        told = [one, rulings.decisions.select("left", "right")]
        told += [] if truth is None else [truth.select("left", "right")]
        groups = tied(corpus.accounts["account_id"], told)
        first = groups.group_by("group").agg(pl.col("account_id").min()).sort("account_id")
        fold = folds_of(first["account_id"].to_list(), fold_count)
        placed = groups.join(first.select("group", fold=fold), on="group")
        ids = corpus.accounts.select("account_id")
        mine = ids.join(placed, on="account_id", how="left", maintain_order="left")
        entity, folds = (mine[name].to_numpy().astype(np.int64) for name in ("group", "fold"))
        rules = base.rules.model_copy(update={"shrinks": {}})
        return cls(corpus, rulings, replace(base, rules=rules), entity, folds, fold_count)

    @property
    def entity_count(self) -> int:
        """One more than the largest number of an entity."""
        return int(self.entity.max(initial=-1)) + 1

    def judge(self, corpus: Corpus, fold: int, taught: Collection[str]) -> Model:
        """The base, refitted without a fold where anything in it was fitted on this corpus.

        Args:
            corpus: the same accounts as in `corpus`, maybe masked.
            fold: whose accounts are left out.
            taught: names of the features that are asked.
        """
        known = set(self.base.rules.trained_on)
        if not taught or known.isdisjoint(corpus.texts["source_id"].unique()):
            return self.base
        return refit(self.base, corpus, self.fold != fold, taught)


class Reader:
    """Reads a corpus under several models; what they have fitted alike is read once."""

    def __init__(self, corpus: Corpus, labels: Labels) -> None:
        self._corpus, self._labels = corpus, labels
        self._known: Mapping[str, Reading] = {}

    def under(self, model: Model) -> list[Reading]:
        """The readings of all features under a model."""
        ours, base = model.fitted, self._labels.base.fitted
        public = self._labels.rulings.public_values
        readings = [
            self._known.get(feature.name) or read(feature, self._corpus, public)
            if ours.get(feature.name) is base.get(feature.name)
            else read(feature, self._corpus, public)
            for feature in assemble_features(model.fitted)
        ]
        alike = [r for r in readings if ours.get(r.feature.name) is base.get(r.feature.name)]
        self._known = {**self._known, **{r.feature.name: r for r in alike}}
        return readings
