from dataclasses import replace
from types import SimpleNamespace

import pytest
from fastapi.testclient import TestClient

from evidence.errors import Busy
from tests.api.conftest import Installation
from tests.api.published import PublishedRun, a_small_run


def test_before_anything_is_published_reads_say_what_to_do(empty: Installation) -> None:
    answer = empty.client().get("/v1/account", params={"id": "Lantern:Blue_Heron"})
    assert answer.status_code == 503
    assert "samehand recompute" in answer.json()["detail"]


def test_a_newly_published_run_answers_at_once(empty: Installation) -> None:
    client = empty.client()
    empty.publish(a_small_run("run-1"))
    assert client.get("/v1/runs/published").json()["run_id"] == "run-1"
    empty.publish(PublishedRun("run-2").account("Lantern:newcomer"))
    assert client.get("/v1/runs/published").json()["run_id"] == "run-2"
    assert client.get("/v1/account", params={"id": "Lantern:newcomer"}).json()["run_id"] == "run-2"
    assert client.get("/v1/account", params={"id": "Lantern:Blue_Heron"}).status_code == 404


def test_runs_are_told_newest_first_with_the_published_one_marked(client: TestClient) -> None:
    runs = client.get("/v1/runs").json()
    assert runs["published"] == "20171204T020000Z-0001"
    assert [run["published"] for run in runs["runs"]] == [True]


def test_an_unknown_run_is_not_found(client: TestClient) -> None:
    assert client.get("/v1/runs/..%2F..%2Fetc").status_code == 404


def a_pointer_that_moves(*run_ids: str) -> SimpleNamespace:
    moves = iter(run_ids)
    return SimpleNamespace(published=lambda: SimpleNamespace(run_id=next(moves)))


def test_an_answer_is_read_again_where_a_run_was_published_meanwhile(small: Installation) -> None:
    doors = replace(small.doors, graph=a_pointer_that_moves("run-1", "run-2", "run-2"))
    assert doors.of_one_run(lambda run_id: run_id) == "run-2"


def test_an_answer_never_mixes_two_runs(small: Installation) -> None:
    doors = replace(small.doors, graph=a_pointer_that_moves("1", "2", "3", "4"))
    with pytest.raises(Busy):
        doors.of_one_run(lambda run_id: run_id)
