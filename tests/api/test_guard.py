import pytest
from fastapi.testclient import TestClient


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.nip.io", ""])
def test_a_request_under_another_hosts_name_is_refused(client: TestClient, host: str) -> None:
    answer = client.get("/v1/runs", headers={"Host": host})
    assert answer.status_code == 421
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1", "[::1]:8000", "LOCALHOST"])
def test_a_request_under_a_loopback_name_is_answered(client: TestClient, host: str) -> None:
    assert client.get("/v1/runs", headers={"Host": host}).status_code == 200


def test_a_hidden_request_of_another_site_is_refused(client: TestClient) -> None:
    hidden = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
    assert client.get("/v1/runs", headers=hidden).status_code == 403


def test_a_link_on_another_site_may_be_followed(client: TestClient) -> None:
    followed = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert client.get("/runs", headers=followed).status_code == 200


@pytest.mark.parametrize("path", ["/", "/runs", "/v1/runs", "/nowhere", "/v1/account?id=a:b"])
def test_every_answer_forbids_foreign_and_inline_content(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["Content-Security-Policy"].startswith("default-src 'self';")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


def test_a_body_that_is_too_large_is_refused_unread(client: TestClient) -> None:
    answer = client.post("/v1/accounts/lookup", content=b"x" * 4_000_001)
    assert answer.status_code == 413


def test_a_body_without_its_length_is_refused(client: TestClient) -> None:
    assert client.post("/v1/accounts/lookup", content=iter([b"{}"])).status_code == 411
