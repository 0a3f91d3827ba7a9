"""Which statements stand in a message that the account's own key signed."""

from dataclasses import replace

import polars as pl

from evidence.corpus import Corpus
from evidence.spans.intervals import touching
from features.keys.displays import read_displays
from features.keys.messages import read_messages
from features.keys.signatures import NAMED, graded


def signed_statements(corpus: Corpus, spoken: pl.DataFrame) -> pl.Series:
    """For n rows of `resolving.SPOKEN` whether the account's key signed them, n booleans.

    The words stand in a message that the account published, validly signed with a key of which it
    proved possession: with that key it also signed, first of all, a message that names it.

    Raises:
        MissingProgram: there are such messages and GnuPG does not run.
    """
    within = corpus.spans.filter(pl.col("kind") == "signed_text")
    candidates = touching(spoken, within)
    if not candidates.any():
        return candidates
    narrow = _of_accounts(corpus, spoken.filter(candidates)["account"].unique())
    messages = read_messages(narrow, read_displays(narrow))
    holds = graded(narrow, messages).filter(pl.col("grade") >= NAMED)
    held = frozenset(holds.select("account", "key").iter_rows())
    words: dict[int, list[str]] = {}
    for one in messages:
        if any((one.account, key) in held for key in one.signers):
            words.setdefault(one.text, []).append(one.words)
    bodies = corpus.texts["text"].gather(spoken["text"])
    places = zip(spoken["text"], spoken["start"], spoken["end"], bodies, strict=True)
    said = [
        any(body[start:end] in signed for signed in words.get(text, ()))
        for text, start, end, body in places
    ]
    return candidates & pl.Series(said, dtype=pl.Boolean)


def _of_accounts(corpus: Corpus, accounts: pl.Series) -> Corpus:
    """The corpus with the keys and signed messages of some accounts alone."""
    theirs = corpus.texts["account"].is_in(accounts.implode()).arg_true()
    kinds = pl.col("kind").is_in(["key_block", "signed_message"])
    return replace(corpus, spans=corpus.spans.filter(kinds, pl.col("text").is_in(theirs.implode())))
