"""Hostile pages cost one page: they are read in a process with little memory and time."""

from collections.abc import Iterator

import pytest

from evidence.formats import page_reader
from evidence.formats.page_reader import CRASHED, PageReader
from evidence.formats.page_rows import Page
from tests.evidence import saved_pages as pages

LIST = pages.cypher_category("Blue tea")
HEAD, TAIL = LIST.split("</body>")


@pytest.fixture(scope="module")
def reader() -> Iterator[PageReader]:
    with PageReader() as reader:
        yield reader


def titles(page: Page) -> list[str]:
    return [values["title"] for _, values in page.rows]


@pytest.mark.parametrize(
    "junk",
    [
        "<div>" * 200_000,
        "<font size=1><p>" * 50_000,
        "<a><b>" * 50_000 + "</a></b>" * 50_000,
        "<table><tr><td>" * 50_000,
        f'<img src="data:image/png;base64,{"A" * (2 << 20)}">',
        f"<p {'x' * (2 << 20)}>",
        "<!-- " + "-" * (2 << 20),
        "&amp" * 500_000,
        "<" * (2 << 20),
        "<svg><g>" * 100_000,
        "\0" * 1000,
    ],
    ids=lambda junk: junk[:12],
)
def test_junk_behind_the_entries_costs_none_of_them(reader: PageReader, junk: str) -> None:
    page = reader.read(f"{HEAD}{junk}</body>{TAIL}".encode())
    assert titles(page) == ["Blue tea"] or page.fault == CRASHED
    assert titles(reader.read(LIST.encode())) == ["Blue tea"]


@pytest.mark.slow
def test_a_page_that_takes_too_long_ends_its_process_and_the_next_is_read(
    reader: PageReader,
) -> None:
    names = " ".join(f"a{number}=1" for number in range(200_000))
    assert reader.read(f"{HEAD}<p {names}>{TAIL}".encode()).fault == CRASHED
    assert titles(reader.read(LIST.encode())) == ["Blue tea"]


def test_a_page_that_is_too_large_is_not_even_read(
    reader: PageReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_reader, "PAGE_LIMIT_BYTES", 100)
    assert reader.read(LIST.encode()).fault == "a page of more than 16 MiB"


@pytest.mark.parametrize(
    "subset",
    [
        '<!ENTITY a "tea"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">',
        '<!ENTITY c SYSTEM "file:///etc/passwd">',
        '<!ENTITY c SYSTEM "http://127.0.0.1:9/x">',
    ],
)
def test_no_entity_is_expanded_or_fetched(reader: PageReader, subset: str) -> None:
    content = LIST.replace("<!DOCTYPE html>", f"<!DOCTYPE html [{subset}]>")
    page = reader.read(content.replace("Blue tea", "Blue &c; tea").encode())
    assert titles(page) == ["Blue &c; tea"]


@pytest.mark.parametrize(
    ("content", "fault"),
    [(b" \n", "the page is empty"), (b"\x7fELF\x01", "unknown page without a title")],
)
def test_what_is_no_page_says_so(reader: PageReader, content: bytes, fault: str) -> None:
    assert reader.read(content).fault == fault
