"""Which account displays which OpenPGP key, and what the keys say of themselves."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from evidence.corpus import Corpus
from features.handles.folding import fold
from features.keys.packets import PublicKey, walk_keys

NAME_PARTS = r"^\s*([^<(]*?)\s*(?:\([^)]*\)\s*)*(?:<\s*([^@>\s]*)@?[^>]*>)?\s*$"
NAME_MIN_CHARS = 3
CONTAINED_MIN_CHARS = 4
MOST_FORMS = 20
"""Anybody can post a key with new junk appended, over and over; GnuPG gets no more forms of it."""

DISPLAYS = pl.Schema(
    {
        "account": pl.UInt32,
        "key": pl.UInt32,
        "text": pl.UInt32,
        "quoted": pl.Boolean,
        "start": pl.UInt32,
        "end": pl.UInt32,
    }
)


@dataclass(frozen=True)
class Key:
    """A primary key, over all blocks that show it.

    `names` are the self-signed user ids; `armors` the mended blocks, the shortest `MOST_FORMS` of
    the forms it has.
    """

    fingerprint: str
    names: tuple[str, ...]
    ids: tuple[str, ...]
    """Fingerprints and key ids of the key and its subkeys: what a signature may call its issuer."""
    subkeys: tuple[str, ...]
    armors: tuple[str, ...]


@dataclass(frozen=True)
class Displays:
    """All keys, sorted by fingerprint, and who displays them; `key` is the row of a key.

    `rows` has the columns `DISPLAYS`, one row for each time a block stands in a text, sorted;
    `text` is the row of the corpus's texts, `start` and `end` where in it.
    """

    keys: tuple[Key, ...]
    rows: pl.DataFrame

    @cached_property
    def subkeys(self) -> pl.DataFrame:
        """(key, subkey): the fingerprints of subkeys."""
        pairs = [(i, subkey) for i, key in enumerate(self.keys) for subkey in key.subkeys]
        return pl.DataFrame(pairs, schema={"key": pl.UInt32, "subkey": pl.String}, orient="row")


def read_displays(corpus: Corpus) -> Displays:
    """Every whole key block of the corpus, walked once for each form it has."""
    blocks = corpus.spans.filter(pl.col("kind") == "key_block").select(
        "text", "quoted", "value", "start", "end"
    )
    walked = {armor: walk_keys(armor).keys for armor in blocks["value"].unique().sort().to_list()}
    keys = _merged(walked)
    numbers = {key.fingerprint: number for number, key in enumerate(keys)}
    held = [(armor, numbers[key.fingerprint]) for armor, found in walked.items() for key in found]
    holds = pl.DataFrame(held, schema={"value": pl.String, "key": pl.UInt32}, orient="row")
    owners = corpus.texts.select("account").with_row_index("text")
    rows = blocks.join(holds.unique(), on="value").join(owners, on="text")
    names = DISPLAYS.names()
    return Displays(keys, rows.select(names).cast(DISPLAYS).unique().sort(names))


def _merged(walked: Mapping[str, tuple[PublicKey, ...]]) -> tuple[Key, ...]:
    forms: dict[str, list[tuple[str, PublicKey]]] = {}
    for armor, keys in walked.items():
        for key in keys:
            forms.setdefault(key.fingerprint, []).append((armor, key))
    return tuple(_key(fingerprint, forms[fingerprint]) for fingerprint in sorted(forms))


def _key(fingerprint: str, forms: list[tuple[str, PublicKey]]) -> Key:
    keys = [key for _, key in forms]
    subkeys = _distinct(subkey for key in keys for subkey in key.subkeys)
    names = _distinct(name.text for key in keys for name in key.user_ids if name.self_signed)
    primary = [keys[0].key_id, fingerprint]
    ids = [*primary, *subkeys, *(_short(subkey) for subkey in subkeys)]
    armors = sorted((armor for armor, _ in forms), key=lambda armor: (len(armor), armor))
    return Key(fingerprint, names, _distinct(ids), subkeys, tuple(armors[:MOST_FORMS]))


def _short(fingerprint: str) -> str:
    """The key id of a fingerprint of version 4 or 6 (RFC 9580, section 5.5.4)."""
    return fingerprint[:16] if len(fingerprint) == 64 else fingerprint[-16:]


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(values)))


def named_accounts(displays: Displays, accounts: pl.DataFrame) -> pl.DataFrame:
    """(account, key): whose handle a key's self-signed user id bears, displayed by it or not.

    The folded handle equals a folded name or the part before the @; for accounts that display the
    key it is enough that one contains the other, from four characters on.
    """
    names = _folded_names(displays.keys)
    handles = accounts.select(name=fold(accounts["handle"])).with_row_index("account")
    equal = handles.drop_nulls().join(names, on="name").select("account", "key")
    pairs = (
        displays.rows.select("account", "key")
        .unique()
        .join(names, on="key")
        .join(handles.rename({"name": "handle"}).drop_nulls(), on="account")
        .filter(
            (pl.col("name").str.len_chars() >= CONTAINED_MIN_CHARS)
            & (pl.col("handle").str.len_chars() >= CONTAINED_MIN_CHARS)
        )
    )
    contained = pairs.filter(
        pl.col("handle").str.contains(pl.col("name"), literal=True)
        | pl.col("name").str.contains(pl.col("handle"), literal=True)
    )
    found = pl.concat([equal, contained.select("account", "key")])
    return found.unique().sort("account", "key")


def _folded_names(keys: tuple[Key, ...]) -> pl.DataFrame:
    rows = [(number, name) for number, key in enumerate(keys) for name in key.names]
    parts = pl.DataFrame(rows, schema={"key": pl.UInt32, "name": pl.String}, orient="row").select(
        "key", name=pl.concat_list(pl.col("name").str.extract(NAME_PARTS, part) for part in (1, 2))
    )
    long = parts.explode("name", empty_as_null=True).drop_nulls()
    folded = long.with_columns(fold(long["name"])).filter(
        pl.col("name").str.len_chars() >= NAME_MIN_CHARS
    )
    return folded.unique().sort("key", "name")
