"""Where texts name accounts: whole-word mentions of handles, in one pass for all handles."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

MENTION_MIN_CHARS = 4
WORD_BYTES = np.array([chr(byte).isalnum() or byte == 0x5F for byte in range(128)] + [False] * 128)
MENTION_COLUMNS = pl.Schema(
    {"text": pl.UInt32, "start": pl.UInt32, "end": pl.UInt32, "value": pl.String}
)


def find_mentions(texts: pl.Series, handles: pl.Series) -> pl.DataFrame:
    """Whole-word mentions of handles of at least four characters, ASCII letters in any case.

    Args:
        texts: n texts, without nulls.
        handles: handles as shown; doubles, nulls and short ones are passed over.

    Returns:
        `MENTION_COLUMNS`, sorted by (text, start, end): where, in code points, and the handle in
        lower case. Handles inside one another are all reported.
    """
    wanted = _wanted(handles)
    if wanted.is_empty() or texts.is_empty():
        return pl.DataFrame(schema=MENTION_COLUMNS)
    options = {"ascii_case_insensitive": True, "overlapping": True}
    hits = (
        pl.DataFrame({"body": texts})
        .with_row_index("text")
        .with_columns(
            place=pl.col("body").str.find_many(wanted.implode(), **options),
            value=pl.col("body").str.extract_many(wanted.implode(), **options),
        )
        .filter(pl.col("place").list.len() > 0)
    )
    return _in_code_points(_whole_words(hits.drop("body").explode("place", "value"), texts), texts)


def _wanted(handles: pl.Series) -> pl.Series:
    """Lower case stands for both in ASCII; beyond it a handle is looked for as shown as well."""
    shown = handles.drop_nulls()
    beyond = shown.filter(shown.str.len_bytes() > shown.str.len_chars())
    names = pl.concat([shown.str.to_lowercase(), beyond]).unique().sort()
    return names.filter(names.str.len_chars() >= MENTION_MIN_CHARS)


def _whole_words(hits: pl.DataFrame, texts: pl.Series) -> pl.DataFrame:
    """Hits (bytes within their text) that no letter or digit touches, ASCII side first."""
    sizes = texts.str.len_bytes().to_numpy().astype(np.int64) + 1
    starts = np.cumsum(sizes) - sizes
    content = np.frombuffer(("\n" + "\n".join(texts.to_list()) + "\n").encode(), np.uint8)
    begin = starts[hits["text"].to_numpy()] + hits["place"].to_numpy() + 1
    end = begin + hits["value"].str.len_bytes().to_numpy()
    free = _free(content, begin - 1, begin) & _free(content, end, end - 1)
    return hits.filter(pl.Series(free))


def _free(
    content: NDArray[np.uint8], outside: NDArray[np.int64], inside: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Is there a word boundary between a byte of the hit and the byte beside it?"""
    beside = content[outside]
    letter = WORD_BYTES[beside]
    for place in np.flatnonzero(beside >= 128):
        letter[place] = _letter_at(content, int(outside[place]))
    return ~letter | (~WORD_BYTES[content[inside]] & (content[inside] < 128))


def _letter_at(content: NDArray[np.uint8], place: int) -> bool:
    """Is the character that the byte at `place` belongs to a letter or a digit?"""
    start = place
    while content[start] & 0xC0 == 0x80:
        start -= 1
    return content[start : start + 4].tobytes().decode("utf-8", "ignore")[:1].isalnum()


def _in_code_points(hits: pl.DataFrame, texts: pl.Series) -> pl.DataFrame:
    """Byte places turned into code points; only texts beyond ASCII need the work."""
    spans = hits.select(
        pl.col("text").cast(pl.UInt32),
        start=pl.col("place").cast(pl.Int64),
        end=pl.col("place").cast(pl.Int64) + pl.col("value").str.len_bytes(),
        value=pl.col("value").str.to_lowercase(),
    )
    wide = (texts.str.len_bytes() > texts.str.len_chars()).arg_true()
    chosen = spans["text"].is_in(wide.implode())
    parts = [spans.filter(~chosen)]
    for (number,), group in spans.filter(chosen).group_by("text"):
        raw = np.frombuffer(texts[int(str(number))].encode(), np.uint8)
        chars = np.concatenate([[0], np.cumsum(raw & 0xC0 != 0x80)])
        parts.append(
            group.with_columns(
                start=pl.Series(chars[group["start"].to_numpy()]),
                end=pl.Series(chars[group["end"].to_numpy()]),
            )
        )
    made = pl.concat(parts, how="vertical_relaxed").cast(MENTION_COLUMNS)
    return made.unique().sort(MENTION_COLUMNS.names())
