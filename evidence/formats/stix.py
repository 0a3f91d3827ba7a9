"""STIX 2.0 and 2.1 bundles: accounts, what they are said to show, and what others say of values.

A bundle is read twice, object by object: what the ids mean, then what each object says. What one
relationship says is one row with its own place; nothing is merged.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from evidence.errors import RefusedInput
from evidence.formats.json_walk import Path as JsonPath
from evidence.formats.json_walk import Piece, walk
from evidence.formats.parts import Part
from evidence.formats.stix_objects import (
    Actor,
    Index,
    Object,
    fault_of,
    meaning,
    observed,
    refs,
    text,
)
from evidence.formats.told_rows import Row, TellsNothing, Unread, rows_of_one, told_parts
from evidence.formats.told_things import Account, Said, Value, owner, shown

OBJECTS = re.compile(rb'(?:\xef\xbb\xbf)?\s*+\{(?=.*"objects"\s*:\s*\[)', re.DOTALL)
NAMED = re.compile(
    rb'"type"\s*:\s*"bundle"|"bundle--|"id"\s*:\s*"[a-z0-9][a-z0-9-]{0,250}--[0-9a-f-]{36}"',
    re.IGNORECASE,
)
ID_LIMIT = 2_000_000
"""How many ids of one bundle are kept in memory."""
OTHERS = "other objects", "they say nothing about accounts, wallets, contacts or keys"
OWNED = "owned values", "what they say stands in the rows of those that name their owner"
ENVELOPE = ("type", "id", "spec_version", "more", "next")
"""Names beside `objects`, of bundles and of TAXII 2.1 envelopes (3.7), that say nothing to us."""


def looks_like(head: bytes, path: Path) -> bool:
    """A JSON object with objects, which is called a bundle or whose objects have ids of STIX."""
    return OBJECTS.match(head) is not None and NAMED.search(head) is not None


def parts(stream: BinaryIO, path: Path) -> Iterator[Part]:
    """What a bundle says: accounts, posts, keys and tags, and what is left; places are objects."""
    index = _index(stream)
    stream.seek(0)
    yield from told_parts(_rows(stream, index), "row", "a STIX bundle")


def _pieces(stream: BinaryIO) -> Iterator[Piece]:
    def is_bundle(path: JsonPath) -> bool:
        return len(path) == 1

    def is_objects(path: JsonPath) -> bool:
        return path[1:] == ("objects",)

    return walk(stream, is_bundle, is_objects)


def _is_object(piece: Piece) -> bool:
    return piece.path[1:2] == ("objects",) and len(piece.path) > 2


def _index(stream: BinaryIO) -> Index:
    index = Index()
    for piece in _pieces(stream):
        thing = _loaded(piece) if _is_object(piece) else ""
        if isinstance(thing, str):
            continue
        for one in observed(thing):
            index.add(one)
        if len(index) > ID_LIMIT:
            raise RefusedInput(f"a STIX bundle of more than {ID_LIMIT} accounts and values")
    return index


def _loaded(piece: Piece) -> Object | str:
    """The object at a place, or why it cannot be read."""
    if piece.reason is not None:
        return piece.reason
    thing = json.loads(piece.raw)
    return fault_of(thing) or thing


def _rows(stream: BinaryIO, index: Index) -> Iterator[Row]:
    for piece in _pieces(stream):
        if not _is_object(piece):
            yield from _envelope(piece, f"line {piece.line}")
            continue
        place = f"object {piece.path[2]}, line {piece.line}"
        thing = _loaded(piece)
        if isinstance(thing, str):
            yield Unread(thing, piece.raw, place)
            continue
        said = (row for one in observed(thing) for row in _told(one, index))
        told = [*rows_of_one(said, piece.raw, place)]
        yield from told
        if not told:
            yield TellsNothing(*_why_nothing(thing, index), piece.raw, place)


def _envelope(piece: Piece, place: str) -> Iterator[Row]:
    """What stands beside the objects: the bundle's own name, or nothing that a bundle may hold."""
    if piece.reason is not None:
        yield Unread(piece.reason, piece.raw, place)
    elif piece.path[1:2] in ((), ("objects",)):
        yield Unread("not a STIX bundle", piece.raw, place)
    elif piece.path[1] not in ENVELOPE:
        yield TellsNothing(
            "properties of the bundle", "only its objects are read", piece.raw, place
        )


def _why_nothing(thing: Object, index: Index) -> tuple[str, str]:
    is_owned = isinstance(index.things.get(thing["id"]), Value) and thing["id"] in index.owned
    return OWNED if is_owned else OTHERS


def _told(thing: Object, index: Index) -> Iterator[Said]:
    known = meaning(thing)
    if isinstance(known, Account):
        yield "accounts", _profile(thing, known)
    elif isinstance(known, Value):
        yield from _of_value(thing, known, index)
    elif isinstance(known, Actor):
        yield from _of_actor(thing, known, index)
    elif thing.get("type") == "relationship":
        yield from _of_relationship(thing, index)
    else:
        yield from _of_text(thing, index)


def _profile(thing: Object, account: Account) -> Mapping[str, str]:
    name = text(thing.get("display_name"))
    lines = [] if name in ("", account.handle) else [f"shown as: {name}"]
    lines += [text(thing.get(name)) for name in ("description", "x_description", "x_profile")]
    return {
        **owner(account),
        "record_id": text(thing.get("user_id")),
        "profile": "\n".join(line for line in lines if line),
        "stated_at": text(thing.get("account_created")),
    }


def _of_value(thing: Object, value: Value, index: Index) -> Iterator[Said]:
    holder = index.account(thing.get("belongs_to_ref"))
    if holder is not None:
        yield shown(holder, value)
    elif thing["id"] not in index.owned:
        label = text(thing.get("display_name")) or text(thing.get("name"))
        yield "tags", _tag(thing, index, value, label)


def _tag(thing: Object, index: Index, value: Value, label: str) -> dict[str, str]:
    said = thing.get("labels")
    labels = [text(one) for one in said] if isinstance(said, list) else []
    return {
        "kind": value.kind,
        "value": value.text,
        "label": label,
        "category": "; ".join(one for one in labels if one),
        "said_by": index.who(thing.get("created_by_ref")),
        "confidence": text(thing.get("confidence")),
        "stated_at": text(thing.get("modified")) or text(thing.get("created")),
    }


def _of_actor(thing: Object, actor: Actor, index: Index) -> Iterator[Said]:
    """Whom somebody names: persons and groups, not the offices that wrote the bundle."""
    if thing.get("type") == "threat-actor" or thing.get("identity_class") in (
        "individual",
        "group",
    ):
        aliases = "; ".join(refs(thing, "aliases"))
        yield "tags", _tag(thing, index, Value("name", actor.name), aliases)


def _of_relationship(thing: Object, index: Index) -> Iterator[Said]:
    """An account and what it shows, or whose it is said to be; in either direction."""
    sides = [thing.get("source_ref"), thing.get("target_ref")]
    for one, other in (sides, sides[::-1]):
        account = index.account(one)
        beside = index.things.get(other) if isinstance(other, str) else None
        if account is not None and isinstance(beside, Value):
            yield shown(account, beside)
        elif account is not None and isinstance(beside, Actor):
            word = text(thing.get("relationship_type"))
            tag = _tag(thing, index, Value("account", account.name), word)
            yield "tags", {**tag, "actor": beside.name}


def _of_text(thing: Object, index: Index) -> Iterator[Said]:
    """Notes and reports on accounts: posts where an account wrote them, else tags of it."""
    body = text(thing.get("content")) or text(thing.get("description"))
    title = text(thing.get("abstract")) or text(thing.get("name"))
    accounts = [a for ref in refs(thing, "object_refs") if (a := index.account(ref)) is not None]
    authors = {name.strip() for name in refs(thing, "authors")}
    if not (title or body) or "object_refs" not in thing:
        return
    for account in dict.fromkeys(accounts):
        if account.handle in authors:
            said = {"title": title, "body": body, "record_id": thing["id"]}
            yield "posts", {**owner(account), **said, "stated_at": text(thing.get("created"))}
        else:
            label = "\n".join(part for part in (title, body) if part)
            yield "tags", _tag(thing, index, Value("account", account.name), label)
