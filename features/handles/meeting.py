"""Who meets by handle beyond likeness of forms: in blocks that are capped."""

import numpy as np
import polars as pl

from features.handles.keys import Hashes, Letters, Rows
from features.neighbours import pairs_sharing
from features.pairs import Pairs, distinct

ENDS = 6
WHOLE_BLOCK, PIECE_BLOCK = 150, 20
"""Words, or a piece of a handle, that more accounts bear bring nobody together."""


def pairs_by_pieces(bare: pl.Series, stem: pl.Series, grams: Hashes) -> Pairs:
    """Pairs of rows that share a stem, or six letters at an end, or one of their rarest pieces.

    Args:
        bare: n texts, null where absent.
        stem: n texts, null where absent.
        grams: (n, m), pieces of the rows, filled up with 0.
    """
    rarest = (np.repeat(np.arange(len(grams)), grams.shape[1]), grams.ravel())
    letters = Letters.of(bare)
    pieces = _joined(letters.prefixes(ENDS), letters.suffixes(ENDS), rarest)
    wholes = _joined(Letters.of(stem).wholes())
    met = (pairs_sharing(*wholes, WHOLE_BLOCK), pairs_sharing(*pieces, PIECE_BLOCK))
    return Pairs.from_keys(distinct(np.concatenate([pairs.keys for pairs in met])))


def _joined(*keys: tuple[Rows, Hashes]) -> tuple[Hashes, Rows]:
    rows = np.concatenate([row for row, _ in keys])
    hashes = np.concatenate([key for _, key in keys])
    return hashes[hashes != 0], rows[hashes != 0]
