"""Which column of a delivered file says what: guessed from the names, or told by a mapping."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from evidence.errors import RefusedInput

HANDLE = (
    *("vendor", "vendor_name", "seller", "seller_name", "username", "user_name", "user"),
    *("author", "author_name", "handle", "account", "account_name", "nickname", "nick", "poster"),
)
SELLER = ("vendor", "vendor_name", "seller", "seller_name")
BODY = ("body", "text", "content", "message")
PROFILE = ("profile", "bio", "about")
TIME = ("date", "posted_at", "timestamp", "datetime", "time", "date_posted", "created_at")
REGISTERED = ("registered", "registered_at", "registration_date", "joined", "joined_at")
BLOCK = ("pgp", "pgp_key", "pgp_public_key", "public_key", "pubkey", "gpg_key", "key", "key_block")
PHOTOS = ("photos", "photo", "images", "pictures")
RECORD_ID = ("source_id", "id")
SHARED = {
    "market": ("market", "market_name", "marketplace", "site"),
    "handle": HANDLE,
    "captured_at": ("captured_at", "scraped_at", "crawled_at"),
}
KEY_AND_PHOTOS = {"block": BLOCK, "photos": PHOTOS}
ROLES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "accounts": {
        **SHARED,
        **KEY_AND_PHOTOS,
        "record_id": (*RECORD_ID, "user_id", "account_id", "vendor_id", "url"),
        "profile": (*PROFILE, "description", *BODY),
        "rating": ("rating",),
        "stated_at": (*REGISTERED, "member_since", *TIME),
    },
    "listings": {
        **SHARED,
        **KEY_AND_PHOTOS,
        "record_id": (*RECORD_ID, "listing_id", "item_id", "url"),
        "title": ("title", "name", "subject", "product", "product_name", "item", "listing"),
        "description": ("description", *BODY),
        "profile": PROFILE,
        "category": ("category",),
        "price": ("price",),
        "currency": ("currency",),
        "ships_from": ("ships_from", "shipping_from", "ship_from", "origin"),
        "ships_to": ("ships_to", "shipping_to", "ship_to", "destination"),
        "rating": ("rating",),
        "stated_at": TIME,
    },
    "posts": {
        **SHARED,
        **KEY_AND_PHOTOS,
        "record_id": (*RECORD_ID, "post_id", "message_id", "url"),
        "board": ("board", "subforum"),
        "thread": ("thread", "thread_id", "topic"),
        "title": ("title", "subject", "name"),
        "body": (*BODY, "description"),
        "profile": PROFILE,
        "stated_at": TIME,
    },
    "keys": {**SHARED, "block": BLOCK, "stated_at": TIME},
    "photos": {
        **SHARED,
        "photos": (*PHOTOS, "path", "file", "filename", "image"),
        "record_id": (*RECORD_ID, "listing_id", "item_id"),
        "stated_at": TIME,
    },
    "markets": {
        "market": ("name", *SHARED["market"]),
        "kind": ("kind", "type"),
        "opened_at": ("opened", "opened_at", "opens"),
        "closed_at": ("closed", "closed_at", "closes"),
        "reason": ("reason",),
        "aliases": ("aliases",),
        "belongs_to": ("belongs_to",),
        "cites": ("source", "cites", "reference"),
        "captured_at": SHARED["captured_at"],
    },
    "tags": {
        "value": ("value", "address", "identifier"),
        "kind": ("kind", "type"),
        "currency": ("currency", "network", "coin"),
        "label": ("label", "name"),
        "category": ("category", "categories"),
        "actor": ("actor",),
        "said_by": ("said_by", "creator", "publisher"),
        "confidence": ("confidence",),
        "cites": ("source", "cites", "reference", "url"),
        "captured_at": SHARED["captured_at"],
        "stated_at": ("lastmod", *TIME),
    },
}
"""For each kind what a column can be, and the names it goes by, the likeliest first."""

OWNER_ROLES = {"markets": "market", "tags": "value"}
"""What a row cannot be without, where that is not the handle of an account."""
LISTING_SIGNS = ("price", "currency", "category", "ships_from", "ships_to")
ACCOUNT_SIGNS = (*PROFILE, *REGISTERED, "member_since")
WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True)
class Reading:
    """How a file is read: its kind, for each role the file's column, and values for all rows."""

    kind: str
    columns: Mapping[str, str]
    constants: Mapping[str, str] = field(default_factory=dict)
    how: str = "guessed"

    def unread(self, names: Iterable[str]) -> list[str]:
        """The file's columns that are left unread, in their order."""
        read = set(self.columns.values())
        return [name for name in names if name not in read]

    def widened(self, later: "Reading") -> "Reading":
        """With the columns that a later part of the file has besides; what was read stays so."""
        return replace(self, columns={**later.columns, **self.columns})


def guess(names: Iterable[str], kind: str | None) -> Reading:
    """Guess how a file with these columns is to be read.

    Args:
        names: the file's columns.
        kind: one of `records.KINDS` where a person said so, else None.

    Raises:
        RefusedInput: there is no column at all; none can be the owner of the rows; or nothing is
            said about him.
    """
    spelled: dict[str, str] = {}
    for name in names:
        spelled.setdefault(_plain(name), name)
    if not spelled:
        raise RefusedInput("no row of it can be read: neither columns nor JSON objects are there")
    chosen = kind if kind is not None else _kind(spelled.keys())
    columns = {
        role: spelled[found]
        for role, known in ROLES[chosen].items()
        if (found := next((name for name in known if name in spelled), None)) is not None
    }
    columns.update(_named_owner(chosen, columns, spelled))
    _refuse_useless(chosen, columns)
    return Reading(chosen, columns)


def _plain(name: str) -> str:
    words = WORD_START.sub("_", name.strip())
    return re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")


def _kind(names: Iterable[str]) -> str:
    have = set(names)
    if not have & {*HANDLE} and have & {"name", "market"}:
        signs = {n for role in ("kind", "opened_at", "closed_at") for n in ROLES["markets"][role]}
        if have & {*signs, "belongs_to"}:
            return "markets"
        is_goods = have & _listing_signs() and not have & {*ACCOUNT_SIGNS}
        return "listings" if is_goods else "accounts"
    if _is_listing(have):
        return "listings"
    if have & {*BODY, "thread", "board"}:
        return "posts"
    if have & {*ROLES["listings"]["title"]}:
        return "accounts" if have & {*ACCOUNT_SIGNS} else "listings"
    return _kind_without_text(have)


def _is_listing(have: set[str]) -> bool:
    titled = bool(have & {"title", "name", "product", "product_name", "item", "listing"})
    if have & _listing_signs():
        return titled or not have & {*ACCOUNT_SIGNS}
    return titled and ("description" in have or bool(have & {*SELLER} and have & {*BODY}))


def _listing_signs() -> set[str]:
    return {name for role in LISTING_SIGNS for name in ROLES["listings"][role]}


def _kind_without_text(have: set[str]) -> str:
    if have & {*ACCOUNT_SIGNS, "description", "rating"}:
        return "accounts"
    if have & {*BLOCK}:
        is_profile = bool(have & {*BLOCK[:3]}) and not have & {*TIME}
        return "accounts" if is_profile else "keys"
    return "photos" if have & {*PHOTOS} else "accounts"


def _named_owner(
    kind: str, columns: Mapping[str, str], spelled: Mapping[str, str]
) -> dict[str, str]:
    """In a table of accounts without a better column, `name` is the handle."""
    is_needed = kind in ("accounts", "keys", "photos") and "handle" not in columns
    return {"handle": spelled["name"]} if is_needed and "name" in spelled else {}


def _refuse_useless(kind: str, columns: Mapping[str, str]) -> None:
    owner = OWNER_ROLES.get(kind, "handle")
    if owner not in columns:
        names = ROLES[kind][owner]
        raise RefusedInput(
            f"no column says who owns the rows (such as {', '.join(names[:5])}); name it with --map"
        )
    content = {"keys": "block", "photos": "photos", "posts": "body"}.get(kind)
    if content is not None and content not in columns:
        names = ROLES[kind][content]
        raise RefusedInput(f"no column for {kind} ({', '.join(names)}); name it with --map")
