import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import STATUS_OF
from evidence.errors import SamehandError


def kinds(error: type[SamehandError]) -> set[type[SamehandError]]:
    return {error}.union(*map(kinds, error.__subclasses__()))


def test_every_error_of_the_domain_has_a_status() -> None:
    without = kinds(SamehandError) - {SamehandError} - set(STATUS_OF)
    unknown = [kind for kind in without if not set(kind.__mro__) & set(STATUS_OF)]
    assert [kind.__name__ for kind in unknown if not kind.__module__.startswith("tests")] == []


def test_a_request_that_is_not_understood_names_the_field(client: TestClient) -> None:
    answer = client.get("/v1/accounts", params={"handle": "x", "match": "perhaps"})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"].startswith("match: ")


@pytest.mark.parametrize("body", [b'{"handles":', b"x=1"])
def test_a_body_that_is_not_understood_is_named_as_one(client: TestClient, body: bytes) -> None:
    answer = client.post("/v1/accounts/lookup", content=body)
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("the body: ")


def test_the_readme_names_every_question_that_programs_can_ask(client: TestClient) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    for path, operations in client.get("/v1/openapi.json").json()["paths"].items():
        for method in operations:
            assert f"`{method.upper()} {re.sub(r'{[^}]*}', 'ID', path)}`" in readme


def test_a_path_that_does_not_exist_is_a_problem_too(client: TestClient) -> None:
    answer = client.get("/v1/nowhere")
    assert (answer.status_code, answer.json()["title"]) == (404, "Not Found")


def test_every_operation_is_described_with_examples(client: TestClient) -> None:
    description = client.get("/v1/openapi.json").json()
    schemas = description["components"]["schemas"]
    for operations in description["paths"].values():
        for operation in operations.values():
            content = operation["responses"]["200"]["content"]["application/json"]
            assert operation["summary"]
            assert schemas[content["schema"]["$ref"].rpartition("/")[2]]["examples"]
            refused = operation["responses"]["422"]["content"]["application/problem+json"]
            assert refused["example"]
