"""Keccak-256 with its first padding, as Monero uses it; hashlib has only the later SHA-3."""

RATE_BYTES = 136
MASK = (1 << 64) - 1


def keccak_256(message: bytes) -> bytes:
    """The 32-byte digest (Keccak submission 3, rate 1088, padding byte 01)."""
    padded = bytearray(message + b"\x01" + bytes(-(len(message) + 1) % RATE_BYTES))
    padded[-1] |= 0x80
    lanes = [0] * 25
    for start in range(0, len(padded), RATE_BYTES):
        for lane in range(RATE_BYTES // 8):
            place = start + 8 * lane
            lanes[lane] ^= int.from_bytes(padded[place : place + 8], "little")
        lanes = _permuted(lanes)
    return b"".join(lane.to_bytes(8, "little") for lane in lanes[:4])


def _rotated(lane: int, count: int) -> int:
    return (lane << count | lane >> (64 - count)) & MASK if count else lane


def _permuted(lanes: list[int]) -> list[int]:
    """Keccak-f[1600]: 24 rounds over 25 lanes, lane (x, y) at x + 5 y."""
    state, register = lanes, 1
    for _ in range(24):
        state = _mixed(state)
        for power in range(7):
            register = (register << 1 ^ (register >> 7) * 0x71) % 256
            if register & 2:
                state[0] ^= 1 << ((1 << power) - 1)
    return state


def _mixed(state: list[int]) -> list[int]:
    """Steps theta, rho, pi and chi of one round."""
    columns = [
        state[x] ^ state[x + 5] ^ state[x + 10] ^ state[x + 15] ^ state[x + 20] for x in range(5)
    ]
    parity = [columns[x - 1] ^ _rotated(columns[(x + 1) % 5], 1) for x in range(5)]
    state = [lane ^ parity[place % 5] for place, lane in enumerate(state)]
    x, y, current = 1, 0, state[1]
    for step in range(24):
        x, y = y, (2 * x + 3 * y) % 5
        place = x + 5 * y
        current, state[place] = state[place], _rotated(current, (step + 1) * (step + 2) // 2 % 64)
    return [
        state[place] ^ (~state[row + (place + 1) % 5] & state[row + (place + 2) % 5] & MASK)
        for place in range(25)
        for row in [place - place % 5]
    ]
