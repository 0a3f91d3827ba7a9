"""What attributes and objects of MISP are to us.

Types of attributes and templates of objects are those of the MISP core format
(draft-dulaunoy-misp-core-format) and of misp-objects.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from evidence.formats.told_things import Account, Value

KIND_OF_TYPE: Mapping[str, str] = {
    **dict.fromkeys(("btc", "xmr", "dash"), "wallet"),
    **dict.fromkeys(("email", "email-src", "email-dst", "email-reply-to", "target-email"), "email"),
    **dict.fromkeys(("whois-registrant-email", "dns-soa-email"), "email"),
    **dict.fromkeys(("url", "uri", "link"), "link"),
    **dict.fromkeys(("domain", "hostname"), "onion"),
    **dict.fromkeys(("phone-number", "whois-registrant-phone"), "phone"),
    **dict.fromkeys(("github-username", "twitter-id", "threat-actor", "target-user"), "name"),
    "jabber-id": "jabber",
    "pgp-public-key": "key_block",
}
KIND_OF_RELATION: Mapping[tuple[str, str], str] = {
    ("coin-address", "address"): "wallet",
    ("coin-address", "address-crypto"): "wallet",
    ("coin-address", "address-xmr"): "wallet",
    ("pgp-meta", "key-id"): "fingerprint",
    ("tor-hiddenservice", "address"): "onion",
    ("person", "full-name"): "name",
    ("person", "alias"): "name",
    ("persona", "name"): "name",
}
"""Attributes of an object whose type says less than their place in it."""
ACCOUNT_TEMPLATE = re.compile(r"(?:(?P<market>[a-z0-9-]+)-)?(?:account|user)")
NO_MARKET = ("user", "forum", "darknet", "market", "vendor")
"""`user-account` and the like say what an account is, not where."""
MARKETS = ("account-type", "market", "marketplace", "forum", "platform", "app-used", "service")
HANDLES = ("username", "user-name", "handle", "account-name", "name", "display-name", "user-id")
AUTHORS = ("from-user", "username", "user-name", "author", "from-name", "from")
BODIES = ("post", "body", "message", "email-body", "paste", "content")
TITLES = ("title", "subject")
ABOUT = ("bio", "about", "description", "profile")
IDS = ("user-id", "account-id", "id")
DATES = ("created", "account-created", "creation-date", "registration-date")
SENT = ("sent-date", "send-date", "creation-date", "post-date", "date", "received-date")
OF_THE_ACCOUNT = (*MARKETS, *HANDLES, *ABOUT, *IDS, "link", "url", "user-avatar")
"""Relations that are read as something else than a value that the account shows."""
Thing = Mapping[str, Any]


class Attribute(NamedTuple):
    """An attribute: its relation within an object (or nothing), its type and its value."""

    relation: str
    type: str
    value: str


def attributes(thing: Thing) -> list[Attribute]:
    """The attributes of an object that are not deleted and say something."""
    found = thing.get("Attribute")
    return [a for one in (found if isinstance(found, list) else ()) if (a := attribute(one))]


def attribute(one: object) -> Attribute | None:
    """An attribute; None where it is deleted or says nothing."""
    if not isinstance(one, dict) or one.get("deleted") is True or not text(one.get("value")):
        return None
    relation = text(one.get("object_relation"))
    return Attribute(relation, text(one.get("type")), text(one.get("value")))


def value_of(one: Attribute, template: str = "") -> Value | None:
    """What an attribute of an object made by that template shows; None: nothing to us."""
    kind = KIND_OF_RELATION.get((template, one.relation)) or KIND_OF_TYPE.get(one.type)
    if kind is None or (kind == "onion" and not one.value.lower().strip().endswith(".onion")):
        return None
    return Value(kind, one.value.strip())


def account_of(thing: Thing, found: Sequence[Attribute]) -> Account | None:
    """The account that an object is; None: it is none."""
    template = ACCOUNT_TEMPLATE.fullmatch(text(thing.get("name")))
    handle = first(found, HANDLES)
    if template is None or not handle:
        return None
    named = template["market"] or ""
    return Account(first(found, MARKETS) or ("" if named in NO_MARKET else named), handle)


def author_of(thing: Thing, found: Sequence[Attribute]) -> Account | None:
    """The account that wrote the text which an object is; None: it is no text."""
    handle = first(found, AUTHORS)
    if not handle or not (first(found, BODIES) or first(found, TITLES)):
        return None
    return Account(first(found, (*MARKETS, "type")), handle)


def shown_values(found: Sequence[Attribute], template: str) -> Iterator[Value]:
    """The contacts, wallets and keys among an object's attributes."""
    for one in found:
        value = value_of(one, template)
        if value is not None:
            yield value


def first(found: Sequence[Attribute], relations: Sequence[str]) -> str:
    """The value of the first relation that has one."""
    values = {one.relation: one.value.strip() for one in reversed(found)}
    return next((values[name] for name in relations if values.get(name)), "")


def text(value: object) -> str:
    """A string as it is, a number as text, nothing else."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    return str(value)
