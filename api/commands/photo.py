"""`samehand photo FILE`: which accounts show a picture, or something like it."""

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import polars as pl
import typer
from rich.console import Console

from api.commands.options import JsonOption, ViewOption, WorkspaceOption, open_workspace
from api.commands.published import print_rows
from api.recorded import record_read
from api.terminal import plain
from evidence.archive import Archive
from evidence.assembly import assemble
from evidence.corpus import Corpus
from evidence.errors import RefusedInput
from evidence.formats.lines import open_regular
from evidence.intake.pictures import PHOTO_LIMIT_BYTES
from evidence.ledger import Ledger
from evidence.views import ALL, readings_in
from evidence.workspace import Workspace
from features.photos.decode import Decoder, decode_pictures
from features.photos.lookup import (
    Likeness,
    look_up,
    nearest_colours,
    regions_of,
    shared_regions,
)
from features.photos.readings import facts_of, large_of, read_pictures, records_of
from features.photos.worker import FACTS, PLACED

SHA256_HEX = re.compile(r"[0-9a-f]{64}")
TOLD = 50
"""Stored pictures whose camera is told."""


@dataclass(frozen=True)
class Asked:
    """What a person wants to know.

    Attributes:
        content: the bytes of the picture.
        crops: so many stored pictures are looked at for crops.
        wanted: `worker.FACTS`, or `worker.PLACED` for where it was taken as well.
    """

    content: bytes
    crops: int
    wanted: int


def photo(
    file: Annotated[
        str | None,
        typer.Argument(help="A picture's file, or the SHA-256 of a stored picture."),
    ] = None,
    workspace: WorkspaceOption = None,
    view: ViewOption = ALL,
    crops: Annotated[
        int, typer.Option(help="Look for crops among so many pictures of like colours.", min=0)
    ] = 20,
    gps: Annotated[
        bool, typer.Option("--gps", help="Tell where pictures were taken; this is recorded.")
    ] = False,
    refused: Annotated[
        bool, typer.Option("--refused", help="Print the stored pictures that cannot be read.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """List the accounts that show a picture or something like it, and what a camera wrote in it.

    What the archive holds now is read, published or not. What a camera wrote can be edited; where
    a picture was taken is told with --gps only. Neither is ever published.
    """
    place = open_workspace(workspace)
    if file is None and not refused:
        raise RefusedInput("name a picture's file, or ask for --refused")
    name, content = ("", None) if file is None else _named(file)
    record_read(place, "look up photo", name, view)
    if gps:
        record_read(place, "read GPS of photos", name, view)
    corpus = photos_in(place, view)
    if file is None:
        print_rows(_refused(corpus), as_csv=False, as_json=as_json)
        return
    content = _stored(corpus, name) if content is None else content
    facts, rows = found_in(corpus, Asked(content, crops, PLACED if gps else FACTS))
    if as_json:
        typer.echo(json.dumps({"sha256": name, "facts": facts, "found": rows}, indent=1))
    else:
        _show(facts, rows)


def photos_in(workspace: Workspace, view: str = ALL) -> Corpus:
    """The photos of a view, and nothing else that its accounts left.

    Raises:
        UnknownThing: there is no such view.
    """
    with Ledger.open(workspace) as ledger:
        readings = readings_in(ledger, view)
    archive = Archive(workspace)
    tables = archive.tables(set(readings), ("photos", "markets"))
    return assemble(tables, archive.blobs, archive.recall)


def found_in(corpus: Corpus, asked: Asked) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """What the camera wrote into a picture, and the showings of what is like it.

    Raises:
        RefusedInput: the picture cannot be read.
    """
    with Decoder() as decoder:
        answer = decoder.decode(asked.content, asked.wanted)
    if isinstance(answer, str):
        raise RefusedInput(f"the picture cannot be read: {answer}")
    record, readings = records_of([answer]), read_pictures(corpus)
    likenesses, rows = look_up(sha256(asked.content).hexdigest(), answer, record, readings)
    rest = np.setdiff1d(np.flatnonzero(readings.records["plain"] > 0), rows)
    near = rest[nearest_colours(record, readings.records[rest], asked.crops)]
    likenesses += _crops(corpus, answer, [readings.names[row] for row in near])
    return facts_of(answer), _showings(corpus, likenesses, asked.wanted)


def _crops(corpus: Corpus, answer: bytes, names: Sequence[str]) -> list[Likeness]:
    """Those of some pictures that show a part of the picture, or the whole of which it is one."""
    if not names:
        return []
    own = regions_of(large_of(answer))
    found = []
    for name, other in zip(names, decode_pictures(corpus.blobs, names, FACTS), strict=True):
        regions = 0 if isinstance(other, str) else shared_regions(own, regions_of(large_of(other)))
        if regions:
            found.append((regions, name))
    return [
        Likeness(name, None, f"perhaps a part of it: {regions} regions alike")
        for regions, name in sorted(found, key=lambda one: (-one[0], one[1]))
    ]


def _showings(corpus: Corpus, likenesses: Sequence[Likeness], wanted: int) -> list[dict[str, Any]]:
    """A row for each account and picture that it shows, the nearest first."""
    told = [likeness.name for likeness in likenesses[:TOLD]]
    answers = decode_pictures(corpus.blobs, told, wanted)
    facts = {n: facts_of(a) for n, a in zip(told, answers, strict=True) if isinstance(a, bytes)}
    accounts = corpus.accounts["account_id"]
    rows = []
    for likeness in likenesses:
        shown = corpus.photos.filter(pl.col("blob") == likeness.name)
        for row in shown.unique("account", keep="first", maintain_order=True).iter_rows(named=True):
            rows.append(
                {
                    "account": accounts[row["account"]],
                    "path": row["path"],
                    "edit": likeness.edit,
                    "distance": likeness.distance,
                    "seen_at": None if row["seen_at"] is None else row["seen_at"].isoformat(),
                    "sha256": likeness.name,
                    "source_id": row["source_id"],
                    "place": row["place"],
                    "facts": facts.get(likeness.name, {}),
                }
            )
    return rows


def _refused(corpus: Corpus) -> pl.DataFrame:
    """The stored pictures that cannot be read, who shows them, and why."""
    readings = read_pictures(corpus)
    why = pl.DataFrame(
        {"blob": readings.names, "reason": readings.reason},
        schema={"blob": pl.String, "reason": pl.String},
    ).drop_nulls()
    accounts = corpus.accounts.with_row_index("account").select("account", "account_id")
    return (
        corpus.photos.join(why, on="blob", maintain_order="left")
        .join(accounts, on="account", maintain_order="left")
        .select("account_id", "path", "reason", "source_id", "place")
    )


def _named(file: str) -> tuple[str, bytes | None]:
    """The SHA-256 of a picture, and its bytes where it is a file and not a stored one."""
    if SHA256_HEX.fullmatch(file) and not Path(file).exists():
        return file, None
    content = _content(Path(file))
    return sha256(content).hexdigest(), content


def _stored(corpus: Corpus, name: str) -> bytes:
    """The bytes of a picture that accounts of the view show."""
    if name in corpus.photos["blob"]:
        with suppress(KeyError):
            return corpus.blobs.read(name)
    raise RefusedInput(f"no picture {name} is stored")


def _content(file: Path) -> bytes:
    with open_regular(file) as stream:
        content = stream.read(PHOTO_LIMIT_BYTES + 1)
    if len(content) > PHOTO_LIMIT_BYTES:
        raise RefusedInput(f"{file}: more than {PHOTO_LIMIT_BYTES >> 20} MB")
    return content


def _show(facts: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> None:
    console = Console()
    written = ", ".join(f"{name} {plain(fact)}" for name, fact in facts.items())
    console.print(f"what the camera wrote: {written or 'nothing'}", markup=False)
    if not rows:
        console.print("no account shows anything like it")
        return
    shown = [
        {name: row[name] for name in ("account", "path", "edit", "distance")}
        | {"seen_utc": (row["seen_at"] or "")[:16].replace("T", " ")}
        | {"camera": ", ".join(f"{name} {fact}" for name, fact in row["facts"].items())}
        for row in rows
    ]
    print_rows(pl.DataFrame(shown, infer_schema_length=None), as_csv=False, as_json=False)
