"""The service: every door in one place, and the one table from domain errors to statuses."""

from collections.abc import Mapping
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from api import accounts, decisions, graph_views, links, pages, pairs, personas, runs
from api.doors import Doors
from api.guard import Guard
from api.problems import in_words, problem, title_of
from evidence.audit import BrokenAuditLog
from evidence.errors import (
    Busy,
    GraphUnavailable,
    MissingProgram,
    NotKept,
    NotPublished,
    NotRecorded,
    NotWritten,
    RefusedInput,
    SamehandError,
    UnknownThing,
)

STATUS_OF: Mapping[type[SamehandError], int] = {
    UnknownThing: 404,
    RefusedInput: 422,
    Busy: 503,
    NotKept: 409,
    NotPublished: 503,
    NotRecorded: 503,
    NotWritten: 503,
    GraphUnavailable: 503,
    MissingProgram: 503,
    BrokenAuditLog: 500,
}
API_VERSION = "1"
NO_PAGE = "there is no such page: look up an account, or begin with the review queue"
RETRY_AFTER_S = 5
"""When who came while others were at work may ask again (Retry-After, RFC 9110)."""
DESCRIPTION = """Look up the vendor accounts of dark-web markets, and read which of them are
proposed to be run by the same hand, with the evidence for and against.

Everything here was **proposed by a machine; a person decides**. Bits are log2 likelihood ratios:
each bit doubles the odds. Bands: `lead` (worth a look) < `strong` (something costly to fake speaks
for it) < `proved` (an act that needs a secret key binds both accounts).

Answers are bounded: a limit says how much, and `more`, `next_cursor` or `left_out_count` what was
cut off. Say who asks and why in the headers `X-Samehand-Actor`, `X-Samehand-Case` and
`X-Samehand-Purpose`: every read is recorded before it is answered."""


def create_app(doors: Doors) -> FastAPI:
    """The service over what `doors` opened; it opens and closes nothing itself."""
    app = FastAPI(
        title="Samehand",
        description=DESCRIPTION,
        version=API_VERSION,
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.doors = doors
    for door in (accounts, pairs, links, personas, decisions, graph_views, runs):
        app.include_router(door.router, prefix="/v1")
    app.include_router(pages.router, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"))
    app.add_middleware(Guard)
    for kind in (SamehandError, RequestValidationError, HTTPException, Exception):
        app.add_exception_handler(kind, _answer)
    return app


def _answer(request: Request, error: Exception) -> Response:
    for_programs = request.url.path.startswith("/v1")
    say = problem if for_programs else pages.error_page
    answer = say(request, *_in_words(error, for_programs))
    if isinstance(error, Busy):
        answer.headers["Retry-After"] = str(RETRY_AFTER_S)
    return answer


def _in_words(error: Exception, for_programs: bool) -> tuple[int, str, str]:
    if isinstance(error, RequestValidationError):
        return 422, "Request not understood", in_words(error.errors())
    if isinstance(error, HTTPException):
        asked = "see /v1/openapi.json for what can be asked"
        return error.status_code, str(error.detail), asked if for_programs else NO_PAGE
    if not isinstance(error, SamehandError):
        return 500, "Unexpected error", "this is a fault of Samehand; the server's log has more"
    status = next((STATUS_OF[kind] for kind in type(error).__mro__ if kind in STATUS_OF), 500)
    return status, title_of(error), str(error)
