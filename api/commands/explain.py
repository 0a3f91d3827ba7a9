"""`samehand explain LEFT RIGHT`: the waterfall of two accounts, from the prior to the total."""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import polars as pl
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.commands.options import JsonOption, ViewOption, WorkspaceOption, open_workspace
from api.commands.published import plain, published_run
from api.recorded import record_read
from evidence.archive import load_corpus
from evidence.errors import NotPublished, RefusedInput
from evidence.ledger import Ledger
from evidence.records import account_id, canonical
from evidence.views import ALL, readings_in
from evidence.workspace import Workspace
from features import assemble_features
from linkage.explanation import Explanation, Term, explain_afresh, explanation_of
from linkage.model import DEFAULT_MODEL, load_model
from linkage.run_store import RunStore

BAR_CELLS = 24
CITED = 4
"""How many places a line cites; JSON has them all."""
AccountArgument = Annotated[str, typer.Argument(help="An account, as `market:handle`.")]


def explain(
    left: AccountArgument,
    right: AccountArgument,
    workspace: WorkspaceOption = None,
    view: ViewOption = ALL,
    model: Annotated[
        Path, typer.Option(help="Folder of the model bundle, for pairs that are not proposed.")
    ] = DEFAULT_MODEL,
    as_json: JsonOption = False,
) -> None:
    """Say why two accounts are, or are not, proposed as one hand.

    A proposed link is explained by what its run found and stored. Any other pair is compared now,
    from what the archive holds in the view.
    """
    place, accounts = open_workspace(workspace), (account_named(left), account_named(right))
    record_read(place, "explain", " | ".join(accounts), view)
    found = explained(place, accounts, model, view)
    if as_json:
        typer.echo(json.dumps(asdict(found), indent=1))
    else:
        show(found, source_names(place), Console())


def account_named(text: str) -> str:
    """The id of the account written `market:handle`, split at the first colon.

    Raises:
        RefusedInput: there is no colon in it.
    """
    market, colon, handle = text.partition(":")
    if not colon:
        raise RefusedInput(f"{text!r} is no account: write market:handle")
    return account_id(canonical(market), canonical(handle))


def explained(
    workspace: Workspace,
    accounts: tuple[str, str],
    model: Path = DEFAULT_MODEL,
    view: str = ALL,
) -> Explanation:
    """The explanation of a pair, in either order: as published, else computed now.

    Raises:
        UnknownThing: there is no such account, or no such view.
    """
    with suppress(NotPublished):
        published = _published(workspace, published_run(workspace, view), accounts)
        if published is not None:
            return published
    bundle = load_model(model)
    features = assemble_features(bundle.fitted)
    with Ledger.open(workspace) as ledger:
        readings = readings_in(ledger, view)
        rulings = ledger.rulings(readings)
    return explain_afresh(load_corpus(workspace, readings), features, bundle, rulings, accounts)


def _published(workspace: Workspace, run_id: str, accounts: tuple[str, str]) -> Explanation | None:
    store = RunStore(workspace.runs)
    pair = pl.col("left").is_in(accounts) & pl.col("right").is_in(accounts)
    rows = store.table(run_id, "links").filter(pair).collect()
    if rows.is_empty():
        return None
    link = rows.row(0, named=True)
    return explanation_of(link, store.evidence_of(run_id, link["link_id"]), f"run {run_id}")


def source_names(workspace: Workspace) -> dict[str, str]:
    """File names of the sources by id."""
    with Ledger.open(workspace) as ledger:
        return {source.source_id: source.name for source in ledger.sources()}


def show(found: Explanation, names: Mapping[str, str], console: Console) -> None:
    """Print an explanation for people; `names` are the file names of its sources."""
    console.print(Text(f"{plain(found.left)}  and  {plain(found.right)}", "bold"))
    console.print(Text(_headline(found)))
    table = Table(box=None, padding=(0, 2, 0, 0))
    for name in ("", "bits", ""):
        table.add_column(name, no_wrap=True)
    table.add_column("what was found", overflow="fold")
    for row in _rows(found, names):
        table.add_row(*row)
    console.print(table)
    missing = [f"{t.feature}: {plain(t.sentence)}" for t in found.terms if t.level is None]
    _section(console, "nothing to compare", missing)
    sources = [f"{t.level}: {plain(t.bits_source)}" for t in found.terms if t.level is not None]
    _section(console, "where the bits come from", sources)
    console.print(Text("\nProposed by a machine; a person decides.", "italic"))


def _section(console: Console, title: str, lines: list[str]) -> None:
    if lines:
        console.print(Text(f"\n{title}", "bold"))
    for line in lines:
        console.print(Text(line))


def _headline(found: Explanation) -> str:
    where = "computed now from the archive" if found.made == "now" else f"as of {found.made}"
    if found.not_proposed is not None:
        return f"not proposed: {found.not_proposed} ({where})"
    standing = found.band if found.verdict == "same" else f"copier: {plain(found.copier)}"
    framing = "; it may be a framing" if found.possible_framing else ""
    chance = f"probability of one hand {found.probability:.4f}"
    return f"{found.verdict}, {standing}; {chance}{framing} ({where})"


def _rows(found: Explanation, names: Mapping[str, str]) -> Iterator[tuple[Text, Text, Text, Text]]:
    counted = sorted((t for t in found.terms if t.counted), key=lambda t: -(t.weight_bits or 0.0))
    totals = [0.0, found.prior_bits]
    for term in counted:
        totals.append(totals[-1] + (term.weight_bits or 0.0))
    span = (min(*totals, found.bits), max(*totals, found.bits))
    relation = {"across": "two markets", "same": "one market", "forum": "a forum and its market"}
    prior = Text(f"before any evidence, {relation[found.relation]}")
    yield Text("prior"), _bits(found.prior_bits), _bar((0.0, found.prior_bits), span), prior
    for number, term in enumerate(counted, 1):
        step = (totals[number], totals[number + 1])
        yield Text(term.feature), _bits(term.weight_bits), _bar(step, span), _said(term, names)
    for term in found.terms:
        if term.level is not None and not term.counted:
            yield (
                Text(term.feature, "dim"),
                _bits(term.weight_bits),
                Text("not counted"),
                _said(term, names),
            )
    yield Text("total", "bold"), _bits(found.bits), _bar((0.0, found.bits), span), Text("")


def _said(term: Term, names: Mapping[str, str]) -> Text:
    cited = [(names.get(c.source_id, c.source_id[:8]), c.place) for c in term.citations]
    places = ", ".join(plain(f"{name} {place}") for name, place in cited[:CITED])
    more = f" and {len(cited) - CITED} more" if len(cited) > CITED else ""
    return Text.assemble(
        plain(term.sentence),
        (f"\n{term.level}, {term.forgeable}", "dim"),
        (f"\n{places}{more}" if places else "", "dim"),
    )


def _bits(bits: float | None) -> Text:
    return Text("" if bits is None else f"{bits:+.2f}", justify="right")


def _bar(step: tuple[float, float], span: tuple[float, float]) -> Text:
    """The step from one running total to the next, as a bar on the common scale."""
    cells = BAR_CELLS / ((span[1] - span[0]) or 1.0)
    start, end = (round((value - span[0]) * cells) for value in sorted(step))
    colour = "green" if step[1] >= step[0] else "red"
    return Text(" " * start + "█" * max(end - start, 1), colour)
