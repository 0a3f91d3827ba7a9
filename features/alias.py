"""Alias: like handles, weighed by how many accounts bear anything of the kind."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from typing_extensions import override

from evidence.corpus import Corpus
from features.feature import Citation, Feature, Finding, Forgeable, Highlight, Level, Outcome
from features.handles.bounds import LONGEST
from features.handles.crowds import Crowds
from features.handles.folding import disguised, skeleton
from features.handles.keys import Hashes
from features.handles.kinds import LOOK_ALIKE, UNLIKE, kinds_of
from features.handles.meeting import pairs_by_pieces
from features.handles.pieces import grams_held, rarest
from features.handles.sentences import sentence
from features.handles.traits import CITED, AliasTraits
from features.handles.words import bare, market_names, stems
from features.pairs import Pairs, distinct
from features.style.languages import other_script

SHORT_LETTERS = 5
"""A handle with fewer letters is common."""
UNIQUE_CROWD, RARE_CROWD = 2, 8
"""A handle is unique or rare up to so many accounts with a handle like it, itself among them."""

BLOCK = 1 << 16
"""Pairs that are looked at at a time, which bounds the memory."""
BANDS = ("unique", "rare", "common")
OF_BAND = ("nobody else has one like it", "few have one like it", "many have one like it")


def _banded(name: str, meaning: str) -> tuple[Level, ...]:
    free: Forgeable = "free"
    return tuple(
        Level(f"{name}_{band}", f"{meaning}, {of_band}", free)
        for band, of_band in zip(BANDS, OF_BAND, strict=True)
    )


@dataclass(frozen=True)
class AliasSurvey:
    """Which handles there are, how crowded it is around each, and which pieces are rare.

    Attributes:
        markets: how markets are called in handles, ascending.
        crowds: of the folded handles.
        grams: uint64 (m,), sorted hashes of the pieces of handles.
        gram_holders: int32 (m,); accounts with that piece.
    """

    markets: tuple[str, ...]
    crowds: Crowds
    grams: Hashes
    gram_holders: NDArray[np.int32]


class Alias(Feature[AliasSurvey, AliasTraits]):
    """Do the accounts bear the same handle, or ones made from each other?

    Handles meet exactly, whatever their number, where their folded forms are one or alike
    (`handles.likeness`: one or two edits, or Jaro-Winkler from .92); but a handle with over a
    thousand like it is a hub, and pairs of two hubs are left out. Over and above that they meet in
    blocks that are capped: by the words left without titles, suffixes and years, in any order, by
    first and last letters, and by their rarest pieces.

    How rare a pair is, says the more crowded side: how many accounts have that handle or one like
    it. Short handles are common.

    Blind spot: anybody can register a handle. On another market the same handle may be an
    impostor's, on the same market a look-alike rather is one; and a handle in fashion (a brand, a
    film, a drug) is chosen by many.
    """

    name = "alias"
    family = "handle"
    levels = (
        *_banded("same_handle", "one handle, letter by letter"),
        *_banded("same_folded_handle", "one handle but for case, signs or leet"),
        *_banded("same_words", "one handle but for a title, suffix, year or the order of words"),
        *_banded("edited_handle", "handles an edit or two apart"),
        *_banded("similar_handle", "handles alike in most letters, or one within the other"),
        Level("look_alike_letters", "one handle, once in letters of another script", "free"),
        Level("unlike_handles", "handles with little in common", "free", speaks="against"),
    )

    @override
    def survey(self, corpus: Corpus) -> AliasSurvey:
        handles = corpus.accounts["handle"]
        markets = market_names(corpus)
        grams, holders = grams_held(bare(handles, markets)["bare"])
        return AliasSurvey(markets, Crowds.of(_forms(handles)), grams, holders)

    @override
    def read(self, corpus: Corpus, survey: AliasSurvey) -> AliasTraits:
        names = _names(corpus, survey.markets)
        places = survey.crowds.places(names["form"])
        crowd = np.concatenate([survey.crowds.crowd, [0]])[places].astype(np.int32)
        return AliasTraits(names, crowd, rarest(names["bare"], survey.grams, survey.gram_holders))

    @override
    def meet(self, traits: AliasTraits, survey: AliasSurvey) -> Pairs:
        exact = survey.crowds.pairs(survey.crowds.places(traits.names["form"]))
        others = pairs_by_pieces(traits.names["bare"], traits.names["stem"], traits.grams)
        others = others.take(~np.isin(others.keys, exact.keys))
        blocks = (others.take(slice(at, at + BLOCK)) for at in range(0, len(others), BLOCK))
        kept = [
            block.keys[kinds_of(traits, block, unlike_forms=True)[0] < UNLIKE] for block in blocks
        ]
        return Pairs.from_keys(distinct(np.concatenate([exact.keys, *kept])))

    @override
    def compare(self, traits: AliasTraits, survey: AliasSurvey, pairs: Pairs) -> Outcome:
        del survey
        kind, similarity = kinds_of(traits, pairs)
        crowd = np.maximum(traits.crowd[pairs.left], traits.crowd[pairs.right])
        band = np.searchsorted([UNIQUE_CROWD, RARE_CROWD], crowd)
        letters = np.minimum(traits.letters[pairs.left], traits.letters[pairs.right])
        band[letters < SHORT_LETTERS] = len(BANDS) - 1
        level = np.where((kind > 0) & (kind < LOOK_ALIKE), kind + band, kind)
        value = np.where(level > 0, similarity, np.float32(np.nan))
        count = np.where((kind > 0) & (kind < UNLIKE), crowd, 0)
        return Outcome(level.astype(np.int8), value.astype(np.float32), count.astype(np.int32))

    @override
    def explain(self, traits: AliasTraits, survey: AliasSurvey, pair: tuple[int, int]) -> Finding:
        outcome = self.compare(traits, survey, Pairs.of([pair[0]], [pair[1]]))
        if outcome.level[0] == 0:
            return Finding(None, "the handle of at least one side is not known or cannot be read")
        level = self.levels[outcome.level[0] - 1]
        left, right = (traits.columns["handle"][account] for account in pair)
        cited = [[traits.columns[name][account] for name in CITED] for account in pair]
        return Finding(
            level.name,
            sentence(level.name, (left, right), int(outcome.count[0])),
            (Highlight("left", left), Highlight("right", right)),
            tuple(Citation(*where) for where in cited),
            _scripts(left, right),
        )


def _scripts(*handles: str) -> tuple[str, ...]:
    """The scripts of handles where they are not Latin; chance was counted on no others."""
    scripts = {script for handle in handles if (script := other_script(handle))}
    return tuple(f"a {script} handle" for script in sorted(scripts))


def _forms(handles: pl.Series) -> pl.Series:
    """As much of the skeletons of n handles as takes part; null where nothing can be read."""
    return skeleton(handles).str.head(LONGEST).replace("", None)


def _names(corpus: Corpus, markets: Sequence[str]) -> pl.DataFrame:
    handles = corpus.accounts["handle"]
    left_over = bare(handles, markets)
    columns = {
        "handle": handles,
        "form": _forms(handles),
        "bare": left_over["bare"],
        "stem": stems(left_over["sorted"]),
        "disguised": disguised(handles),
    }
    return (
        pl.DataFrame(columns)
        .with_row_index("row")
        .join(_first_records(corpus), on="row", how="left", maintain_order="left")
        .drop("row")
    )


def _first_records(corpus: Corpus) -> pl.DataFrame:
    """`row`, `source_id`, `place`, `row_id` of each account, from its profile if it has one."""
    tables = (corpus.profiles, corpus.listings, corpus.posts, corpus.photos, corpus.texts)
    columns = (pl.col("account").alias("row"), *CITED)
    firsts = [table.unique("account", keep="first").select(*columns) for table in tables]
    return pl.concat(firsts).unique("row", keep="first", maintain_order=True)
