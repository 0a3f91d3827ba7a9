"""What the objects of a STIX bundle are to us, and what refers to what.

STIX 2.1 (OASIS): user accounts (6.17), e-mail addresses (6.5), URLs (6.18), domain names (6.4),
identities (4.5), threat actors (4.17), relationships (5.1), notes and reports (4.10, 4.15). In 2.0
cyber-observables stand inside `observed-data` under numbers of their own. Wallets and keys have no
type there: what tools write is an object or extension whose type names them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from evidence.formats.told_things import Account, Value

ID = re.compile(r"[a-z0-9][a-z0-9-]{1,250}--[0-9a-fA-F-]{36}(?:#.{1,250})?", re.DOTALL)
WALLET_TYPE = re.compile(r"wallet|crypto(?:currency)?-(?:address|account)|coin-address")
KEY_TYPE = re.compile(r"(?:^|-)(?:pgp|gpg|openpgp)(?:-|$)")
WALLET_NAMES = ("address", "wallet_address", "value", "account")
KEY_NAMES = ("block", "armored", "public_key", "key", "fingerprint", "value")
MARKET_NAMES = ("x_market", "x_market_name", "x_marketplace", "x_forum", "account_type")
"""Where the market of an account may stand; custom properties first."""
HANDLE_NAMES = ("account_login", "display_name", "user_id")
VALUE_TYPES = {"email-addr": "email", "url": "link"}
ACTORS = ("identity", "threat-actor")
Object = Mapping[str, Any]


class Actor(NamedTuple):
    """Who somebody is said to be."""

    name: str


Thing = Account | Value | Actor


@dataclass
class Index:
    """What the ids of a bundle mean, as far as they mean something to us."""

    things: dict[str, Thing] = field(default_factory=dict)
    joined: list[tuple[str, str]] = field(default_factory=list)

    def add(self, thing: Object) -> None:
        """Remember what an object is, and what it joins."""
        known = meaning(thing)
        if known is not None:
            self.things[thing["id"]] = known
        source, target = thing.get("source_ref"), thing.get("target_ref")
        if isinstance(source, str) and isinstance(target, str):
            self.joined.append((source, target))

    def __len__(self) -> int:
        return len(self.things) + len(self.joined)

    @cached_property
    def owned(self) -> set[str]:
        """What a relationship joins to an account; asked for once all is remembered."""
        both = [*self.joined, *((target, source) for source, target in self.joined)]
        return {value for value, beside in both if self.account(beside) is not None}

    def account(self, ref: object) -> Account | None:
        """The account behind a reference."""
        thing = self.things.get(ref) if isinstance(ref, str) else None
        return thing if isinstance(thing, Account) else None

    def who(self, ref: object) -> str:
        """The name behind `created_by_ref`; the reference itself where nothing has it."""
        thing = self.things.get(ref) if isinstance(ref, str) else None
        return thing.name if isinstance(thing, Actor) else text(ref)


def observed(thing: Object) -> Iterator[Object]:
    """An object, and those inside it (STIX 2.0), with the ids under which others name them."""
    yield thing
    inner = thing.get("objects")
    if thing.get("type") != "observed-data" or not isinstance(inner, dict):
        return
    for number, one in inner.items():
        if isinstance(one, dict):
            ref = one.get("belongs_to_ref")
            own = {"id": f"{thing['id']}#{number}", "created_by_ref": thing.get("created_by_ref")}
            refs = {"belongs_to_ref": f"{thing['id']}#{ref}"} if isinstance(ref, str) else {}
            yield {**one, **own, **refs}


def fault_of(thing: object) -> str | None:
    """Why it is no STIX object, or None (STIX 2.1, 3.2: type and id)."""
    if not isinstance(thing, dict):
        return "not a JSON object"
    kind, ref = thing.get("type"), thing.get("id")
    if not isinstance(kind, str) or not kind:
        return "a STIX object without a type"
    if not isinstance(ref, str) or not ID.fullmatch(ref) or not ref.startswith(f"{kind}--"):
        return "a STIX object without an id of its type"
    return None


def meaning(thing: Object) -> Thing | None:
    """What an object is to us; None: nothing."""
    kind = thing["type"] if isinstance(thing.get("type"), str) else ""
    if kind == "user-account":
        handle = _first(thing, HANDLE_NAMES)
        return Account(_first(thing, MARKET_NAMES), handle) if handle else None
    if kind in ACTORS:
        name = text(thing.get("name"))
        return Actor(name) if name else None
    return _value(kind, thing)


def _value(kind: str, thing: Object) -> Value | None:
    if kind in VALUE_TYPES:
        found, named = VALUE_TYPES[kind], _first(thing, ("value",))
    elif kind == "domain-name":
        found, named = "onion", _first(thing, ("value",))
        named = named if named.lower().endswith(".onion") else ""
    elif WALLET_TYPE.search(kind):
        found, named = "wallet", _first(thing, WALLET_NAMES)
    elif KEY_TYPE.search(kind):
        found, named = "key", _first(thing, KEY_NAMES)
        found = "key_block" if named.startswith("-----BEGIN") else "fingerprint"
    else:
        return None
    return Value(found, named) if named else None


def refs(thing: Object, name: str, limit: int = 1000) -> Sequence[str]:
    """The ids in a list of references, or the one in a reference."""
    found = thing.get(name)
    found = found if isinstance(found, list) else [found]
    return [ref for ref in found[:limit] if isinstance(ref, str)]


def text(value: object) -> str:
    """A string as it is, a number as text, nothing else."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    return str(value)


def _first(thing: Object, names: Sequence[str]) -> str:
    return next((found for name in names if (found := text(thing.get(name)).strip())), "")
