"""How near is near, for this account on that market? Every score is standardised by the answer.

An account's cosines with the accounts of a market are held against the tenth of them that is
largest, the very largest left out, which may be the same hand (adaptive s-norm: Cumani et al.,
Interspeech 2011; here among the accounts of the two markets themselves).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from features.compiled import compiled
from features.style.vectors import Floats, Vectors
from features.titles.cosines import cosine_blocks
from features.titles.markets import Markets

TOP_SHARE, TOP_MIN, TOP_MAX = 0.1, 10, 50
DEVIATION_MIN = np.float32(1e-3)


@dataclass(frozen=True)
class Standing:
    """Mean and deviation (n, g) of each document's largest cosines with each market."""

    mean: Floats
    deviation: Floats

    def scores(
        self,
        cosines: Floats,
        rows: tuple[NDArray[np.intp], NDArray[np.intp]],
        groups: tuple[NDArray[np.int32], NDArray[np.int32]],
    ) -> Floats:
        """Cosines, standardised on both sides and averaged; all arguments broadcast.

        Args:
            cosines: of pairs of documents.
            rows: the left and right documents.
            groups: their markets.
        """
        (left, right), (home, away) = rows, groups
        from_left = (cosines - self.mean[left, away]) / self.deviation[left, away]
        from_right = (cosines - self.mean[right, home]) / self.deviation[right, home]
        return np.asarray((from_left + from_right) / 2, np.float32)

    def block_scores(self, cosines: Floats, start: int, markets: Markets) -> Floats:
        """The same of a block of cosines (see `cosine_blocks`) that begins with that document."""
        of_cohort = (self.mean[markets.cohort], self.deviation[markets.cohort])
        own = (self.mean[start:], self.deviation[start:])
        groups = (markets.group[start:], markets.group[markets.cohort])
        found: Floats = standardised(cosines, own, of_cohort, groups)
        return found


@compiled
def standardised(
    cosines: Floats,
    own: tuple[Floats, Floats],
    others: tuple[Floats, Floats],
    groups: tuple[NDArray[np.int32], NDArray[np.int32]],
) -> Floats:
    """Cosines (r, c), standardised on both sides and averaged.

    Args:
        cosines: of the first r of some documents with c others.
        own: mean and deviation (n, g) of the documents.
        others: those (c, g) of the others.
        groups: the markets of both.
    """
    found = np.empty_like(cosines)
    (mean, deviation), (their_mean, their_deviation), (homes, aways) = own, others, groups
    for row in range(cosines.shape[0]):
        home = homes[row]
        for other in range(cosines.shape[1]):
            cosine, away = cosines[row, other], aways[other]
            mine = (cosine - mean[row, away]) / deviation[row, away]
            theirs = (cosine - their_mean[other, home]) / their_deviation[other, home]
            found[row, other] = (mine + theirs) / np.float32(2)
    return found


def standing(vectors: Vectors, markets: Markets, *, sparse: bool = False) -> Standing:
    """The standing of n documents in one family.

    Args:
        vectors: the family.
        markets: of the documents.
        sparse: true for a family in which most pairs share nothing: deviations then have a floor,
            the typical ones of the two markets, so that a first thing shared is not everything.
    """
    blocks = [_standing(block, markets) for _, block in cosine_blocks(vectors, markets)]
    mean = np.concatenate([np.empty((0, markets.count), np.float32), *(m for m, _ in blocks)])
    deviation = np.concatenate([np.empty((0, markets.count), np.float32), *(d for _, d in blocks)])
    if sparse:
        deviation = np.sqrt(deviation**2 + _floor(deviation, markets) ** 2)
    return Standing(mean, np.maximum(deviation, DEVIATION_MIN))


def top_count(cohort: int) -> int:
    """How many of so many largest cosines an account is held against."""
    wanted = min(max(round(TOP_SHARE * cohort), TOP_MIN), TOP_MAX)
    return min(wanted, cohort - 2)


def _standing(cosines: Floats, markets: Markets) -> tuple[Floats, Floats]:
    mean = np.empty((len(cosines), markets.count), np.float32)
    deviation = np.empty_like(mean)
    for group in range(markets.count):
        part = cosines[:, markets.bounds[group] : markets.bounds[group + 1]]
        kept = top_count(part.shape[1])
        largest = -np.partition(-part, kept, axis=1)[:, : kept + 1]
        top = -np.sort(-largest, axis=1)[:, 1:]
        mean[:, group], deviation[:, group] = top.mean(axis=1), top.std(axis=1)
    return mean, deviation


def _floor(deviation: Floats, markets: Markets) -> Floats:
    """The typical deviation (n, g) of the accounts of both markets against each other."""
    if markets.count == 0:
        return np.zeros_like(deviation)
    typical = np.zeros((markets.count, markets.count), np.float32)
    for group in range(markets.count):
        mine = np.sort(deviation[markets.group == group], axis=0)
        typical[group] = np.maximum(np.median(mine, axis=0), mine.mean(axis=0) / 2)
    both = (typical + typical.T) / 2
    return np.asarray(both[markets.group], np.float32)
