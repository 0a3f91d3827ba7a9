"""Runs: what was recomputed, from what, and which one answers."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.access import Asking
from api.answers import Run, Runs, StageAnswer
from api.problems import described
from linkage.run_store import RunSummary

router = APIRouter(prefix="/runs", tags=["runs"], responses=described(422, 503))


@router.get("", summary="Runs, newest first")
def read_runs(access: Asking, limit: Annotated[int, Query(ge=1, le=100)] = 20) -> Runs:
    """The newest runs, and which of them answers now."""
    doors = access.open("read runs")
    published = doors.graph.published()
    name = published.run_id if published else None
    ids = sorted(doors.runs.run_ids(), reverse=True)
    return Runs(
        published=name,
        runs=[_run(doors.runs.summary(run_id), name) for run_id in ids[:limit]],
        more=len(ids) > limit,
    )


@router.get("/published", summary="The published run")
def read_published_run(access: Asking) -> Run:
    """The run that answers now."""
    doors = access.open("read published run")
    run_id = doors.published().run_id
    return _run(doors.runs.summary(run_id), run_id)


@router.get("/{run_id}", summary="One run", responses=described(404))
def read_run(access: Asking, run_id: str) -> Run:
    """A run's inputs, model, counts and stages."""
    doors = access.open("read run", run_id)
    published = doors.graph.published()
    return _run(doors.runs.summary(run_id), published.run_id if published else None)


def _run(summary: RunSummary, published: str | None) -> Run:
    return Run(
        run_id=summary.run_id,
        view=summary.view,
        published=summary.run_id == published,
        run_hash=summary.run_hash,
        model_hash=summary.model_hash,
        model_name=summary.model_name,
        started_at=summary.started_at,
        finished_at=summary.finished_at,
        source_ids=list(summary.source_ids),
        counts=dict(summary.counts),
        expected_wrong_count=summary.expected_wrong_count,
        stages=[StageAnswer.model_validate(stage) for stage in summary.stages],
    )
