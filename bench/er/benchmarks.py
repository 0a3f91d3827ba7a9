"""Four benchmarks with known entities: how each is read, compared and blocked.

historical_50k and fake_1000 come with Splink, febrl 3 and 4 with Christen's FEBRL (2008). They say
whether scorer and grouping are sound in general; nothing of them enters the model.
"""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

NAME, TEXT, DATE, CODE = "name", "text", "date", "code"
"""How a field is compared: by Jaro-Winkler, by edits over length, by edits of a date, or whole."""


@dataclass(frozen=True)
class Benchmark:
    """Records, and what is known of them.

    Attributes:
        records: the fields as text, null where absent.
        entity: which entity each record is of.
        fields: how each field is compared.
        rules: sets of expressions; records that agree on all of one set are compared.
    """

    name: str
    records: pl.DataFrame
    entity: pl.Series
    fields: dict[str, str]
    rules: tuple[tuple[str, ...], ...]


def load(folder: Path) -> list[Benchmark]:
    """All four, from the folder that holds their files."""
    return [read(folder) for read in (_historical, _fake, _febrl_3, _febrl_4)]


def _historical(folder: Path) -> Benchmark:
    table = pl.read_parquet(folder / "historical_figures_with_errors_50k.parquet")
    fields = {
        "first_name": NAME,
        "surname": NAME,
        "dob": DATE,
        "birth_place": TEXT,
        "postcode_fake": TEXT,
        "occupation": TEXT,
        "gender": CODE,
    }
    rules = (
        ("first_name", "surname"),
        ("surname", "dob"),
        ("first_name", "dob"),
        ("postcode_fake", "first_name"),
        ("postcode_fake", "surname"),
        ("dob", "birth_place"),
        ("postcode_fake", "dob"),
        ("postcode_fake", "occupation"),
    )
    return _benchmark("historical_50k", table, table["cluster"], fields, rules)


def _fake(folder: Path) -> Benchmark:
    table = pl.read_csv(folder / "fake_1000.csv", infer_schema_length=0)
    fields = {"first_name": NAME, "surname": NAME, "dob": DATE, "city": TEXT, "email": TEXT}
    rules = (
        ("first_name", "surname"),
        ("dob",),
        ("email",),
        ("surname", "city"),
        ("first_name", "city"),
    )
    return _benchmark("fake_1000", table, table["cluster"], fields, rules)


FEBRL_FIELDS = {
    "given_name": NAME,
    "surname": NAME,
    "street_number": CODE,
    "address_1": TEXT,
    "suburb": TEXT,
    "postcode": TEXT,
    "state": CODE,
    "date_of_birth": DATE,
    "soc_sec_id": TEXT,
}
FEBRL_RULES = (
    ("given_name", "surname"),
    ("soc_sec_id",),
    ("date_of_birth",),
    ("surname", "postcode"),
    ("given_name", "suburb"),
    ("address_1",),
)


def _febrl_3(folder: Path) -> Benchmark:
    return _febrl("febrl3", [folder / "dataset3.csv"])


def _febrl_4(folder: Path) -> Benchmark:
    return _febrl("febrl4", [folder / "dataset4a.csv", folder / "dataset4b.csv"])


def _febrl(name: str, paths: list[Path]) -> Benchmark:
    table = pl.concat(
        [pl.read_csv(p, infer_schema_length=0).rename(lambda c: c.strip()) for p in paths]
    )
    entity = table["rec_id"].str.extract(r"rec-(\d+)-")
    return _benchmark(name, table, entity, FEBRL_FIELDS, FEBRL_RULES)


def _benchmark(
    name: str,
    table: pl.DataFrame,
    entity: pl.Series,
    fields: dict[str, str],
    rules: tuple[tuple[str, ...], ...],
) -> Benchmark:
    texts = table.select(
        pl.col(field).cast(pl.String).str.strip_chars().str.to_lowercase() for field in fields
    )
    records = texts.select(pl.when(pl.all().str.len_chars() > 0).then(pl.all()))
    return Benchmark(name, records, entity.alias("entity"), fields, rules)
