"""What is to be said of a pair beside its sum, from what was found on it."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from linkage.copying import NAME


class Found(Protocol):
    """What one feature found on a pair, as a run stores it or the service answers it."""

    @property
    def feature(self) -> str:
        """Its name."""

    @property
    def family(self) -> str:
        """Its family."""

    @property
    def forgeable(self) -> str | None:
        """What faking it takes."""

    @property
    def weight_bits(self) -> float | None:
        """What it is worth."""

    @property
    def not_validated(self) -> Sequence[str]:
        """What of it was never measured."""


def not_validated(found: Iterable[Found]) -> tuple[str, ...]:
    """What of a pair lies beyond anything that was measured, each with its feature, once."""
    marks = [f"{one.feature}: {mark}" for one in found for mark in one.not_validated]
    return tuple(dict.fromkeys(marks))


def why_copies(found: Sequence[Found]) -> str:
    """What makes a pair `copies`: what is alike and can be copied, and what was not copied."""
    alike = _strongest(one for one in found if one.forgeable == "free" and _bits(one) > 0)
    unlike = _strongest(one for one in found if _bits(one) < 0 and one.family != NAME)
    shared = f"what a stranger can copy is alike ({alike})"
    if unlike:
        return f"{shared}; what was not copied is not ({unlike})"
    return f"{shared}; nothing that cannot be copied speaks for one hand"


def _strongest(found: Iterable[Found]) -> str:
    """The strongest finding of each family in words, strongest first."""
    best: dict[str, Found] = {}
    for one in sorted(found, key=lambda one: (-abs(_bits(one)), one.feature)):
        best.setdefault(one.family, one)
    return ", ".join(f"{one.feature.replace('_', ' ')} {_bits(one):+.1f}" for one in best.values())


def _bits(found: Found) -> float:
    return found.weight_bits or 0.0
