"""`samehand decisions`: what people ruled on pairs of accounts."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

import polars as pl
import typer

from api.commands.explain import AccountArgument
from api.commands.options import (
    JsonOption,
    ViewOption,
    WhyOption,
    WorkspaceOption,
    open_workspace,
    workspace_at,
)
from api.commands.published import published_run, published_tables
from api.recorded import record_read
from api.settings import Settings, utc_now
from api.terminal import plain
from evidence.decisions import (
    AWAITS,
    COUNTS,
    Decision,
    ImportReport,
    Shown,
    decide,
    import_decisions,
    on_record,
)
from evidence.errors import NotPublished
from evidence.intake.wishes import Wish
from evidence.ledger import Ledger
from evidence.records import account_named
from evidence.source_card import read_source_card
from evidence.views import ALL
from evidence.workspace import Workspace
from linkage.decided import contradictions, last_rulings
from linkage.run_store import RunStore

app = typer.Typer(help="What people ruled on pairs of accounts.", no_args_is_help=True)
Ruling = Literal["same", "different", "unsure"]
WAITING = (
    "but it joins two personas that people confirmed, and awaits a second person: another one has "
    "to rule the same"
)


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="A table of pairs; see docs/rulings.md.")],
    source: Annotated[
        Path | None, typer.Option("--source", help="TOML file that says whose it is.")
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take in a file of decisions: casework, indictments; the same file twice adds nothing."""
    card = read_source_card(source) if source is not None else None
    wish = Wish(card=card, person=Settings().actor)
    report = import_decisions(file, wish, workspace_at(workspace), utc_now())
    if as_json:
        fields = asdict(report) | {"accounts": sorted(report.accounts)}
        typer.echo(json.dumps(fields, indent=1))
        return
    _print_import(report)


@app.command("add")
def add(
    left: AccountArgument,
    right: AccountArgument,
    ruling: Annotated[Ruling, typer.Argument(help="Are they of one hand?")],
    why: WhyOption,
    view: ViewOption = ALL,
    workspace: WorkspaceOption = None,
) -> None:
    """Rule on one pair, from the next recomputation on; the last ruling on a pair counts.

    How the pair stands in the view's published run is kept with the ruling.
    """
    sides = account_named(left), account_named(right)
    place = open_workspace(workspace)
    shown = _shown(place, sides, view)
    decision = Decision(*sides, ruling, Settings().actor, why, utc_now(), shown=shown)
    with Ledger.open(place) as ledger:
        number = decide(ledger, decision)
        force = next(force for d, force in on_record(ledger) if d.number == number)
    said = f"{number}: {plain(sides[0])} and {plain(sides[1])}: {ruling}"
    typer.echo(f"{said}, {WAITING if force == AWAITS else 'from the next recompute on'}")
    for side in _unseen(place, sides):
        typer.echo(f"{plain(side)} is not in the published run: it counts once that account comes")


@app.command("list")
def list_all(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List every decision, which of them count, and where they contradict one another."""
    place = open_workspace(workspace)
    record_read(place, "list decisions", "")
    with Ledger.open(place) as ledger:
        made = on_record(ledger)
        chains = contradictions(last_rulings(ledger.rulings().decisions))
    rows = [asdict(d) | {"counts": force == COUNTS, "force": force} for d, force in made]
    if as_json:
        typer.echo(json.dumps({"decisions": rows, "contradictions": chains}, default=str))
        return
    _print_list(made)
    for chain in chains:
        names = [plain(account) for account in chain]
        said = " = ".join(names)
        typer.echo(f"contradiction: {said}, but {names[0]} and {names[-1]} were ruled different")


def _shown(place: Workspace, sides: Sequence[str], view: str) -> Shown | None:
    """How the pair stands in a view's published run; None where nothing is published."""
    try:
        run_id = published_run(place, view)
    except NotPublished:
        return None
    pair = pl.col("left").is_in(sides) & pl.col("right").is_in(sides)
    links = RunStore(place.runs, view).table(run_id, "links").filter(pair)
    found = links.select(pl.coalesce("band", "verdict"), "bits").collect().rows()
    proposed, bits = found[0] if found else (None, None)
    return Shown(run_id, view, proposed, bits)


def _unseen(place: Workspace, sides: Sequence[str]) -> list[str]:
    """Those of the accounts that the published run does not hold; a slip of the keyboard, maybe."""
    try:
        (accounts,) = published_tables(place, "accounts")
    except NotPublished:
        return []
    seen = set(accounts.filter(pl.col("account_id").is_in(list(sides)))["account_id"])
    return [side for side in sides if side not in seen]


def _print_import(report: ImportReport) -> None:
    typer.echo(
        f"{plain(report.name)}: {report.rows_in:,} rows in, {report.stored:,} decisions stored, "
        f"{report.already_there:,} already there, {report.quarantined:,} quarantined; "
        f"{len(report.accounts):,} accounts named"
    )
    for text, reason in report.reasons.items():
        typer.echo(
            f"  quarantined: {reason.count:,} x {plain(text)} (first: {plain(reason.first)})"
        )


def _print_list(made: list[tuple[Decision, str]]) -> None:
    if not made:
        typer.echo("nothing was decided")
    for d, force in made:
        cited = f"{d.reason} [{d.cites}]" if d.cites else d.reason
        typer.echo(f"{d.number}: {plain(d.left)} and {plain(d.right)}: {d.ruling}; {force}")
        typer.echo(f"   {plain(d.person)}, {d.decided_at:%Y-%m-%d}: {plain(cited)}")
        if d.shown is not None:
            stood = "not proposed" if d.shown.bits is None else f"{d.shown.bits:+z.1f} bits"
            proposed = f"{d.shown.proposed}, {stood}" if d.shown.proposed else stood
            typer.echo(f"   shown: {proposed}, run {d.shown.run_id}")
