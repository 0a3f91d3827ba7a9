"""Possible crews: several writers behind one key. Flagged for a person, never forced apart."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from linkage.assessment import Assessment
from linkage.model import Thresholds

KEY_DIGITS = 16
REASON = (
    "{} and {} show one key ({}), and what takes effort to fake speaks against one writer: {} bits"
)


def possible_crews(
    assessment: Assessment,
    persona_of: NDArray[np.int64],
    account_ids: pl.Series,
    keys: pl.DataFrame,
    thresholds: Thresholds,
) -> pl.DataFrame:
    """Personas of which two members show one key and do not write alike: persona, crew_reason.

    Two members that share a key, shown or proved, while evidence that takes a sustained act to fake
    (the style of posts, the hours) speaks against one hand with at least `copies_against_bits`. Of
    several such pairs the one with the most bits against is told. Vendors who hand on a key, or
    share one, look like this; so does one person who writes in two ways.

    Args:
        assessment: of all pairs that were compared.
        persona_of: the number of each account's persona, -1 for none.
        account_ids: of all accounts.
        keys: who shows which, see `bonds.own_keys`.
        thresholds: the model's.
    """
    pairs, against = assessment.pairs, assessment.standing.costly_against_bits
    inside = persona_of[pairs.left] == persona_of[pairs.right]
    inside &= (persona_of[pairs.left] >= 0) & (against <= -thresholds.copies_against_bits)
    rows = np.flatnonzero(inside)
    disagreeing = pl.DataFrame(
        {
            "persona": persona_of[pairs.left[rows]],
            "left": account_ids.gather(pairs.left[rows]),
            "right": account_ids.gather(pairs.right[rows]),
            "against_bits": against[rows],
        }
    )
    shown = keys.select("account_id", "value")
    sharing = disagreeing.join(shown, left_on="left", right_on="account_id").join(
        shown, left_on=["right", "value"], right_on=["account_id", "value"]
    )
    told = sharing.sort("persona", "against_bits", "left", "right", "value")
    first = told.unique("persona", keep="first", maintain_order=True)
    key = pl.concat_str(pl.lit("0x"), pl.col("value").str.tail(KEY_DIGITS))
    bits = pl.col("against_bits").round(1)
    reason = pl.format(REASON, "left", "right", key, bits)
    return first.select("persona", crew_reason=reason)
