"""What people ruled on pairs of accounts, and where their rulings contradict one another."""

from collections.abc import Collection
from dataclasses import asdict, replace
from typing import Annotated

import polars as pl
from fastapi import APIRouter, Query

from api.access import Asking
from api.doors import Doors
from api.persona_answers import DecisionsPage, Ruling
from api.problems import described
from evidence.decisions import Decision, on_record
from evidence.views import ALL, readings_in
from linkage.decided import contradictions, last_rulings

router = APIRouter(tags=["decisions"], responses=described(422, 503))


@router.get("/decisions", summary="What people ruled")
def read_decisions(
    access: Asking, limit: Annotated[int, Query(ge=1, le=1000)] = 200
) -> DecisionsPage:
    """Decisions of the view, newest first, what each is worth now, and all contradictions."""
    doors = access.open("list decisions")
    made = rulings_of(doors)
    return DecisionsPage(
        decisions=made[::-1][:limit],
        more=len(made) > limit,
        contradictions=contradictions_of(doors),
    )


def rulings_of(doors: Doors, accounts: Collection[str] | None = None) -> list[Ruling]:
    """Decisions of the view in the order of time: all, or those on any of the accounts."""
    return [
        Ruling(**{k: v for k, v in asdict(d).items() if k in Ruling.model_fields}, force=force)
        for d, force in _told(doors)
        if accounts is None or d.left in accounts or d.right in accounts
    ]


def contradictions_of(doors: Doors, accounts: Collection[str] | None = None) -> list[list[str]]:
    """Contradictory chains of the view: all, or those through any of the accounts."""
    decisions = doors.ledger.rulings(readings_in(doors.ledger, doors.view)).decisions
    chains = contradictions(last_rulings(decisions))
    named = {side for d, _ in _told(doors) for side in (d.left, d.right)}
    return [
        chain
        for chain in chains
        if named.issuperset(chain) and (accounts is None or not set(accounts).isdisjoint(chain))
    ]


def _told(doors: Doors) -> list[tuple[Decision, str]]:
    """Decisions that the view may tell, and what each is worth now.

    What a person entered counts everywhere. But where a view does not show everything, it is told
    only of two accounts that its published run knows: others' names are not the view's to tell. Nor
    is how the two stood in another view.
    """
    made = on_record(doors.ledger, readings_in(doors.ledger, doors.view))
    if doors.view == ALL:
        return made
    known = _known(doors, {side for d, _ in made for side in (d.left, d.right)})
    told = [(d, force) for d, force in made if d.source_id or known.issuperset((d.left, d.right))]
    return [(_as_shown_in(doors.view, d), force) for d, force in told]


def _as_shown_in(view: str, made: Decision) -> Decision:
    own = made.shown is not None and made.shown.view == view
    return made if own else replace(made, shown=None)


def _known(doors: Doors, accounts: Collection[str]) -> set[str]:
    """Those of the accounts that the view's published run holds; none where there is no run."""
    run = doors.graph.published()
    if run is None:
        return set()
    here = doors.runs.table(run.run_id, "accounts").select("account_id")
    return set(here.filter(pl.col("account_id").is_in(list(accounts))).collect()["account_id"])
