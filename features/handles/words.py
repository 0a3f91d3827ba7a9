"""Handles as words: without what people put before and after a name, and in any order."""

from collections.abc import Sequence

import polars as pl

from evidence.corpus import Corpus
from features.handles.bounds import LONGEST
from features.handles.folding import plain_letters, skeleton

AFFIXES = (
    *(
        "the",
        "a",
        "mr",
        "mrs",
        "ms",
        "dr",
        "sir",
        "king",
        "is",
        "and",
        "on",
        "at",
        "from",
        "by",
        "of",
    ),
    *("real", "true", "official", "original", "og", "verified", "legit", "trusted", "vip", "xxx"),
    *("vendor", "seller", "shop", "store", "market", "team", "crew", "group", "inc", "ltd", "co"),
    *("new", "old", "back", "again", "reloaded", "returns", "reborn", "backup", "support", "alt"),
    *("uk", "us", "usa", "eu", "nl", "de", "au", "ca"),
)
"""Words that say nothing of who bears them, where others stand beside them."""
NUMBERED = r"^(?:(?:19|20)\d\d|v\d{1,2}|\d|ii|iii)$"
"""A year, a version, a digit."""
GLUED_BEFORE = r"^(?:the|real|official)?(?:mr|mrs|dr|old)?(\w{6,})$"
GLUED_AFTER = r"^(\w{4,}?)(?:official|vendor|seller|shop|store|reloaded|(?:19|20)\d\d|v?\d%s)$"
GENERIC = r"\b(?:the|market|markets|marketplace|forum|forums|shop|bazaar|darknet)\b|[^\p{L}\p{N}]"
MARKET_LETTERS = 4
"""A market with a shorter name is not looked for in handles."""


def market_names(corpus: Corpus) -> tuple[str, ...]:
    """What the markets of a corpus are called in handles (`_on_…`), ascending."""
    known = pl.concat(
        [corpus.accounts["market"], corpus.markets["market"], corpus.markets["aliases"].explode()]
    )
    names = known.drop_nulls().unique().str.to_lowercase().str.replace_all(GENERIC, "")
    return tuple(names.filter(names.str.len_chars() >= MARKET_LETTERS).unique().sort().to_list())


def words(handles: pl.Series) -> pl.DataFrame:
    """The words of n handles in plain small letters: columns `row` (UInt32) and `word`, in order.

    A word ends at a separator, before a capital after a small letter, and before a number of two
    digits or more that ends it: `GreenTable_2020` has three.
    """
    spaced = (
        handles.str.normalize("NFKC")
        .str.replace_all(r"\p{Cf}", "")
        .str.replace_all(r"(\p{Ll})(\p{Lu})", "$1 $2")
        .str.replace_all(r"[^\p{L}\p{M}\p{N}@$€]+", " ")
        .str.replace_all(r"(\p{L})(\p{Nd}{2,})( |$)", "$1 $2$3")
    )
    rows = pl.DataFrame({"word": spaced.str.split(" ")}).with_row_index("row")
    parts = rows.explode("word", empty_as_null=True).drop_nulls()
    return parts.with_columns(plain_letters(parts["word"])).filter(pl.col("word") != "")


def bare(handles: pl.Series, markets: Sequence[str]) -> pl.DataFrame:
    """What is left of n handles without titles, suffixes, years, versions and names of markets.

    Where nothing is left, all of it. Columns, null where the handle is absent or unreadable:
    `bare`, the skeletons of the words left, end to end; `sorted`, the same in alphabetical order.
    """
    parts = words(handles)
    affix = pl.col("word").is_in([*AFFIXES, *markets]) | pl.col("word").str.contains(NUMBERED)
    parts = parts.with_columns(affix=affix).filter(~pl.col("affix") | pl.all("affix").over("row"))
    parts = parts.with_columns(skeleton(_unglued(parts["word"], markets)))
    joined = parts.group_by("row").agg(
        bare=pl.col("word").str.join(""), sorted=pl.col("word").sort().str.join("")
    )
    rows = pl.DataFrame({"row": range(len(handles))}, schema={"row": pl.UInt32})
    found = rows.join(joined, on="row", how="left", maintain_order="left").drop("row")
    return found.with_columns(pl.all().str.head(LONGEST))


def stems(sorted_words: pl.Series) -> pl.Series:
    """One name (n,) for words in any order, also where they are not set apart.

    `rn` and `vv` are read as `m` and `w`, as TS 39 does.

    Args:
        sorted_words: the column `sorted` of `bare`.
    """
    read = sorted_words.str.replace_all("rn", "m").str.replace_all("vv", "w")
    return pl.Series("stem", [turned(text) for text in read.to_list()], pl.String)


def turned(text: str | None) -> str | None:
    """The first of a text's rotations, which is one for `maple` + `desk` and `desk` + `maple`."""
    if not text:
        return text
    least = min(text)
    starts = (at for at, letter in enumerate(text) if letter == least)
    return min(text[at:] + text[:at] for at in starts)


def _unglued(parts: pl.Series, markets: Sequence[str]) -> pl.Series:
    places = "".join(f"|(?:on|at|from)?{name}" for name in markets if name.isalnum())
    after = parts.str.replace(GLUED_AFTER % places, "$1")
    return after.str.replace(GLUED_BEFORE, "$1")
