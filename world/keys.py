"""The OpenPGP keys of a world, and what is signed with them: the same for the same seed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from world.openpgp import SigningKey


@dataclass(frozen=True)
class KeyOrder:
    """A key to be made: number, user id, and when it was created."""

    number: int
    name: str
    created_at: datetime

    @property
    def user_id(self) -> str:
        """Name and an address of the reserved domain `invalid` (RFC 2606), unique by its number."""
        return f"{self.name} <k{self.number}@example.invalid>"


class KeyRing:
    """The keys of the world of one seed, each made when it is first asked for."""

    def __init__(self, seed: int, orders: Sequence[KeyOrder]) -> None:
        self._seed, self._orders = seed, orders
        self._made: dict[int, SigningKey] = {}

    def __getitem__(self, number: int) -> SigningKey:
        """The key of that number."""
        if number not in self._made:
            secret = sha256(f"invented world {self._seed}, key {number}".encode()).digest()
            order = self._orders[number]
            self._made[number] = SigningKey(secret, order.user_id, order.created_at)
        return self._made[number]
