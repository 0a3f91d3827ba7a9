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
        lowered = {name.lower() for name in names if name.strip()}
        self._long = sorted(name for name in lowered if len(name) >= LONG_CHARS)
        self._short = sorted(lowered - set(self._long))

    def __call__(self, texts: Sequence[str | None]) -> list[bool]:
        """For each of n texts, whether it mentions one of the names."""
        lowered = pl.Series("text", texts, pl.String).fill_null("").str.to_lowercase()
        found = lowered.str.contains_any(self._long) if self._long else pl.repeat(False, len(texts))
        whole = lowered.str.extract_all(PARTS).list.eval(pl.element().is_in(self._short)).list.any()
        answer = pl.select(found=found, whole=whole)
        return (
            answer.select(pl.col("found") | pl.col("whole").fill_null(False)).to_series().to_list()
        )
