"""The look-up form of a handle: what is left when case, marks, look-alikes and leet are taken away.

A folded handle finds accounts; it never identifies one (an impostor's look-alike folds alike).
"""

from collections.abc import Mapping

import polars as pl

LOOK_ALIKES: Mapping[str, str] = {
    **dict(zip("авекмнорстухгіјѕԁһԛԝ", "abekmhopctyxrijsdhqw", strict=True)),
    **dict(zip("αβεηικνορτυχςσω", "abenikvoptuxssw", strict=True)),
    **dict(zip("łøđıħŧ", "lodiht", strict=True)),
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "þ": "th",
    "ð": "d",
}
"""Small letters that are read as Latin ones: Cyrillic, Greek, and Latin that does not decompose
(after the confusables of Unicode TS 39, for the scripts seen in handles)."""

SIGNS: Mapping[str, str] = {"@": "a", "$": "s"}
LEET: Mapping[str, str] = dict(zip("0134578", "oleastb", strict=True))

MARKS = r"[\p{Mn}\p{Me}\p{Cf}]"
"""Accents, and what is not seen at all: zero-width characters and bidi controls."""
NOT_IN_A_NAME = r"[^\p{L}\p{M}\p{N}]"


def fold(handles: pl.Series) -> pl.Series:
    """The look-up form of n handles; null stays null.

    Compatibility forms (Unicode TR 15), case, accents, invisible characters, look-alike letters,
    separators and leet digits go. A handle of digits alone keeps them; one that has neither letter
    nor digit keeps its signs. Folding twice is folding once.
    """
    name = handles.name
    column = pl.col(name)
    plain = column.str.normalize("NFKD").str.replace_all(MARKS, "")
    plain = plain.str.to_lowercase().str.replace_all(MARKS, "")
    plain = plain.str.replace_many(dict(LOOK_ALIKES)).str.normalize("NFKC")
    letters = plain.str.replace_many(dict(SIGNS)).str.replace_all(NOT_IN_A_NAME, "")
    frame = handles.to_frame().with_columns(plain.alias("plain"), letters.alias("letters"))
    digits_only = pl.col("letters").str.contains(r"^\p{N}+$")
    return frame.select(
        pl.when(pl.col("letters") == "")
        .then(pl.col("plain"))
        .when(digits_only)
        .then(pl.col("letters"))
        .otherwise(pl.col("letters").str.replace_many(dict(LEET)))
        .alias(name)
    ).to_series()


def skeleton(handles: pl.Series) -> pl.Series:
    """The folded form with i and l made one letter, since the digit 1 is written for both.

    For comparing only: people look up the folded form.
    """
    return fold(handles).str.replace_all("i", "l", literal=True)


def skeleton_words(handles: pl.Series) -> pl.DataFrame:
    """The words of n handles, each as its skeleton: columns `row` (UInt32) and `word`, in order.

    A word ends at a separator, before a capital after a small letter, and before a number of two
    digits or more at the end: `GreenTable_2020` has three.
    """
    spaced = (
        handles.str.normalize("NFKC")
        .str.replace_all(r"\p{Cf}", "")
        .str.replace_all(r"(\p{Ll})(\p{Lu})", "$1 $2")
        .str.replace(r"(\p{L})(\p{Nd}{2,})$", "$1 $2")
        .str.replace_all(r"[^\p{L}\p{M}\p{N}@$]+", " ")
    )
    rows = pl.DataFrame({"word": spaced.str.split(" ")}).with_row_index("row")
    words = rows.explode("word", empty_as_null=True).drop_nulls()
    return words.with_columns(skeleton(words["word"])).filter(pl.col("word") != "")
