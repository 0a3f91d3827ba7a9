"""How well a grouping agrees with the entities."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray


@dataclass(frozen=True)
class Figures:
    """Precision, recall and F of pairs, and B-cubed (Bagga & Baldwin 1998)."""

    pairs: tuple[float, float, float]
    b_cubed: tuple[float, float, float]


def figures(cluster: NDArray[np.int64], entity: pl.Series) -> Figures:
    """Compare the cluster of each record with its entity."""
    table = pl.DataFrame({"cluster": cluster, "entity": entity}).with_columns(
        both=pl.len().over("cluster", "entity"),
        found=pl.len().over("cluster"),
        there=pl.len().over("entity"),
    )
    of_pairs = [float((table[name] - 1).sum()) for name in ("both", "found", "there")]
    precision = of_pairs[0] / max(of_pairs[1], 1)
    recall = of_pairs[0] / max(of_pairs[2], 1)
    b_precision, b_recall = (
        float((table["both"] / table[name]).mean()) for name in ("found", "there")
    )
    return Figures(_with_f(precision, recall), _with_f(b_precision, b_recall))


def _with_f(precision: float, recall: float) -> tuple[float, float, float]:
    total = precision + recall
    return precision, recall, 2 * precision * recall / total if total else 0.0
