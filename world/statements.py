"""What people sign about themselves, in the invented world and in the semi-real one."""

from collections.abc import Sequence

from world.keys import KeyRing
from world.plan import Account, Statement
from world.semireal_plan import Staged


def signed(
    account: Account | Staged,
    accounts: Sequence[Account | Staged],
    said: Statement,
    ring: KeyRing,
) -> str:
    """A clear-signed message of an account: who it is, where it was before, which key it uses.

    Args:
        account: who signs.
        accounts: all of them, by number.
        said: what is said, when, and with which key.
        ring: the keys, by number.
    """
    fingerprint = ring[said.key].fingerprint
    lines = [f"I am {account.handle} on {account.market}."]
    if said.about is not None:
        old = accounts[said.about]
        lines.append(f"Before that I was {old.handle} on {old.market}.")
    if said.says == "my new key" and account.key is not None:
        new = ring[account.key].fingerprint
        lines.append(f"My old key {fingerprint} signs this. From now on I use the key {new}.")
    else:
        lines.append(f"My key is {fingerprint}.")
    return ring[said.key].sign("\n".join(lines), said.at)
