"""Personas: accounts believed to be one hand."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path
from fastapi.responses import RedirectResponse

from api.access import Asking
from api.answers import Account, PersonaAnswer
from api.problems import described
from evidence.errors import UnknownThing

router = APIRouter(tags=["personas"], responses=described(422, 503))
PersonaId = Annotated[str, Path(max_length=100, examples=["p-5c0ffee5c0ff"])]


@router.get(
    "/personas/{persona_id}",
    summary="One persona",
    response_model=PersonaAnswer,
    responses={307: {"description": "the persona is known by another id today"}, **described(404)},
)
def read_persona(access: Asking, persona_id: PersonaId) -> PersonaAnswer | RedirectResponse:
    """A persona's members; an id that was merged away redirects to the one that took its place.

    An id that the published run still has is answered: a run that failed may have merged it since.
    """
    doors = access.open("read persona", persona_id)

    def read(run_id: str) -> PersonaAnswer:
        members = doors.graph.persona(persona_id).members
        return PersonaAnswer(
            run_id=run_id,
            persona_id=persona_id,
            members=[Account.model_validate(member) for member in members],
        )

    try:
        return doors.of_one_run(read)
    except UnknownThing:
        today = doors.ledger.resolve_persona(persona_id, doors.view)
        if today == persona_id:
            raise
        return RedirectResponse(f"/v1/personas/{quote(today, safe='')}")
