"""From the cells of a file to facts: who said what, when, and which rows have no owner."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from evidence.formats.chunks import Chunk
from evidence.formats.columns import OWNER_ROLES, Reading
from evidence.formats.csv_records import Broken
from evidence.formats.parsing import times
from evidence.intake.pictures import PhotoFolder
from evidence.intake.rows import (
    account_rows,
    key_rows,
    listing_rows,
    market_rows,
    photo_rows,
    post_rows,
    profile_rows,
    tag_rows,
    undated,
)
from evidence.records import ACCOUNT_TABLES, canonical

MAIN_ROWS = {
    "accounts": account_rows,
    "listings": listing_rows,
    "posts": post_rows,
    "markets": market_rows,
    "tags": tag_rows,
}
NAME_LIMIT_CHARS = 256
LACKING = {
    "market": "no market: no column names it and none was given",
    "handle": "no owner: the handle is empty",
    "value": "no value in the row",
    "block": "no key in the row",
    "photos": "no photo in the row",
    "photo": "no photo in the row",
}


@dataclass(frozen=True)
class Facts:
    """What a chunk says.

    In `tables[main]` every row of the file that is kept has a row of its own (a list of photos: one
    or more); `tables` have place, position and captured_at besides the columns of their table.
    `refused` are the rows without an owner.
    """

    main: str
    tables: Mapping[str, pl.DataFrame]
    refused: list[Broken]

    def flaws(self) -> pl.DataFrame:
        """Columns `position`, `place`, `flaw`: which part of which kept row could not be read."""
        parts = [t.select("position", "place", flaw="flaws") for t in self.tables.values()]
        exploded = pl.concat(parts).explode("flaw", empty_as_null=True).drop_nulls("flaw")
        return exploded.unique(["position", "flaw"]).sort("position", "flaw")


@dataclass(frozen=True)
class Extraction:
    """How all rows of one file are turned into facts.

    `market` is for rows that name none, `place_word` what a position counts (line or row).
    """

    reading: Reading
    market: str | None
    place_word: str
    photos: PhotoFolder

    def facts(self, chunk: Chunk) -> Facts:
        """The facts of a chunk."""
        roles = self._roles(chunk)
        why = _why_refused(roles, self.reading.kind)
        places: Sequence[str | None] = chunk.places or [None] * len(chunk.positions)
        refused = [
            Broken(position, reason, raw, place)
            for position, reason, raw, place in zip(
                chunk.positions, why.to_list(), chunk.raws, places, strict=True
            )
            if reason is not None
        ]
        kept = _with_times(roles.filter(why.is_null()), self.place_word)
        return Facts(self.reading.kind, self._tables(kept), refused)

    def _roles(self, chunk: Chunk) -> pl.DataFrame:
        """The position, and a text column for each role that the file or a constant fills."""
        held = {r: c for r, c in self.reading.columns.items() if c in chunk.cells.columns}
        cells = [chunk.cells[column].alias(role) for role, column in held.items()]
        cells += [pl.Series("place", chunk.places, pl.String)] if chunk.places else []
        roles = pl.DataFrame([pl.Series("position", chunk.positions, pl.Int64), *cells])
        constants = dict(self.reading.constants)
        if self.market is not None and self.reading.kind in ACCOUNT_TABLES:
            constants["market"] = self.market
        for role, value in constants.items():
            given = pl.col(role) if role in held else pl.lit(None, pl.String)
            roles = roles.with_columns(pl.coalesce(given, pl.lit(value)).alias(role))
        names = [role for role in ("market", "handle") if role in roles.columns]
        roles = roles.with_columns(_canonical(roles[name]) for name in names)
        if "photos" in roles.columns:
            stripped = pl.col("photos").str.strip_chars("; \t")
            roles = roles.with_columns(stripped.replace("", None))
        return roles

    def _tables(self, roles: pl.DataFrame) -> dict[str, pl.DataFrame]:
        kind = self.reading.kind
        tables = {kind: MAIN_ROWS[kind](roles)} if kind in MAIN_ROWS else {}
        shown = undated(roles) if kind == "accounts" else roles
        if kind in ("accounts", "posts"):
            shown = shown.drop("record_id", strict=False)
        if "block" in roles.columns:
            tables["keys"] = key_rows(shown)
        if "photos" in roles.columns or "photo" in roles.columns:
            tables["photos"] = photo_rows(shown, self.photos)
        if kind in ("listings", "posts") and "profile" in roles.columns:
            tables["accounts"] = profile_rows(roles)
        return tables


def _why_refused(roles: pl.DataFrame, kind: str) -> pl.Series:
    """For each row why it cannot be stored, or null."""
    wanted = [OWNER_ROLES[kind]] if kind in OWNER_ROLES else ["market", "handle"]
    content = {"keys": "block", "photos": "photo" if "photo" in roles.columns else "photos"}
    wanted += [content[kind]] if kind in content else []
    why = pl.Series("why", [None] * roles.height, pl.String)
    for name in reversed(wanted):
        everywhere = pl.repeat(True, roles.height, dtype=pl.Boolean, eager=True)
        absent = roles[name].is_null() if name in roles.columns else everywhere
        why = why.set(absent, LACKING[name])
    for name in ("market", "handle"):
        if name in roles.columns:
            is_long = roles[name].str.len_chars().fill_null(0) > NAME_LIMIT_CHARS
            why = why.set(is_long, f"a {name} of more than {NAME_LIMIT_CHARS} characters")
    if "market" in roles.columns:
        colon = roles["market"].str.contains(":", literal=True).fill_null(value=False)
        why = why.set(colon, "a colon in the market's name")
    return why


def _canonical(names: pl.Series) -> pl.Series:
    stored = {name: canonical(name) or None for name in names.drop_nulls().unique().to_list()}
    found = [None if name is None else stored[name] for name in names.to_list()]
    return pl.Series(names.name, found, pl.String)


def _with_times(roles: pl.DataFrame, place_word: str) -> pl.DataFrame:
    for role in ("stated_at", "captured_at"):
        if role not in roles.columns:
            roles = roles.with_columns(pl.lit(None, pl.String).alias(role))
    stated, captured = times(roles["stated_at"]), times(roles["captured_at"])
    flaws = [
        pl.when(times_read["unread"]).then(pl.lit(f"{role}: not a date")).alias(f"flaw {role}")
        for role, times_read in (("stated_at", stated), ("captured_at", captured))
    ]
    if "place" not in roles.columns:
        place = pl.concat_str(pl.lit(f"{place_word} "), pl.col("position").cast(pl.String))
        roles = roles.with_columns(place=place)
    return roles.with_columns(
        stated["at"].alias("stated_at"),
        stated["precision"].alias("stated_precision"),
        captured["at"].alias("captured_at"),
        captured["precision"].alias("captured_precision"),
        *flaws,
    )
