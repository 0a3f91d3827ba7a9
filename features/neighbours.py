"""Who stands near whom: rows that share a key, and 64-bit hashes that differ in a few bits."""

from dataclasses import dataclass

import numba
import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.pairs import Pairs

Buckets = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint64]]
Found = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint8]]

CHUNKS = 4
CHUNK_BITS = 64 // CHUNKS
ROOM = 1 << 20


def pairs_sharing(keys: NDArray[np.uint64], rows: NDArray[np.intp], largest_block: int) -> Pairs:
    """All pairs of rows that share a key, but for keys of more than `largest_block` rows.

    Args:
        keys: (n,), one key of one row each; a row may have several, and one twice.
        rows: (n,).
        largest_block: a key of more rows than this brings nobody together.
    """
    keys, rows = distinct_sorted(keys, rows)
    _, first, size = np.unique(keys, return_index=True, return_counts=True)
    open_ = (size > 1) & (size <= largest_block)
    return Pairs.of(*_within_blocks(rows, first[open_], size[open_]))


def distinct_sorted(
    keys: NDArray[np.uint64], rows: NDArray[np.intp]
) -> tuple[NDArray[np.uint64], NDArray[np.intp]]:
    """The distinct (key, row), sorted."""
    frame = pl.DataFrame({"key": keys, "row": rows.astype(np.int64)}).sort("key", "row")
    keys, rows = frame["key"].to_numpy(), frame["row"].to_numpy()
    fresh = np.ones(len(keys), np.bool_)
    fresh[1:] = (keys[1:] != keys[:-1]) | (rows[1:] != rows[:-1])
    return keys[fresh], rows[fresh]


def _within_blocks(
    rows: NDArray[np.intp], first: NDArray[np.intp], size: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    member = runs(first, size)
    partners = np.repeat(first + size, size) - member - 1
    return rows[np.repeat(member, partners)], rows[runs(member + 1, partners)]


def runs(first: NDArray[np.intp], size: NDArray[np.intp]) -> NDArray[np.intp]:
    """The numbers first, first + 1, … of each run, end to end."""
    ends = np.cumsum(size)
    total = int(ends[-1]) if len(ends) else 0
    return np.arange(total) + np.repeat(first - ends + size, size)


@dataclass(frozen=True)
class NearHashes:
    """n pairs of hashes that differ in a few bits, sorted by (low, high).

    Attributes:
        low, high: intp (n,), places in the array of hashes, low < high.
        distance: uint8 (n,), bits in which they differ.
    """

    low: NDArray[np.intp]
    high: NDArray[np.intp]
    distance: NDArray[np.uint8]


def near_hashes(hashes: NDArray[np.uint64], radius: int, most: int = 1000) -> NearHashes:
    """Pairs of hashes at Hamming distance <= radius, exactly.

    Multi-index hashing (Norouzi, Punjani and Fleet 2012): of two such hashes some sixteen bits
    differ in so few that all their variants can be looked up.

    Args:
        hashes: (n,), sorted and distinct.
        radius: 0 to 11 bits.
        most: later neighbours kept of one hash; the ones beyond are left out, so that a flood of
            like pictures stays linear.
    """
    buckets, flips = _index(hashes), _flips(radius)
    variants = _variants(int(flips.max()))
    most = min(most, max(len(hashes), 1))
    parts: list[Found] = []
    at = 0
    while at < len(hashes):
        room = max(ROOM, most)
        out = (np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room, np.uint8))
        at, found = _scan(hashes, buckets, variants, flips, (at, radius, most), out)
        parts.append((out[0][:found].copy(), out[1][:found].copy(), out[2][:found].copy()))
    return _in_order(parts)


def _in_order(parts: list[Found]) -> NearHashes:
    low, high = (
        np.concatenate([np.empty(0, np.int64), *(part[side] for part in parts)]) for side in (0, 1)
    )
    distance = np.concatenate([np.empty(0, np.uint8), *(part[2] for part in parts)])
    order = np.lexsort((high, low))
    return NearHashes(low[order], high[order], distance[order])


def _flips(radius: int) -> NDArray[np.int64]:
    """How many bits may differ in each chunk: sum(flips + 1) = radius + 1.

    Else every chunk differs in more than its flips, which is more than `radius` in all.
    """
    return np.array([(radius + 1 + chunk) // CHUNKS - 1 for chunk in range(CHUNKS)])


def _variants(flips: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Masks of at most so many bits, fewest first, and how many there are of up to k bits."""
    masks = np.arange(1 << CHUNK_BITS, dtype=np.int64)
    bits = np.bitwise_count(masks)
    order = np.argsort(bits, kind="stable")[: np.count_nonzero(bits <= flips)]
    return masks[order], np.cumsum(np.bincount(bits))


def _index(hashes: NDArray[np.uint64]) -> Buckets:
    """By chunk: where the bucket of each value starts, its members in order, and their hashes."""
    starts = np.zeros((CHUNKS, (1 << CHUNK_BITS) + 1), np.int64)
    members = np.zeros((CHUNKS, len(hashes)), np.int64)
    for chunk in range(CHUNKS):
        value = (hashes >> np.uint64(chunk * CHUNK_BITS)) & np.uint64((1 << CHUNK_BITS) - 1)
        members[chunk] = np.argsort(value, kind="stable")
        counts = np.bincount(value.astype(np.int64), minlength=1 << CHUNK_BITS)
        starts[chunk, 1:] = np.cumsum(counts)
    return starts, members, hashes[members]


@numba.njit(cache=True)
def _popcount(x: np.uint64) -> np.int64:
    x = x - ((x >> np.uint64(1)) & np.uint64(0x5555555555555555))
    x = (x & np.uint64(0x3333333333333333)) + ((x >> np.uint64(2)) & np.uint64(0x3333333333333333))
    x = (x + (x >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((x * np.uint64(0x0101010101010101)) >> np.uint64(56))


@numba.njit(cache=True)
def _seen_before(difference: np.uint64, chunk: int, flips: NDArray[np.int64]) -> bool:
    for earlier in range(chunk):
        part = (difference >> np.uint64(16 * earlier)) & np.uint64(0xFFFF)
        if _popcount(part) <= flips[earlier]:
            return True
    return False


@numba.njit(cache=True)
def _scan(
    hashes: NDArray[np.uint64],
    buckets: Buckets,
    variants: tuple[NDArray[np.int64], NDArray[np.int64]],
    flips: NDArray[np.int64],
    limits: tuple[int, int, int],
    out: Found,
) -> tuple[int, int]:
    """Write the neighbours of hash after hash while there is room; where it stopped, how many."""
    starts, members, values = buckets
    masks, mask_count = variants
    at, radius, most = limits
    low, high, distance = out
    found = 0
    while at < len(hashes) and found + most <= len(low):
        own, last = hashes[at], found + most
        for chunk in range(len(flips)):
            value = np.int64((own >> np.uint64(16 * chunk)) & np.uint64(0xFFFF))
            allowed = mask_count[flips[chunk]] if flips[chunk] >= 0 else 0
            for mask in masks[:allowed]:
                first = starts[chunk, value ^ mask]
                k = starts[chunk, (value ^ mask) + 1] - 1
                while k >= first and members[chunk, k] > at and found < last:
                    difference = values[chunk, k] ^ own
                    bits = _popcount(difference)
                    if bits <= radius and not _seen_before(difference, chunk, flips):
                        low[found], high[found], distance[found] = at, members[chunk, k], bits
                        found += 1
                    k -= 1
        at += 1
    return at, found
