"""Verdict and band: what a run is prepared to stand behind, and how far."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from linkage.impersonation import copies_of, may_be_framing
from linkage.model import Thresholds
from linkage.scoring import Scores
from linkage.standing import BOTH_SIDES, ONE_SIDE, Standing

VERDICTS = ("same", "copies")
BANDS = ("lead", "strong", "proved")
NO_VERDICT, SAME_HAND, COPIES = 0, 1, 2
NO_BAND, LEAD, STRONG, PROVED = 0, 1, 2, 3
EVEN = 0.5

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Judgement:
    """What n pairs are proposed as.

    Attributes:
        verdict: int8 (n,): 0 not proposed, k is `VERDICTS[k - 1]`.
        band: int8 (n,): 0 for none (not proposed, or copies), k is `BANDS[k - 1]`.
        possible_framing: bool (n,): proposed as one hand on what a stranger can copy.
    """

    verdict: NDArray[np.int8]
    band: NDArray[np.int8]
    possible_framing: NDArray[np.bool_]

    @property
    def proposed(self) -> NDArray[np.intp]:
        """Rows of the pairs that the run stands behind, in order."""
        return np.flatnonzero(self.verdict)


def lead_probability(standing: Standing, owner_bits: Floats, thresholds: Thresholds) -> Floats:
    """The probability (n,) that a lead needs.

    Less where something that both show can be looked up, or something speaks that costs an effort
    or a secret: a person has more to go by than that handles or titles are alike. Where they are
    all there is, and a copier is as likely as the owner (see `linkage.copying`), one hand must be
    likelier than everything else together.

    Args:
        standing: of the pairs.
        owner_bits: (n,), log2 of owners to one copier; NaN where copying is not reckoned with.
        thresholds: the model's.
    """
    grounded = standing.both_show | (standing.costly_for_bits >= thresholds.costly_bits)
    least = thresholds.grounded_lead_probability
    least = thresholds.lead_probability if least is None else least
    taken = owner_bits + standing.apart_bits <= 0
    alike = np.where(taken, max(EVEN, thresholds.lead_probability), thresholds.lead_probability)
    return np.where(grounded | (standing.binds > 0), least, alike)


def judge(scores: Scores, standing: Standing, thresholds: Thresholds) -> Judgement:
    """Give n pairs their verdict and band.

    What can be copied never lifts a pair above `lead`. `strong` needs the probability, and either a
    `costly` family of `costly_bits` that no `costly` evidence contradicts, or an `infeasible` level
    that binds one side; `proved` an `infeasible` level that binds both.

    Args:
        scores: of the pairs.
        standing: the pairs' evidence by its grade.
        thresholds: the model's.
    """
    probability = scores.probability
    copies = copies_of(standing, scores.owner_bits, thresholds)
    same = ~copies & (probability >= lead_probability(standing, scores.owner_bits, thresholds))
    effort = (standing.costly_for_bits >= thresholds.costly_bits) & (
        standing.costly_against_bits == 0
    )
    firm = (probability >= thresholds.strong_probability) & (effort | (standing.binds >= ONE_SIDE))
    band = np.where(firm, STRONG, LEAD)
    band = np.where(standing.binds == BOTH_SIDES, PROVED, band)
    verdict = np.select([copies, same], [COPIES, SAME_HAND], NO_VERDICT)
    return Judgement(
        verdict.astype(np.int8),
        np.where(same, band, NO_BAND).astype(np.int8),
        same & may_be_framing(standing, thresholds),
    )
