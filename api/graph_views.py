"""What stands around an account."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.access import Asking
from api.accounts import AccountId
from api.answers import Edge, NeighbourhoodAnswer, Node
from api.problems import described

router = APIRouter(tags=["graph"], responses=described(404, 422, 503))


@router.get("/account/neighbourhood", summary="An account's neighbourhood")
def read_neighbourhood(
    access: Asking,
    account_id: AccountId,
    depth: Annotated[int, Query(ge=1, le=2, description="links away from the account")] = 1,
    limit: Annotated[int, Query(ge=1, le=300, description="most nodes in the answer")] = 80,
) -> NeighbourhoodAnswer:
    """Accounts linked to it and values shown, up to a limit; says how many were left out."""
    doors = access.open(f"read neighbourhood (depth {depth})", account_id)

    def read(run_id: str) -> NeighbourhoodAnswer:
        around = doors.graph.neighbourhood(account_id, depth, limit)
        return NeighbourhoodAnswer(
            run_id=run_id,
            account_id=account_id,
            depth=depth,
            nodes=[Node.model_validate(node) for node in around.nodes],
            edges=[Edge.model_validate(edge) for edge in around.edges],
            left_out_count=around.left_out_count,
        )

    return doors.of_one_run(read)
