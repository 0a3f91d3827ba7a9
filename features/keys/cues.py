"""What people say beside a key block: that it is theirs, or whose it is.

The wordings stand in `cues.toml`: English first, the commonest of twelve other languages.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

FOREIGN, SILENT, PLACED, SAID = -1, 0, 1, 2
"""How an account shows a key: as somebody else's, without a word, where one shows one's own (a
profile, a listing, below words about oneself), as its own in words."""

ME, FIRST_NAME, LAST_NAME = "\ue000", "\ue100", "\uf8ff"
"""Letters of private use that stand for those of a handle: for the own one, and for each other one
a letter of its own, as often as the handle has letters, so that places in the text stay."""
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


def _compiled(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


SAYS_OWN, SAYS_OTHER = _compiled(_patterns("own")), _compiled(_patterns("other"))
ASKS, WARNS = _compiled(_patterns("asking")), _compiled(_patterns("warning"))
OF_ITSELF, OF_OTHERS = _compiled(_patterns("itself")), _compiled(_patterns("third"))
INVITES = _compiled(_patterns("inviting"))
NAMES_ITSELF = _compiled(_patterns("naming", f"{ME}+"))
POINTS = tuple(_compiled([pattern]) for pattern in _patterns("naming", NAME))
ORDINARY = re.compile(_CUES["ordinary"])


FAR = float("inf")


class Beside(NamedTuple):
    """The words before and after a block, as they are and with handles in private letters.

    thread: the title of the thread, whoever opened it. writes: whether an encrypted
    message stands in the same text. bears_other: whether a name in the key's user ids, other than
    the own handle, stands in the words.
    """

    before: str
    after: str
    named_before: str
    named_after: str
    thread: str = ""
    writes: bool = False
    bears_other: bool = False


class Heard(NamedTuple):
    """What the words say, FOREIGN to SAID; and the letter of the account they point to."""

    voice: int
    name: str | None


def hear(words: Beside) -> Heard:
    """What the words beside a block say; the nearest to the block count."""
    before, after = words.before, words.after
    itself = _nearest(NAMES_ITSELF, words.named_before, words.named_after)
    own = min(_nearest(SAYS_OWN, before, after), itself)
    pointing, name = min(_pointed(words), default=(FAR, None))
    other = min(_nearest(SAYS_OTHER, before, after), pointing)
    if own == other == FAR:
        return Heard(_unclaimed(words), None)
    return Heard(SAID, None) if own < other or itself <= other else Heard(FOREIGN, name)


def _unclaimed(words: Beside) -> int:
    """How a key is shown that no words call anybody's: below one's own words, or in silence."""
    if ASKS.search(words.before) or ASKS.search(words.after):
        return FOREIGN
    if words.writes:
        return PLACED
    near = f"{words.before[-NEAR_CHARS:]}\n{words.after}"
    of_others = re.search(NAME, words.named_before + words.named_after) or OF_OTHERS.search(near)
    if of_others or words.bears_other:
        return SILENT
    return PLACED if OF_ITSELF.search(near) or INVITES.search(words.thread) else SILENT


def _nearest(pattern: re.Pattern[str], before: str, after: str) -> float:
    """Characters between the block and the nearest match; `FAR` where there is none."""
    ends = [found.end() for found in pattern.finditer(before)]
    place = len(before) - ends[-1] if ends else FAR
    behind = pattern.search(after)
    return min(place, behind.start() + AFTER_COSTS_CHARS) if behind else place


def _pointed(words: Beside) -> Iterator[tuple[float, str]]:
    """How far from the block somebody's name stands as the owner's, and the name's letter."""
    for pattern in POINTS:
        for found in pattern.finditer(words.named_before):
            yield len(words.named_before) - found.end(), found["name"]
    for pattern in POINTS[:2]:
        for found in pattern.finditer(words.named_after):
            yield found.start() + AFTER_COSTS_CHARS, found["name"]
