"""`samehand keys`: every OpenPGP key that accounts show, and whose it is."""

from typing import Annotated

import polars as pl
import typer

from api.commands.options import (
    CsvOption,
    JsonOption,
    ViewOption,
    WorkspaceOption,
    open_workspace,
)
from api.commands.published import print_rows
from api.recorded import record_read
from evidence.archive import load_corpus
from evidence.corpus import Corpus
from evidence.ledger import Ledger
from evidence.public_texts import without_public
from evidence.views import ALL, readings_in
from evidence.workspace import Workspace
from features.keys.displays import read_displays
from features.keys.holdings import key_holdings
from features.keys.refused import refusals_of
from features.keys.traces import key_traces
from features.pgp_key import PgpKey

RefusedOption = Annotated[
    bool,
    typer.Option("--refused", help="Print the key blocks that cannot be read instead, and why."),
]
COLUMNS = ("fingerprint", "owner_market", "owner_handle", "status", "shown_by_count")


def keys(
    workspace: WorkspaceOption = None,
    view: ViewOption = ALL,
    as_csv: CsvOption = False,
    as_json: JsonOption = False,
    refused: RefusedOption = False,
) -> None:
    """Print every OpenPGP key that accounts show, with its owner as far as that can be told.

    Shown is not held: a key that only others quote belongs to none of them. What the archive holds
    now is read, published or not. JSON says why as well, what made the blocks that show a key, and
    who posted messages encrypted to it.
    """
    place = open_workspace(workspace)
    record_read(place, "read keys", "", view)
    if refused:
        print_rows(refusals_in(place, view), as_csv, as_json)
        return
    found = holdings_in(place, view)
    if as_csv:
        print_rows(found.select(COLUMNS), as_csv, as_json)
    elif as_json:
        print_rows(found, as_csv, as_json)
    else:
        print_rows(_for_people(found), as_csv, as_json)


def holdings_in(workspace: Workspace, view: str = ALL) -> pl.DataFrame:
    """The keys of a view, see `features.keys.holdings.HOLDINGS` and `features.keys.traces.TRACES`.

    Raises:
        UnknownThing: there is no such view.
        MissingProgram: there are signed messages and GnuPG does not run.
    """
    corpus, public = _corpus_of(workspace, view)
    survey = PgpKey().survey(corpus)
    nobodys = set(public.filter(kind="key")["value"])
    holdings = key_holdings(corpus, survey, nobodys)
    return holdings.join(
        key_traces(corpus, survey.displays), on="fingerprint", maintain_order="left"
    )


def refusals_in(workspace: Workspace, view: str = ALL) -> pl.DataFrame:
    """The key blocks of a view that cannot be read, see `features.keys.refused.REFUSALS`.

    Raises:
        UnknownThing: there is no such view.
        MissingProgram: forms of a key differ in their user ids, and GnuPG does not run.
    """
    corpus, _ = _corpus_of(workspace, view)
    return refusals_of(corpus, read_displays(corpus))


def _corpus_of(workspace: Workspace, view: str) -> tuple[Corpus, pl.DataFrame]:
    """What the archive holds for a view, without what people ruled public, and that."""
    with Ledger.open(workspace) as ledger:
        readings = readings_in(ledger, view)
        public = ledger.rulings(readings).public_values
    return without_public(load_corpus(workspace, readings), public), public


def _for_people(found: pl.DataFrame) -> pl.DataFrame:
    owner = pl.format("{}:{}", "owner_market", "owner_handle")
    return found.select(
        "fingerprint",
        owner=pl.coalesce(owner, "status"),
        shown_by="shown_by_count",
        because=pl.col("because").fill_null(""),
    ).sort("shown_by", "fingerprint", descending=[True, False])
