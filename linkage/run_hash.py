"""The run hash: same inputs and same conclusions, same SHA-256, whoever computed them and when."""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256

import polars as pl
import polars.selectors as cs

from evidence.rulings import Rulings
from linkage.decided import last_rulings
from linkage.run_store import Inputs
from linkage.scoring import BITS_DECIMALS


def decisions_hash(rulings: Rulings) -> str:
    """SHA-256 (hex) over the decisions in force; who ruled, when and why is left out."""
    return sha256(_bytes(last_rulings(rulings.decisions))).hexdigest()


def public_values_hash(rulings: Rulings) -> str:
    """SHA-256 (hex) over the public values in force."""
    values = rulings.public_values.select("kind", "value").unique().sort("kind", "value")
    return sha256(_bytes(values)).hexdigest()


def run_hash(
    inputs: Inputs, tables: Mapping[str, pl.DataFrame], personas: Iterable[Sequence[str]]
) -> str:
    """SHA-256 (hex) over a run's inputs and conclusions.

    Run id, persona ids, changes, times of the run and memory are outside it. Numbers count to
    `BITS_DECIMALS` decimals.

    Args:
        inputs: what went in.
        tables: the run's tables; links and evidence count.
        personas: account ids of each persona.
    """
    counted = inputs.model_copy(update={"source_ids": tuple(sorted(inputs.source_ids))})
    digest = sha256(counted.model_dump_json(include=set(Inputs.model_fields)).encode())
    for name, order in (("links", ("left", "right")), ("evidence", ("link_id", "feature"))):
        digest.update(_bytes(tables[name].sort(order)))
    for members in sorted(sorted(persona) for persona in personas):
        digest.update(_bytes(pl.DataFrame({"member": members}, schema={"member": pl.String})))
    return digest.hexdigest()


def _bytes(table: pl.DataFrame) -> bytes:
    """A table as JSON lines, numbers as whole multiples of the last decimal that counts."""
    whole = cs.float().mul(10.0**BITS_DECIMALS).round().cast(pl.Int64)
    text = table.with_columns(whole).write_ndjson()
    return f"{table.columns} {table.height}\n{text}".encode()
