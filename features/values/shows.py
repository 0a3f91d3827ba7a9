"""What each account does with each value: gives it as its own, shows it, shows it as another's."""

from dataclasses import dataclass

import polars as pl

from evidence.corpus import Corpus
from evidence.records import UTC_TIME
from features.handles.folding import fold
from features.values.known import is_office, known_values
from features.values.stance import Stance

NAME_MIN_CHARS = 4
SITES = ("onion", "link")
"""Values that people show to send others there, mostly to anybody's page: they count where somebody
calls them his own on his profile or in a listing, and only as shown."""

GIVES = pl.Schema(
    {
        "account": pl.UInt32(),
        "value": pl.String(),
        "kind": pl.String(),
        "displays": pl.Boolean(),
        "given": pl.Boolean(),
        "quoting": pl.Boolean(),
        "named": pl.Boolean(),
        "talk": pl.Boolean(),
        "nobodys": pl.Boolean(),
        "rank": pl.Int32(),
        "showers": pl.Int32(),
        "said": pl.String(),
        "seen_at": UTC_TIME,
        "text": pl.UInt32(),
    }
)
"""One row for each account and value, sorted.

`displays`: outside quotations. `given`: as its own, in so many words, on its own profile or
listings, or because the value bears its handle. `quoting`: as somebody else's. `named`: the value
bears its handle. `talk`: it stands in posts only. `nobodys`: a service's or an office's. `rank`:
how many, itself among them, show the value not as somebody else's; of who gives it, how many
had by then, so that a crowd that copies it later takes nothing from the first. `showers`: how many
show it at all. `said`: what tags say of it. `seen_at`, `text`: where it stands first."""


@dataclass(frozen=True)
class Custom:
    """How accounts use values of a kind.

    Attributes:
        kinds: the kinds of spans.
        most_own: who shows more values of one kind than this collects those of others.
    """

    kinds: tuple[str, ...]
    most_own: int


def read_gives(corpus: Corpus, displays: pl.DataFrame, custom: Custom) -> pl.DataFrame:
    """The columns `GIVES` of what `displays.read_displays` found.

    An account whose handle the value does not bear shows it as somebody else's
    - where it stands only within quotations,
    - where the words around it say so and none say it is its own,
    - where the value bears the handle of another account of its market, or of one elsewhere and
      stands in posts only, and is not said to be its own,
    - where the account shows more than `most_own` values of that kind.
    """
    rows = _deeds(displays).join(_named(displays, corpus), on=["account", "value"], how="left")
    own = rows.with_columns(pl.col("named").fill_null(value=False))
    judged = _judged(own, corpus, custom)
    known = known_values(corpus)
    counts = ~pl.col("kind").is_in(SITES) | (pl.col("own") & ~pl.col("talk"))
    return (
        _ranked(judged)
        .filter(counts)
        .join(known, on="value", how="left")
        .with_columns(nobodys=pl.col("service").fill_null(value=False) | is_office())
        .select(GIVES.names())
        .cast(GIVES)
        .sort("account", "value")
    )


def _deeds(displays: pl.DataFrame) -> pl.DataFrame:
    """By account and value: what its words say, and where it stands, best place first."""
    own = (pl.col("stance") == Stance.OWN) & ~pl.col("quoted")
    others = (pl.col("stance") == Stance.OTHERS) & ~pl.col("quoted")
    return displays.group_by("account", "value").agg(
        pl.col("kind").min(),
        displays=~pl.col("quoted").all(),
        talk=pl.col("talk").all(),
        own=own.any(),
        others=others.any(),
        seen_at=pl.when(pl.col("seen_at").is_null().any())
        .then(None)
        .otherwise(pl.col("seen_at").min()),
        text=pl.col("text").sort_by("quoted", ~own, "talk", "text").first(),
    )


def _judged(rows: pl.DataFrame, corpus: Corpus, custom: Custom) -> pl.DataFrame:
    owners = _owners(rows, corpus)
    many = pl.col("displays").sum().over("account", "kind") > custom.most_own
    elsewhere = pl.col("value").is_in(owners["value"].unique().implode())
    owned = pl.col("owned").fill_null(value=False)
    foreign = owned | (elsewhere & pl.col("talk")) | pl.col("others")
    unclaimed = ~pl.col("displays") | many | (foreign & ~pl.col("own"))
    own_place = pl.col("own") | pl.col("named") | ~pl.col("talk")
    return (
        rows.with_columns(market=corpus.accounts["market"].gather(rows["account"]))
        .join(owners, on=["value", "market"], how="left")
        .with_columns(quoting=~pl.col("named") & unclaimed)
        .with_columns(given=~pl.col("quoting") & own_place & ~pl.col("kind").is_in(SITES))
    )


def _owners(rows: pl.DataFrame, corpus: Corpus) -> pl.DataFrame:
    """(value, market, owned): where an account has the handle that a value bears."""
    folded = pl.DataFrame(
        {"name": fold(corpus.accounts["handle"]), "market": corpus.accounts["market"]}
    )
    long = folded.drop_nulls().filter(pl.col("name").str.len_chars() >= NAME_MIN_CHARS)
    equal = _names(rows).join(long, on="name").select("value", "market")
    showing = rows.filter("named").select(
        "value", market=corpus.accounts["market"].gather(rows.filter("named")["account"])
    )
    return pl.concat([equal, showing]).unique().with_columns(owned=pl.lit(value=True))


def _ranked(rows: pl.DataFrame) -> pl.DataFrame:
    """With `rank` and `showers`; where a time is not known, everybody may have been before."""
    undated = pl.col("seen_at").is_null()
    before = pl.col("seen_at").rank("max").over("value", "quoting")
    unknown = undated.sum().over("value", "quoting")
    ordered = pl.col("given") & ~undated
    return rows.with_columns(
        showers=pl.len().over("value"),
        rank=pl.when(ordered).then(before + unknown).otherwise(pl.len().over("value", "quoting")),
    )


def _named(displays: pl.DataFrame, corpus: Corpus) -> pl.DataFrame:
    """(account, value, named): values that bear the handle of an account that displays them.

    The folded name before an @ or behind a messenger's name holds the folded handle, or the other
    way round, from four letters on.
    """
    shown = displays.select("account", "value", "kind").unique(maintain_order=True)
    names = shown.join(_names(shown), on="value")
    handles = fold(corpus.accounts["handle"]).gather(names["account"])
    name, handle = pl.col("name"), pl.col("handle")
    holds = handle.str.contains(name, literal=True) | name.str.contains(handle, literal=True)
    bears = (handle.str.len_chars() >= NAME_MIN_CHARS) & holds
    return (
        names.with_columns(handle=handles)
        .filter(bears)
        .select("account", "value", named=pl.lit(value=True))
    )


def _names(rows: pl.DataFrame) -> pl.DataFrame:
    """(value, name): the folded name in each e-mail address or messenger name, if it is long."""
    people = ~pl.col("kind").is_in([*SITES, "wallet", "phone"])
    values = rows.filter(people).select("value").unique(maintain_order=True)
    name = values["value"].str.extract(r"^(?:[a-z]+:)?([^@/]+)")
    folded = values.with_columns(name=fold(name))
    return folded.filter(pl.col("name").str.len_chars() >= NAME_MIN_CHARS)
