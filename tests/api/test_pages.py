import re
from contextlib import ExitStack
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.api.conftest import Installation, install
from tests.api.published import ODD_HANDLES, PublishedRun

HERON = "Lantern:Blue_Heron"
PAGES = (
    "/?handle=Blue_Heron",
    "/account?id=Lantern:Blue_Heron",
    "/link/00000000000000a1",
    "/link/00000000000000a2",
    "/link/00000000000000a1/without",
    "/link/00000000000000a3/without",
    "/links?bucket=strong",
    "/decisions",
    "/persona/p-000000000001",
    "/neighbourhood?id=Lantern:Blue_Heron&depth=2",
    "/runs",
    "/account?id=a:b",
)
INLINE = re.compile(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)|javascript:", re.IGNORECASE)


def a_busy_account(account_id: str, link_count: int) -> PublishedRun:
    run = PublishedRun("run-busy").account(account_id)
    for n in range(link_count):
        other = f"Quayside:partner_{n:02d}"
        run.account(other).link(f"{n:016x}", account_id, other, alias=18.0)
    return run


@pytest.mark.parametrize("path", PAGES)
def test_a_page_holds_nothing_inline_and_nothing_from_elsewhere(
    client: TestClient, path: str
) -> None:
    text = client.get(path).text
    assert INLINE.search(text) is None
    assert "//" not in re.sub(r"http://www\.w3\.org|http://127\.0\.0\.1:8000", "", text)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_says_that_a_person_decides(client: TestClient, path: str) -> None:
    assert "proposed by a machine; a person decides" in client.get(path).text


@pytest.mark.parametrize("handle", ODD_HANDLES)
def test_a_hostile_handle_stays_text(client: TestClient, handle: str) -> None:
    for path in ("/account", "/neighbourhood"):
        text = client.get(path, params={"id": f"Odd:{handle}"}).text
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in re.sub(
            r'(data-centre|name="left" value)="[^"]*"', "", text
        )
    found = client.get("/", params={"handle": handle, "match": "exact"})
    assert "1 account for" in found.text


def test_highlighted_text_is_shown_as_it_came_but_escaped(client: TestClient) -> None:
    text = client.get("/link/00000000000000a1").text
    assert "a &lt;b&gt;piece&lt;/b&gt; of text" in text


def test_an_accounts_page_shows_band_probability_and_waterfall(client: TestClient) -> None:
    text = client.get("/account", params={"id": HERON}).text
    for words in ("almost certain", "98.9 %", "strong", "+11.5", "before any evidence", "line 17"):
        assert words in text
    assert "nothing to compare by photo" in text


def test_a_links_page_says_what_would_change_it_and_what_was_never_measured(
    client: TestClient,
) -> None:
    text = client.get("/link/00000000000000a1").text
    assert "Without it: +1.2 bits, lead." in text
    assert "Not validated: two places." in text
    assert "would still be proposed" not in text


def test_a_page_of_copies_says_what_makes_it_so(client: TestClient) -> None:
    text = client.get("/link/00000000000000a2").text
    assert "What a stranger can copy is alike (alias +11.0)" in text


@pytest.mark.parametrize("path", ["/", "/runs"])
def test_it_is_said_how_many_proposals_are_expected_to_be_wrong(
    client: TestClient, path: str
) -> None:
    assert "about 7" in client.get(path).text


def test_an_unknown_account_is_a_page_that_says_so(client: TestClient) -> None:
    answer = client.get("/account", params={"id": "Lantern:nobody"})
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "<h1>Not found</h1>" in answer.text
    assert "Lantern:nobody" in answer.text


def test_a_page_that_is_not_there_sends_nobody_to_the_description_of_the_api(
    client: TestClient,
) -> None:
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    assert "there is no such page" in answer.text
    assert "/v1/openapi.json for" not in answer.text


def test_a_look_up_that_found_nothing_says_what_else_to_try(client: TestClient) -> None:
    asked = {"handle": "nobody at all"}
    assert "Try <em>fuzzy</em>" in client.get("/", params=asked).text
    assert "Try another spelling" in client.get("/", params=asked | {"match": "fuzzy"}).text


def test_an_account_with_more_links_than_are_shown_leads_to_the_others(
    tmp_path: Path,
) -> None:
    with ExitStack() as stack:
        busy = install(tmp_path, stack)
        busy.publish(a_busy_account("Lantern:busy", link_count=25))
        client = busy.client()
        first = client.get("/account", params={"id": "Lantern:busy"}).text
        every = client.get("/account", params={"id": "Lantern:busy", "limit": 100}).text
    assert "Only the 20 links" in first and "/account?id=Lantern%3Abusy&amp;limit=100" in first
    assert '<h2 id="links">25 proposed links</h2>' in every and "Only the" not in every


def test_before_anything_is_published_the_first_page_says_what_to_do(empty: Installation) -> None:
    answer = empty.client().get("/")
    assert answer.status_code == 200
    assert "samehand recompute" in answer.text


def test_who_asks_and_why_is_carried_from_page_to_page(client: TestClient) -> None:
    text = client.get("/account", params={"id": HERON, "case": "12/7", "actor": "kim"}).text
    assert "actor kim, case 12/7" in text
    assert "/runs?actor=kim&amp;case=12%2F7" in text
