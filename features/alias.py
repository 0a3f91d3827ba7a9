"""Alias: like handles, weighed by how many accounts bear anything of the kind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from typing_extensions import override

from evidence.corpus import Corpus
from features.feature import Citation, Feature, Finding, Highlight, Level, Outcome
from features.handles.folding import fold, skeleton, skeleton_words
from features.handles.keys import Hashes, Letters, Rows
from features.handles.likeness import ALIKE, likeness
from features.neighbours import distinct_sorted, pairs_sharing, runs
from features.pairs import Pairs, distinct

RARE_LETTERS = 5
"""A shorter handle is never rare."""
RARE_HOLDERS = 5
"""A handle, or the rarest piece that two share, is rare up to so many accounts."""
RAREST_GRAMS = 6
ENDS = 6
WHOLE_BLOCK, PIECE_BLOCK = 150, 60
"""A whole handle, or a piece of one, that more accounts bear brings nobody together."""

SAME, FOLDED, SIMILAR, UNLIKE = 1, 3, 5, 7
"""Levels where rare; the one after is the same where common."""


@dataclass(frozen=True)
class AliasSurvey:
    """How many accounts bear each handle, word and piece.

    Attributes:
        holders: `form`, `holders`: accounts with this skeleton, or with it as a word.
        grams: uint64 (m,), sorted hashes of the pieces of handles.
        gram_holders: int32 (m,); accounts with that piece.
    """

    holders: pl.DataFrame
    grams: Hashes
    gram_holders: NDArray[np.int32]


@dataclass(frozen=True)
class AliasTraits:
    """Handles, one row an account.

    Attributes:
        names: `handle`, `folded`, `form` (skeleton), `words` (skeletons in alphabetical order), all
            null where masked; `source_id`, `place`, `row_id` of the account's first record.
        holders: int32 (n,); accounts that bear the form or have it as a word; 0 where masked.
        grams: uint64 (n, RAREST_GRAMS); rarest pieces that others bear too, else 0.
        gram_holders: int32 (n, RAREST_GRAMS); accounts that bear them.
    """

    names: pl.DataFrame
    holders: NDArray[np.int32]
    grams: Hashes
    gram_holders: NDArray[np.int32]

    def take(self, accounts: Sequence[int]) -> "AliasTraits":
        """The traits of some accounts."""
        rows = np.asarray(accounts)
        return AliasTraits(
            self.names[rows], self.holders[rows], self.grams[rows], self.gram_holders[rows]
        )


class Alias(Feature[AliasSurvey, AliasTraits]):
    """Do the accounts bear the same handle, or ones made from each other?

    Blind spot: anybody can register a handle. On another market the same handle may be an
    impostor's, on the same market a look-alike rather is one; and a handle in fashion (a brand, a
    film, a drug) is chosen by many.
    """

    name = "alias"
    family = "handle"
    levels = (
        Level("same_handle_rare", "one handle, letter by letter, and a rare one", "free"),
        Level("same_handle_common", "one handle, letter by letter, of a common kind", "free"),
        Level("same_folded_handle_rare", "one handle but for case, signs, leet; rare", "free"),
        Level("same_folded_handle_common", "one handle but for case, signs, leet; common", "free"),
        Level("similar_handle_rare", "similar handles that share a rare piece", "free"),
        Level("similar_handle_common", "similar handles of a common kind", "free"),
        Level("unlike_handles", "handles with little in common", "free", speaks="against"),
    )

    @override
    def survey(self, corpus: Corpus) -> AliasSurvey:
        handles = corpus.accounts["handle"]
        forms = skeleton(handles)
        own = pl.DataFrame({"word": forms}).with_row_index("row").drop_nulls()
        holders = pl.concat([own, skeleton_words(handles).select(own.columns)]).unique()
        row, gram = Letters.of(forms).grams()
        grams, gram_holders = np.unique(distinct_sorted(gram, row)[0], return_counts=True)
        return AliasSurvey(
            holders.group_by(form="word").len("holders").sort("form"),
            grams,
            gram_holders.astype(np.int32),
        )

    @override
    def read(self, corpus: Corpus, survey: AliasSurvey) -> AliasTraits:
        names = _names(corpus).join(survey.holders, on="form", how="left", maintain_order="left")
        holders = names["holders"].fill_null(0).cast(pl.Int32).to_numpy()
        grams, gram_holders = _rarest(names["form"], survey)
        return AliasTraits(names.drop("holders"), holders, grams, gram_holders)

    @override
    def meet(self, traits: AliasTraits, survey: AliasSurvey) -> Pairs:
        del survey
        letters = Letters.of(traits.names["form"])
        wholes = _joined(letters.wholes(), Letters.of(traits.names["words"]).wholes())
        rarest = (np.repeat(np.arange(len(traits.grams)), RAREST_GRAMS), traits.grams.ravel())
        pieces = _joined(
            letters.prefixes(ENDS), letters.suffixes(ENDS), letters.deletions(), rarest
        )
        met = (pairs_sharing(*wholes, WHOLE_BLOCK), pairs_sharing(*pieces, PIECE_BLOCK))
        pairs = Pairs.from_keys(distinct(np.concatenate([met[0].keys, met[1].keys])))
        return pairs.take(likeness(traits.names, pairs) >= ALIKE)

    @override
    def compare(self, traits: AliasTraits, survey: AliasSurvey, pairs: Pairs) -> Outcome:
        del survey
        alike = likeness(traits.names, pairs)
        kind = _kind(traits, pairs, alike)
        holders = np.maximum(traits.holders[pairs.left], traits.holders[pairs.right])
        similar = np.flatnonzero(kind == SIMILAR)
        holders[similar] = _piece_holders(traits, pairs.take(similar), holders[similar])
        holders[(kind == 0) | (kind == UNLIKE)] = 0
        common = (holders > RARE_HOLDERS) | (_letters(traits, pairs) < RARE_LETTERS)
        level = kind + (common & (kind > 0) & (kind < UNLIKE))
        value = np.where(level > 0, alike, np.float32(np.nan))
        return Outcome(level.astype(np.int8), value.astype(np.float32), holders)

    @override
    def explain(self, traits: AliasTraits, survey: AliasSurvey, pair: tuple[int, int]) -> Finding:
        outcome = self.compare(traits.take(list(pair)), survey, Pairs.of([0], [1]))
        if outcome.level[0] == 0:
            return Finding(None, "the handle of at least one side is not known")
        left, right = traits.names[list(pair)].to_dicts()
        level = self.levels[outcome.level[0] - 1]
        sentence = _sentence(level.name, left, right, int(outcome.count[0]))
        return Finding(
            level.name,
            sentence,
            (Highlight("left", left["handle"]), Highlight("right", right["handle"])),
            tuple(Citation(s["source_id"], s["place"], s["row_id"]) for s in (left, right)),
        )


def _names(corpus: Corpus) -> pl.DataFrame:
    handles = corpus.accounts["handle"]
    words = skeleton_words(handles).group_by("row").agg(words=pl.col("word").sort().str.join(""))
    return (
        pl.DataFrame({"handle": handles, "folded": fold(handles), "form": skeleton(handles)})
        .with_row_index("row")
        .join(words, on="row", how="left", maintain_order="left")
        .with_columns(pl.coalesce("words", "form"))
        .join(_first_records(corpus), on="row", how="left", maintain_order="left")
        .drop("row")
    )


def _first_records(corpus: Corpus) -> pl.DataFrame:
    """`row`, `source_id`, `place`, `row_id` of each account, from its profile if it has one."""
    tables = (corpus.profiles, corpus.listings, corpus.posts, corpus.photos, corpus.texts)
    columns = (pl.col("account").alias("row"), "source_id", "place", "row_id")
    firsts = [table.unique("account", keep="first").select(*columns) for table in tables]
    return pl.concat(firsts).unique("row", keep="first", maintain_order=True)


def _rarest(forms: pl.Series, survey: AliasSurvey) -> tuple[Hashes, NDArray[np.int32]]:
    """The rarest pieces of each handle that at least two accounts bear, and how many bear them."""
    row, gram = Letters.of(forms).grams()
    gram, row = distinct_sorted(gram, row)
    held = survey.gram_holders[np.searchsorted(survey.grams, gram)]
    shared = held > 1
    row, gram, held = row[shared], gram[shared], held[shared]
    order = np.lexsort((gram, held, row))
    size = np.bincount(row, minlength=len(forms))
    place = runs(np.zeros_like(size), size)
    kept = order[place < RAREST_GRAMS]
    grams = np.zeros((len(forms), RAREST_GRAMS), np.uint64)
    holders = np.zeros((len(forms), RAREST_GRAMS), np.int32)
    at = (row[kept], place[place < RAREST_GRAMS])
    grams[at], holders[at] = gram[kept], held[kept]
    return grams, holders


def _joined(*keys: tuple[Rows, Hashes]) -> tuple[Hashes, Rows]:
    rows = np.concatenate([row for row, _ in keys])
    hashes = np.concatenate([key for _, key in keys])
    return hashes[hashes != 0], rows[hashes != 0]


def _letters(traits: AliasTraits, pairs: Pairs) -> NDArray[np.uint32]:
    letters = traits.names["form"].str.len_chars().fill_null(0).to_numpy()
    shorter: NDArray[np.uint32] = np.minimum(letters[pairs.left], letters[pairs.right])
    return shorter


def _kind(traits: AliasTraits, pairs: Pairs, alike: NDArray[np.float32]) -> NDArray[np.int32]:
    shown, form = (
        traits.names[column].rank("dense").fill_null(0).to_numpy() for column in ("handle", "form")
    )
    left, right = pairs.left, pairs.right
    absent = (shown[left] == 0) | (shown[right] == 0)
    tests = [absent, shown[left] == shown[right], form[left] == form[right], alike >= ALIKE]
    return np.select(tests, [0, SAME, FOLDED, SIMILAR], UNLIKE).astype(np.int32)


def _piece_holders(
    traits: AliasTraits, pairs: Pairs, otherwise: NDArray[np.int32]
) -> NDArray[np.int32]:
    """Accounts that bear the rarest piece both share, or more than is rare if it is none."""
    left, right = traits.grams[pairs.left], traits.grams[pairs.right]
    shared = ((left[:, :, None] == right[:, None, :]) & (left[:, :, None] != 0)).any(axis=2)
    none = np.maximum(otherwise, RARE_HOLDERS + 1)[:, None]
    fewest: NDArray[np.int32] = np.where(shared, traits.gram_holders[pairs.left], none).min(axis=1)
    return fewest


def _sentence(level: str, left: Mapping[str, str], right: Mapping[str, str], holders: int) -> str:
    shown = f"“{left['handle']}” and “{right['handle']}”"
    folded = f"folded “{left['folded']}” and “{right['folded']}”"
    if level.startswith("same_handle"):
        return (
            f"both bear the handle “{left['handle']}” (folded “{left['folded']}”); "
            f"{holders} accounts bear it or have it as a word"
        )
    if level.startswith("same_folded"):
        return f"{shown} are one handle ({folded}); {holders} accounts bear it or have it as a word"
    if level == "similar_handle_rare":
        return f"{shown} are similar ({folded}); {holders} accounts share their rarest common piece"
    if level == "similar_handle_common":
        return f"{shown} are similar ({folded}), but many handles are like that"
    return f"{shown} have little in common ({folded})"
