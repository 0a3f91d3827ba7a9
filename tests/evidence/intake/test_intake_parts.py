"""A file of several tables: each is read by itself, and the books of all of them add up."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from evidence.errors import RefusedInput
from evidence.formats import readers
from evidence.formats.chunks import gather
from evidence.formats.csv_records import Record
from evidence.formats.parts import Part, Reader
from tests.evidence.intake_desk import Desk

USERS = {"users": [{"username": "pillow", "bio": "old hand"}, {"username": "", "bio": "x"}]}
POSTS = {"posts": [{"author": "pillow", "body": "hello"}]}
SESSIONS = {"sessions": [{"ip": "none", "agent": "none"}] * 3}


def toy_parts(stream: BinaryIO, path: Path) -> Iterator[Part]:
    """Tables as JSON, one a line; a line that is no JSON breaks the file off."""
    stream.readline()
    for line in stream:
        if line.startswith(b"!"):
            raise RefusedInput("the file breaks off here")
        for name, rows in json.loads(line).items():
            yield Part(name, "row", gather(records(rows), None))


def records(rows: list[dict[str, str]]) -> Iterator[Record]:
    for number, row in enumerate(rows, 1):
        cells = [text for pair in row.items() for text in pair]
        yield Record(number, cells, json.dumps(row).encode())


@pytest.fixture(autouse=True)
def toy_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    toy = Reader(lambda head, path: head.startswith(b"TOY"), toy_parts)
    monkeypatch.setattr(readers, "READERS", (toy, *readers.READERS))


def toy(*tables: dict[str, object], end: str = "") -> str:
    return "\n".join(["TOY", *map(json.dumps, tables), end])


def test_every_table_is_read_as_what_its_columns_say(desk: Desk) -> None:
    report = desk.take_one("seized.toy", toy(USERS, POSTS), market="hall")
    assert [(p.name, p.read_as, p.stored, p.quarantined) for p in report.parts] == [
        ("users", "accounts", 1, 1),
        ("posts", "posts", 1, 0),
    ]
    assert (report.rows_in, report.stored, report.quarantined) == (3, 2, 1)
    assert desk.rows("posts", "place", "position") == [("posts, row 1", 1)]
    assert desk.quarantine() == [("seized.toy: users", 2, "no owner: the handle is empty")]


def test_a_table_without_an_owner_is_left_aside_with_its_count(desk: Desk) -> None:
    report = desk.take_one("seized.toy.gz", toy(SESSIONS, POSTS), market="hall")
    left, read = report.parts
    assert (left.left_aside, left.rows_in, read.stored) == (3, 3, 1)
    assert "no column says who owns the rows" in (left.why_left or "")
    assert (report.refused, report.rows_in, report.left_aside) == (None, 4, 3)


def test_a_table_that_comes_in_pieces_is_reported_once(desk: Desk) -> None:
    more = {"posts": [{"author": "cushion", "body": "hi"}]}
    report = desk.take_one("seized.toy", toy(POSTS, USERS, more), market="hall")
    assert [(part.name, part.rows_in) for part in report.parts] == [("posts", 2), ("users", 2)]


def test_what_stands_before_a_break_is_stored_and_the_break_is_named(desk: Desk) -> None:
    report = desk.take_one("seized.toy", toy(POSTS, end="!"), market="hall")
    assert (report.rows_in, report.stored, report.quarantined) == (2, 1, 1)
    assert desk.quarantine() == [("seized.toy: what follows", 1, "the file breaks off here")]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (toy(), "there is no table in it"),
        (toy(SESSIONS), "none of its 1 tables can be used: sessions: no column says who owns"),
        (toy(end="!"), "the file breaks off here"),
    ],
)
def test_a_file_without_a_table_of_use_is_refused_whole(
    desk: Desk, content: str, reason: str
) -> None:
    report = desk.take_one("seized.toy", content, market="hall")
    assert reason in (report.refused or "")
    assert [line for _, line, _ in desk.quarantine()] == [0]


def test_a_fact_that_two_tables_hold_is_one_fact(desk: Desk) -> None:
    copy = {"posts_backup": POSTS["posts"]}
    report = desk.take_one("seized.toy", toy(POSTS, copy), market="hall")
    assert (report.stored, report.already_there) == (1, 1)
    assert desk.table("posts").height == 1
