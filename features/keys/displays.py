"""Which account displays which OpenPGP key, and what the keys say of themselves."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from evidence.corpus import Corpus
from evidence.recall import Recall
from features.keys.certified import KeyForms, sound_keys
from features.keys.packets import PublicKey, Walked, walk_keys
from features.keys.public_key import email

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

    `names` are the self-signed user ids, `emails` the addresses in them, in lower case; `armors`
    the mended blocks, `MOST_FORMS` of the forms it has, those that stand in most places first;
    `created_at` is in seconds since 1970; `certifiers` are the issuers of signatures by other keys
    over its user ids, as those name them, which nobody checked.
    """

    fingerprint: str
    names: tuple[str, ...]
    ids: tuple[str, ...]
    """Fingerprints and key ids of the key and its subkeys: what a signature may call its issuer."""
    subkeys: tuple[str, ...]
    armors: tuple[str, ...]
    emails: tuple[str, ...] = ()
    created_at: int = 0
    certifiers: tuple[str, ...] = ()


REFUSED = pl.Schema(
    {"account": pl.UInt32, "text": pl.UInt32, "start": pl.UInt32, "reason": pl.String}
)
CUT = "cut, or something foreign in it"


@dataclass(frozen=True)
class Displays:
    """All keys, sorted by fingerprint, and who displays them; `key` is the row of a key.

    `rows` has the columns `DISPLAYS`, one row for each time a block stands in a text, sorted;
    `text` is the row of the corpus's texts, `start` and `end` where in it.
    """

    keys: tuple[Key, ...]
    rows: pl.DataFrame
    refused: pl.DataFrame = field(default_factory=REFUSED.to_frame)
    """The columns `REFUSED`, sorted: key blocks that could not be read, and why."""

    @cached_property
    def subkeys(self) -> pl.DataFrame:
        """(key, value): the fingerprints of subkeys."""
        return _having((i, subkey) for i, key in enumerate(self.keys) for subkey in key.subkeys)

    @cached_property
    def emails(self) -> pl.DataFrame:
        """(key, value): the addresses in self-signed user ids, in lower case."""
        return _having((i, email) for i, key in enumerate(self.keys) for email in key.emails)

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The row of each key by its fingerprint."""
        return {key.fingerprint: number for number, key in enumerate(self.keys)}


def _having(pairs: Iterable[tuple[int, str]]) -> pl.DataFrame:
    return pl.DataFrame(list(pairs), schema={"key": pl.UInt32, "value": pl.String}, orient="row")


def read_displays(corpus: Corpus) -> Displays:
    """Every whole key block of the corpus, walked once for each form it has.

    Raises:
        MissingProgram: forms of a key differ in their user ids, and GnuPG does not run.
    """
    blocks = corpus.spans.filter(pl.col("kind") == "key_block").select(
        "text", "quoted", "value", "start", "end"
    )
    counts = blocks.group_by("value").len().sort(-pl.col("len").cast(pl.Int64), "value")
    walked = {armor: walk_keys(armor) for armor in counts["value"].to_list()}
    keys = _merged({armor: found.keys for armor, found in walked.items()}, corpus.recall)
    numbers = {key.fingerprint: number for number, key in enumerate(keys)}
    held = [
        (armor, numbers[key.fingerprint]) for armor, found in walked.items() for key in found.keys
    ]
    holds = pl.DataFrame(held, schema={"value": pl.String, "key": pl.UInt32}, orient="row")
    owners = corpus.texts.select("account").with_row_index("text")
    rows = blocks.join(holds.unique(), on="value").join(owners, on="text")
    names = DISPLAYS.names()
    displayed = rows.select(names).cast(DISPLAYS).unique().sort(names)
    return Displays(keys, displayed, _refused(corpus, walked))


def _refused(corpus: Corpus, walked: Mapping[str, Walked]) -> pl.DataFrame:
    why = [(armor, found.flaws[0]) for armor, found in walked.items() if not found.keys]
    reasons = pl.DataFrame(why, schema={"value": pl.String, "reason": pl.String}, orient="row")
    blocks = corpus.spans.select("text", "start", "kind", "value")
    cut = blocks.filter(pl.col("kind") == "key_block_cut").with_columns(reason=pl.lit(CUT))
    whole = blocks.filter(pl.col("kind") == "key_block").join(reasons, on="value")
    owners = corpus.texts.select("account").with_row_index("text")
    found = pl.concat([cut, whole]).join(owners, on="text")
    return found.select(REFUSED.names()).cast(REFUSED).sort(REFUSED.names())


Forms = dict[str, list[tuple[str, PublicKey]]]
"""The blocks that show a key, by its fingerprint, those that stand in most places first."""


def _merged(walked: Mapping[str, tuple[PublicKey, ...]], recall: Recall) -> tuple[Key, ...]:
    forms: Forms = {}
    for armor, keys in walked.items():
        for key in keys:
            forms.setdefault(key.fingerprint, []).append((armor, key))
    names = _sound_names(forms, recall)
    return tuple(_key(fingerprint, forms[fingerprint], names[fingerprint]) for fingerprint in names)


def _sound_names(forms: Forms, recall: Recall) -> dict[str, frozenset[str]]:
    """The self-signed user ids of each key, sorted by fingerprint.

    Where some forms have one that others lack, somebody may have hung it there with a signature
    that looks right: GnuPG is asked which the key signed. What it cannot check stays where all
    forms have it.
    """
    claimed = {
        fingerprint: [_self_signed(key) for _, key in forms[fingerprint]]
        for fingerprint in sorted(forms)
    }
    contested = [one for one, names in claimed.items() if len(set(names)) > 1]
    keys = [KeyForms(one, _armors(forms[one])) for one in contested]
    sound = dict(zip(contested, sound_keys(keys, recall), strict=True))
    return {
        one: found.user_ids if (found := sound.get(one)) else frozenset.intersection(*names)
        for one, names in claimed.items()
    }


def _self_signed(key: PublicKey) -> frozenset[str]:
    return frozenset(name.text for name in key.user_ids if name.self_signed)


def _armors(forms: list[tuple[str, PublicKey]]) -> tuple[str, ...]:
    return tuple(armor for armor, _ in forms[:MOST_FORMS])


def _key(fingerprint: str, forms: list[tuple[str, PublicKey]], names: frozenset[str]) -> Key:
    keys = [key for _, key in forms]
    subkeys = _distinct(subkey for key in keys for subkey in key.subkeys)
    primary = [keys[0].key_id, fingerprint]
    return Key(
        fingerprint=fingerprint,
        names=tuple(sorted(names)),
        ids=_distinct([*primary, *subkeys, *(_short(subkey) for subkey in subkeys)]),
        subkeys=subkeys,
        armors=_armors(forms),
        emails=_distinct(address for name in names if (address := email(name))),
        created_at=keys[0].created_at,
        certifiers=_distinct(issuer for key in keys for issuer in _issuers(key)),
    )


def _issuers(key: PublicKey) -> Iterable[str]:
    return (issuer for one in key.certifications if not one.revokes for issuer in one.issuers)


def _short(fingerprint: str) -> str:
    """The key id of a fingerprint of version 4 or 6 (RFC 9580, section 5.5.4)."""
    return fingerprint[:16] if len(fingerprint) == 64 else fingerprint[-16:]


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(values)))
