"""Alias: like handles, weighed by how many accounts bear anything of the kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

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
from features.handles.likeness import contained, likeness
from features.handles.meeting import pairs_by_pieces
from features.handles.pieces import grams_held, rarest
from features.handles.sentences import sentence
from features.handles.words import bare, market_names, stems
from features.pairs import Pairs, distinct

SHORT_LETTERS = 5
"""A handle with fewer letters is common."""
UNIQUE_CROWD, RARE_CROWD = 2, 8
"""A handle is unique or rare up to so many accounts with a handle like it, itself among them."""

SAME, FOLDED, WORDS, EDITED, SIMILAR, LOOK_ALIKE, UNLIKE = 1, 4, 7, 10, 13, 16, 17
"""Kinds, by the first level of each: up to `SIMILAR` three, by rarity."""
BLOCK = 1 << 16
"""Pairs that are looked at at a time, which bounds the memory."""
CITED = ("source_id", "place", "row_id")
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


@dataclass(frozen=True)
class AliasTraits:
    """Handles, one row an account.

    Attributes:
        names: `handle`, `form` (its skeleton), `bare` and `stem` (see `handles.words`), null where
            masked or unreadable; `disguised` (see `handles.folding`); `source_id`, `place`,
            `row_id` of the account's first record.
        crowd: int32 (n,); accounts with this handle or one like it, 0 where absent.
        grams: uint64 (n, m); rarest pieces that others bear too, filled up with 0.
    """

    names: pl.DataFrame
    crowd: NDArray[np.int32]
    grams: Hashes

    @cached_property
    def codes(self) -> dict[str, NDArray[np.int64]]:
        """Handle, form and stem as numbers (n,), equal where they are; 0 where absent."""
        columns = ("handle", "form", "stem")
        ranks = {name: self.names[name].rank("dense").fill_null(0) for name in columns}
        return {name: rank.to_numpy().astype(np.int64) for name, rank in ranks.items()}

    @cached_property
    def texts(self) -> dict[str, NDArray[np.object_]]:
        """Form and bare form (n,), empty where absent."""
        return {name: self.names[name].fill_null("").to_numpy() for name in ("form", "bare")}

    @cached_property
    def is_bare(self) -> NDArray[np.bool_]:
        """Whether (n,) nothing stands around the name."""
        return np.equal(self.texts["form"], self.texts["bare"]).astype(np.bool_)

    @cached_property
    def letters(self) -> NDArray[np.int64]:
        """Letters (n,) of the forms."""
        return self.names["form"].str.len_chars().fill_null(0).to_numpy().astype(np.int64)

    @cached_property
    def is_disguised(self) -> NDArray[np.bool_]:
        """The column `disguised` (n,)."""
        return self.names["disguised"].fill_null(False).to_numpy()

    @cached_property
    def columns(self) -> dict[str, Sequence[str]]:
        """What is cited, by name, for one account after the other."""
        return {name: self.names[name].to_list() for name in ("handle", *CITED)}


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
        *_banded("similar_handle", "handles that sound alike, or one within the other"),
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
            block.keys[_kinds(traits, block, unlike_forms=True)[0] < UNLIKE] for block in blocks
        ]
        return Pairs.from_keys(distinct(np.concatenate([exact.keys, *kept])))

    @override
    def compare(self, traits: AliasTraits, survey: AliasSurvey, pairs: Pairs) -> Outcome:
        del survey
        kind, similarity = _kinds(traits, pairs)
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
        )


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


def _kinds(
    traits: AliasTraits, pairs: Pairs, *, unlike_forms: bool = False
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Kind (n,) of each pair, 0 where a handle is absent, and similarity (n,).

    With `unlike_forms` nobody asks whether the folded handles are alike: it is known that none are.
    """
    left, right = pairs.left, pairs.right
    form, stem = traits.codes["form"], traits.codes["stem"]
    one = {name: code[left] == code[right] for name, code in traits.codes.items()}
    absent = (form[left] == 0) | (form[right] == 0)
    one_stem = one["stem"] & (stem[left] > 0)
    turned = traits.is_disguised[left] != traits.is_disguised[right]
    similarity = np.where(absent, 0, 1).astype(np.float32)
    kind = np.full(len(pairs), UNLIKE)
    open_ = np.flatnonzero(~absent & ~one["form"])
    kind[open_], similarity[open_] = _likeness(traits, pairs.take(open_), unlike_forms)
    tests = [absent, one["handle"], (one["form"] | one_stem) & turned, one["form"], one_stem]
    return np.select(tests, [0, SAME, LOOK_ALIKE, FOLDED, WORDS], kind), similarity


def _likeness(
    traits: AliasTraits, pairs: Pairs, unlike_forms: bool
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Kind (n,) of n pairs of unlike forms, and their similarity or that of what is left of them.

    What is left without titles and suffixes is shorter and says less: it makes handles similar.
    """
    form, bare_form = traits.texts["form"], traits.texts["bare"]
    kind, similarity = np.full(len(pairs), UNLIKE), np.zeros(len(pairs), np.float32)
    if not unlike_forms:
        whole = likeness(form[pairs.left], form[pairs.right])
        kind = np.select([whole.edited, whole.alike], [EDITED, SIMILAR], UNLIKE)
        similarity = whole.similarity
    more = ~(traits.is_bare[pairs.left] & traits.is_bare[pairs.right])
    rest = np.flatnonzero((kind == UNLIKE) & more)
    parts = likeness(bare_form[pairs.left[rest]], bare_form[pairs.right[rest]])
    similarity[rest] = np.maximum(similarity[rest], parts.similarity)
    kind[rest[parts.alike]] = SIMILAR
    rest = np.flatnonzero(kind == UNLIKE)
    within = contained(bare_form[pairs.left[rest]], bare_form[pairs.right[rest]])
    kind[rest[within]] = SIMILAR
    return kind, similarity
