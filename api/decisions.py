"""What people ruled on pairs of accounts, and where their rulings contradict one another."""

from collections.abc import Collection
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query

from api.access import Asking
from api.doors import Doors
from api.persona_answers import DecisionsPage, Ruling
from api.problems import described
from evidence.decisions import on_record
from evidence.views import readings_in
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
    made = on_record(doors.ledger, readings_in(doors.ledger, doors.view))
    return [
        Ruling(**{k: v for k, v in asdict(d).items() if k in Ruling.model_fields}, force=force)
        for d, force in made
        if accounts is None or d.left in accounts or d.right in accounts
    ]


def contradictions_of(doors: Doors, accounts: Collection[str] | None = None) -> list[list[str]]:
    """Contradictory chains of the view: all, or those through any of the accounts."""
    decisions = doors.ledger.rulings(readings_in(doors.ledger, doors.view)).decisions
    chains = contradictions(last_rulings(decisions))
    return [c for c in chains if accounts is None or not set(accounts).isdisjoint(c)]
