"""Rows of the archive's tables from the roles of a file's columns.

Every function takes a frame with a text column for each role that the file fills (see
`evidence.formats.columns.ROLES`), the owner, `stated_at`, `captured_at`, how exact each is, `place`
and `position`; a column named `flaw …` says what could not be read in the row, or null.
"""

import polars as pl

from evidence.formats.parsing import amounts, parse_rating, times
from evidence.formats.tag_values import tag_values
from evidence.intake.pictures import PhotoFolder
from evidence.records import TABLES, UTC_TIME, row_id

MARKET_KINDS = ("market", "forum", "shop")
BEGIN_BLOCK = "-----BEGIN PGP PUBLIC KEY BLOCK-----"
END_BLOCK = "-----END PGP PUBLIC KEY BLOCK-----"
SEEN = ("place", "position", "captured_at", "captured_precision")


def account_rows(roles: pl.DataFrame) -> pl.DataFrame:
    """Profiles."""
    return finished(_with_number(roles, "rating"), "accounts")


def listing_rows(roles: pl.DataFrame) -> pl.DataFrame:
    """Listings; a currency beside the price counts where no column names one."""
    rows = _with_number(roles, "rating")
    price = amounts(_text(rows, "price"))
    rows = rows.with_columns(
        price["value"].alias("price"),
        _text(rows, "currency").alias("currency"),
        price["currency"].alias("price_currency"),
        _flaw("price", price["unread"], "not a number"),
    )
    return finished(
        rows.with_columns(currency=pl.coalesce("currency", "price_currency")), "listings"
    )


def post_rows(roles: pl.DataFrame) -> pl.DataFrame:
    """Posts."""
    return finished(roles, "posts")


def market_rows(roles: pl.DataFrame) -> pl.DataFrame:
    """Markets; `aliases` are split at semicolons."""
    opened, closed = times(_text(roles, "opened_at")), times(_text(roles, "closed_at"))
    kind = _text(roles, "kind").str.strip_chars().str.to_lowercase()
    known = kind.is_in(MARKET_KINDS)
    rows = roles.with_columns(
        opened["at"].alias("opened_at"),
        opened["precision"].alias("opened_precision"),
        closed["at"].alias("closed_at"),
        closed["precision"].alias("closed_precision"),
        pl.select(pl.when(known).then(kind)).to_series().alias("kind"),
        _parts(_text(roles, "aliases")).alias("aliases"),
        _flaw("opened_at", opened["unread"], "not a date"),
        _flaw("closed_at", closed["unread"], "not a date"),
        _flaw("kind", ~known, f"none of {', '.join(MARKET_KINDS)}"),
    )
    return finished(rows, "markets")


def profile_rows(roles: pl.DataFrame) -> pl.DataFrame:
    """The profiles of sellers or authors that stand beside their listings or posts."""
    rows = roles.filter(pl.col("profile").is_not_null())
    return finished(rows.select("market", "handle", "profile", *SEEN), "accounts")


def key_rows(roles: pl.DataFrame) -> pl.DataFrame:
    """Key blocks; one without its first or last line is kept and named."""
    rows = roles.filter(pl.col("block").is_not_null())
    block = rows["block"]
    begins = block.str.contains(BEGIN_BLOCK, literal=True)
    ends = block.str.contains(END_BLOCK, literal=True)
    rows = rows.with_columns(
        _flaw("block", ~begins, "no armored key block"),
        _flaw("block end", begins & ~ends, "cut off before its last line"),
    )
    return finished(rows, "keys")


def photo_rows(roles: pl.DataFrame, folder: PhotoFolder) -> pl.DataFrame:
    """Photos, one row a path: `photo`, or `photos` split at semicolons. Their bytes are kept."""
    rows = roles.with_columns(path="photo") if "photo" in roles.columns else _each_path(roles)
    found = [folder.fetch(path) for path in rows["path"].to_list()]
    rows = rows.with_columns(
        pl.Series("blob", [photo.blob for photo in found], pl.String),
        pl.Series("size_bytes", [photo.size_bytes for photo in found], pl.Int64),
        pl.Series("flaw blob", [photo.flaw for photo in found], pl.String),
    )
    return finished(rows, "photos")


def _each_path(roles: pl.DataFrame) -> pl.DataFrame:
    return (
        roles.filter(pl.col("photos").is_not_null())
        .with_columns(path=pl.col("photos").str.split(";"))
        .explode("path", empty_as_null=True)
        .with_columns(pl.col("path").str.strip_chars())
        .filter(pl.col("path") != "")
        .unique(["position", "path"], keep="first", maintain_order=True)
    )


def tag_rows(roles: pl.DataFrame) -> pl.DataFrame:
    """Tags; a value beside a currency is a wallet where no column says what it is."""
    currency, kind = _text(roles, "currency"), _text(roles, "kind").str.strip_chars()
    is_wallet = kind.is_null() & currency.is_not_null()
    told = pl.select(pl.when(is_wallet).then(pl.lit("wallet")).otherwise(kind)).to_series()
    found = tag_values(_text(roles, "value"), told.str.to_lowercase())
    rows = roles.with_columns(found["kind"], found["value"], found["flaw"].alias("flaw value"))
    return finished(rows, "tags")


def undated(roles: pl.DataFrame) -> pl.DataFrame:
    """The rows without their times: what an account shows does not date from its registration."""
    return roles.drop("flaw stated_at", strict=False).with_columns(
        stated_at=pl.lit(None, UTC_TIME), stated_precision=pl.lit(None, pl.String)
    )


def finished(rows: pl.DataFrame, table_name: str) -> pl.DataFrame:
    """Exactly the columns of a table, flaws gathered and ids given, and `SEEN`."""
    schema = TABLES[table_name].schema
    flaws = [name for name in rows.columns if name.startswith("flaw ")]
    missing = [
        pl.lit(None, dtype).alias(name)
        for name, dtype in schema.items()
        if name not in rows.columns
    ]
    gathered = pl.concat_list(flaws).list.drop_nulls() if flaws else pl.lit([], pl.List(pl.String))
    rows = rows.with_columns(*missing).with_columns(gathered.alias("flaws"))
    ids = _row_ids(table_name, rows.select(schema.names()).drop("row_id", "flaws"))
    return rows.with_columns(ids).select(*schema.names(), *SEEN)


def _row_ids(table_name: str, said: pl.DataFrame) -> pl.Series:
    texts = [_as_text(column) for column in said.get_columns()]
    ids = [row_id(table_name, list(values)) for values in zip(*texts, strict=True)]
    return pl.Series("row_id", ids, pl.String)


def _as_text(column: pl.Series) -> list[str | None]:
    """Values in the form that is digested: times in µs since 1970, numbers as Python's repr."""
    if isinstance(column.dtype, pl.Datetime):
        column = column.dt.epoch("us")
    if isinstance(column.dtype, pl.List):
        column = column.list.join(";")
    if column.dtype == pl.String:
        return column.to_list()
    return [None if value is None else repr(value) for value in column.to_list()]


def _with_number(rows: pl.DataFrame, role: str) -> pl.DataFrame:
    found = amounts(_text(rows, role), parse_rating)
    return rows.with_columns(
        found["value"].alias(role), _flaw(role, found["unread"], "not a number")
    )


def _text(rows: pl.DataFrame, role: str) -> pl.Series:
    if role in rows.columns:
        return rows[role]
    return pl.Series(role, [None] * rows.height, pl.String)


def _flaw(part: str, is_flawed: pl.Series, why: str) -> pl.Series:
    flawed = is_flawed.fill_null(value=False).to_list()
    texts = [f"{part.split()[0]}: {why}" if bad else None for bad in flawed]
    return pl.Series(f"flaw {part}", texts, pl.String)


def _parts(texts: pl.Series) -> pl.Series:
    split = [[p.strip() for p in (text or "").split(";") if p.strip()] for text in texts.to_list()]
    return pl.Series(texts.name, split, pl.List(pl.String))
