"""The words beside a key block, without quotations and armor, handles told from other words."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from evidence.spans.quotes import QUOTE_HINT, quoted_regions
from features.keys.cues import FIRST_NAME, LAST_NAME, ME, ORDINARY, Beside

BEFORE_CHARS, AFTER_CHARS = 500, 200
"""How far from a block people still speak of it."""

Span = tuple[int, int, str | None]
"""Start and end in code points, and the handle of a mention, in lower case; None for armor."""
MOST_NAMES = ord(LAST_NAME) - ord(FIRST_NAME)
NO_WORDS = re.compile(rf"[{ME}-{LAST_NAME}]")


@dataclass(frozen=True)
class Words:
    """A text and its spans, the longest last."""

    text: str
    spans: Sequence[Span]


@dataclass(frozen=True)
class Title:
    """The title of a thread, and whether the account opened the thread: then it is its words."""

    words: Words
    opened: bool


class Talk:
    """What one account says in one text, and in the title above it if it opened the thread.

    `names` are the handles by the private letter that stands for each.
    """

    def __init__(self, body: Words, title: Title, own: str | None, *, writes: bool) -> None:
        self.names: dict[str, str] = {}
        self._own, self._letters = own, {} if own is None else {own: ME}
        self._thread, self._writes = small(title.words.text), writes
        above = title.words if title.opened else Words("", ())
        self._title = small(above.text) + "\n"
        self._named_title = self._lettered(self._title, above.spans)
        self._plain = _without_quotations(body.text)
        self._named = self._lettered(self._plain, body.spans)
        armor = sorted(span[:2] for span in body.spans if span[2] is None)
        self._starts, self._ends = [start for start, _ in armor], [end for _, end in armor]

    def beside(self, start: int, end: int, names: Sequence[str]) -> Beside:
        """The words around a block, up to the next armor on either side.

        Args:
            start: where the block begins.
            end: where it ends.
            names: names in the key's user ids, in lower case.
        """
        last, following = bisect_right(self._ends, start), bisect_left(self._starts, end)
        before = max(start - BEFORE_CHARS, self._ends[last - 1] if last else 0)
        after = min([end + AFTER_CHARS, *self._starts[following : following + 1]])
        above, below = self._title + self._plain[before:start], self._plain[end:after]
        words = f"{above}\n{below}"
        return Beside(
            above,
            below,
            self._named_title + self._named[before:start],
            self._named[end:after],
            self._thread,
            self._writes,
            next((name for name in names if name != self._own and name in words), None),
        )

    def _lettered(self, plain: str, spans: Sequence[Span]) -> str:
        letters = list(plain)
        for start, end, handle in spans:
            if handle is not None and not ORDINARY.fullmatch(handle):
                letters[start:end] = self._letter(handle) * (end - start)
        return "".join(letters)

    def _letter(self, handle: str) -> str:
        if handle not in self._letters and len(self.names) < MOST_NAMES:
            letter = chr(ord(FIRST_NAME) + len(self.names))
            self._letters[handle], self.names[letter] = letter, handle
        return self._letters.get(handle, " ")


def small(text: str) -> str:
    """The text in small letters, as long as it was, without letters that mean something here."""
    letters = text.replace("\u2019", "'")
    lower = letters.lower()
    if len(lower) != len(letters):
        lower = "".join(low if len(low := letter.lower()) == 1 else letter for letter in letters)
    return NO_WORDS.sub(" ", lower)


def _without_quotations(text: str) -> str:
    """The plain text with what it quotes as spaces."""
    plain = small(text)
    letters = list(plain)
    for start, end in quoted_regions(plain) if re.search(QUOTE_HINT, plain) else ():
        letters[start:end] = ["\n" if letter == "\n" else " " for letter in plain[start:end]]
    return "".join(letters)
