"""Proposed links: one with its waterfall, and the review queue."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.access import Asking
from api.answers import Bucket, Link, LinkAnswer, LinksPage
from api.explained import explained
from api.problems import described
from evidence.errors import RefusedInput

MOST_DIGITS = 9
"""No run has as many links as a longer number says; the graph's numbers have 64 bits."""
router = APIRouter(tags=["links"], responses=described(422, 503))


@router.get("/links/{link_id}", summary="One link", responses=described(404))
def read_link(access: Asking, link_id: str) -> LinkAnswer:
    """A proposed link with its waterfall, what was missing, and where everything stands."""
    doors = access.open("read link", link_id)
    return doors.of_one_run(lambda run_id: explained(doors, run_id, [doors.graph.link(link_id)])[0])


@router.get("/links", summary="The review queue")
def read_queue(
    access: Asking,
    bucket: Annotated[Bucket, Query(description="a band, or `copies`")] = "strong",
    cursor: Annotated[str | None, Query(max_length=100, description="from the last page")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> LinksPage:
    """One page of links, most bits first; a cursor holds for one run only."""
    doors = access.open("read queue", bucket)

    def read(run_id: str) -> LinksPage:
        skip = _skip(cursor, run_id)
        links = doors.graph.queue(bucket, skip, limit + 1)
        more = len(links) > limit
        return LinksPage(
            run_id=run_id,
            bucket=bucket,
            links=[Link.model_validate(link) for link in links[:limit]],
            next_cursor=f"{run_id}@{skip + limit}" if more else None,
        )

    return doors.of_one_run(read)


def _skip(cursor: str | None, run_id: str) -> int:
    if cursor is None:
        return 0
    told, _, skip = cursor.rpartition("@")
    if not (skip.isdecimal() and len(skip) <= MOST_DIGITS and told):
        raise RefusedInput(f"cursor {cursor!r} was not given by this service; begin without one")
    if told != run_id:
        raise RefusedInput(f"cursor {cursor!r} is of another run than the published {run_id}")
    return int(skip)
