"""What people say beside a key block: that it is theirs, or whose it is.

The wordings stand in `cues.toml`: English first, the commonest of twelve other languages.
"""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

FOREIGN, SILENT, PLACED, SAID = -1, 0, 1, 2
"""How an account shows a key: as somebody else's, without a word, where one shows one's own (a
profile, a listing, below words about oneself), as its own in words."""

ME, FIRST_NAME, LAST_NAME = "\ue000", "\ue100", "\uf8ff"
"""Letters of private use that stand for those of a handle: for the own one, and for each other one
a letter of its own, as often as the handle has letters, so that places in the text stay."""
ANY_NAME = re.compile(f"[{FIRST_NAME}-{LAST_NAME}]")
NAME = rf"(?P<name>[{FIRST_NAME}-{LAST_NAME}])(?P=name)*"

AFTER_COSTS_CHARS = 80
"""Words behind the block count as if they stood so much farther away."""
NEAR_CHARS = 250
"""How far above the block it is asked of whom people speak."""

_TOML = (Path(__file__).parent / "cues.toml").read_text(encoding="utf-8")
_CUES = tomllib.loads(_TOML.replace("\\\n", ""))
_PARTS = ("KEY", "KIND", "GAP", "OF", "WHO", "LABEL", "LABEL_END")


def _patterns(kind: str, name: str = "") -> list[str]:
    parts = {"NAME": name} | {part: _CUES[part] for part in _PARTS}
    part = re.compile(rf"\b({'|'.join(parts)})\b ?")
    return [part.sub(lambda found: parts[found[1]], pattern) for pattern in _CUES[kind]]


class Cue:
    """Wordings of one kind, to be looked for in small letters.

    Most of them speak of a key: without the word they are not looked for.
    """

    def __init__(self, kind: str) -> None:
        raw, patterns = _CUES[kind], _patterns(kind)
        keyed = [done for said, done in zip(raw, patterns, strict=True) if "KEY" in said]
        self._keyed = re.compile("|".join(keyed)) if keyed else None
        others = [one for one in patterns if one not in keyed]
        self._other = re.compile("|".join(others)) if others else None

    def places(self, text: str) -> Iterator[tuple[int, int]]:
        """Where the wordings stand, as [start, end)."""
        if self._other is not None:
            yield from (found.span() for found in self._other.finditer(text))
        if self._keyed is not None and OF_KEY.search(text):
            yield from (found.span() for found in self._keyed.finditer(text))

    def stands_in(self, text: str) -> bool:
        """Does any of the wordings stand there?"""
        return next(self.places(text), None) is not None


OF_KEY = re.compile(_CUES["KEY"])
SAYS_OWN, SAYS_OTHER, ASKS = Cue("own"), Cue("other"), Cue("asking")
OF_ITSELF, OF_OTHERS, INVITES, WARNS = Cue("itself"), Cue("third"), Cue("inviting"), Cue("warning")
NAMES_ITSELF = re.compile("|".join(_patterns("naming", f"{ME}+")))
POINTS = tuple(re.compile(pattern) for pattern in _patterns("naming", NAME))
ORDINARY = re.compile(_CUES["ordinary"])


FAR = float("inf")


class Beside(NamedTuple):
    """The words before and after a block, plain and with handles in private letters.

    All in small letters, apostrophes straight (`talk.small`).

    thread: the title of the thread, whoever opened it. writes: whether an encrypted
    message stands in the same text. bears: a name in the key's user ids, other than the own handle,
    that stands in the words; in lower case.
    """

    before: str
    after: str
    named_before: str
    named_after: str
    thread: str = ""
    writes: bool = False
    bears: str | None = None


class Heard(NamedTuple):
    """What the words say, FOREIGN to SAID; and the letter of the account they point to."""

    voice: int
    name: str | None


def hear(words: Beside) -> Heard:
    """What the words beside a block say, in small letters; the nearest to the block count."""
    before, after = words.before, words.after
    itself = _naming_itself(words)
    own = min(_nearest(SAYS_OWN, before, after), itself)
    pointing, name = min(_pointed(words), default=(FAR, None))
    other = min(_nearest(SAYS_OTHER, before, after), pointing)
    if own == other == FAR:
        return Heard(_unclaimed(words), None)
    return Heard(SAID, None) if own < other or itself <= other else Heard(FOREIGN, name)


def _unclaimed(words: Beside) -> int:
    """How a key is shown that no words call anybody's: below one's own words, or in silence."""
    if ASKS.stands_in(words.before) or ASKS.stands_in(words.after):
        return FOREIGN
    if words.writes:
        return PLACED
    near = f"{words.before[-NEAR_CHARS:]}\n{words.after}"
    if words.bears or ANY_NAME.search(words.named_before + words.named_after):
        return SILENT
    if OF_OTHERS.stands_in(near):
        return SILENT
    return PLACED if OF_ITSELF.stands_in(near) or INVITES.stands_in(words.thread) else SILENT


def _nearest(cue: Cue, before: str, after: str) -> float:
    """Characters between the block and the nearest wording; `FAR` where there is none."""
    above = min((len(before) - end for _, end in cue.places(before)), default=FAR)
    below = min((start + AFTER_COSTS_CHARS for start, _ in cue.places(after)), default=FAR)
    return min(above, below)


def _naming_itself(words: Beside) -> float:
    """How far from the block the own handle stands as the owner's."""
    above, below = words.named_before, words.named_after
    places = []
    if ME in above:
        places += [len(above) - found.end() for found in NAMES_ITSELF.finditer(above)]
    if ME in below:
        places += [found.start() + AFTER_COSTS_CHARS for found in NAMES_ITSELF.finditer(below)]
    return min(places, default=FAR)


def _pointed(words: Beside) -> Iterator[tuple[float, str]]:
    """How far from the block somebody's name stands as the owner's, and the name's letter."""
    if ANY_NAME.search(words.named_before):
        for pattern in POINTS:
            for found in pattern.finditer(words.named_before):
                yield len(words.named_before) - found.end(), found["name"]
    if ANY_NAME.search(words.named_after):
        for pattern in POINTS[:2]:
            for found in pattern.finditer(words.named_after):
                yield found.start() + AFTER_COSTS_CHARS, found["name"]
