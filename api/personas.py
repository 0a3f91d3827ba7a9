"""Personas: accounts believed to be one hand."""

from typing import Annotated
from urllib.parse import quote

import polars as pl
from fastapi import APIRouter, Path
from fastapi.responses import RedirectResponse

from api.access import Asking
from api.answers import Account
from api.decisions import contradictions_of, rulings_of
from api.doors import Doors
from api.persona_answers import Change, Health, PersonaAnswer, PersonaMembers, WithoutAnswer
from api.problems import described
from evidence.errors import UnknownThing
from linkage.what_if import without_link

router = APIRouter(tags=["personas"], responses=described(422, 503))
PersonaId = Annotated[str, Path(max_length=100, examples=["p-5c0ffee5c0ff"])]


@router.get(
    "/personas/{persona_id}",
    summary="One persona",
    response_model=PersonaAnswer,
    responses={307: {"description": "the persona is known by another id today"}, **described(404)},
)
def read_persona(access: Asking, persona_id: PersonaId) -> PersonaAnswer | RedirectResponse:
    """A persona's members, how well they hold together, and what people ruled on them.

    An id that was merged away redirects, for ever, to the one that took its place.

    An id that the published run still has is answered: a run that failed may have merged it since.
    """
    doors = access.open("read persona", persona_id)

    def read(run_id: str) -> PersonaAnswer:
        members = doors.graph.persona(persona_id).members
        accounts = {member.account_id for member in members}
        return PersonaAnswer(
            run_id=run_id,
            persona_id=persona_id,
            members=[Account.model_validate(member) for member in members],
            health=_health(doors, run_id, persona_id),
            changed=_changed(doors, run_id, persona_id),
            rulings=rulings_of(doors, accounts),
            contradictions=contradictions_of(doors, accounts),
        )

    try:
        return doors.of_one_run(read)
    except UnknownThing:
        run_id = doors.published().run_id
        today = doors.ledger.resolve_persona(persona_id, run_id, doors.view)
        if today == persona_id:
            raise
        return RedirectResponse(f"/v1/personas/{quote(today, safe='')}")


@router.get(
    "/links/{link_id}/without", summary="What if this link is wrong", responses=described(404)
)
def read_without(access: Asking, link_id: str) -> WithoutAnswer:
    """The personas as they would be without a link, or without a ruling on its two accounts.

    Grouped once more from what the published run stored; nothing is changed by asking.
    """
    doors = access.open("read without link", link_id)

    def read(run_id: str) -> WithoutAnswer:
        found = without_link(doors.runs, run_id, link_id)
        return WithoutAnswer(
            run_id=run_id,
            link_id=link_id,
            left=found.left,
            right=found.right,
            held_by=found.held_by,
            bits=found.bits,
            changes=found.changes,
            before=[PersonaMembers.model_validate(persona) for persona in found.before],
            after=[list(part) for part in found.after],
        )

    return doors.of_one_run(read)


def _health(doors: Doors, run_id: str, persona_id: str) -> Health | None:
    """The health of a persona; None where the run did not store it."""
    try:
        table = doors.runs.table(run_id, "personas")
    except UnknownThing:
        return None
    rows = table.filter(pl.col("persona_id") == persona_id).collect().to_dicts()
    return Health(**{k: v for k, v in rows[0].items() if k != "persona_id"}) if rows else None


def _changed(doors: Doors, run_id: str, persona_id: str) -> Change | None:
    changes = doors.runs.table(run_id, "changes").filter(pl.col("subject") == persona_id)
    rows = changes.select("detail", "cause").collect().to_dicts()
    return Change(**rows[0]) if rows else None
