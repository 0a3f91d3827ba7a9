"""What makes one handle of another, in words."""

import unicodedata
from collections.abc import Callable, Iterator

from rapidfuzz.distance import DamerauLevenshtein, Levenshtein

from features.handles.folding import LEET, SIGNS
from features.handles.look_alikes import latin

Step = tuple[str, Callable[[str], str]]
Two = tuple[str, str]

SHOWN_LETTERS = 60
"""A longer handle is cut where it is shown in a sentence."""
READ_SIGNS = {ord(sign): letter for sign, letter in SIGNS.items()}
READ_LEET = {ord(digit): letter for digit, letter in LEET.items()}
LONGEST_READ = 200
"""Letters of a handle that are looked at to say what was changed."""


def sentence(level: str, handles: Two, crowd: int) -> str:
    """What was found on two handles.

    Args:
        level: the name of the level.
        handles: as shown, left and right.
        crowd: accounts that have one of these handles or one like it.
    """
    left, right = (_cut(handle) for handle in handles)
    borne = f"{crowd} accounts have such a handle, or one like it"
    if level.startswith("same_handle"):
        return f"both bear the handle “{left}”; {borne}"
    if level == "unlike_handles":
        return f"“{left}” and “{right}” have little in common"
    first, second = (handle[:LONGEST_READ] for handle in handles)
    how = "; ".join(_differences(first, second, level))
    said = f"“{left}” and “{right}” differ in {how or 'what is not read here'}"
    if level == "look_alike_letters":
        return f"{said}; letters of another script are put there to deceive; {borne}"
    return f"{said}; {borne}"


def _differences(left: str, right: str, level: str) -> Iterator[str]:
    """What has to be taken away, step by step, until the handles are one."""
    for name, step in STEPS:
        changed = step(left), step(right)
        if Levenshtein.distance(*changed) < Levenshtein.distance(left, right):
            yield name if name != SCRIPT else f"{name} ({', '.join(_look_alikes(left, right))})"
            left, right = changed
    if left != right:
        yield _other_letters(left, right, level)


def _look_alikes(left: str, right: str) -> list[str]:
    foreign = sorted({c for c in set(left) ^ set(right) if ord(c) in latin()})
    return [f"{unicodedata.name(c, f'U+{ord(c):04X}')} for {latin()[ord(c)]}" for c in foreign[:3]]


def _other_letters(left: str, right: str, level: str) -> str:
    shorter, longer = sorted((left, right), key=len)
    edits = DamerauLevenshtein.distance(left, right)
    if shorter and shorter in longer and edits > 1:
        return f"what stands around it (“{_cut(longer.replace(shorter, '…', 1))}”)"
    if level.startswith("same_words"):
        is_turned = len(left) == len(right) and left in right * 2
        return "the order of the words" if is_turned else "titles, suffixes or the order of words"
    if edits > 1:
        return f"{edits} edits of letters"
    if len(left) != len(right):
        return "one letter more"
    return "two neighbouring letters swapped" if sorted(left) == sorted(right) else "one letter"


def _unmarked(text: str) -> str:
    shown = unicodedata.normalize("NFKD", text)
    return "".join(c for c in shown if unicodedata.category(c) not in ("Mn", "Me", "Cf"))


def _names_only(text: str) -> str:
    return "".join(c for c in text.translate(READ_SIGNS) if c.isalnum())


def _cut(handle: str) -> str:
    return handle if len(handle) <= SHOWN_LETTERS else handle[: SHOWN_LETTERS - 1] + "…"


SCRIPT = "letters of another script that look the same"
STEPS: tuple[Step, ...] = (
    ("case", str.lower),
    ("characters that are not seen, accents or fonts", _unmarked),
    (SCRIPT, lambda text: text.translate(latin()).lower()),
    ("separators and signs", _names_only),
    ("digits written for letters", lambda text: text.translate(READ_LEET)),
    ("i, l and 1, which look the same", lambda text: text.replace("i", "l")),
)
