"""Invented groups of accounts that show one key: who owns it, who quotes it, who is one hand."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache

import numpy as np
from pysequoia import Tsk

from tests.builders import CorpusBuilder
from tests.features.wordings import Wordings

START = datetime(2015, 1, 1, tzinfo=UTC)
FORUM, MARKETS = "quaytalk", ("harbour", "lantern")
FIRST = (
    "amber",
    "brisk",
    "cobalt",
    "drowsy",
    "ember",
    "frosty",
    "gilded",
    "hollow",
    "ivory",
    "jolly",
)
LAST = (
    "heron",
    "kettle",
    "lantern",
    "mallow",
    "nettle",
    "otter",
    "pebble",
    "quill",
    "rook",
    "sable",
)


@cache
def key_of(user_id: str) -> tuple[str, str]:
    """A new key: its armored block and its fingerprint."""
    made = Tsk.generate(user_id).extract_certificate()
    return str(made), made.fingerprint.upper()


@dataclass(frozen=True)
class Group:
    """One key: its owner's handle, the account ids of its owner (None where it is not there), of
    the owner's other account if any, of who quotes it, and of who claims it falsely."""

    fingerprint: str
    name: str
    owner: str | None
    other: str | None = None
    quoters: tuple[str, ...] = ()
    framer: str | None = None


@dataclass
class Told:
    """Groups and the corpus they stand in, being written."""

    wordings: Wordings
    rng: np.random.Generator
    builder: CorpusBuilder = field(default_factory=CorpusBuilder)
    names: int = 0

    def handle(self) -> str:
        self.names += 1
        number = self.names
        first, last = FIRST[number % 10], LAST[number // 10 % 10]
        return f"{first}{last}{'' if number < 100 else number // 100 + 1}"

    def pick(self, options: tuple[str, ...]) -> str:
        return options[int(self.rng.integers(len(options)))]

    def chance(self, share: float) -> bool:
        return bool(self.rng.random() < share)

    def post(self, handle: str, wording: str, owner: str, block: str, day: int) -> str:
        quoted = "".join(f"\n> {line}" for line in block.splitlines())
        body = wording.replace("{owner}", owner).replace("{quoted}", quoted).replace("{key}", block)
        title = "Re: keys" if self.chance(0.5) else "question"
        self.builder.post(FORUM, handle, body, title=title, stated_at=START + timedelta(days=day))
        return f"{FORUM}:{handle}"

    def profile(self, handle: str, block: str, day: int) -> str:
        market = self.pick(MARKETS)
        text = self.pick(self.wordings.profiles).replace("{key}", block)
        self.builder.account(market, handle, text, stated_at=START + timedelta(days=day))
        return f"{market}:{handle}"

    def group(self) -> Group:
        """One key and who shows it, drawn anew."""
        owner_name, words = self.handle(), self.wordings
        named = self.chance(0.4)
        block, fingerprint = key_of(
            f"{owner_name if named else f'nobody {self.names}'} <x@example.org>"
        )
        owner, other, framer = None, None, None
        kind = self.rng.random()
        if kind < 0.85:
            placed = self.chance(0.3)
            says = kind < 0.25 or self.chance(0.8)
            said = self.pick(words.own if says else words.bare)
            owner = (
                self.profile(owner_name, block, 5)
                if placed
                else self.post(owner_name, said, owner_name, block, 5)
            )
        if kind < 0.25:
            other = self.post(self.handle(), self.pick(words.own), owner_name, block, 300)
        elif kind < 0.35:
            framer = self.post(self.handle(), self.pick(words.framing), owner_name, block, 200)
        quoters = []
        for number in range(int(self.rng.integers(1, 4))):
            wording = self.pick(words.quoting if self.chance(0.85) else words.bare)
            day = int(self.rng.integers(20, 280)) + number
            quoters.append(self.post(self.handle(), wording, owner_name, block, day))
        return Group(fingerprint, owner_name, owner, other, tuple(quoters), framer)


def told(wordings: Wordings, seed: int, count: int) -> tuple[CorpusBuilder, list[Group]]:
    """So many groups, and the builder of the corpus in which they all stand."""
    made = Told(wordings, np.random.default_rng(seed))
    groups = [made.group() for _ in range(count)]
    for _ in range(20):
        name = made.handle()
        block, _ = key_of(f"{name} <{name}@example.org>")
        made.post(name, made.pick(wordings.own), name, block, 50)
    return made.builder, groups
