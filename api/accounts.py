"""Accounts: look up by handle, one or many; one account; its links.

An account's id goes in the query (`?id=market:handle`), never in the path: handles hold `/`, `?`,
`%` and `..`, which clients and proxies rewrite in a path.
"""

from collections.abc import Sequence
from typing import Annotated

import polars as pl
from fastapi import APIRouter, Query

from api.access import Asking
from api.answers import (
    Account,
    AccountAnswer,
    AccountLinks,
    AccountsFound,
    Handle,
    Hit,
    Lookup,
    LookupAnswer,
    Match,
    Shows,
)
from api.doors import Doors
from api.explained import explained
from api.problems import described
from graph import store

MOST_LINKS = 100
router = APIRouter(tags=["accounts"], responses=described(422, 503))
AccountId = Annotated[
    str,
    Query(
        alias="id",
        min_length=3,
        max_length=2000,
        description="`market:handle`, percent-encoded",
        examples=["Lantern:Blue_Heron"],
    ),
]


@router.get("/accounts", summary="Look up a handle")
def find_accounts(
    access: Asking,
    handle: Annotated[Handle, Query(description="as shown", examples=["blueheron"])],
    match: Annotated[
        Match, Query(description="exact: letter by letter; folded: case and look-alikes; fuzzy")
    ] = "folded",
    limit: Annotated[int, Query(ge=1, le=200)] = 20,
) -> AccountsFound:
    """Accounts whose handle is the one asked for, or reads like it, each with the reason."""
    doors = access.open(f"look up handle ({match})", handle)

    def read(run_id: str) -> AccountsFound:
        hits = doors.graph.find_accounts(handle, match, limit + 1)
        return _found(run_id, handle, match, hits, limit)

    return doors.of_one_run(read)


@router.post("/accounts/lookup", summary="Look up many handles", responses=described(411, 413))
def look_up_accounts(access: Asking, lookup: Lookup) -> LookupAnswer:
    """Accounts of up to 1,000 handles; every handle is recorded in the audit log."""
    doors = access.open(f"look up handles ({lookup.match})", *lookup.handles)

    def read(run_id: str) -> LookupAnswer:
        hits = doors.graph.look_up(lookup.handles, lookup.match, lookup.limit + 1)
        asked = zip(lookup.handles, hits, strict=True)
        found = [_found(run_id, handle, lookup.match, h, lookup.limit) for handle, h in asked]
        return LookupAnswer(run_id=run_id, found=found)

    return doors.of_one_run(read)


@router.get("/account", summary="One account", responses=described(404))
def read_account(access: Asking, account_id: AccountId) -> AccountAnswer:
    """An account, and the values it shows that others show too or that it proved to hold."""
    doors = access.open("read account", account_id)
    return doors.of_one_run(
        lambda run_id: AccountAnswer(
            run_id=run_id,
            account=Account.model_validate(doors.graph.account(account_id)),
            shows=_shows(doors, run_id, account_id),
        )
    )


@router.get("/account/links", summary="An account's links", responses=described(404))
def read_links_of_account(
    access: Asking, account_id: AccountId, limit: Annotated[int, Query(ge=1, le=MOST_LINKS)] = 20
) -> AccountLinks:
    """An account's proposed links with the evidence the run found, most bits first."""
    doors = access.open("read links of account", account_id)

    def read(run_id: str) -> AccountLinks:
        doors.graph.account(account_id)
        links = doors.graph.links_of(account_id, limit + 1)
        return AccountLinks(
            run_id=run_id,
            account_id=account_id,
            links=explained(doors, run_id, links[:limit]),
            more=len(links) > limit,
        )

    return doors.of_one_run(read)


def _found(
    run_id: str, handle: str, match: Match, hits: Sequence[store.Hit], limit: int
) -> AccountsFound:
    return AccountsFound(
        run_id=run_id,
        handle=handle,
        match=match,
        hits=[Hit.model_validate(hit) for hit in hits[:limit]],
        more=len(hits) > limit,
    )


def _shows(doors: Doors, run_id: str, account_id: str) -> list[Shows]:
    shown = doors.runs.table(run_id, "shown").filter(pl.col("account_id") == account_id)
    rows = shown.select("kind", "value", "proved").sort("kind", "value").head(200).collect()
    return [Shows.model_validate(row) for row in rows.iter_rows(named=True)]
