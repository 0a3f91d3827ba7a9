"""Fitting the hands: principal directions of all families' kernels, then the two covariances."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh
from threadpoolctl import threadpool_limits

from features.style.exact import small_columns, whole_scale, whole_units
from features.style.fit import Plan
from features.style.hands import HandFit, Projection
from features.style.vectors import Vectors

DIMENSIONS = 320
OVERSAMPLED = 64
ITERATIONS = 12
RIDGE = 0.3
"""Of the mean variance, on the diagonal of the covariance within hands (shrinkage)."""

Doubles = NDArray[np.float64]


def fit_hands(
    plans: Sequence[Plan],
    vectors: Mapping[str, Vectors],
    author: NDArray[np.int64],
    characters: NDArray[np.int64],
) -> HandFit:
    """Fit the hands to chunks of posts of several sizes.

    Args:
        plans: the families and what they count.
        vectors: by family, of c chunks.
        author: int64 (c,), whose chunk each is, from 0 without gaps.
        characters: int64 (c,), in each.
    """
    kernel = _kernel(plans, vectors)
    with threadpool_limits(limits=1):
        to_chunks = _principal(kernel, min(DIMENSIONS, len(author) // 2))
        basis, between = _two_covariances(kernel @ to_chunks, author)
        turned = to_chunks @ basis
        level, drift, reach = _drift(kernel @ turned, characters)
        projections = {
            p.family.name: _projection(vectors[p.family.name], turned * _share(p, plans))
            for p in plans
        }
    ones = 2 * between + 1
    constant = float(-0.5 * np.log(ones / (between + 1) ** 2).sum())
    pull = between / (2 * (between + 1))
    return HandFit(
        projections, level.astype(np.float32), drift.astype(np.float32), reach, pull, constant
    )


def _kernel(plans: Sequence[Plan], vectors: Mapping[str, Vectors]) -> Doubles:
    """The weighted sum of the families' kernels over c chunks (c, c), exact on any cores."""
    total = np.zeros((len(vectors[plans[0].family.name]),) * 2)
    for plan in plans:
        units = whole_units(vectors[plan.family.name])
        total += (units @ units.T) * (_share(plan, plans) / whole_scale(units.shape[1]) ** 2)
    return total


def _share(plan: Plan, plans: Sequence[Plan]) -> float:
    return plan.kernel / sum(p.kernel for p in plans)


def _principal(kernel: Doubles, dimensions: int) -> Doubles:
    """Weights of chunks (c, d): the kernel times them are principal coordinates, scaled to one.

    By subspace iteration (Halko, Martinsson & Tropp, SIAM Review 2011).
    """
    rng = np.random.default_rng(0)
    width = min(dimensions + OVERSAMPLED, len(kernel))
    space = np.linalg.qr(rng.standard_normal((len(kernel), width)))[0]
    for _ in range(ITERATIONS):
        space = np.linalg.qr(kernel @ space)[0]
    small = space.T @ (kernel @ space)
    value, turn = eigh((small + small.T) / 2)
    value, turn = value[::-1][:dimensions], turn[:, ::-1][:, :dimensions]
    return np.asarray(space @ turn / np.sqrt(np.maximum(value, 1e-9)))


def _two_covariances(coordinates: Doubles, author: NDArray[np.int64]) -> tuple[Doubles, Doubles]:
    """A basis (d, e) in which texts of one hand vary by 1, and hands by `between` (e,).

    Coordinates in the basis are scaled so that products are the likelihood ratio's (`hands`).
    """
    between, within = covariances(coordinates, author)
    count = len(within)
    within = within + RIDGE * np.trace(within) / count * np.eye(count)
    value, basis = eigh(between, within)
    kept = np.flatnonzero(value > 0)[::-1]
    value = value[kept]
    return basis[:, kept] * np.sqrt(value / (2 * value + 1)), value


def covariances(rows: Doubles, author: NDArray[np.int64]) -> tuple[Doubles, Doubles]:
    """Covariance between and within authors (d, d) of n rows (Searle 1971, ch. 10)."""
    sizes = np.bincount(author).astype(np.float64)
    sums = np.zeros((len(sizes), rows.shape[1]))
    np.add.at(sums, author, rows)
    means = sums / sizes[:, None]
    apart = rows - means[author]
    within = apart.T @ apart / max(len(rows) - len(sizes), 1)
    around = means - rows.mean(axis=0)
    spread = (around * sizes[:, None]).T @ around / max(len(sizes) - 1, 1)
    typical = (len(rows) - (sizes**2).sum() / len(rows)) / max(len(sizes) - 1, 1)
    return (spread - within) / typical, within


def _drift(
    coordinates: Doubles, characters: NDArray[np.int64]
) -> tuple[Doubles, Doubles, tuple[float, float]]:
    """Least squares of coordinates on the logarithm of characters: level, slope, and its reach."""
    amount = np.log(np.maximum(characters, 1).astype(np.float64))
    centre = amount - amount.mean()
    slope = centre @ coordinates / max(float(centre @ centre), 1e-9)
    level = coordinates.mean(axis=0) - slope * amount.mean()
    return level, slope, (float(amount.min()), float(amount.max()))


def _projection(vectors: Vectors, turned: Doubles) -> Projection:
    """The columns (k, e) that a unit vector of the family is multiplied with."""
    units = whole_units(vectors)
    raw = units.T @ turned.astype(np.float32) / np.float32(whole_scale(units.shape[1]))
    return Projection(*small_columns(raw))
