"""Which of the buckets that n-grams are hashed into are counted, and as which column.

A bit says whether a bucket counts, and the bits before it say where it stands: a table small enough
to stay near the processor, which one number a bucket would not be (rank and select: Jacobson, FOCS
1989).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from features.compiled import compiled

BUCKET_BITS = 18
BUCKETS = 1 << BUCKET_BITS
WORD_BITS = 64


@dataclass(frozen=True)
class Dictionary:
    """The buckets that count in each of f families.

    Attributes:
        bits: uint64 (f, `BUCKETS` / 64), a bit for each bucket.
        before: int32 (f, `BUCKETS` / 64), how many count before each 64 of them.
        widths: int64 (f,), how many count in all.
    """

    bits: NDArray[np.uint64]
    before: NDArray[np.int32]
    widths: NDArray[np.int64]

    @classmethod
    def of(cls, columns: Sequence[NDArray[np.integer]]) -> "Dictionary":
        """The dictionary of these buckets, ascending, family by family."""
        counted = np.zeros((len(columns), BUCKETS), np.bool_)
        for family, buckets in enumerate(columns):
            counted[family, buckets] = True
        bits = np.packbits(counted, axis=1, bitorder="little").view("<u8")
        sizes = counted.reshape(len(columns), -1, WORD_BITS).sum(axis=2)
        before = (sizes.cumsum(axis=1) - sizes).astype(np.int32)
        return cls(bits.astype(np.uint64), before, sizes.sum(axis=1).astype(np.int64))

    @classmethod
    def whole(cls, families: int) -> "Dictionary":
        """All buckets of so many families."""
        return cls.of([np.arange(BUCKETS)] * families)


@compiled
def column_of(bucket: np.uint64, bits: NDArray[np.uint64], before: NDArray[np.int32]) -> int:
    """The column of a bucket, -1 where it does not count."""
    one = np.uint64(1)
    word, bit = bits[bucket >> np.uint64(6)], one << (bucket & np.uint64(WORD_BITS - 1))
    if word & bit == np.uint64(0):
        return -1
    return int(before[bucket >> np.uint64(6)]) + bits_set(word & (bit - one))


@compiled
def bits_set(word: np.uint64) -> int:
    """How many bits of a word are set (Warren, Hacker's Delight, 5-1)."""
    fives, threes = np.uint64(0x5555555555555555), np.uint64(0x3333333333333333)
    pairs = word - ((word >> np.uint64(1)) & fives)
    fours = (pairs & threes) + ((pairs >> np.uint64(2)) & threes)
    eights = (fours + (fours >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return int((eights * np.uint64(0x0101010101010101)) >> np.uint64(56))
