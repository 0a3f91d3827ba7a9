"""Values that others speak of, in the form in which extraction shows them."""

import polars as pl

from evidence.spans.extraction import extract

SPAN_KINDS = ("wallet", "email", "onion", "link", "phone", "contact", "fingerprint", "key_block")
"""The kinds that have a form of their own; where several fit, the first one counts."""
WHY_NOT = {"wallet": "no address of Bitcoin, Litecoin, Monero or Ethereum whose checksum holds"}


def tag_values(values: pl.Series, kinds: pl.Series) -> pl.DataFrame:
    """What n values are.

    Args:
        values: as they came; null stays null.
        kinds: what the delivery calls each, in lower case; null where it says nothing.

    Returns:
        Columns `kind`, `value` (normalised where extraction knows the whole of it as one of
        `SPAN_KINDS`: its own kind, then) and `flaw` (it is called one of these kinds and has not
        its form), n rows.
    """
    told = pl.DataFrame({"text": values.str.strip_chars(), "told": kinds})
    distinct = told.drop_nulls("text").unique(maintain_order=True)
    known = distinct.hstack(_judged(distinct))
    found = told.join(
        known, on=["text", "told"], how="left", nulls_equal=True, maintain_order="left"
    )
    return found.select("kind", "value", "flaw")


def _judged(told: pl.DataFrame) -> pl.DataFrame:
    return (
        told.with_row_index("row")
        .join(_whole_spans(told["text"]), on="row", how="left")
        .with_columns(fits=(pl.col("told") == pl.col("found_kind")).fill_null(value=False))
        .sort("row", "fits", "rank", descending=[False, True, False], nulls_last=True)
        .unique("row", keep="first", maintain_order=True)
        .select(
            kind=pl.coalesce("found_kind", "told", pl.lit("other")),
            value=pl.coalesce("found_value", "text"),
            flaw=pl.when(pl.col("told").is_in(SPAN_KINDS) & ~pl.col("fits")).then(
                pl.format("value: {}", pl.col("told").replace_strict(WHY_NOT, default=_no_such()))
            ),
        )
    )


def _no_such() -> pl.Expr:
    return pl.format("no {} as far as its form goes", "told")


def _whole_spans(texts: pl.Series) -> pl.DataFrame:
    """The spans that are the whole of their text: columns row, found_kind, found_value, rank."""
    ranks = {kind: rank for rank, kind in enumerate(SPAN_KINDS)}
    spans = extract(texts).filter(pl.col("kind").is_in(SPAN_KINDS) & (pl.col("start") == 0))
    whole = spans.with_columns(of=texts.gather(spans["text"])).filter(
        pl.col("end") == pl.col("of").str.len_chars()
    )
    return whole.select(
        row="text",
        found_kind="kind",
        found_value=pl.coalesce("value", "of"),
        rank=pl.col("kind").replace_strict(ranks, return_dtype=pl.UInt8),
    )
