"""Where texts name accounts: whole-word mentions of handles, in one pass for all handles."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

MENTION_MIN_CHARS = 4
WORD_BYTES = np.array([chr(byte).isalnum() or byte == 0x5F for byte in range(128)] + [False] * 128)
MENTION_COLUMNS = pl.Schema(
    {
        "text": pl.UInt32,
        "kind": pl.String,
        "start": pl.UInt32,
        "end": pl.UInt32,
        "value": pl.String,
    }
)
ORDINARY_MIN_COUNT = 20
ORDINARY_MIN_SHARE = 0.2
ORDINARY_MIN_SELLERS = 5
DETERMINERS = (
    r"(?i)(?:^|[^a-z])(?:a|an|the|this|that|these|those|some|any|every|each|no|what|which|my|your"
    r"|his|her|its|our|their|same|other|one|such"
    r"|der|die|das|den|dem|des|eine?[mnrs]?|keine?[mnrs]?|het|een|les?|la|une?|el|los|las)[ \t\n]+$"
)
NAMED = r"(?i)@$|/u(?:ser)?/$|(?:^|[^a-z])(?:vendor|seller|user|member|buyer)[ \t]+$"
BEFORE_BYTES = 24


def find_mentions(
    texts: pl.Series, handles: pl.Series, sellers: pl.Series | None = None
) -> pl.DataFrame:
    """Whole-word mentions of handles of at least four characters, ASCII letters in any case.

    A handle that the texts use as a word is an *ordinary* one: where it stands at least 20 times,
    a fifth of them or more behind an article or the like ("the quill", "some ink"), or in listings
    of five sellers who have another handle ("cheap", "amber"). It is a `mention` only where it is
    marked as a name: after `@`, `/u/`, or "vendor", "seller", "user", "member", "buyer"; elsewhere
    it is a `handle_word`, which names nobody.

    Args:
        texts: n texts, without nulls.
        handles: handles as shown; doubles, nulls and short ones are passed over.
        sellers: of n texts the handle of the account whose listing they describe, null for others.

    Returns:
        `MENTION_COLUMNS`, sorted by (text, start, end): where, in code points, and the handle in
        lower case. Handles inside one another are all reported.
    """
    wanted = _wanted(handles)
    if wanted.is_empty() or texts.is_empty():
        return pl.DataFrame(schema=MENTION_COLUMNS)
    rows = texts.str.contains_any(wanted.implode(), ascii_case_insensitive=True).arg_true()
    naming = texts.gather(rows)
    nobody = pl.repeat(None, texts.len(), dtype=pl.String, eager=True)
    selling = (nobody if sellers is None else sellers).gather(rows).str.to_lowercase()
    hits = _whole_words(_hits(naming, wanted), naming)
    hits = _told_apart(hits.with_columns(seller=selling.gather(hits["text"])))
    mentions = _in_code_points(hits, naming)
    return mentions.with_columns(text=rows.gather(mentions["text"]))


def _wanted(handles: pl.Series) -> pl.Series:
    """Lower case stands for both in ASCII; beyond it a handle is looked for as shown as well."""
    shown = handles.drop_nulls()
    beyond = shown.filter(shown.str.len_bytes() > shown.str.len_chars())
    names = pl.concat([shown.str.to_lowercase(), beyond]).unique().sort()
    return names.filter(names.str.len_chars() >= MENTION_MIN_CHARS)


def _hits(texts: pl.Series, wanted: pl.Series) -> pl.DataFrame:
    """Where (text, byte place) any of the names stands, and as what it is written there."""
    options = {"ascii_case_insensitive": True, "overlapping": True}
    return (
        pl.DataFrame({"body": texts})
        .with_row_index("text")
        .with_columns(
            place=pl.col("body").str.find_many(wanted.implode(), **options),
            value=pl.col("body").str.extract_many(wanted.implode(), **options),
        )
        .drop("body")
        .explode("place", "value")
    )


def _whole_words(hits: pl.DataFrame, texts: pl.Series) -> pl.DataFrame:
    """Hits that no letter or digit touches, with the bytes before them, ASCII side first."""
    sizes = texts.str.len_bytes().to_numpy().astype(np.int64) + 1
    starts = np.cumsum(sizes) - sizes
    content = np.frombuffer(("\n" + "\n".join(texts.to_list()) + "\n").encode(), np.uint8)
    begin = starts[hits["text"].to_numpy()] + hits["place"].to_numpy() + 1
    end = begin + hits["value"].str.len_bytes().to_numpy()
    free = _free(content, begin - 1, begin) & _free(content, end, end - 1)
    return hits.filter(pl.Series(free)).with_columns(before=_before(content, begin[free]))


def _before(content: NDArray[np.uint8], begin: NDArray[np.int64]) -> pl.Series:
    """The 24 bytes before each place, what is not ASCII in them as `?`."""
    places = np.maximum(begin[:, None] + np.arange(-BEFORE_BYTES, 0), 0)
    window = content[places]
    plain = np.where((window < 128) & (window > 0), window, ord("?")).astype(np.uint8)
    words = plain.reshape(-1).tobytes().decode("ascii")
    cuts = range(0, len(words), BEFORE_BYTES)
    return pl.Series([words[cut : cut + BEFORE_BYTES] for cut in cuts], dtype=pl.String)


def _told_apart(hits: pl.DataFrame) -> pl.DataFrame:
    """The hits with their kind: names, and ordinary words that nothing marks as one."""
    name = pl.col("value").str.to_lowercase()
    share = pl.col("before").str.contains(DETERMINERS).mean().over(name)
    word = (pl.len().over(name) >= ORDINARY_MIN_COUNT) & (share >= ORDINARY_MIN_SHARE)
    other = pl.col("seller").filter(pl.col("seller") != name)
    ordinary = word | (other.n_unique().over(name) >= ORDINARY_MIN_SELLERS)
    named = ~ordinary | pl.col("before").str.contains(NAMED)
    kind = pl.when(named).then(pl.lit("mention")).otherwise(pl.lit("handle_word"))
    return hits.with_columns(kind=kind)


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
        "kind",
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
    return made.unique().sort("text", "start", "end", "value")
