"""Keys that certified a key of the same name: how people hand over from an old key to a new one.

A certification by itself says only that one key's owner believed another's user id: friends and
market staff give them too. So it counts as a key's word for another (`vouching.VOUCHES`) only where
the certified user id has a name or an address that the certifying key signed as its own.
"""

import re
from collections.abc import Iterable

import polars as pl

from evidence.corpus import Corpus
from features.keys.certified import CertificationClaim, KeyForms, verified_certifications
from features.keys.displays import Displays, Key
from features.keys.names import CONTAINED_MIN_CHARS, NAME_PARTS
from features.keys.packets import walk_keys
from features.keys.public_key import email
from features.keys.vouching import IN_TIME, VOUCHES, first_seen


def read_certifications(corpus: Corpus, displays: Displays) -> pl.DataFrame:
    """The columns `VOUCHES`, sorted: every key of the corpus that validly certified another.

    `account` and `text` are where a block stands, outside quotations, that holds the certification.

    Raises:
        MissingProgram: a key seems to certify another, and GnuPG does not run.
    """
    claimed = sorted(_claimed(displays))
    claims = [
        CertificationClaim(_forms(displays.keys[of]), _forms(displays.keys[by]))
        for by, of in claimed
    ]
    found = verified_certifications(claims, corpus.recall)
    words = [
        (by, of, armor)
        for (by, of), certified in zip(claimed, found, strict=True)
        if _called({one.user_id for one in certified}) & _called(displays.keys[by].names)
        for armor in _certified_forms(displays.keys[of], displays.keys[by])
    ]
    schema = {"by": pl.UInt32, "of": pl.UInt32, "value": pl.String}
    return _placed(corpus, displays, pl.DataFrame(words, schema=schema, orient="row"))


def _claimed(displays: Displays) -> set[tuple[int, int]]:
    """(by, of): the first key seems to have certified the second, and they share a name."""
    holders: dict[str, list[int]] = {}
    for number, key in enumerate(displays.keys):
        for name in key.ids:
            holders.setdefault(name, []).append(number)
    return {
        (by, of)
        for of, key in enumerate(displays.keys)
        for issuer in key.certifiers
        for by in holders.get(issuer, ())
        if by != of and _called(key.names) & _called(displays.keys[by].names)
    }


def _called(user_ids: Iterable[str]) -> set[str]:
    """The names and addresses in user ids, in lower case."""
    called = {address for name in user_ids if (address := email(name))}
    for name in user_ids:
        found = re.match(NAME_PARTS, name)
        if found and len(found[1].strip()) >= CONTAINED_MIN_CHARS:
            called.add(found[1].strip().lower())
    return called


def _forms(key: Key) -> KeyForms:
    return KeyForms(key.fingerprint, key.armors)


def _certified_forms(key: Key, by: Key) -> list[str]:
    """The blocks of a key that hold a certification by the other."""
    return [
        armor
        for armor in key.armors
        if any(
            not set(by.ids).isdisjoint(one.issuers)
            for form in walk_keys(armor).keys
            for one in form.certifications
            if form.fingerprint == key.fingerprint and not one.revokes
        )
    ]


def _placed(corpus: Corpus, displays: Displays, words: pl.DataFrame) -> pl.DataFrame:
    blocks = corpus.spans.filter((pl.col("kind") == "key_block") & ~pl.col("quoted"))
    owners = corpus.texts.select("account", "seen_at").with_row_index("text")
    seen = first_seen(corpus, displays)
    first = pl.DataFrame(
        {"of": list(seen), "new_at": list(seen.values())},
        schema={"of": pl.UInt32, "new_at": corpus.texts.schema["seen_at"]},
    )
    return (
        blocks.select("text", "value")
        .join(words, on="value")
        .join(owners, on="text")
        .join(first, on="of", how="left")
        .with_columns(
            in_time=(pl.col("seen_at") <= pl.col("new_at") + IN_TIME).fill_null(value=False)
        )
        .select(VOUCHES.names())
        .cast(VOUCHES)
        .unique()
        .sort(VOUCHES.names())
    )
