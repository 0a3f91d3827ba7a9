"""The kernel that finds which forms could be alike: bounds that let no pair of the rule slip.

Letters two forms have in common bound both measures: an edit leaves at most one letter of the
longer form alone, and Jaro's similarity grows with the matching letters. So most pairs fall by one
comparison of 64-bit signatures (which letters, and which of them twice); the rest by counting
Jaro's matches, or by the restricted edit distance (Hyyrö 2003, bit-parallel), which is at most one
more than the unrestricted one where that is two, and the same where it is one.
"""

import numba
import numpy as np
from numpy.typing import NDArray

ALIKE = 0.92
"""Jaro-Winkler similarity (Winkler 1990) from which two forms are alike."""
LONG = 8
"""Letters of the shorter form from which two edits are few; from `SHORT` on one edit is."""
SHORT = 3
LONGEST = 64
"""Letters of a form that take part."""
PREFIX = 4
"""Letters at the start that Winkler rewards, by a tenth of what is missing each."""
MARGIN = 1e-7
SPREAD = 32
CHUNK = 256
TRIED = 20
"""A form with so many times more near signatures than neighbours it may have is a hub."""

Forms = tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.uint64], NDArray[np.int64]]
"""Where each form's letters start (n + 1), the letters as numbers 0, 1, …, the signatures (n), and
where each length begins (`LONGEST` + 2); forms stand in order of length."""


def room_table() -> NDArray[np.int64]:
    """Letters that alike forms of lengths a and b may have apart, both sides counted; else -1."""
    room = np.full((LONGEST + 1, LONGEST + 1), -1, np.int64)
    for a in range(1, LONGEST + 1):
        for b in range(1, LONGEST + 1):
            prefix = min(PREFIX, a, b) / 10
            jaro = (ALIKE - MARGIN - prefix) / (1 - prefix)
            common = int(np.ceil((3 * jaro - 1) / (1 / a + 1 / b)))
            if edits_allowed(min(a, b)) >= abs(a - b):
                common = min(common, max(a, b) - edits_allowed(min(a, b)))
            if common <= min(a, b):
                room[a, b] = a + b - 2 * max(common, 0)
    return room


@numba.njit(cache=True, nogil=True)
def edits_allowed(shorter: int) -> int:
    """Edits that forms may be apart whose shorter one has so many letters."""
    if shorter >= LONG:
        return 2
    return 1 if shorter >= SHORT else 0


@numba.njit(cache=True, nogil=True)
def signatures(start: NDArray[np.int64], letters: NDArray[np.int32]) -> NDArray[np.uint64]:
    """Bit c of a form: a letter of class c stands in it; bit c + 32: two do, or more."""
    made = np.zeros(len(start) - 1, np.uint64)
    for form in range(len(start) - 1):
        sign = np.uint64(0)
        for at in range(start[form], start[form + 1]):
            once = np.uint64(1) << np.uint64(letters[at] % SPREAD)
            sign |= once << np.uint64(SPREAD) if sign & once else once
        made[form] = sign
    return made


@numba.njit(cache=True, nogil=True)
def _popcount(x: np.uint64) -> int:
    x = x - ((x >> np.uint64(1)) & np.uint64(0x5555555555555555))
    x = (x & np.uint64(0x3333333333333333)) + ((x >> np.uint64(2)) & np.uint64(0x3333333333333333))
    x = (x + (x >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return int((x * np.uint64(0x0101010101010101)) >> np.uint64(56))


@numba.njit(cache=True, nogil=True)
def _restricted_edits(
    masks: NDArray[np.uint64], length: int, letters: NDArray[np.int32], first: int, end: int
) -> int:
    one, last = np.uint64(1), np.uint64(length - 1)
    plus, minus = ~np.uint64(0), np.uint64(0)
    diagonal, before = np.uint64(0), np.uint64(0)
    edits = length
    for at in range(first, end):
        mask = masks[letters[at]]
        swapped = (((~diagonal) & mask) << one) & before
        diagonal = (((mask & plus) + plus) ^ plus) | mask | minus | swapped
        up, down = minus | ~(diagonal | plus), diagonal & plus
        edits += int((up >> last) & one) - int((down >> last) & one)
        up = (up << one) | one
        plus = (down << one) | ~(diagonal | up)
        minus, before = up & diagonal, mask
    return edits


@numba.njit(cache=True, nogil=True)
def _matches(
    masks: NDArray[np.uint64], length: int, letters: NDArray[np.int32], first: int, end: int
) -> int:
    """Letters that Jaro matches: the same in both, not far from each other, each once."""
    window = max(max(length, end - first) // 2 - 1, 0)
    near = (np.uint64(1) << np.uint64(window + 1)) - np.uint64(1)
    free, count = ~np.uint64(0), 0
    for at in range(first, end):
        match = masks[letters[at]] & free & near
        free ^= match & (~match + np.uint64(1))
        count += int(match != 0)
        near <<= np.uint64(1)
        if at - first < window:
            near |= np.uint64(1)
    return count


@numba.njit(cache=True, nogil=True)
def _could_be_alike(
    masks: NDArray[np.uint64],
    start: NDArray[np.int64],
    letters: NDArray[np.int32],
    pair: tuple[int, int],
) -> bool:
    own, first, end = start[pair[0]], start[pair[1]], start[pair[1] + 1]
    a, b = start[pair[0] + 1] - own, end - first
    edits = edits_allowed(min(a, b))
    if edits and abs(a - b) <= edits:
        restricted = edits if edits == 1 else edits + 1
        if _restricted_edits(masks, a, letters, first, end) <= restricted:
            return True
    count = _matches(masks, a, letters, first, end)
    if not count:
        return False
    jaro = (count / a + count / b + 1) / 3
    prefix = 0
    while prefix < min(PREFIX, a, b) and letters[own + prefix] == letters[first + prefix]:
        prefix += 1
    return bool(jaro + prefix * 0.1 * (1 - jaro) >= ALIKE - MARGIN)


@numba.njit(cache=True, nogil=True)
def _near_count(
    signs: NDArray[np.uint64], sign: np.uint64, allowed: int, first: int, end: int
) -> int:
    count = 0
    for other in range(first, end):
        count += int(_popcount(sign ^ signs[other]) <= allowed)
    return count


@numba.njit(cache=True, nogil=True)
def _survivors(
    forms: Forms, room: NDArray[np.int64], at: int, begin: int, out: NDArray[np.int64]
) -> int:
    """Write the forms from `begin` on whose signature is near enough; how many there are."""
    start, _, signs, of_length = forms
    sign, size, found = signs[at], start[at + 1] - start[at], 0
    for length in range(1, LONGEST + 1):
        allowed = room[size, length]
        if allowed >= 0:
            for first in range(max(of_length[length], begin), of_length[length + 1], CHUNK):
                end = min(first + CHUNK, of_length[length + 1])
                if _near_count(signs, sign, allowed, first, end):
                    for other in range(first, end):
                        if _popcount(sign ^ signs[other]) <= allowed:
                            out[found] = other
                            found += 1
    return found


@numba.njit(cache=True, nogil=True)
def _neighbours(
    forms: Forms,
    masks: NDArray[np.uint64],
    at: int,
    near: NDArray[np.int64],
    out: NDArray[np.int64],
) -> int:
    """Write those of the near forms that could be alike while there is space; how many."""
    start, letters = forms[0], forms[1]
    own, found = start[at], 0
    for place in range(start[at + 1] - own):
        masks[letters[own + place]] |= np.uint64(1) << np.uint64(place)
    for other in near:
        if found < len(out) and other != at and _could_be_alike(masks, start, letters, (at, other)):
            out[found] = other
            found += 1
    for place in range(start[at + 1] - own):
        masks[letters[own + place]] = 0
    return found


@numba.njit(cache=True, nogil=True)
def scan(
    forms: Forms,
    room: NDArray[np.int64],
    limits: tuple[int, int, int, bool],
    out: NDArray[np.int64],
) -> tuple[int, int]:
    """Write the neighbours of form after form while there is space.

    Args:
        forms: in order of length.
        room: see `room_table`.
        limits: the form to begin with, the one to end before, the most neighbours of one form (a
            form with more is written once, as its own neighbour), and whether only later forms
            are looked at.
        out: (2, m), forms and their neighbours.

    Returns:
        Where it stopped, and how many it wrote.
    """
    at, end, most, later = limits
    masks = np.zeros(forms[1].max() + 1, np.uint64)
    near = np.empty(len(forms[2]), np.int64)
    found = 0
    while at < end and found + most + 1 <= out.shape[1]:
        near_count = _survivors(forms, room, at, at + 1 if later else 0, near)
        count = most + 1
        if near_count <= TRIED * most:
            space = out[1, found : found + count]
            count = _neighbours(forms, masks, at, near[:near_count], space)
        if count > most:
            out[1, found], count = at, 1
        out[0, found : found + count] = at
        found += count
        at += 1
    return at, found
