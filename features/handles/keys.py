"""Keys under which like handles meet, as 64-bit hashes of pieces of the folded form.

All pieces come from one running sum over all letters of all handles: with odd B, the hash of
letters a..b of a handle is (C[b] - C[a]) * B**-a modulo 2**64, where C sums letter * B**place
(Rabin's fingerprint, with wrapping instead of a prime modulus, then mixed by splitmix64).
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.handles.bounds import LONGEST

Hashes = NDArray[np.uint64]
Rows = NDArray[np.intp]

GRAM = 5
BASE = 0x9E3779B97F4A7C15
INVERSE = pow(BASE, -1, 1 << 64)


@dataclass(frozen=True)
class Letters:
    """The letters of n folded handles, end to end; absent handles have none.

    Attributes:
        start: intp (n + 1,); handle i is letters `start[i]:start[i + 1]`.
        total: uint64 (letters + 1,); the running sum C.
    """

    start: Rows
    total: Hashes

    @classmethod
    def of(cls, folded: pl.Series) -> Self:
        """The letters of n folded handles, each with a sign before and after it."""
        framed = ("\x02" + folded.str.head(LONGEST) + "\x03").fill_null("")
        start = np.concatenate([[0], np.cumsum(framed.str.len_chars().to_numpy(), dtype=np.intp)])
        codes = np.frombuffer("".join(framed.to_list()).encode("utf-32-le"), np.uint32)
        place = np.arange(len(codes)) - np.repeat(start[:-1], np.diff(start))
        terms = codes.astype(np.uint64) * _powers(BASE)[place]
        return cls(start, np.concatenate([np.zeros(1, np.uint64), np.cumsum(terms)]))

    @property
    def length(self) -> Rows:
        """Letters of each handle, intp (n,), with the two signs, 0 where absent."""
        return np.diff(self.start)

    @cached_property
    def present(self) -> Rows:
        """Rows of the handles that are there."""
        return np.flatnonzero(self.length)

    def piece(self, row: Rows, begin: Rows, end: Rows) -> Hashes:
        """Hashes of letters begin..end (counted within the handle) of the given rows."""
        start = self.start[row]
        sums = self.total[start + end] - self.total[start + begin]
        hashes: Hashes = sums * _powers(INVERSE)[begin]
        return hashes

    def wholes(self) -> tuple[Rows, Hashes]:
        """Rows, and the hash of each whole handle."""
        row = self.present
        return row, mixed(self.piece(row, np.zeros_like(row), self.length[row]), 1)

    def prefixes(self, letters: int) -> tuple[Rows, Hashes]:
        """Rows of longer handles, and the hash of their first letters."""
        row = np.flatnonzero(self.length > letters + 2)
        return row, mixed(self.piece(row, np.full_like(row, 1), np.full_like(row, letters + 1)), 2)

    def suffixes(self, letters: int) -> tuple[Rows, Hashes]:
        """Rows of longer handles, and the hash of their last letters."""
        row = np.flatnonzero(self.length > letters + 2)
        end = self.length[row] - 1
        return row, mixed(self.piece(row, end - letters, end), 3)

    def grams(self) -> tuple[Rows, Hashes]:
        """Rows, and the hashes of all runs of `GRAM` letters, the signs at both ends included."""
        count = np.maximum(self.length - GRAM + 1, 0)
        row = np.repeat(np.arange(len(count)), count)
        at = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
        return row, mixed(self.piece(row, at, at + GRAM), 4)


def mixed(hashes: Hashes, kind: int) -> Hashes:
    """Spread hashes over 64 bits (splitmix64), each kind of key apart from the others."""
    x = hashes + np.uint64(kind * BASE % (1 << 64))
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    spread: Hashes = x ^ (x >> np.uint64(31))
    return spread


def _powers(base: int) -> Hashes:
    powers = np.full(LONGEST + 3, base, np.uint64)
    powers[0] = 1
    return np.cumprod(powers)
