"""Invented handles: new ones, renamings that keep something, and look-alikes."""

from numpy.random import Generator

from world.people import one_of
from world.text import grammar

TITLES = ("Mr", "Dr", "The", "Captain", "Real", "Uncle", "Old", "Lady")
LEET = str.maketrans({"o": "0", "i": "1", "e": "3", "a": "4", "l": "1", "s": "5"})


def new_handle(rng: Generator) -> str:
    """A handle that nobody else is likely to choose."""
    words = grammar().alternatives
    stem = "".join(one_of(rng, words[part]) for part in ("name_start", "name_middle", "name_end"))
    noun = one_of(rng, words["name_noun"])
    forms = (
        stem + noun,
        stem.title() + noun.title(),
        f"{noun}_{stem}",
        f"{one_of(rng, TITLES)}{stem.title()}{noun.title()}",
        f"{stem}-{noun}{int(rng.integers(10, 99))}",
        f"{stem}{noun}{int(rng.integers(1, 999))}",
    )
    return one_of(rng, forms)


def renamed(rng: Generator, handle: str) -> str:
    """A new name in which the old one can still be seen."""
    forms = (
        f"{handle}2",
        f"{handle}_official",
        f"The{handle.title()}",
        handle.replace("_", "").replace("-", "") + "s",
        handle.lower().translate(LEET),
    )
    return one_of(rng, tuple(form for form in forms if form != handle))


def look_alike(rng: Generator, handle: str) -> str:
    """A handle that is easily taken for the given one."""
    forms = (handle.replace("l", "I", 1), f"{handle}_", handle.swapcase())
    return one_of(rng, tuple(form for form in forms if form != handle))
