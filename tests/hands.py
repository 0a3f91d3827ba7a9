"""Invented hands: each with words, punctuation and habits of its own, writing posts at will."""

import numpy as np

from tests.builders import CorpusBuilder

TOPICS = ("parcel", "stamp", "label", "scale", "paper", "tape", "box", "bag", "order", "list")
SMALL = ("the", "a", "of", "to", "and", "in", "it", "is", "that", "for", "on", "so", "very", "just")
OPENINGS = ("hi all", "Hello,", "well", "ok so", "Dear friends,", "hey", "As I said", "look")
ENDINGS = (".", "!", "!!", "...", " :)", "", " ,thanks", " - cheers")
GAPS = (" ", "  ", ", ", " ... ")


class Hand:
    """A way of writing, drawn from a seed; `post()` writes one post of about 40 words."""

    def __init__(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        self.small = rng.dirichlet(np.full(len(SMALL), 0.6))
        self.topics = rng.dirichlet(np.full(len(TOPICS), 1.0))
        self.opening = OPENINGS[rng.integers(len(OPENINGS))]
        self.ending = rng.dirichlet(np.full(len(ENDINGS), 0.3))
        self.gap = rng.dirichlet(np.full(len(GAPS), 0.3))
        self.lowers = rng.random() < 0.5

    def post(self, rng: np.random.Generator, words: int = 40) -> str:
        text = self.opening
        for _ in range(words):
            topic = rng.random() < 0.4
            word = rng.choice(TOPICS, p=self.topics) if topic else rng.choice(SMALL, p=self.small)
            text += (rng.choice(GAPS, p=self.gap) if rng.random() < 0.2 else " ") + str(word)
        text += str(rng.choice(ENDINGS, p=self.ending))
        return text.lower() if self.lowers else text


def a_forum(
    hands: int, posts: int, seed: int = 0, market: str = "harbour", words: int = 40
) -> CorpusBuilder:
    """`hands` accounts called author0, author1, … with so many posts each."""
    rng = np.random.default_rng(seed)
    builder = CorpusBuilder()
    for number in range(hands):
        hand = Hand(number)
        for _ in range(posts):
            builder.post(market, f"author{number}", hand.post(rng, words))
    return builder
