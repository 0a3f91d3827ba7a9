"""What of an account's texts is its own writing: no names, no addresses, nobody else's lines."""

import re

import polars as pl

from evidence.corpus import Corpus
from evidence.masking import MASK_TOKEN, OWN_HANDLE_MIN_CHARS
from evidence.spans.quotes import QUOTE_HINT, quoted_regions

HIDDEN = "\ue000"
"""One private character for every name, address, key or masked piece: that it stands there is
style, what it says is not."""

POST_MIN_CHARACTERS = 40
COPIED_MIN_CHARACTERS = 40

Cut = tuple[int, int, str]
"""From, to (code points), and what to put there instead."""


def posts_of(corpus: Corpus) -> pl.DataFrame:
    """The posts of at least 40 characters, cleaned.

    Returns:
        The rows of `corpus.texts` that are posts, in order, `text` cleaned: names, addresses, keys
        and signed messages hidden, quotations removed, and without lines copied from others.
    """
    own = without_copied_lines(_cleaned(corpus, "post"))
    return own.filter(pl.col("text").str.len_chars() >= POST_MIN_CHARACTERS)


def prose_of(corpus: Corpus) -> pl.DataFrame:
    """Profiles and descriptions of listings, cleaned as posts are, each line once an account."""
    grounds = [_cleaned(corpus, ground) for ground in ("profile", "description")]
    texts = pl.concat(grounds).sort("account", maintain_order=True)
    own = without_copied_lines(_each_line_once(texts))
    return own.filter(pl.col("text").str.len_chars() >= POST_MIN_CHARACTERS)


def _each_line_once(texts: pl.DataFrame) -> pl.DataFrame:
    """Texts without the lines that stand in an earlier text of the account: templates."""
    lines = (
        texts.with_row_index("number")
        .with_columns(pl.col("text").str.split("\n"))
        .explode("text", empty_as_null=True)
        .filter(pl.col("text").str.strip_chars().str.len_chars() > 0)
        .unique(["account", "text"], keep="first", maintain_order=True)
    )
    whole = lines.group_by("number", maintain_order=True).agg(
        pl.col("text").str.join("\n"), pl.exclude("text").first()
    )
    return whole.select(texts.columns)


def without_copied_lines(texts: pl.DataFrame) -> pl.DataFrame:
    """Texts without lines (40 characters or more) that also stand in another account's texts.

    Shorter lines are greetings and set phrases one by one; those that follow each other count as
    one line, so that who copies whole posts keeps none of their short lines. Who showed a line
    first keeps it; where a time is unknown or two are first, nobody does.

    Args:
        texts: with columns account, seen_at and text.
    """
    numbered = texts.with_row_index("number")
    lines = (
        numbered.select("number", "account", "seen_at", pl.col("text").str.split("\n"))
        .explode("text", empty_as_null=True)
        .with_columns(line=pl.col("text").str.strip_chars().str.to_lowercase())
    )
    lines = _with_short_ones_joined(lines)
    copied = _copied(lines.filter(pl.col("line").str.len_chars() >= COPIED_MIN_CHARACTERS))
    touched = lines.join(copied.select("number").unique(), on="number", how="semi")
    mended = (
        touched.join(copied, on=["number", "line"], how="anti", maintain_order="left")
        .group_by("number", maintain_order=True)
        .agg(pl.col("text").str.join("\n").alias("mended"))
    )
    return (
        numbered.join(mended, on="number", how="left", maintain_order="left")
        .join(touched.select("number").unique().with_columns(hit=True), on="number", how="left")
        .sort("number")
        .with_columns(
            text=pl.when(pl.col("hit")).then(pl.col("mended").fill_null("")).otherwise("text")
        )
        .select(texts.columns)
    )


def _with_short_ones_joined(lines: pl.DataFrame) -> pl.DataFrame:
    """The same rows; `line` of short ones is all that follow each other in a text, as one."""
    is_short = pl.col("line").str.len_chars() < COPIED_MIN_CHARACTERS
    stretched = lines.with_columns(
        is_short=is_short, stretch=pl.struct("number", is_short).rle_id()
    )
    filled = stretched.filter(pl.col("is_short"), pl.col("line") != "")
    joined = filled.group_by("stretch", maintain_order=True).agg(
        whole=pl.col("line").str.join(" "), count=pl.len()
    )
    return (
        stretched.join(
            joined.filter(pl.col("count") > 1), on="stretch", how="left", maintain_order="left"
        )
        .with_columns(line=pl.when("is_short").then(pl.coalesce("whole", "line")).otherwise("line"))
        .select(lines.columns)
    )


def _copied(lines: pl.DataFrame) -> pl.DataFrame:
    """The lines (number, line) to drop: of several showers, all but a known first one."""
    showers = lines.group_by("line", "account").agg(
        pl.col("seen_at").min(), known=pl.col("seen_at").null_count() == 0
    )
    first = pl.col("seen_at").min().over("line")
    known = pl.col("known").all().over("line")
    alone = (pl.col("seen_at") == first).sum().over("line") == 1
    judged = showers.filter(pl.len().over("line") > 1).with_columns(
        keeps=(known & alone & (pl.col("seen_at") == first)).fill_null(value=False)
    )
    losers = judged.filter(~pl.col("keeps")).select("line", "account")
    return lines.join(losers, on=["line", "account"], how="semi").select("number", "line").unique()


def _cleaned(corpus: Corpus, ground: str) -> pl.DataFrame:
    texts = corpus.texts.with_row_index("number").filter(pl.col("ground") == ground)
    cuts: dict[int, list[Cut]] = {}
    spans = corpus.spans.join(texts, left_on="text", right_on="number", how="semi")
    for number, start, end in spans.select("text", "start", "end").iter_rows():
        cuts.setdefault(number, []).append((start, end, HIDDEN))
    _cut_quotations(texts, cuts)
    _cut_own_handles(texts, corpus.accounts["handle"], cuts)
    cut = pl.DataFrame(
        {"number": sorted(cuts)},
        schema={"number": texts.schema["number"]},
    ).join(texts.select("number", "text"), on="number", maintain_order="left")
    cleaned = [_without(text, sorted(cuts[number])) for number, text in cut.iter_rows()]
    return (
        texts.join(
            cut.with_columns(cleaned=pl.Series(cleaned, dtype=pl.String)).drop("text"),
            on="number",
            how="left",
            maintain_order="left",
        )
        .with_columns(
            text=pl.coalesce("cleaned", "text")
            .str.replace_all("\r\n", "\n", literal=True)
            .str.replace_all(MASK_TOKEN, HIDDEN, literal=True)
        )
        .select(corpus.texts.columns)
    )


def _cut_quotations(texts: pl.DataFrame, cuts: dict[int, list[Cut]]) -> None:
    quoting = texts.filter(pl.col("text").str.contains(QUOTE_HINT))
    for number, text in quoting.select("number", "text").iter_rows():
        cuts.setdefault(number, []).extend((start, end, "") for start, end in quoted_regions(text))


def _cut_own_handles(texts: pl.DataFrame, handles: pl.Series, cuts: dict[int, list[Cut]]) -> None:
    patterns: dict[int, re.Pattern[str]] = {}
    for number, account, text, handle in _naming_themselves(texts, handles).iter_rows():
        if account not in patterns:
            patterns = {account: re.compile(re.escape(handle), re.IGNORECASE)}
        hits = [(*hit.span(), HIDDEN) for hit in patterns[account].finditer(text)]
        if hits:
            cuts.setdefault(number, []).extend(hits)


def _naming_themselves(texts: pl.DataFrame, handles: pl.Series) -> pl.DataFrame:
    """The texts (number, account, text, handle) that may hold the handle of their account.

    Whatever is not plain ASCII may: there, letters that look unlike are one ignoring case.
    """
    named = texts.select("number", "account", "text").with_columns(
        handle=handles.gather(texts["account"])
    )
    ascii_only = [
        pl.col(c).str.len_bytes() == pl.col(c).str.len_chars() for c in ("text", "handle")
    ]
    lower = [pl.col(c).str.to_lowercase() for c in ("text", "handle")]
    return named.filter(
        pl.col("handle").str.len_chars() >= OWN_HANDLE_MIN_CHARS,
        ~pl.all_horizontal(ascii_only) | lower[0].str.contains(lower[1], literal=True),
    )


def _without(text: str, cuts: list[Cut]) -> str:
    """The text with its cuts replaced; of overlapping cuts, the first one's replacement."""
    kept, place = [], 0
    for start, end, instead in cuts:
        if start >= place:
            kept += [text[place:start], instead]
        place = max(place, end)
    return "".join([*kept, text[place:]])
