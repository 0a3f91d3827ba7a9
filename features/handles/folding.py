"""The look-up form of a handle: what is left when case, marks, look-alikes and leet are taken away.

A folded handle finds accounts; it never identifies one (an impostor's look-alike folds alike).
"""

from collections.abc import Mapping

import polars as pl

from features.handles.look_alikes import latin

SIGNS: Mapping[str, str] = {"@": "a", "$": "s", "€": "e"}
LEET: Mapping[str, str] = dict(zip("0134578", "oleastb", strict=True))

MARKS = "[\\p{Mn}\\p{Me}\\p{Cf}\u115f\u1160\u2800]"
"""Accents, and what is not seen at all: zero-width characters, bidi controls and fillers."""
NOT_IN_A_NAME = r"[^\p{L}\p{M}\p{N}]"
LATIN_OR_NO_LETTER = r"[\p{Latin}\p{P}\p{S}\p{N}\p{M}\p{Z}\p{C}]"
ASCII_ONLY = r"^[\x00-\x7F]*$"


def fold(handles: pl.Series) -> pl.Series:
    """The look-up form of n handles; null stays null.

    Compatibility forms (Unicode TR 15), case, accents, invisible characters, characters that look
    like Latin ones (Unicode TS 39), separators and leet digits go. A handle of digits alone keeps
    them; one that has neither letter nor digit keeps its signs. Folding twice is folding once.

    A character is read as it looks: a Greek capital nu is n, the small one v. So two spellings in
    one script that is not Latin may differ in case and not fold alike.
    """
    name = handles.name
    plain = plain_letters(handles).alias("plain")
    letters = pl.col("plain").str.replace_many(dict(SIGNS)).str.replace_all(NOT_IN_A_NAME, "")
    frame = plain.to_frame().with_columns(letters.alias("letters"))
    digits_only = pl.col("letters").str.contains(r"^\p{N}+$")
    return frame.select(
        pl.when(pl.col("letters") == "")
        .then(pl.col("plain"))
        .when(digits_only)
        .then(pl.col("letters"))
        .otherwise(pl.col("letters").str.replace_many(dict(LEET)))
        .alias(name)
    ).to_series()


def plain_letters(handles: pl.Series) -> pl.Series:
    """The n handles in plain small letters, with their separators, signs and digits."""
    plain = read_as_latin(handles.str.normalize("NFKD").str.replace_all(MARKS, ""))
    plain = plain.str.to_lowercase().str.normalize("NFKD").str.replace_all(MARKS, "")
    return read_as_latin(plain).str.normalize("NFKC")


def read_as_latin(texts: pl.Series) -> pl.Series:
    """The n texts with every character that looks like a Latin one replaced by it."""
    ascii_only = texts.str.contains(ASCII_ONLY)
    if ascii_only.all():
        return texts
    table = latin()
    unusual = texts.filter(~ascii_only)
    read = pl.Series([text.translate(table) for text in unusual.to_list()], dtype=pl.String)
    rows = (~ascii_only.fill_null(True)).arg_true()
    return texts.clone().scatter(rows, read)


def skeleton(handles: pl.Series) -> pl.Series:
    """The folded form with i and l made one letter, since the digit 1 is written for both.

    For comparing only: people look up the folded form.
    """
    return fold(handles).str.replace_all("i", "l", literal=True)


def disguised(handles: pl.Series) -> pl.Series:
    """Whether each handle has a letter of another script that looks like a Latin one; null stays.

    Letters of Latin itself (`ø`), accents, small capitals and boxes are no disguise.
    """
    foreign = handles.str.replace_all(LATIN_OR_NO_LETTER, "")
    return foreign != read_as_latin(foreign)
