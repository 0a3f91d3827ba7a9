"""Any two accounts compared: why they are, or are not, proposed as one hand."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.access import Asking
from api.pair_answers import PairAnswer
from api.problems import described
from api.questions import published_pair
from linkage.explanation import Explanation

router = APIRouter(tags=["accounts"], responses=described(422, 503))
SideId = Annotated[
    str,
    Query(
        min_length=3,
        max_length=2000,
        description="`market:handle`, percent-encoded",
        examples=["Lantern:Blue_Heron"],
    ),
]


@router.get(
    "/pair", summary="Why two accounts are, or are not, linked", responses=described(404, 409)
)
def read_pair(access: Asking, left: SideId, right: SideId) -> PairAnswer:
    """A proposed link as its run explained it; any other pair as it is compared now.

    Comparing takes seconds of a processor, so one pair is compared at a time: who comes meanwhile
    is answered 503. It is done from what the last night, or `samehand explain`, read and kept;
    where something else came in since, or another model was activated, the answer is 409.
    """
    doors = access.open("explain", left, right)

    def read(run_id: str) -> Explanation | None:
        for account_id in (left, right):
            doors.graph.account(account_id)
        return published_pair(doors.runs, run_id, (left, right))

    found = doors.questions.answer((left, right), doors.of_one_run(read))
    return PairAnswer.of(
        found, {source.source_id: source.name for source in doors.ledger.sources()}
    )
