"""Which texts mention what an erasure takes away."""

from collections.abc import Sequence

import polars as pl

ERASED, ERASED_TOO = "erased", "erased too"
"""What stands where something was erased, and beside it; no account is called like that."""
LONG_CHARS = 4
"""A name this long is found anywhere in a text; a shorter one only where it stands by itself."""
PARTS = r"[^\s|,;:'\"()\[\]]+"


class Mentions:
    """The names that an erasure takes away, ready to be found in texts, whatever their case."""

    def __init__(self, names: Sequence[str]) -> None:
        folded = {name.casefold() for name in names if name.strip()}
        long = sorted(name for name in folded if len(name) >= LONG_CHARS)
        self._short = sorted(folded - set(long))
        self._long_names = pl.Series([long], dtype=pl.List(pl.String))

    def __call__(self, texts: Sequence[str | None]) -> list[bool]:
        """For each of n texts, whether it mentions one of the names."""
        folded = pl.Series("text", [(text or "").casefold() for text in texts], pl.String)
        parts = folded.str.extract_all(PARTS).list.eval(pl.element().is_in(self._short))
        return (folded.str.contains_any(self._long_names) | parts.list.any()).to_list()
