"""`samehand public`: values that people ruled to link nobody."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.commands.options import JsonOption, WhyOption, WorkspaceOption, open_workspace
from api.recorded import record_read
from api.settings import Settings, utc_now
from api.terminal import plain
from evidence.errors import RefusedInput
from evidence.formats.lines import open_regular
from evidence.ledger import Ledger
from evidence.public_values import PublicValue, add_public_value, public_values, undo_public_value
from features.photos.decode import decode_pictures
from features.photos.hashes import hexadecimal
from features.photos.readings import records_of

app = typer.Typer(help="Values that people ruled to link nobody.", no_args_is_help=True)
Kind = Literal["key", "wallet", "contact", "photo", "phrase"]
FINGERPRINT_CHARS = 40


@app.command("add")
def add(
    kind: Annotated[Kind, typer.Argument(help="What it is.")],
    value: Annotated[str, typer.Argument(help="The value; for a photo its file or its hash.")],
    why: WhyOption,
    workspace: WorkspaceOption = None,
) -> None:
    """Rule a value public: from the next recomputation on it links nobody."""
    if kind == "photo" and Path(value).is_file():
        value = _hash_of(Path(value))
    with Ledger.open(open_workspace(workspace)) as ledger:
        number = add_public_value(
            ledger, PublicValue(kind, value, Settings().actor, why, utc_now())
        )
        ruled = next(r for r in public_values(ledger) if r.number == number)
    typer.echo(
        f"{number}: {ruled.kind} {plain(ruled.value)} links nobody from the next recompute on"
    )


@app.command("list")
def list_values(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List every value that was ever ruled public, the undone ones among them."""
    place = open_workspace(workspace)
    record_read(place, "list public values", "")
    with Ledger.open(place) as ledger:
        rulings = public_values(ledger)
    if as_json:
        typer.echo(json.dumps([asdict(r) for r in rulings], default=str))
        return
    if not rulings:
        typer.echo("nothing was ruled public")
        return
    longest = max(len(plain(ruled.value)) for ruled in rulings)
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in ("number", "kind", "value", "by", "why", "state"):
        width = min(FINGERPRINT_CHARS, longest) if name == "value" else None
        table.add_column(name, overflow="fold", min_width=width)
    for ruled in rulings:
        said = (str(ruled.number), ruled.kind, ruled.value, ruled.person, ruled.reason)
        table.add_row(*map(Text, map(plain, said)), _state(ruled))
    Console().print(table)


@app.command("undo")
def undo(
    number: Annotated[int, typer.Argument(help="The ruling's number, as `public list` has it.")],
    why: WhyOption,
    workspace: WorkspaceOption = None,
) -> None:
    """Take a ruling back: from the next recomputation on the value counts again."""
    with Ledger.open(open_workspace(workspace)) as ledger:
        ruled = undo_public_value(ledger, number, Settings().actor, why, utc_now())
    typer.echo(
        f"{number}: {ruled.kind} {plain(ruled.value)} counts again from the next recompute on"
    )


class _OneFile:
    """A picture on disk, where the decoder expects stored ones."""

    def read(self, blob: str) -> bytes:
        with open_regular(Path(blob)) as stream:
            return stream.read()


def _hash_of(path: Path) -> str:
    (answer,) = decode_pictures(_OneFile(), [str(path)])
    if isinstance(answer, str):
        raise RefusedInput(f"{path}: {answer}")
    (record,) = records_of([answer])
    if not record["tells"]:
        raise RefusedInput(f"{path}: a picture of one colour, or nearly so, has no hash")
    return hexadecimal(record["hashes"][:1])[0]


def _state(ruled: PublicValue) -> Text:
    if ruled.undone_at is None:
        return Text(f"in force since {ruled.added_at:%Y-%m-%d}")
    return Text(f"undone {ruled.undone_at:%Y-%m-%d} by {ruled.undone_by}: {ruled.undone_why}")
