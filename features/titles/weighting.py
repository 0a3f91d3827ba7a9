"""How much each n-gram of titles tells sellers apart: weights by the ratio of variances.

With w within an account and b between accounts (one-way analysis of variance over parts of the
accounts' titles), a dimension of the kernel is worth (w + b)^-1/2 * b / (w + b).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from features.feature import Fitted
from features.style.fit import common_columns, unit_roots, variances
from features.style.vectors import Floats, Vectors

COLUMNS_MAX = 3_000
EXPONENT = 0.5


@dataclass(frozen=True)
class Weighting:
    """The weights of one family.

    Attributes:
        columns: int32 (k,), the buckets that count, ascending; ten accounts or more use each.
        mean: float32 (k,), of `sqrt(counts) / length` over parts of accounts' titles.
        weight: float32 (k,), of each dimension.
    """

    columns: NDArray[np.int32]
    mean: Floats
    weight: Floats

    def vectors(self, counts: csr_array) -> Vectors:
        """The vectors of n documents, from their counts (n, `BUCKETS`)."""
        rows = unit_roots(counts[:, self.columns])
        rows.data *= self.weight[rows.indices]
        return Vectors.of(rows, self.weight * self.mean)


def fit_weighting(parts: csr_array, account: NDArray[np.int64]) -> Weighting:
    """Weights from counts (p, `BUCKETS`) of parts of titles, and whose each is, from 0."""
    columns = common_columns(parts, account, COLUMNS_MAX)
    mean, within, between = variances(unit_roots(parts[:, columns]), account)
    total = within + between
    weight = np.sqrt(total**-EXPONENT * between / total)
    return Weighting(columns, mean.astype(np.float32), weight.astype(np.float32))


def to_arrays(weightings: Mapping[str, Weighting]) -> Fitted:
    """The weights as named arrays."""
    arrays: dict[str, NDArray[np.generic]] = {}
    for name, weighting in weightings.items():
        arrays |= {
            f"{name}.columns": weighting.columns,
            f"{name}.mean": weighting.mean,
            f"{name}.weight": weighting.weight,
        }
    return arrays


def from_arrays(arrays: Fitted) -> dict[str, Weighting]:
    """The weights that `to_arrays` made, by name of the family."""
    names = sorted({name.partition(".")[0] for name in arrays})
    return {
        name: Weighting(
            arrays[f"{name}.columns"].astype(np.int32),
            arrays[f"{name}.mean"].astype(np.float32),
            arrays[f"{name}.weight"].astype(np.float32),
        )
        for name in names
    }
