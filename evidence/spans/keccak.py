"""Keccak-256 with its first padding, as Monero and Ethereum use it; hashlib has only SHA-3.

Many short messages at once: one state of 25 lanes (row y, column x) a message, all in one array.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

RATE_BYTES = 136
ROUNDS = 24

Lanes = NDArray[np.uint64]


def keccak_256(messages: Sequence[bytes]) -> list[bytes]:
    """The 32-byte digests (Keccak submission 3, rate 1088, padding byte 01) of n messages.

    Raises:
        ValueError: a message of 136 bytes or more; it would not fit in one block.
    """
    if any(len(message) >= RATE_BYTES for message in messages):
        raise ValueError("keccak_256 takes messages shorter than 136 bytes")
    blocks = [(message + b"\x01").ljust(RATE_BYTES, b"\0") for message in messages]
    words = np.frombuffer(b"".join(blocks), np.dtype("<u8")).reshape(-1, RATE_BYTES // 8)
    lanes = np.zeros((25, len(messages)), np.uint64)
    lanes[: RATE_BYTES // 8] = words.T
    lanes[RATE_BYTES // 8 - 1] ^= np.uint64(0x80 << 56)
    state = lanes.reshape(5, 5, len(messages))
    for constant in ROUND_CONSTANTS:
        state = _mixed(state)
        state[0, 0] ^= constant
    digests = state.reshape(25, state.shape[-1])[:4].T.astype("<u8")
    return [digest.tobytes() for digest in digests]


def _mixed(state: Lanes) -> Lanes:
    """Steps theta, rho, pi and chi of one round."""
    parity = np.bitwise_xor.reduce(state, axis=0)
    state = state ^ np.roll(parity, 1, axis=0) ^ _rotated(np.roll(parity, -1, axis=0), ONE)
    turned = _rotated(state.reshape(25, state.shape[-1]), TURNS)[PLACES].reshape(state.shape)
    mixed: Lanes = turned ^ (~np.roll(turned, -1, axis=1) & np.roll(turned, -2, axis=1))
    return mixed


def _rotated(lanes: Lanes, count: Lanes) -> Lanes:
    rotated: Lanes = lanes << count | lanes >> (-count & np.uint64(63))
    return rotated


def _walk() -> tuple[Lanes, NDArray[np.intp]]:
    """Rho and pi: by how many bits each lane is turned, and where each lane comes from."""
    turns, places = [0] * 25, [0] * 25
    x, y = 1, 0
    for step in range(24):
        turns[x + 5 * y] = (step + 1) * (step + 2) // 2 % 64
        x, y = y, (2 * x + 3 * y) % 5
    for x in range(5):
        for y in range(5):
            places[y + 5 * ((2 * x + 3 * y) % 5)] = x + 5 * y
    return np.array(turns, np.uint64)[:, None], np.array(places, np.intp)


def _round_constants() -> Lanes:
    constants, register = [0] * ROUNDS, 1
    for number in range(ROUNDS):
        for power in range(7):
            register = (register << 1 ^ (register >> 7) * 0x71) % 256
            if register & 2:
                constants[number] ^= 1 << ((1 << power) - 1)
    return np.array(constants, np.uint64)


ONE = np.ones((1, 1), np.uint64)
TURNS, PLACES = _walk()
ROUND_CONSTANTS = _round_constants()
