"""A semi-real world: real texts, prices and times under invented identities, with known truth.

A person's own rows are cut in two by time and stand on two markets, under one name or two, with
keys that were made up; others pose as somebody, and copy; others quote. What a person wrote stays
as it was, to the byte, but for the own handle of who bears another one now.
"""

from dataclasses import dataclass
from hashlib import sha256

import numpy as np
import polars as pl
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from evidence.assembly import on_known_markets
from evidence.intake.rows import SEEN, finished
from evidence.records import ACCOUNT_TABLES, SIGHTINGS
from world.carriers import TEXT_COLUMNS, Tables, read_carriers
from world.keys import KeyRing
from world.parameters import BASE, Parameters
from world.semireal_events import Inventor
from world.semireal_plan import Script, write_script
from world.semireal_rows import carry

INVENTED = sha256(b"invented events").hexdigest()
"""The source of invented rows, as long as they are in memory."""
RECORDS = ("listings", "posts")


@dataclass(frozen=True)
class SemiReal:
    """A semi-real world in memory.

    Attributes:
        tables: as `Archive.tables` gives them, ready for `evidence.assembly.assemble`.
        truth: a row a tie: market_a, handle_a (the older account), market_b, handle_b, same (1 or
            0), kind, told (what happened, in words), entity, carrier_a, carrier_b, masked_texts (of
            b: in how many texts the handle was replaced).
        accounts: a row an account: market, handle, carrier, part (whole, early, late), was_market,
            was_handle, entity, text_count, masked_texts.
        missing: the markets that nobody scraped.
        key_count: how many keys were made.
    """

    tables: dict[str, pl.DataFrame]
    truth: pl.DataFrame
    accounts: pl.DataFrame
    missing: tuple[str, ...]
    key_count: int


def semi_real(tables: Tables, parameters: Parameters = BASE, seed: int = 1) -> SemiReal:
    """Lay invented identity events upon the accounts of a corpus.

    The carriers come as scrapes left them: of `late_scrape_share` and `missed_row_share` only what
    goes beyond the base world is lost here besides, so that the base loses nothing.

    Args:
        tables: see `Archive.tables`; only their accounts count, see `read_carriers`.
        parameters: the rates of events; those of forum accounts, volumes, waiting times and photos
            of movers say nothing here, since rows and times are the carriers' own.
        seed: which world; the same arguments give the same tables.
    """
    tables = {
        name: on_known_markets(table, tables["markets"]) if name in ACCOUNT_TABLES else table
        for name, table in tables.items()
    }
    script = write_script(read_carriers(tables), parameters, seed)
    carried = carry(tables, script)
    rng = np.random.default_rng([seed, 7])
    invented = Inventor(script, KeyRing(seed, script.keys), carried, rng).tables()
    missing = _missing_markets(script, rng)
    kept = {
        name: table.filter(~pl.col("market").is_in(missing))
        for name, table in _scraped(_together(carried, invented), parameters, rng).items()
    }
    accounts = _accounts(script, kept)
    made = {name: _finished(table, name) for name, table in kept.items()}
    made["markets"] = _markets(tables["markets"], script)
    return SemiReal(made, _truth(script, accounts), accounts, missing, len(script.keys))


def _together(carried: Tables, invented: Tables) -> dict[str, pl.DataFrame]:
    """Carried rows, then the invented ones as if they had come with the last of the others."""
    received_at = pl.concat([table["received_at"] for table in carried.values()]).max()
    rows = {name: table.with_columns(is_invented=False) for name, table in carried.items()}
    for name, table in invented.items():
        found = table.with_columns(
            position=pl.int_range(1, pl.len() + 1, dtype=pl.Int64),
            source_id=pl.lit(INVENTED),
            received_at=pl.lit(received_at, SIGHTINGS.schema["received_at"]),
            is_invented=True,
        ).with_columns(place=pl.format("event {}", "position"))
        rows[name] = pl.concat([rows[name], found], how="diagonal")
    return rows


def _scraped(
    rows: dict[str, pl.DataFrame], rates: Parameters, rng: Generator
) -> dict[str, pl.DataFrame]:
    """What scrapes bring of listings and posts, if they bring less than the carriers have."""
    seen_at = pl.coalesce("stated_at", "captured_at").alias("seen_at")
    late = max(0.0, rates.late_scrape_share - BASE.late_scrape_share)
    missed = max(0.0, rates.missed_row_share - BASE.missed_row_share)
    times = pl.concat([rows[name].select("market", seen_at) for name in RECORDS])
    first, last = pl.min("seen_at"), pl.max("seen_at")
    begins = times.group_by("market").agg(scraped_from=first + late * (last - first))
    kept = dict(rows)
    for name in RECORDS:
        table = rows[name].join(begins, on="market", how="left", maintain_order="left")
        written = pl.Series(rng.random(table.height) < rates.text_share) | table["is_invented"]
        met = pl.Series(rng.random(table.height) >= missed)
        in_time = (pl.col("scraped_from") <= seen_at).fill_null(value=True)
        kept[name] = table.filter(written & met & in_time).drop("scraped_from")
    return kept


def _missing_markets(script: Script, rng: Generator) -> tuple[str, ...]:
    """Some of the invented markets."""
    names = sorted(script.successor(market) for market in script.markets)
    chosen = rng.permutation(len(names))[: script.rates.missing_market_count]
    return tuple(names[place] for place in sorted(chosen.tolist()))


def _finished(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    """Rows as the archive would hold them, each fact once."""
    sighted = [column for column in SIGHTINGS.schema if column not in ("row_id", "table")]
    facts = finished(rows.drop("row_id", "flaws"), name)
    return facts.with_columns(rows[column] for column in sighted).unique(
        "row_id", keep="first", maintain_order=True
    )


def _markets(markets: pl.DataFrame, script: Script) -> pl.DataFrame:
    """What is known of the markets, and the successor of each, alike in kind."""
    names = {market: script.successor(market) for market in sorted(script.markets)}
    known = markets.filter(pl.col("market").is_in(list(names))).unique(
        "market", keep="first", maintain_order=True
    )
    new = known.select(
        pl.col("market").replace(names),
        "kind",
        aliases=pl.lit([], pl.List(pl.String)),
        belongs_to=pl.col("belongs_to").replace_strict(names, default=None, return_dtype=pl.String),
        **{name: pl.lit(None, SIGHTINGS.schema.get(name, pl.String)) for name in SEEN},
    )
    return pl.concat([known, finished(new, "markets").drop(SEEN)])


def _accounts(script: Script, kept: Tables) -> pl.DataFrame:
    """Every account with what it carries; see `SemiReal.accounts`."""
    entity = _entities(script)
    rows = [
        (one.market, one.handle, one.carrier.carrier, one.part, *one.carrier[1:3], int(group))
        for one, group in zip(script.accounts, entity, strict=True)
    ]
    columns = ["market", "handle", "carrier", "part", "was_market", "was_handle", "entity"]
    accounts = pl.DataFrame(rows, schema=columns, orient="row").with_row_index("number")
    texts = pl.concat([_texts(table, name) for name, table in kept.items()])
    counted = texts.group_by("number").agg(pl.sum("text_count"), pl.sum("masked_texts"))
    return (
        accounts.with_columns(pl.col("number").cast(pl.Int64))
        .join(counted, on="number", how="left", maintain_order="left")
        .with_columns(pl.col("text_count", "masked_texts").fill_null(0))
        .drop("number")
    )


def _texts(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    """For each carried row its account, how many texts are in it, and how many were masked."""
    columns = [pl.col(column).is_not_null() for column in TEXT_COLUMNS.get(name, ())]
    counted = pl.sum_horizontal(columns) if columns else pl.lit(0)
    carried = rows.filter(~pl.col("is_invented"))
    return carried.select("number", "masked_texts", text_count=counted.cast(pl.Int64))


def _entities(script: Script) -> NDArray[np.int32]:
    """For each account its component of ties, of one hand or not: those who must not be parted."""
    ties = np.array([(tie.left, tie.right) for tie in script.ties], np.int64).reshape(-1, 2)
    size = len(script.accounts)
    ones = np.ones(len(ties), np.int8)
    _, label = connected_components(coo_array((ones, ties.T), shape=(size, size)), directed=False)
    return np.asarray(label, np.int32)


def _truth(script: Script, accounts: pl.DataFrame) -> pl.DataFrame:
    """Every tie; see `SemiReal.truth`."""
    sides = {"a": [tie.left for tie in script.ties], "b": [tie.right for tie in script.ties]}
    named = {side: accounts[numbers] for side, numbers in sides.items()}
    return pl.DataFrame(
        [
            *(
                named[side][column].alias(f"{column}_{side}")
                for side in sides
                for column in ("market", "handle")
            ),
            pl.Series("same", [int(tie.same) for tie in script.ties], pl.Int64),
            pl.Series("kind", [tie.kind for tie in script.ties], pl.String),
            pl.Series("told", script.told, pl.String),
            named["a"]["entity"],
            named["a"]["carrier"].alias("carrier_a"),
            named["b"]["carrier"].alias("carrier_b"),
            named["b"]["masked_texts"],
        ]
    )
