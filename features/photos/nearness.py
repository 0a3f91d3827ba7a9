"""Which 64-bit hashes differ in a few bits only, exactly.

Multi-index hashing (Norouzi, Punjani and Fleet 2012): of two hashes at distance <= r some chunk
differs in so few bits that all its variants can be looked up.
"""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numba
import numpy as np
from numpy.typing import NDArray

Found = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint8]]
Masks = tuple[NDArray[np.int64], NDArray[np.int64]]
Layout = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]
Buckets = tuple[
    tuple[NDArray[np.int64], ...], tuple[NDArray[np.int64], ...], tuple[NDArray[np.uint64], ...]
]

NARROW, WIDE = (16, 16, 16, 16), (22, 21, 21)
"""Bits of each chunk; wider ones keep the buckets small where there are many hashes."""
MANY = 3_000_000
SHARE = 1 << 14
"""Hashes that are looked up at a time: bounds the memory, and lets the cores share the work."""
ROOM = 1 << 20


@dataclass(frozen=True)
class NearHashes:
    """n pairs of hashes that differ in a few bits, sorted by (low, high).

    Attributes:
        low: intp (n,), places in the one array of hashes.
        high: intp (n,), places in the other; low < high where both are one array.
        distance: uint8 (n,), bits in which they differ.
    """

    low: NDArray[np.intp]
    high: NDArray[np.intp]
    distance: NDArray[np.uint8]


class HashIndex:
    """Hashes, filed under the values of their chunks.

    Args:
        hashes: uint64 (n,), distinct.
        radius: 0 to 11 bits.
        most: neighbours found of one hash; the ones beyond are left out, so that a flood of like
            pictures stays linear.
    """

    def __init__(self, hashes: NDArray[np.uint64], radius: int, most: int = 1000) -> None:
        self._hashes, self._radius = hashes, radius
        self._most = min(most, max(len(hashes), 1))
        widths = NARROW if len(hashes) < MANY else WIDE
        self._shifts = np.cumsum([0, *widths[:-1]]).astype(np.int64)
        self._masks = (np.int64(1) << np.array(widths, np.int64)) - 1
        self._flips = _flips(radius, len(widths))
        self._variants = _variants(widths[0], int(self._flips.max()))
        self._buckets = [
            _bucket(hashes, *chunk) for chunk in zip(self._shifts, widths, strict=True)
        ]

    def near(self, hashes: NDArray[np.uint64]) -> Iterator[NearHashes]:
        """The filed hashes near each of these, some thousand of these at a time, in order."""
        yield from self._sought(hashes, itself=False)

    def near_each_other(self) -> Iterator[NearHashes]:
        """The pairs of filed hashes that are near, in order."""
        yield from self._sought(self._hashes, itself=True)

    def _sought(self, hashes: NDArray[np.uint64], itself: bool) -> Iterator[NearHashes]:
        starts = range(0, len(hashes), SHARE)
        with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as threads:
            yield from threads.map(lambda start: self._share(hashes, start, itself), starts)

    def _share(self, hashes: NDArray[np.uint64], start: int, itself: bool) -> NearHashes:
        parts: list[Found] = []
        at, end = start, min(start + SHARE, len(hashes))
        starts, members, values = zip(*self._buckets, strict=True)
        buckets: Buckets = (starts, members, values)
        layout = (self._shifts, self._masks, self._flips)
        while at < end:
            room = max(ROOM, self._most)
            out = (np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room, np.uint8))
            limits = (at, end, self._radius, self._most, itself)
            at, found = _scan(hashes, buckets, self._variants, layout, limits, out)
            parts.append((out[0][:found].copy(), out[1][:found].copy(), out[2][:found].copy()))
        return _in_order(parts)


def near_hashes(hashes: NDArray[np.uint64], radius: int, most: int = 1000) -> NearHashes:
    """Pairs of hashes at Hamming distance <= radius, exactly; see `HashIndex`."""
    shares = list(HashIndex(hashes, radius, most).near_each_other())
    return _in_order([(share.low, share.high, share.distance) for share in shares])


def _in_order(parts: list[Found]) -> NearHashes:
    none = (np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.uint8))
    low, high, distance = (np.concatenate(column) for column in zip(none, *parts, strict=True))
    order = np.lexsort((high, low))
    return NearHashes(low[order], high[order], distance[order])


def _flips(radius: int, chunks: int) -> NDArray[np.int64]:
    """How many bits may differ in each chunk: sum(flips + 1) = radius + 1.

    Else every chunk differs in more than its flips, which is more than `radius` in all.
    """
    return np.array([(radius + 1 + chunk) // chunks - 1 for chunk in range(chunks)])


def _variants(bits: int, flips: int) -> Masks:
    """Masks of at most so many bits, fewest first, and how many there are of up to k bits."""
    one = np.int64(1) << np.arange(bits, dtype=np.int64)
    layers = [np.zeros(1, np.int64)]
    for _ in range(flips):
        wider = np.unique((layers[-1][:, None] | one).ravel())
        layers.append(wider[np.bitwise_count(wider) == len(layers)])
    return np.concatenate(layers), np.cumsum([len(layer) for layer in layers])


def _bucket(
    hashes: NDArray[np.uint64], shift: np.int64, width: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint64]]:
    """Where the bucket of each value of a chunk starts; the members, ascending in each; theirs."""
    value = (hashes >> np.uint64(shift)) & np.uint64((1 << width) - 1)
    starts = np.zeros((1 << width) + 1, np.int64)
    starts[1:] = np.cumsum(np.bincount(value.astype(np.int64), minlength=1 << width))
    members = np.argsort(value, kind="stable").astype(np.int64)
    return starts, members, hashes[members]


@numba.njit(cache=True, nogil=True)
def _popcount(x: np.uint64) -> np.int64:
    x = x - ((x >> np.uint64(1)) & np.uint64(0x5555555555555555))
    x = (x & np.uint64(0x3333333333333333)) + ((x >> np.uint64(2)) & np.uint64(0x3333333333333333))
    x = (x + (x >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((x * np.uint64(0x0101010101010101)) >> np.uint64(56))


@numba.njit(cache=True, nogil=True)
def _seen_before(difference: np.uint64, chunk: int, layout: Layout) -> bool:
    shifts, masks, flips = layout
    for earlier in range(chunk):
        part = (difference >> np.uint64(shifts[earlier])) & np.uint64(masks[earlier])
        if _popcount(part) <= flips[earlier]:
            return True
    return False


@numba.njit(cache=True, nogil=True)
def _scan(
    hashes: NDArray[np.uint64],
    buckets: Buckets,
    variants: Masks,
    layout: Layout,
    limits: tuple[int, int, int, int, bool],
    out: Found,
) -> tuple[int, int]:
    """Write the neighbours of hash after hash while there is room; where it stopped, how many."""
    starts, members, values = buckets
    masks, mask_count = variants
    shifts, chunk_masks, flips = layout
    at, end, radius, most, itself = limits
    low, high, distance = out
    found = 0
    while at < end and found + most <= len(low):
        own, last = hashes[at], found + most
        least = at if itself else -1
        for chunk in range(len(flips)):
            value = np.int64((own >> np.uint64(shifts[chunk])) & np.uint64(chunk_masks[chunk]))
            allowed = mask_count[flips[chunk]] if flips[chunk] >= 0 else 0
            start, member, hash_of = starts[chunk], members[chunk], values[chunk]
            for mask in masks[:allowed]:
                if mask > chunk_masks[chunk]:
                    continue
                first = start[value ^ mask]
                k = start[(value ^ mask) + 1] - 1
                while k >= first and member[k] > least and found < last:
                    difference = hash_of[k] ^ own
                    bits = _popcount(difference)
                    if bits <= radius and not _seen_before(difference, chunk, layout):
                        low[found], high[found], distance[found] = at, member[k], bits
                        found += 1
                    k -= 1
        at += 1
    return at, found
