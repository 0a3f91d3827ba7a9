"""Pages for people; each shows what the API answers, read through the same audited functions."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from fastapi.templating import Jinja2Templates
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context, select_autoescape
from jinja2.runtime import Context

from api import accounts, decisions, links, pairs, personas, runs, wording
from api.access import Access, Asking
from api.accounts import MOST_LINKS, AccountId
from api.answers import LONGEST_HANDLE_CHARS, PROPOSED, Bucket, Match, Run
from api.persona_answers import PersonaAnswer
from api.waterfall import Compared
from evidence.errors import NotPublished
from evidence.records import account_named
from linkage.explanation import NOW
from linkage.proposals import link_id

router = APIRouter()
CARRIED = ("actor", "case", "purpose")
TITLES: Mapping[str, str] = {"Unknown thing": "Not found", "Not Found": "Not found"}
"""What people read above a problem that programs know by another title."""


@pass_context
def _url(context: Context, path: str, **query: str | int) -> str:
    """A path of this service with its query, carrying on who asks and why."""
    return _carrying(context["request"].query_params, path, **query)


def _carrying(asked: Mapping[str, str], path: str, **query: str | int) -> str:
    carried = {name: asked[name] for name in CARRIED if asked.get(name)}
    said = urlencode({**query, **carried})
    return f"{path}?{said}" if said else path


def _environment() -> Environment:
    folder = Path(__file__).parent / "templates"
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    said = (wording.in_words, wording.percent, wording.odds, wording.signed, wording.day)
    named = (wording.visible, wording.market_of, wording.handle_of)
    standing = (wording.stands, wording.stands_without, wording.hangs_on_one, wording.sentence)
    functions = (*said, *named, *standing)
    environment.filters.update({function.__name__: function for function in functions})
    environment.globals.update(
        url=_url,
        scale=wording.Scale.of,
        bands=wording.BANDS,
        forgeable=wording.FORGEABLE,
        relations=wording.RELATIONS,
        framing=wording.FRAMING,
        ruled=wording.RULED,
        proposed=PROPOSED,
    )
    return environment


TEMPLATES = Jinja2Templates(env=_environment())


def error_page(request: Request, status: int, title: str, detail: str) -> Response:
    """A page that says what went wrong."""
    context = {"title": TITLES.get(title, title), "detail": detail, "status": status}
    return TEMPLATES.TemplateResponse(request, "error.html", context, status)


@router.get("/")
def home(
    request: Request,
    access: Asking,
    handle: Annotated[str, Query(max_length=LONGEST_HANDLE_CHARS)] = "",
    match: Match = "folded",
) -> Response:
    """The search box, what it found, and the run that answers."""
    found = accounts.find_accounts(access, handle, match, limit=50) if handle else None
    context = {"found": found, "handle": handle, "match": match, "run": _published(access)}
    return _page(request, access, "home.html", context)


@router.get("/account")
def account(
    request: Request,
    access: Asking,
    account_id: AccountId,
    limit: Annotated[int, Query(ge=1, le=MOST_LINKS)] = 20,
) -> Response:
    """An account: its facts, its persona, its links."""
    context = {
        "answer": accounts.read_account(access, account_id),
        "links": accounts.read_links_of_account(access, account_id, limit),
        "most": MOST_LINKS,
    }
    return _page(request, access, "account.html", context)


@router.get("/pair")
def pair(request: Request, access: Asking, left: pairs.SideId, right: pairs.SideId) -> Response:
    """Two accounts compared, whoever proposes them; a proposed link has its own page."""
    answer = pairs.read_pair(access, left, account_named(right))
    if answer.made != NOW:
        path = f"/link/{link_id(answer.left, answer.right)}"
        return RedirectResponse(_carrying(request.query_params, path))
    sides = [accounts.read_account(access, side).account for side in (answer.left, answer.right)]
    return _page(request, access, "pair.html", {"answer": Compared.of(answer), "sides": sides})


@router.get("/link/{link_id}")
def link(request: Request, access: Asking, link_id: str) -> Response:
    """A link with its waterfall, both sides beside each other."""
    answer = links.read_link(access, link_id)
    sides = [
        accounts.read_account(access, side).account
        for side in (answer.link.left, answer.link.right)
    ]
    return _page(request, access, "link.html", {"answer": answer, "sides": sides})


@router.get("/link/{link_id}/without")
def without(request: Request, access: Asking, link_id: str) -> Response:
    """What if this link is wrong."""
    answer = personas.read_without(access, link_id)
    return _page(request, access, "without.html", {"answer": answer})


@router.get("/decisions")
def all_decisions(request: Request, access: Asking) -> Response:
    """What people ruled, which of it counts, and what contradicts what."""
    answer = decisions.read_decisions(access, limit=200)
    return _page(request, access, "decisions.html", {"answer": answer})


@router.get("/links")
def queue(
    request: Request,
    access: Asking,
    bucket: Bucket = "strong",
    cursor: Annotated[str | None, Query(max_length=100)] = None,
) -> Response:
    """The review queue, one page."""
    answer = links.read_queue(access, bucket, cursor, limit=50)
    return _page(request, access, "queue.html", {"answer": answer})


@router.get("/persona/{persona_id}")
def persona(request: Request, access: Asking, persona_id: personas.PersonaId) -> Response:
    """A persona: its members, how well they hold together, what people ruled on them."""
    answer = personas.read_persona(access, persona_id)
    if not isinstance(answer, PersonaAnswer):
        today = answer.headers["location"].removeprefix("/v1/personas/")
        asked = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"/persona/{today}{asked}")
    return _page(request, access, "persona.html", {"answer": answer})


@router.get("/neighbourhood")
def neighbourhood(
    request: Request,
    access: Asking,
    account_id: AccountId,
    depth: Annotated[int, Query(ge=1, le=2)] = 1,
) -> Response:
    """The account's neighbourhood, drawn in the browser from the API's answer."""
    seen = accounts.read_account(access, account_id)
    context = {"account": seen.account, "run_id": seen.run_id, "depth": depth}
    return _page(request, access, "neighbourhood.html", context)


@router.get("/runs")
def all_runs(request: Request, access: Asking) -> Response:
    """What was recomputed, and which run answers."""
    return _page(request, access, "runs.html", {"answer": runs.read_runs(access, limit=20)})


def _published(access: Access) -> Run | None:
    try:
        return runs.read_published_run(access)
    except NotPublished:
        return None


def _page(
    request: Request, access: Access, template: str, context: Mapping[str, object]
) -> Response:
    return TEMPLATES.TemplateResponse(request, template, {"access": access, **context})
