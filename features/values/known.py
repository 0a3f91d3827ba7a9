"""Values that are nobody's: addresses of services that tags name, and of offices (`support@…`)."""

import polars as pl

from evidence.corpus import Corpus

OFFICES = (
    "abuse", "admin", "administrator", "billing", "contact", "customerservice", "example", "fake",
    "feedback", "hello", "help", "helpdesk", "hostmaster", "info", "mail", "me", "news", "noreply",
    "office", "order", "orders", "postmaster", "press", "root", "sales", "security", "service",
    "shop", "staff", "support", "test", "user", "username", "webmaster", "you", "yourname",
)  # fmt: skip
"""Names before the @ that are a role or a placeholder (RFC 2142 and what forums show)."""

SERVICES = (
    r"^(?:crypto[ _-]?)?exchanges?$|(?:^|[ _-])services?$|^mix(?:er|ing)|^tumbler"
    r"|^escrow|^market(?:place)?$|^gambling|^casino|^payment|^faucet|^custod|^hosted|^mining|^atm$|^broker"
    r"|^bank$|^donations?$|^charit|^defi"
)
"""Categories of an address that many people use: whole words of TagPacks, not marks of an event."""
SERVICE_NAMES = r"(?i)\b(?:exchange|escrow)\b"
"""What a label or an actor says where a tag has no such category."""

KNOWN = pl.Schema({"value": pl.String, "said": pl.String, "service": pl.Boolean})
"""`said`: what tags say of the value, for people; `service`: it is no account's own by that."""


def known_values(corpus: Corpus) -> pl.DataFrame:
    """The columns `KNOWN`: what the corpus's tags say, one row a value, sorted."""
    said = pl.concat_str(
        pl.coalesce("label", "actor", "category"),
        pl.format(" ({})", pl.coalesce("category", pl.lit("tag"))),
        pl.format(", says {}", pl.coalesce("said_by", pl.lit("a tag"))),
    )
    category = pl.element().str.strip_chars().str.to_lowercase().str.contains(SERVICES)
    served = pl.col("category").str.split(";").list.eval(category).list.any()
    names = pl.concat_str("label", "actor", separator=" ", ignore_nulls=True)
    service = served.fill_null(value=False) | names.str.contains(SERVICE_NAMES)
    return (
        corpus.tags.drop_nulls("value")
        .with_columns(said=said, service=service)
        .drop_nulls("said")
        .group_by("value")
        .agg(pl.col("said").unique().sort().first(), pl.col("service").any())
        .select(KNOWN.names())
        .cast(KNOWN)
        .sort("value")
    )


def is_office() -> pl.Expr:
    """Is the value an e-mail or Jabber address of a role, or a placeholder in an explanation?"""
    local = pl.col("value").str.extract(r"^(?:jabber:)?([^@:]+)@").str.to_lowercase()
    return local.is_in(OFFICES).fill_null(value=False)
