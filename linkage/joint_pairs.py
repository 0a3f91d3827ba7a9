"""Real pairs with the bits of every family at once: what the shrinks of families are fitted on.

Nothing that is fitted has seen the accounts that it judges here: the pairs of a fold are judged by
a model refitted without it, and no pair lies between two folds.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from evidence.corpus import Corpus
from evidence.errors import RefusedInput
from evidence.masking import Masked, mask
from evidence.selection import keep_accounts
from evidence.splitting import TimeSplit, split_by_time, whole_ids
from features import FEATURES, assemble_features
from features.feature import AnyFeature
from features.pairs import Pairs
from features.titles.texts import cut_alike, titles_of
from features.writing_style import WritingStyle
from linkage.assessment import Assessment, assess
from linkage.decided import decided
from linkage.entities import entities_of
from linkage.evaluation import time_split_task
from linkage.labels import Labels, Reader
from linkage.listing_pairs import same_title_pairs
from linkage.listing_training import LISTING_FEATURES
from linkage.model import Model
from linkage.post_training import AUTHOR_CHARACTERS_MIN, AUTHOR_POSTS_MIN
from linkage.truth import Known

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
FAMILIES = tuple(dict.fromkeys(feature.family for feature in FEATURES))
OTHERS_PER_PAIR = 1000
RECORDS_MIN = 2
"""Listings and posts of an account that is drawn."""
PROSE = ("profile", "description")
HANDLE: tuple[Masked, ...] = ("handle",)
HALVES_POSTS = (10, 40)
"""Posts a side of forum authors cut in two by time."""


@dataclass(frozen=True)
class Joint:
    """n pairs of which it is known whether one hand made both sides.

    Attributes:
        bits: float64 (families, n), what each of `FAMILIES` adds, 0 where it has nothing.
        compared: bool (families, n), where it had something to compare.
        given_bits: float64 (n,), what is added whatever the families say: for pairs that were
            chosen by what the families said, the prior and what copying takes off.
        same: bool (n,), of one hand.
        nearest: bool (n,), of every account that has a partner the stranger with most bits.
        entity: int64 (2, n), that of either side.
        fold: int64 (n,).
    """

    bits: Floats
    compared: Flags
    given_bits: Floats
    same: Flags
    nearest: Flags
    entity: NDArray[np.int64]
    fold: NDArray[np.int64]

    @classmethod
    def joined(cls, parts: Sequence["Joint"]) -> "Joint":
        """All the pairs of several folds."""
        names = [field.name for field in fields(cls)]
        return cls(*(np.concatenate([getattr(p, name) for p in parts], axis=-1) for name in names))


@dataclass(frozen=True)
class Ground:
    """Pairs that were labelled in one way; `even` where both kinds were drawn apart, weigh alike.

    Pairs that people ruled on were chosen by what the families said. That does not bias a
    regression on what they said, as long as the odds before it are those of the model.
    """

    name: str
    pairs: Joint
    even: bool = True


def grounds_of(
    labels: Labels, truth: pl.DataFrame | None, masked: Collection[Masked], *, halves: bool
) -> list[Ground]:
    """Every ground there is: the truth, forum authors cut in two if asked for, and rulings.

    Raises:
        RefusedInput: nothing is labelled, or too little to be dealt into folds.
    """
    grounds = [] if truth is None else [truth_ground(labels, truth, masked)]
    grounds += [halves_ground(labels)] if halves else []
    grounds += [decided_ground(labels)] if labels.rulings.decisions.height else []
    for ground in grounds:
        _refuse_too_little(ground, labels.fold_count)
    if not grounds:
        raise RefusedInput("nothing is labelled: give --truth or --halves, or rule on pairs first")
    return grounds


def _refuse_too_little(ground: Ground, fold_count: int) -> None:
    same = ground.pairs.same
    if len(np.unique(ground.pairs.fold[same])) < fold_count or same.all():
        raise RefusedInput(
            f"{ground.name}: {int(same.sum())} pairs of one hand and {int((~same).sum())} of two "
            f"cannot be dealt into {fold_count} folds: add labels, or leave these out"
        )


def truth_ground(labels: Labels, truth: pl.DataFrame, masked: Collection[Masked]) -> Ground:
    """The pairs of a truth, with others of the same two markets in the same fold.

    The others are `OTHERS_PER_PAIR` drawn for each pair of one hand, every account of the other
    market beside each account that has a partner, and what the truth says are two hands. Accounts
    that show a title in common, or that a label ties, are left out where nothing says that they are
    two hands.

    Args:
        labels: of a corpus.
        truth: see `linkage.truth.read_truth`.
        masked: hidden from every feature; what the truth was made by has to be.
    """
    corpus = mask(labels.corpus, masked)
    accounts = corpus.accounts.select("account_id").with_row_index("row")
    entities = entities_of(corpus.accounts, truth, labels.rulings.decisions)
    same = _rows(Known.of(truth, entities, accounts["account_id"]).same_pairs, accounts)
    told = _rows(truth.filter(~pl.col("same")), accounts)
    unsure = same_title_pairs(corpus, cut_alike(titles_of(corpus))).keys
    market = corpus.accounts["market"].rank("dense").to_numpy().astype(np.int64)
    taught, reader = _taught(corpus, same), Reader(corpus, labels)
    parts = []
    for fold in range(labels.fold_count):
        here = labels.fold == fold
        own, denied = _within(same, here), _within(told, here)
        drawn = np.setdiff1d(_strangers(own, market, here & _enough(corpus)), unsure)
        drawn = _untied(drawn, labels.entity)
        others = np.setdiff1d(np.union1d(drawn, denied.keys), same.keys)
        pairs = Pairs.from_keys(np.union1d(own.keys, others))
        model = labels.judge(corpus, fold, taught)
        found = assess(corpus.accounts, reader.under(model), model.rules, pairs)
        of_one = np.isin(pairs.keys, own.keys)
        parts.append(_joint(found, assemble_features(model.fitted), of_one, labels.entity, fold))
    hidden = f" ({', '.join(masked)} hidden)" if masked else ""
    return Ground(f"pairs of the truth{hidden}", Joint.joined(parts))


def halves_ground(labels: Labels) -> Ground:
    """Forum authors cut in two by time, own handle masked: every early half, every late one."""
    corpus = mask(labels.corpus, HANDLE)
    cut = [mask(split_by_time(labels.corpus, _split(posts)), HANDLE) for posts in HALVES_POSTS]
    rows = labels.corpus.accounts.select("account_id").with_row_index("row")
    parts = []
    for fold in range(labels.fold_count):
        model = labels.judge(corpus, fold, {WritingStyle.name})
        for halves in cut:
            whole = whole_ids(halves).to_frame()
            account = whole.join(rows, on="account_id", maintain_order="left")["row"].to_numpy()
            chosen = labels.fold[account] == fold
            part = keep_accounts(halves, chosen)
            parts.append(_of_halves(part, model, labels, labels.entity[account[chosen]], fold))
    return Ground("forum authors cut in two by time", Joint.joined(parts))


def decided_ground(labels: Labels) -> Ground:
    """What people ruled to be one hand, or two, judged by the model as it is."""
    ruled = decided(labels.rulings.decisions, labels.corpus.accounts)
    pairs = Pairs.from_keys(np.union1d(ruled.same.keys, ruled.different.keys))
    readings = Reader(labels.corpus, labels).under(labels.base)
    found = assess(labels.corpus.accounts, readings, labels.base.rules, pairs)
    same = np.isin(pairs.keys, ruled.same.keys)
    features = [reading.feature for reading in readings]
    joint = _joint(found, features, same, labels.entity, 0)
    given = found.scores.prior_bits + found.scores.copying_bits
    fold = labels.fold[pairs.left.astype(np.int64)]
    joint = replace(joint, given_bits=given, fold=fold, nearest=np.zeros(len(pairs), np.bool_))
    return Ground("rulings of people", joint, even=False)


def _of_halves(
    part: Corpus, model: Model, labels: Labels, entity: NDArray[np.int64], fold: int
) -> Joint:
    task = time_split_task(part)
    count = len(task.gallery)
    pairs = Pairs.of(np.repeat(task.queries, count), np.tile(task.gallery, len(task.queries)))
    readings = Reader(part, labels).under(model)
    found = assess(part.accounts, readings, model.rules, pairs)
    same = np.isin(pairs.keys, task.partners.keys)
    return _joint(found, [reading.feature for reading in readings], same, entity, fold)


def _joint(
    found: Assessment,
    features: Sequence[AnyFeature],
    same: Flags,
    entity: NDArray[np.int64],
    fold: int,
) -> Joint:
    """Pairs that were assessed, `entity` (accounts,) that of each account."""
    scores, count = found.scores, len(found.pairs)
    bits = np.zeros((len(FAMILIES), count))
    compared = np.zeros((len(FAMILIES), count), np.bool_)
    for feature in features:
        row = FAMILIES.index(feature.family)
        counted = scores.counted[feature.name]
        bits[row] += np.where(counted, np.nan_to_num(scores.bits[feature.name]), 0.0)
        compared[row] |= ~np.isnan(scores.bits[feature.name])
    sides = np.array([found.pairs.left, found.pairs.right], np.int64)
    nearest = _nearest(sides, same, bits.sum(axis=0))
    nothing, folds = np.zeros(count), np.full(count, fold)
    return Joint(bits, compared, nothing, same, nearest, entity[sides], folds)


def _nearest(sides: NDArray[np.int64], same: Flags, bits: Floats) -> Flags:
    """Of every account of a pair of one hand the pair (n,) with a stranger that has most bits."""
    nearest = np.zeros(len(bits), np.bool_)
    of_two = np.flatnonzero(~same)
    account, pair = sides[:, of_two].ravel(), np.tile(of_two, 2)
    order = np.lexsort((pair, -bits[pair], account))
    account, pair = account[order], pair[order]
    first = np.flatnonzero(np.diff(account, prepend=-1))
    has_partner = np.isin(account[first], sides[:, same])
    nearest[pair[first][has_partner]] = True
    return nearest


def _strangers(own: Pairs, market: NDArray[np.int64], there: Flags) -> NDArray[np.uint64]:
    """Keys of pairs of the two markets of each pair of one hand: drawn, and beside its accounts."""
    rng = np.random.default_rng(0)
    keys = []
    for left, right in zip(own.left.tolist(), own.right.tolist(), strict=True):
        places = [np.flatnonzero(there & (market == market[side])) for side in (left, right)]
        if min(map(len, places)):
            drawn = Pairs.of(*(rng.choice(place, OTHERS_PER_PAIR) for place in places))
            beside = Pairs.of(np.full(len(places[1]), left), places[1])
            facing = Pairs.of(np.full(len(places[0]), right), places[0])
            keys += [drawn.keys, beside.keys, facing.keys]
    return np.unique(np.concatenate([*keys, np.zeros(0, np.uint64)]))


def _untied(keys: NDArray[np.uint64], entity: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Keys of pairs whose accounts are of two entities."""
    pairs = Pairs.from_keys(keys)
    return pairs.take(entity[pairs.left] != entity[pairs.right]).keys


def _enough(corpus: Corpus) -> Flags:
    """Accounts (n,) that left `RECORDS_MIN` listings and posts."""
    tables = corpus.listings, corpus.posts
    counts = [np.bincount(t["account"], minlength=corpus.account_count) for t in tables]
    return np.asarray(counts[0] + counts[1] >= RECORDS_MIN)


def _rows(pairs: pl.DataFrame, accounts: pl.DataFrame) -> Pairs:
    """Those of the pairs (left, right) whose accounts are both here."""
    here = pairs.join(accounts, left_on="left", right_on="account_id")
    here = here.join(accounts, left_on="right", right_on="account_id", suffix="_right")
    return Pairs.of(here["row"].to_numpy(), here["row_right"].to_numpy())


def _within(pairs: Pairs, there: Flags) -> Pairs:
    return pairs.take(there[pairs.left.astype(np.int64)] & there[pairs.right.astype(np.int64)])


def _taught(corpus: Corpus, same: Pairs) -> set[str]:
    """The features with something fitted that any pair of one hand lets compare."""
    of_ground = corpus.texts.group_by("ground").agg("account")
    shows = {ground: np.unique(accounts) for ground, accounts in of_ground.iter_rows()}

    def both(*grounds: str) -> bool:
        who = np.concatenate([shows.get(ground, np.zeros(0, np.int64)) for ground in grounds])
        return bool((np.isin(same.left, who) & np.isin(same.right, who)).any())

    names = set(LISTING_FEATURES) if both("title") else set()
    return names | ({WritingStyle.name} if both("post") or both(*PROSE) else set())


def _split(posts: int) -> TimeSplit:
    return TimeSplit(posts, AUTHOR_POSTS_MIN, AUTHOR_CHARACTERS_MIN)
