"""What is judged of handles from public literature; no data tell it.

Whoever is known to have moved is known by his handle, so that pairs of one hand cannot say how
often a handle is kept. Shares are those of the pairs of one hand on two markets that come out on a
level. Bits are below what chance alone would allow: those who take a handle on purpose are not
among random pairs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

MOVERS = (
    "vendors keep accounts on several markets and reopen elsewhere when one closes, about half of "
    "them under the old handle (Soska and Christin 2015; Broséus et al. 2016; Décary-Hétu and "
    "Giommoni 2017; van Wegberg and Verburgh 2018; Tai, Soska and Christin 2019)"
)
KEPT = f"{MOVERS}; against them stand fashion and impostors: a handle makes no more than a lead"
RESPELT = (
    f"{MOVERS}; one that was taken is written with another case, sign or digit, as by impostors"
)
RENAMED = (
    f"{MOVERS}; others add a title, a suffix, a year or the market's name, or turn the words round"
)
EDITED = f"{MOVERS}; others change a letter or two, as impostors do, and some come near by chance"
SIMILAR = f"{MOVERS}; handles with a beginning or a part in common are chosen by many"
DISGUISED = (
    "a mover wants to be recognised and does without letters of another script that look the same; "
    "an impostor needs them, or who evades a filter"
)
UNLIKE = f"{MOVERS}, so that an unlike handle halves the odds"

SIDE_BY_SIDE = (
    "one owner has little reason to use look-alike handles side by side on one market, an impostor "
    "has; judged from public literature"
)
ONE_NAME = (
    "two accounts of one market cannot bear the same handle; where data say so it is the data's "
    "doing"
)
TWO_NAMES = "on one market two accounts need two handles, whoever runs them"


BANDS = ("unique", "rare", "common")


@dataclass(frozen=True)
class Judged:
    """What is judged of one level.

    Attributes:
        bits: log2 likelihood ratio.
        range_bits: on both sides of `bits`.
        share: of the pairs of one hand on two markets.
        why: grounds and literature.
    """

    bits: float
    range_bits: float
    share: float
    why: str


def _banded(
    name: str, bits: tuple[float, ...], shares: tuple[float, ...], why: str
) -> dict[str, Judged]:
    grades = zip(BANDS, bits, shares, strict=True)
    return {f"{name}_{band}": Judged(worth, 2.0, share, why) for band, worth, share in grades}


JUDGED: Mapping[str, Judged] = MappingProxyType(
    {
        **_banded("same_handle", (13.0, 11.0, 6.0), (0.27, 0.10, 0.03), KEPT),
        **_banded("same_folded_handle", (11.5, 9.5, 5.0), (0.03, 0.01, 0.004), RESPELT),
        **_banded("same_words", (10.0, 8.0, 4.0), (0.02, 0.008, 0.003), RENAMED),
        **_banded("edited_handle", (8.5, 6.5, 2.0), (0.012, 0.006, 0.003), EDITED),
        **_banded("similar_handle", (5.0, 3.0, 1.0), (0.005, 0.003, 0.002), SIMILAR),
        "look_alike_letters": Judged(2.0, 2.0, 0.001, DISGUISED),
        "unlike_handles": Judged(-1.0, 0.7, 0.493, UNLIKE),
    }
)
"""Two markets; the shares of the bands are those in which kept handles come out on real markets."""

ON_ONE_MARKET: Mapping[str, Judged] = MappingProxyType(
    {
        **{f"same_handle_{band}": Judged(0.0, 0.0, 0.0, ONE_NAME) for band in BANDS},
        **{f"same_folded_handle_{band}": Judged(-1.0, 1.5, 0.0, SIDE_BY_SIDE) for band in BANDS},
        **{f"same_words_{band}": Judged(-1.0, 1.5, 0.0, SIDE_BY_SIDE) for band in BANDS},
        **{f"edited_handle_{band}": Judged(-0.5, 1.5, 0.0, SIDE_BY_SIDE) for band in BANDS},
        **{f"similar_handle_{band}": Judged(-0.5, 1.0, 0.0, SIDE_BY_SIDE) for band in BANDS},
        "look_alike_letters": Judged(-3.0, 2.0, 0.0, SIDE_BY_SIDE),
        "unlike_handles": Judged(0.0, 0.0, 0.0, TWO_NAMES),
    }
)
