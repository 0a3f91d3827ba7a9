"""A feature that breaks one property is found out by the check of that property, and by no other.

`SameAddress` is right; every other feature here is the same but for one fault.
"""

import itertools
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import ClassVar

import numpy as np
import polars as pl
import pytest
from typing_extensions import override

from evidence.corpus import Corpus
from evidence.recall import FileRecall
from features.feature import Citation, Feature, Finding, Level, Outcome, Shown
from features.pairs import Pairs
from tests.features.properties import CHECKS

NOTHING = Finding(None, "one of them shows no address, or they share none")


@dataclass(frozen=True)
class Shows:
    """Who shows which address where; `sizes` go through the recall; `peeped` is for wrong ones."""

    rows: pl.DataFrame
    sizes: dict[str, int]
    account_count: int
    peeped: pl.DataFrame | None = None


class SameAddress(Feature[dict[str, int], Shows]):
    """Do the accounts show one e-mail address?

    Blind spot: anybody can show anybody's address.
    """

    name = "same_address"
    family = "address"
    levels = (Level("same_address", "both show one address", "free"),)

    @override
    def survey(self, corpus: Corpus) -> dict[str, int]:
        counts = corpus.spans.filter(kind="email")["value"].value_counts(sort=True)
        return dict(counts.sort("value").iter_rows())

    @override
    def read(self, corpus: Corpus, survey: dict[str, int]) -> Shows:
        spans = corpus.spans.filter(kind="email").select("text", "value")
        texts = corpus.texts.with_row_index("at").filter(
            pl.col("at").is_in(spans["text"].implode())
        )
        rows = spans.join(texts, left_on="text", right_on="at", suffix="_read").unique(
            ["account", "value"], keep="first", maintain_order=True
        )
        return Shows(
            rows.select("account", "value", "source_id", "place", "row_id").sort("account"),
            self.sizes(corpus, texts["text"].to_list()),
            corpus.account_count,
        )

    def sizes(self, corpus: Corpus, texts: list[str]) -> dict[str, int]:
        by_hash = {sha256(text.encode()).hexdigest(): text for text in texts}
        known = corpus.recall.known("size/1", by_hash)
        new = {h: self.answer(corpus, t) for h, t in by_hash.items() if h not in known}
        corpus.recall.keep("size/1", new)
        return {h: int.from_bytes((known | new)[h][:8], "big") for h in sorted(by_hash)}

    def answer(self, corpus: Corpus, text: str) -> bytes:
        del corpus
        return len(text).to_bytes(8, "big")

    @override
    def meet(self, traits: Shows, survey: dict[str, int]) -> Pairs:
        both = traits.rows.join(traits.rows, on="value")
        return Pairs.of(both["account"], both["account_right"])

    @override
    def compare(self, traits: Shows, survey: dict[str, int], pairs: Pairs) -> Outcome:
        outcome = Outcome.nothing(len(pairs))
        found = np.isin(pairs.keys, SameAddress.meet(self, traits, survey).keys)
        outcome.level[found], outcome.count[found] = 1, 2
        return outcome

    @override
    def explain(self, traits: Shows, survey: dict[str, int], pair: tuple[int, int]) -> Finding:
        if not SameAddress.compare(self, traits, survey, Pairs.of(*([p] for p in pair))).level[0]:
            return NOTHING
        rows = traits.rows.filter(pl.col("account").is_in(pair))
        cited = rows.select("source_id", "place", "row_id").rows()
        return Finding(
            "same_address", "both show one address", (), tuple(Citation(*row) for row in cited)
        )

    @override
    def without(self, traits: Shows, survey: dict[str, int], values: object) -> Shows:
        return replace(traits, rows=traits.rows.filter(~pl.col("value").is_in(list(values))))

    @override
    def shown(self, traits: Shows) -> Shown:
        proved = np.zeros(traits.rows.height, np.bool_)
        return Shown(
            "key", traits.rows["account"].to_numpy(), traits.rows["value"].to_list(), proved
        )


class Unquestioning(SameAddress):
    """Compares addresses and knows no blind spot."""

    breaks = ("says_what_it_cannot_see",)


class Doubled(SameAddress):
    __doc__ = SameAddress.__doc__
    breaks = ("names_its_levels",)
    levels = (*SameAddress.levels, Level("same_address", "the same once more", "free"))


class Blind(SameAddress):
    __doc__ = SameAddress.__doc__
    breaks = ("finds_something",)

    @override
    def compare(self, traits, survey, pairs):
        return Outcome.nothing(len(pairs))

    @override
    def meet(self, traits, survey):
        return Pairs.none()

    @override
    def explain(self, traits, survey, pair):
        return NOTHING


class Talkative(SameAddress):
    __doc__ = SameAddress.__doc__
    breaks = ("declares_its_levels",)

    @override
    def compare(self, traits, survey, pairs):
        outcome = super().compare(traits, survey, pairs)
        return replace(outcome, count=outcome.count + np.int32(1))


class Moody(SameAddress):
    __doc__ = SameAddress.__doc__
    breaks = ("reads_alike_twice", "reads_alike_with_earlier_answers")
    mood: ClassVar = itertools.count()

    @override
    def survey(self, corpus):
        return super().survey(corpus) | {"mood": next(self.mood)}


class OneSided(SameAddress):
    __doc__ = SameAddress.__doc__
    breaks = ("knows_no_sides",)

    @override
    def compare(self, traits, survey, pairs):
        outcome = super().compare(traits, survey, pairs)
        counts = np.where(outcome.level, pairs.left + 1, 0)
        return replace(outcome, count=counts.astype(np.int32))


class Sociable(SameAddress):
    __doc__ = SameAddress.__doc__
    breaks = ("judges_a_pair_by_itself",)

    @override
    def compare(self, traits, survey, pairs):
        outcome = super().compare(traits, survey, pairs)
        return replace(outcome, count=outcome.count * np.int32(len(pairs)))


class Stranger(SameAddress):
    __doc__ = SameAddress.__doc__
    breaks = ("brings_accounts_of_the_corpus",)

    @override
    def meet(self, traits, survey):
        found = super().meet(traits, survey)
        order = np.argsort(found.left + found.right, kind="stable")[::-1]
        return Pairs(found.left[order], found.right[order])


class Inventive(SameAddress):
    __doc__ = SameAddress.__doc__
    breaks = ("explains_with_sources",)

    @override
    def explain(self, traits, survey, pair):
        finding = super().explain(traits, survey, pair)
        return replace(finding, citations=(Citation("hearsay", "somewhere", "nowhere"),))


class Presumptuous(SameAddress):
    __doc__ = SameAddress.__doc__
    breaks = ("says_nothing_of_what_is_missing",)

    @override
    def compare(self, traits, survey, pairs):
        outcome = super().compare(traits, survey, pairs)
        if traits.account_count == 3:
            outcome.level[:] = 1
        return outcome


class Lonely(SameAddress):
    __doc__ = SameAddress.__doc__
    breaks = ("reads_nobody_at_all",)

    @override
    def survey(self, corpus):
        if corpus.account_count == 0:
            raise AssertionError("nobody is there")
        return super().survey(corpus)


class Stale(SameAddress):
    __doc__ = SameAddress.__doc__
    breaks = ("reads_alike_with_earlier_answers", "reads_alike_with_a_damaged_file")

    @override
    def sizes(self, corpus, texts):
        """Keeps what it knows of a text by a name that other texts have as well."""
        names = [sha256(str(place).encode()).hexdigest() for place in range(len(texts))]
        known = corpus.recall.known("size/1", names)
        corpus.recall.keep(
            "size/1", {n: t[-6:].encode() for n, t in zip(names, texts, strict=True)}
        )
        return {n: len(known.get(n, b"")) for n in names}


class Trusting(SameAddress):
    __doc__ = SameAddress.__doc__
    breaks = ("reads_alike_with_a_damaged_file",)

    @override
    def sizes(self, corpus, texts):
        return {} if isinstance(corpus.recall, FileRecall) else super().sizes(corpus, texts)


class Indiscreet(SameAddress):
    __doc__ = SameAddress.__doc__
    breaks = ("keeps_no_words",)

    @override
    def answer(self, corpus, text):
        return super().answer(corpus, text) + text.encode()


class Stubborn(SameAddress):
    __doc__ = SameAddress.__doc__
    breaks = ("forgets_what_is_public",)

    @override
    def without(self, traits, survey, values):
        return traits


class Delicate(SameAddress):
    __doc__ = SameAddress.__doc__
    breaks = ("bears_what_adversaries_write",)

    @override
    def survey(self, corpus):
        assert not corpus.texts["text"].str.contains("\0", literal=True).any()
        return super().survey(corpus)


class Peeping(SameAddress):
    """Brings accounts together by digests of what stood in their texts before it was masked."""

    words: ClassVar[str]

    @override
    def read(self, corpus, survey):
        chosen = corpus.texts.filter(pl.col("text").str.contains(self.words, literal=True))
        peeped = chosen.select("account", value=pl.col("row_id").str.slice(0, 1))
        return replace(super().read(corpus, survey), peeped=peeped)

    @override
    def meet(self, traits, survey):
        both = traits.peeped.join(traits.peeped, on="value")
        return Pairs.of(both["account"], both["account_right"])

    @override
    def shown(self, traits):
        return None


class PeepingAtHandles(Peeping):
    __doc__ = SameAddress.__doc__
    breaks = ("sees_nothing_behind_a_mask_of_handle",)
    words = "sells lamps"


class PeepingAtKeys(Peeping):
    __doc__ = SameAddress.__doc__
    breaks = (
        "sees_nothing_behind_a_mask_of_handle",
        "sees_nothing_behind_a_mask_of_key",
    )
    words = "this is my key"


class PeepingAtContacts(Peeping):
    __doc__ = SameAddress.__doc__
    breaks = (
        "sees_nothing_behind_a_mask_of_handle",
        "sees_nothing_behind_a_mask_of_contact",
    )
    words = "for a quote"


class ReadingTables(SameAddress):
    __doc__ = SameAddress.__doc__
    breaks = ("reads_words_from_texts_alone",)

    @override
    def read(self, corpus, survey):
        refused = corpus.posts.filter(pl.col("body").str.contains("words of table"))["account"]
        found = super().read(corpus, survey)
        return replace(found, rows=found.rows.filter(~pl.col("account").is_in(refused.implode())))


def broken(feature: type[SameAddress]) -> set[str]:
    """The checks that find the feature out."""
    found = set()
    for name, check in CHECKS.items():
        try:
            check(feature)
        except AssertionError:
            found.add(name)
    return found


def wrong_features(base: type = SameAddress) -> list[type]:
    below = [wrong for direct in base.__subclasses__() for wrong in wrong_features(direct)]
    return below + [wrong for wrong in (base,) if "breaks" in vars(wrong)]


def test_a_right_feature_breaks_nothing():
    assert broken(SameAddress) == set()


@pytest.mark.parametrize("feature", wrong_features(), ids=lambda feature: feature.__name__)
def test_a_wrong_feature_is_found_out(feature):
    assert broken(feature) == set(feature.breaks)


def test_for_every_property_there_is_a_feature_that_breaks_it():
    assert {name for feature in wrong_features() for name in feature.breaks} == set(CHECKS)
