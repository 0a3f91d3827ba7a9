"""What must hold for every feature: each check asserts one property of a feature's class.

`CHECKS` names them all. `test_every_feature.py` runs them over the features that there are, and
`test_wrong_features.py` shows for each that a feature which breaks it is found out.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl

from evidence.corpus import Corpus
from evidence.masking import FREE_TEXT, mask
from evidence.public_texts import without_public
from evidence.recall import FileRecall, Recall
from evidence.rulings import PUBLIC_VALUES
from features.feature import AnyFeature, Forgeable, Outcome
from features.pairs import Pairs
from linkage.model import load_model
from linkage.readings import read
from tests.builders import CorpusBuilder
from tests.features.every_world import (
    ACCOUNTS,
    PLAIN,
    Tokens,
    hostile_world,
    owner_of,
    turned,
    world,
)

OTHER = Tokens(1, 1, 1, 1)
TOKENS = {"handle": Tokens(names=1), "key": Tokens(keys=1), "contact": Tokens(contacts=1)}
FITTED = load_model().fitted


@dataclass(frozen=True)
class Prepared:
    """A feature that has read a corpus."""

    feature: AnyFeature
    survey: object
    traits: object

    def compare(self, pairs: Pairs) -> Outcome:
        return self.feature.compare(self.traits, self.survey, pairs)

    def meet(self) -> Pairs:
        return self.feature.meet(self.traits, self.survey)


class MemoryRecall:
    """A recall whose entries a test can look at."""

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], bytes] = {}

    def known(self, kind: str, contents: Collection[str]) -> dict[str, bytes]:
        return {c: self.entries[kind, c] for c in contents if (kind, c) in self.entries}

    def keep(self, kind: str, found: Mapping[str, bytes]) -> None:
        self.entries |= {(kind, content): answer for content, answer in found.items()}

    def turn(self) -> None:
        """Nothing is dropped."""


def prepared(kind: type[AnyFeature], corpus: Corpus, recall: Recall | None = None) -> Prepared:
    corpus = corpus if recall is None else replace(corpus, recall=recall)
    feature = kind.from_fitted(FITTED.get(kind.name))
    survey = feature.survey(corpus)
    return Prepared(feature, survey, feature.read(corpus, survey))


@cache
def at_home(kind: type[AnyFeature]) -> Prepared:
    return prepared(kind, world())


def all_pairs(count: int = ACCOUNTS) -> Pairs:
    return Pairs.of(*np.triu_indices(count, 1))


def taken(outcome: Outcome, at: np.ndarray) -> Outcome:
    return Outcome(outcome.level[at], outcome.value[at], outcome.count[at])


def assert_one_outcome(one: Outcome, other: Outcome) -> None:
    np.testing.assert_array_equal(one.level, other.level)
    np.testing.assert_array_equal(one.count, other.count)
    np.testing.assert_allclose(one.value, other.value, rtol=1e-5, atol=1e-6)


def assert_same(one: object, other: object) -> None:
    """Equal, down to the arrays and tables within."""
    assert type(one) is type(other)
    if isinstance(one, pl.DataFrame | pl.Series):
        assert one.equals(other)
    elif isinstance(one, np.ndarray):
        np.testing.assert_array_equal(one, other)
    elif hasattr(one, "tocsr"):
        assert (one != other).nnz == 0
    elif parts_of(one) is None:
        assert one == other
    else:
        parts = parts_of(one), parts_of(other)
        assert len(parts[0]) == len(parts[1])
        for left, right in zip(*parts, strict=True):
            assert_same(left, right)


def parts_of(thing: object) -> list[object] | None:
    """What a thing is made of; None where it is one thing."""
    if is_dataclass(thing):
        return [getattr(thing, field.name) for field in fields(thing)]
    if isinstance(thing, dict):
        return [*thing, *thing.values()]
    return list(thing) if isinstance(thing, tuple | list) else None


def says_what_it_cannot_see(kind: type[AnyFeature]) -> None:
    assert kind.__doc__ is not None
    assert "Blind spot: " in kind.__doc__
    assert kind.__doc__.splitlines()[0].endswith("?")
    assert kind.name.isidentifier()
    assert kind.family.isidentifier()


def names_its_levels(kind: type[AnyFeature]) -> None:
    names = [level.name for level in kind.levels]
    assert len(set(names)) == len(names) < 127
    for level in kind.levels:
        assert level.forgeable in Forgeable.__args__
        assert (level.binds == "none") or level.forgeable == "infeasible"


def finds_something(kind: type[AnyFeature]) -> None:
    assert at_home(kind).compare(all_pairs()).level.any()


def declares_its_levels(kind: type[AnyFeature]) -> None:
    pairs = all_pairs()
    outcome = at_home(kind).compare(pairs)
    columns = (outcome.level, outcome.value, outcome.count)
    assert tuple(column.dtype.str[1:] for column in columns) == ("i1", "f4", "i4")
    assert {column.shape for column in columns} == {(len(pairs),)}
    assert outcome.level.min() >= 0
    assert outcome.level.max() <= len(kind.levels)
    assert not outcome.count[outcome.level == 0].any()
    assert np.isnan(outcome.value[outcome.level == 0]).all()


def reads_alike_twice(kind: type[AnyFeature]) -> None:
    home, again = at_home(kind), prepared(kind, world())
    assert_same(home.survey, again.survey)
    assert_same(home.traits, again.traits)


def knows_no_sides(kind: type[AnyFeature]) -> None:
    home, other, pairs = at_home(kind), prepared(kind, turned(world())), all_pairs()
    last = ACCOUNTS - 1
    place = np.searchsorted(pairs.keys, Pairs(last - pairs.right, last - pairs.left).keys)
    assert_one_outcome(home.compare(pairs), taken(other.compare(pairs), place))
    met, turned_met = home.meet(), other.meet()
    sides = [last - side.astype(int) for side in (turned_met.left, turned_met.right)]
    assert_same(Pairs.of(met.left, met.right), Pairs.of(*sides))


def judges_a_pair_by_itself(kind: type[AnyFeature]) -> None:
    home, pairs = at_home(kind), all_pairs()
    outcome = home.compare(pairs)
    some = np.flatnonzero((outcome.level > 0) | (np.arange(len(pairs)) % 7 == 0))[::3]
    assert_one_outcome(home.compare(pairs.take(some)), taken(outcome, some))
    assert len(home.compare(Pairs.none()).level) == 0


def brings_accounts_of_the_corpus(kind: type[AnyFeature]) -> None:
    pairs = at_home(kind).meet()
    assert (pairs.left < pairs.right).all()
    assert (np.diff(pairs.keys.astype(object)) > 0).all()
    assert not len(pairs) or pairs.right.max() < ACCOUNTS


def explains_with_sources(kind: type[AnyFeature]) -> None:
    home, pairs, corpus = at_home(kind), all_pairs(), world()
    level = home.compare(pairs).level
    tables = (corpus.texts, corpus.photos, corpus.profiles, corpus.listings, corpus.posts)
    rows = {row for table in tables for row in table["row_id"].to_list()}
    for at in np.union1d(np.flatnonzero(level)[:40], np.flatnonzero(level == 0)[:5]):
        pair = (int(pairs.left[at]), int(pairs.right[at]))
        finding = home.feature.explain(home.traits, home.survey, pair)
        assert finding.level == (kind.levels[level[at] - 1].name if level[at] else None)
        assert finding.sentence
        assert bool(finding.citations) or not level[at]
        assert {citation.row_id for citation in finding.citations} <= rows


def says_nothing_of_what_is_missing(kind: type[AnyFeature]) -> None:
    builder = CorpusBuilder()
    for number in range(3):
        builder.account(f"market {number}", f"account {number}")
    found = prepared(kind, mask(builder.build(), ["handle"]))
    assert not found.compare(all_pairs(3)).level.any()
    assert len(found.meet()) == 0
    assert found.feature.explain(found.traits, found.survey, (0, 1)).level is None


def reads_nobody_at_all(kind: type[AnyFeature]) -> None:
    found = prepared(kind, CorpusBuilder().build())
    assert len(found.meet()) == 0
    assert len(found.compare(Pairs.none()).level) == 0


def sees_nothing_behind_a_mask(kind: type[AnyFeature], what: str) -> None:
    found = [prepared(kind, mask(world(t), [what])) for t in (PLAIN, TOKENS[what])]
    assert_one_outcome(*(one.compare(all_pairs()) for one in found))
    assert_same(*(one.meet() for one in found))


def reads_words_from_texts_alone(kind: type[AnyFeature]) -> None:
    """What the tables' own columns say besides, a masked corpus does not say."""
    corpus, said = world(), pl.format("words of table {}", pl.col("account") // 4)
    tables = {
        name: getattr(corpus, name).with_columns(said.alias(column) for column in columns)
        for name, columns in FREE_TEXT.items()
    }
    found = prepared(kind, replace(corpus, **tables))
    assert_one_outcome(at_home(kind).compare(all_pairs()), found.compare(all_pairs()))
    assert_same(at_home(kind).meet(), found.meet())


def reads_alike_with_earlier_answers(kind: type[AnyFeature]) -> None:
    fresh, recall = at_home(kind), MemoryRecall()
    prepared(kind, world(OTHER), recall)
    for _ in ("filled by others", "filled"):
        again = prepared(kind, world(), recall)
        assert_same(fresh.survey, again.survey)
        assert_same(fresh.traits, again.traits)
    half = MemoryRecall()
    half.entries = dict(list(recall.entries.items())[::2])
    assert_same(fresh.traits, prepared(kind, world(), half).traits)


def reads_alike_with_a_damaged_file(kind: type[AnyFeature]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "recall.sqlite"
        prepared(kind, world(), FileRecall(path))
        if path.exists():
            raw = bytearray(path.read_bytes())
            raw[len(raw) // 2 :] = bytes(byte ^ 0x55 for byte in raw[len(raw) // 2 :])
            path.write_bytes(raw)
        for _ in ("damaged", "removed", "mended"):
            assert_same(at_home(kind).traits, prepared(kind, world(), FileRecall(path)).traits)


def keeps_no_words(kind: type[AnyFeature]) -> None:
    recall, corpus = MemoryRecall(), world()
    prepared(kind, corpus, recall)
    kept = b"\n".join(recall.entries.values()).lower()
    texts = corpus.texts.filter(~pl.col("text").str.contains("-----BEGIN"))["text"]
    words = {*corpus.accounts["handle"], *re.findall(r"[\w.@]{8,}", " ".join(texts).lower())}
    words |= {f"hand {hand} " for hand in range(ACCOUNTS // 2)} | {"@example.org"}
    assert [word for word in sorted(words) if word.encode() in kept] == []


def forgets_what_is_public(kind: type[AnyFeature]) -> None:
    """A value ruled public counts as if nobody had shown it."""
    home = at_home(kind)
    shown = home.feature.shown(home.traits)
    if shown is None or not shown.value:
        return
    hand = _hand_of(int(shown.account[0]))
    own = [
        value for value, a in zip(shown.value, shown.account, strict=True) if _hand_of(a) == hand
    ]
    rows = [(shown.kind, value, "a test's") for value in own]
    public = pl.DataFrame(rows, schema=PUBLIC_VALUES.schema, orient="row")
    ruled = read(home.feature, without_public(world(), public), public)
    never = prepared(kind, world(Tokens(plain=frozenset([hand]))))
    assert_one_outcome(ruled.compare(all_pairs()), never.compare(all_pairs()))
    assert_same(ruled.meet(), never.meet())


def _hand_of(row: int) -> int:
    """The hand of an account of the world."""
    market, handle = world().accounts.row(int(row))[1:3]
    return next(n // 2 for n in range(ACCOUNTS) if owner_of(PLAIN, n) == (market, handle))


def bears_what_adversaries_write(kind: type[AnyFeature]) -> None:
    corpus = hostile_world()
    found, pairs = prepared(kind, corpus, MemoryRecall()), all_pairs(corpus.account_count)
    found.meet()
    level = found.compare(pairs).level
    assert 0 <= level.min() <= level.max() <= len(kind.levels)
    for left, right in list(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True))[::9]:
        finding = found.feature.explain(found.traits, found.survey, (left, right))
        assert finding.sentence.encode()


CHECKS = {
    check.__name__: check
    for check in (
        says_what_it_cannot_see,
        names_its_levels,
        finds_something,
        declares_its_levels,
        reads_alike_twice,
        knows_no_sides,
        judges_a_pair_by_itself,
        brings_accounts_of_the_corpus,
        explains_with_sources,
        says_nothing_of_what_is_missing,
        reads_nobody_at_all,
        reads_words_from_texts_alone,
        reads_alike_with_earlier_answers,
        reads_alike_with_a_damaged_file,
        keeps_no_words,
        forgets_what_is_public,
        bears_what_adversaries_write,
    )
} | {
    f"sees_nothing_behind_a_mask_of_{what}": partial(sees_nothing_behind_a_mask, what=what)
    for what in TOKENS
}
