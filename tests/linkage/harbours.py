"""An invented corpus of 200 accounts on four markets, with its truth: what evaluations judge."""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from evidence.corpus import Corpus
from features.style.posts import to_arrays
from features.style.texts import posts_of
from linkage.model import Model
from linkage.post_training import fit_posts, gather
from tests.builders import CorpusBuilder
from tests.hands import Hand

MARKETS = ("harbour", "lantern", "quay", "saltmarsh")
HANDS, LONERS, IMPOSTORS, GONE = 60, 56, 12, 3
STYLES = 40
"""Fewer than hands: some write alike."""
POSTS, WORDS = 6, 30


@dataclass(frozen=True)
class Harbours:
    """The corpus, and a truth (see `read_truth`) of all but some loners."""

    corpus: Corpus
    truth: pl.DataFrame


def two_hundred_accounts(seed: int = 7) -> Harbours:
    """60 hands with two accounts and 12 of them with a third; impostors under their handles.

    Two of three hands keep their handle, the others take an unlike one. Each impostor has the
    handle of another hand; every other one writes as itself, the rest as who they copy.
    """
    town = Town(seed)
    for number in range(HANDS):
        town.settle(number)
    for number in range(GONE):
        town.tell(("harbour", name_of(900 + number)), ("quay", name_of(950 + number)), kind="gone")
    for number in range(LONERS):
        town.settle_loner(number)
    return Harbours(town.builder.build(), town.truth())


def with_invented_style(model: Model) -> Model:
    """The model with its style fitted on sixty other hands, who write as these accounts do."""
    rng = np.random.default_rng(0)
    builder = CorpusBuilder()
    for number in range(60):
        for _ in range(40):
            builder.post("island", f"author{number}", Hand(200 + number).post(rng, WORDS))
    material = gather(posts_of(builder.build()))
    fit = fit_posts(material, np.unique(material.author), seed=0)
    return replace(model, fitted={**model.fitted, "writing_style": to_arrays(fit)})


class Town:
    """Takes in hands one by one, and remembers who they are."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.builder = CorpusBuilder()
        self.rows: list[tuple[str, str, bool, str | None, str, str]] = []

    def settle(self, number: int) -> None:
        hand = Hand(number % STYLES)
        here, there, third = self.rng.permutation(MARKETS)[:3]
        old, new = name_of(2 * number), name_of(2 * number + (number % 3 == 0))
        self.write(here, old, hand)
        self.write(there, new, hand)
        self.tell((here, old), (there, new), kind="moved")
        if number < HANDS // 5:
            self.write(third, new, hand)
            self.tell((there, new), (third, new), kind="moved again")
        elif number < HANDS // 5 + IMPOSTORS:
            self.write(third, old, hand if number % 2 else Hand(1000 + number))
            self.tell((here, old), (third, old), kind="impostor", same=False)

    def settle_loner(self, number: int) -> None:
        market, handle = MARKETS[number % 4], name_of(500 + number)
        self.write(market, handle, Hand(2000 + number))
        if number % 2:
            somebody = self.rows[0][0].split(":")
            self.tell((market, handle), (somebody[0], somebody[1]), kind=None, same=False)

    def write(self, market: str, handle: str, hand: Hand) -> None:
        for _ in range(POSTS):
            self.builder.post(market, handle, hand.post(self.rng, WORDS))

    def tell(
        self, one: tuple[str, str], other: tuple[str, str], kind: str | None, same: bool = True
    ) -> None:
        self.rows.append((":".join(one), ":".join(other), same, kind, one[0], other[0]))

    def truth(self) -> pl.DataFrame:
        columns = ("left", "right", "same", "kind", "market_a", "market_b")
        frame = pl.DataFrame(self.rows, schema=columns, orient="row")
        return frame.cast({"kind": pl.String})


def name_of(number: int) -> str:
    """An invented handle, unlike the others."""
    rng = np.random.default_rng(10_000 + number)
    syllables = ("bram", "kel", "tin", "dor", "wick", "lum", "pash", "ver", "quil", "nox", "sey")
    return "".join(rng.choice(syllables, size=4))
