"""What a hand writes: a grammar everybody shares, a lasting taste among its words, and habits."""

import re
import tomllib
from bisect import bisect
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.random import Generator

from world.people import Habits, Hand

GRAMMAR = Path(__file__).parent / "grammar.toml"
TASTE = 0.12
"""Concentration of a hand's preferences (Dirichlet): the smaller, the more it repeats itself."""
FRAME_TASTE = 0.5
WORD = re.compile(r"[A-Za-z]+")
SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Grammar:
    """Alternatives by name, and which names follow a hand's taste, and how strongly."""

    alternatives: Mapping[str, tuple[str, ...]]
    tastes: Mapping[str, float]
    topics: tuple[str, ...]


@cache
def grammar() -> Grammar:
    """The grammar file, read once."""
    parts = tomllib.loads(GRAMMAR.read_text(encoding="utf-8"))
    alternatives = {
        name: tuple(choices) for table in parts.values() for name, choices in table.items()
    }
    tastes = dict.fromkeys(parts["habit"], TASTE)
    tastes |= dict.fromkeys((*parts["topic"], *parts["listing"]), FRAME_TASTE)
    return Grammar(MappingProxyType(alternatives), MappingProxyType(tastes), tuple(parts["topic"]))


class Voice:
    """A hand at the keyboard of one account.

    The taste is the hand's, whatever the account; what comes up is drawn for the account.
    """

    def __init__(self, seed: int, hand: Hand, account: int) -> None:
        self.habits: Habits = hand.habits
        self._odds = _odds(np.random.default_rng([seed, 2, hand.number]))
        self._rng: Generator = np.random.default_rng([seed, 3, account])
        self._said: list[str] = []

    def post(self, topic: str | None = None) -> str:
        """A post: a few sentences, mostly on one topic, with greeting and sign-off by habit."""
        habits, rng = self.habits, self._rng
        count = 1 + int(rng.poisson(habits.sentences))
        subject = topic or self._topic()
        parts = [
            self._sentence(subject if rng.random() < 0.6 else self._topic()) for _ in range(count)
        ]
        if rng.random() < habits.greeting_share:
            parts.insert(0, self._close(self._fill("{hello}")))
        text = "".join(part + self._gap() for part in parts[:-1]) + parts[-1]
        return text + self._sign_off()

    def description(self, product: str) -> str:
        """A listing's description: what it is, and the seller's usual sentences."""
        first = self._close(self._fill("{good} ") + product)
        count = 2 + int(self._rng.poisson(2))
        parts = [first, *(self._sentence("offer") for _ in range(count))]
        return self._gap().join(parts) + self._sign_off()

    def quantity(self, amount: int) -> str:
        """So many grams, in this hand's way."""
        return self.habits.unit.format(n=amount)

    def title(self, words: str) -> str:
        """A listing's title in this hand's way."""
        cased = {"title": str.title, "upper": str.upper, "lower": str.lower}
        change = cased.get(self.habits.title_case, str)
        return self.habits.title_frame.format(change(words))

    def say(self, sentence: str) -> str:
        """A given sentence in this hand's way; `{name}` stands for its word of that name."""
        return self._close(self._fill(sentence))

    def _topic(self) -> str:
        topics = grammar().topics
        return topics[int(self._rng.random() * len(topics))]

    def _sentence(self, topic: str) -> str:
        habits, rng = self.habits, self._rng
        words = self._fill(self._fresh(topic))
        if rng.random() < habits.join_share:
            join = ("{and}", "{but}", "{so}", "{because}")[int(rng.random() * 4)]
            words += habits.comma + self._fill(join + " " + self._fresh(topic))
        if rng.random() < habits.opener_share:
            words = self._fill("{opener}") + habits.comma + words
        if rng.random() < habits.tail_share:
            words += habits.comma + self._fill("{tail}")
        return self._close(words)

    def _fresh(self, topic: str) -> str:
        """A frame of the topic, if it can be one that was not used just before."""
        frames = [self._pick(topic) for _ in range(3)]
        frame = next((frame for frame in frames if frame not in self._said), frames[0])
        self._said = [*self._said[-5:], frame]
        return frame

    def _fill(self, frame: str) -> str:
        pieces = list(_split(frame))
        for place in range(1, len(pieces), 2):
            pieces[place] = self._fill(self._pick(pieces[place]))
        return "".join(pieces)

    def _pick(self, name: str) -> str:
        alternatives = grammar().alternatives[name]
        odds = self._odds.get(name)
        drawn = self._rng.random()
        if odds is None:
            return alternatives[int(drawn * len(alternatives))]
        return alternatives[min(bisect(odds, drawn), len(alternatives) - 1)]

    def _close(self, words: str) -> str:
        habits, rng = self.habits, self._rng
        words = _spelt(words, habits.words)
        words = _cased(words.strip(), habits.case, float(rng.random()))
        other = rng.random() < habits.other_stop_share
        ending = habits.other_stop if other else habits.stop
        if habits.emoticon and rng.random() < habits.emoticon_share:
            ending += " " + habits.emoticon
        return words + ending

    def _gap(self) -> str:
        return "\n\n" if self._rng.random() < self.habits.paragraph_share else self.habits.gap

    def _sign_off(self) -> str:
        habits, rng = self.habits, self._rng
        if rng.random() >= habits.sign_off_share:
            return ""
        farewell = self._fill("{wish}" if rng.random() < 0.5 else "{thanks}")
        signature = "\n" + habits.signature if habits.signature else ""
        return "\n" + _cased(farewell, habits.case, 1.0) + signature


def _odds(rng: Generator) -> dict[str, list[float]]:
    """Cumulative preferences of a hand over every name that follows taste."""
    book = grammar()
    return {
        name: np.cumsum(rng.dirichlet(np.full(len(book.alternatives[name]), taste))).tolist()
        for name, taste in book.tastes.items()
    }


@cache
def _split(frame: str) -> tuple[str, ...]:
    """Plain pieces and slot names in turn: plain at even places, names at odd ones."""
    return tuple(SLOT.split(frame))


def _spelt(words: str, own: Mapping[str, str]) -> str:
    return WORD.sub(lambda found: own.get(found[0], found[0]), words)


def _cased(words: str, case: str, drawn: float) -> str:
    if case == "lower":
        return words.lower()
    if case == "lower i":
        words = re.sub(r"\bI\b", "i", words)
    if case == "title":
        return words.title()
    if case == "shouting now and then" and drawn < 0.15:
        return words.upper()
    return words[:1].upper() + words[1:]
