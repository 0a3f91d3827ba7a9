"""A semi-real world in a folder, outside of the repository: real people's words are in it."""

import gzip
import json
import tomllib
from collections import Counter
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import polars as pl

from evidence.archive import Archive
from evidence.errors import RefusedInput
from evidence.ledger import Ledger
from evidence.records import TABLES
from evidence.sources import IN_FORCE, Source
from evidence.workspace import Workspace
from world.parameters import BASE, VARIANTS, Parameters
from world.semireal import RECORDS, SemiReal, semi_real
from world.semireal_card import inherited_card

UNSAID = ("row_id", "flaws", "stated_precision", "blob", "size_bytes")
"""Columns of the archive that no delivery has."""
NAMES = {"record_id": "id", "stated_at": "date", "block": "key_block", "path": "photo"}
"""What columns of the archive are called in a delivered file; others keep their name."""
TIMES = {
    "year": "%Y",
    "month": "%Y-%m",
    "day": "%Y-%m-%d",
    "minute": "%Y-%m-%dT%H:%M",
    "second": "%Y-%m-%dT%H:%M:%S",
    "microsecond": "%Y-%m-%dT%H:%M:%S.%f",
}
"""How a time is written, by its precision: ISO 8601, UTC."""
README = """\
A semi-real world. REAL PEOPLE'S WORDS ARE IN IT: whatever holds for the sources it was made of
(who may read them, how long they may be kept) holds for this folder. Its identities are invented:
nothing in truth.csv says anything about a person.

delivery/     one file a table, as `samehand intake` reads them
truth.csv     which accounts are one hand, which only look like it, and what happened
source.toml   what holds for it because it held for those sources
accounts.csv  whose rows each account carries, which part of them, and in how many of their texts
              the carrier's handle was replaced by the account's
carriers.csv  the accounts that carry those which truth.csv names, as their workspace knows them:
              nothing that is measured here may have been learned from them
{wrong}
seed {seed}, parameters {digest}
{carriers} carriers (accounts that may be one owner's count once)
{accounts} accounts, {keys} keys made

{events}

{texts} texts are as they came, to the byte, but for {masked} ({share:.2%}): there an
account that bears another name than its carrier named itself. Prices, times and photos are
unchanged. Markets that end in "-2" are invented; a mover's rows from the cut on stand there.
{missing}
Take it in, and measure a model that learned from none of the accounts in question:
    samehand intake {out}/delivery --source {out}/source.toml --workspace MEASURED
    samehand train style --leave-out {out}/carriers.csv --name style-apart --workspace {workspace}
    samehand train listings --leave-out {out}/carriers.csv --base style-apart --name apart \\
        --workspace {workspace}
    samehand evaluate --workspace MEASURED --truth {out}/truth.csv \\
        --model {workspace}/models/apart
"""

Values = dict[str, object]


def deliver_semi_real(
    carriers: Workspace, out: Path, parameters: Parameters = BASE, seed: int = 1
) -> SemiReal:
    """Write the semi-real world of a workspace's sources in force into a folder.

    The same sources, parameters and seed give the same bytes.

    Raises:
        RefusedInput: the folder is inside of Samehand's repository, or the workspace holds nothing
            that could carry an event.
    """
    refuse_repository(out)
    sources = _sources(carriers)
    archive = Archive(carriers)
    tables = archive.tables({source.reading_id for source in sources})
    if not any(tables[name].height for name in RECORDS):
        raise RefusedInput(f"{carriers.root} holds no listing and no post that could be carried")
    made = semi_real(tables, parameters, seed)
    out.mkdir(parents=True, exist_ok=True, mode=0o700)
    delivery = out / "delivery"
    (delivery / "photos").mkdir(parents=True)
    for name, table in made.tables.items():
        if table.height:
            _write_table(delivery / f"{name}.jsonl.gz", table, name)
    for blob, path in made.tables["photos"].select("blob", "path").unique().sort("path").rows():
        (delivery / path).write_bytes(archive.blobs.read(blob))
    made.truth.write_csv(out / "truth.csv")
    made.accounts.write_csv(out / "accounts.csv")
    _carriers_in_question(made).write_csv(out / "carriers.csv")
    (out / "source.toml").write_text(inherited_card(sources), encoding="utf-8")
    (out / "README.txt").write_text(
        _readme(made, carriers, out, parameters, seed), encoding="utf-8"
    )
    return made


def refuse_repository(out: Path) -> None:
    """Refuse a folder inside of a copy of Samehand's repository.

    Raises:
        RefusedInput: a folder above holds Samehand's pyproject.
    """
    for folder in (out.resolve(), *out.resolve().parents):
        project = folder / "pyproject.toml"
        if project.is_file() and _name(project) == "samehand":
            raise RefusedInput(
                f"{out} is inside of Samehand's repository ({folder}), where real people's words "
                "must not lie: name a folder elsewhere with --out"
            )


def events_of(made: SemiReal) -> dict[str, tuple[int, float]]:
    """For each kind of event how often it happened, and in what share of all carriers."""
    carriers = made.accounts["carrier"].n_unique()
    counts = sorted(Counter(made.truth["kind"]).items())
    return {kind: (count, count / carriers) for kind, count in counts}


def parameters_digest(parameters: Parameters) -> str:
    """SHA-256 (hex) of the parameters' names and values."""
    return sha256(json.dumps(asdict(parameters), sort_keys=True).encode()).hexdigest()


def _sources(workspace: Workspace) -> list[Source]:
    """The sources in force."""
    with Ledger.open(workspace.existing()) as ledger:
        return [source for source in ledger.sources() if source.state == IN_FORCE]


def _name(project: Path) -> object:
    try:
        return tomllib.loads(project.read_text("utf-8")).get("project", {}).get("name")
    except (OSError, ValueError):
        return None


def _write_table(path: Path, table: pl.DataFrame, name: str) -> None:
    """JSON lines; what is absent is the empty string, so that every line has every column."""
    seen = () if name == "markets" else ("captured_at",)
    columns = [column for column in (*TABLES[name].schema, *seen) if column not in UNSAID]
    lines = [
        json.dumps(
            {NAMES.get(column, column): _value(row, column) for column in columns},
            ensure_ascii=False,
        )
        for row in table.iter_rows(named=True)
    ]
    content = "".join(line + "\n" for line in lines).encode()
    path.write_bytes(gzip.compress(content, compresslevel=6, mtime=0))


def _value(row: Values, column: str) -> object:
    value = row[column]
    if isinstance(value, datetime):
        precision = row.get(column.replace("_at", "_precision"))
        return value.strftime(TIMES[str(precision or "microsecond")])
    return "" if value is None else value


def _carriers_in_question(made: SemiReal) -> pl.DataFrame:
    """The accounts, market and handle, that carry those which the truth names."""
    sides = (made.truth.select(market=f"market_{x}", handle=f"handle_{x}") for x in "ab")
    named = made.accounts.join(pl.concat(sides), on=["market", "handle"], how="semi")
    return named.select(market="was_market", handle="was_handle").unique().sort("market", "handle")


def _readme(
    made: SemiReal, carriers: Workspace, out: Path, parameters: Parameters, seed: int
) -> str:
    wrong = [name for name, known in VARIANTS.items() if known == parameters]
    events = [
        f"{kind:20} {count:6} ({share:.1%} of the carriers)"
        for kind, (count, share) in events_of(made).items()
    ]
    texts, masked = (int(made.accounts[name].sum()) for name in ("text_count", "masked_texts"))
    missing = ", ".join(made.missing)
    return README.format(
        wrong=f"\nWRONG ON PURPOSE: variant {wrong[0]}\n" if wrong else "",
        seed=seed,
        digest=parameters_digest(parameters),
        carriers=made.accounts["carrier"].n_unique(),
        accounts=made.accounts.height,
        keys=made.key_count,
        events="\n".join(events),
        texts=texts,
        masked=masked,
        share=masked / max(1, texts),
        missing=f"Nobody scraped {missing}.\n" if missing else "",
        out=out,
        workspace=carriers.root,
    )
