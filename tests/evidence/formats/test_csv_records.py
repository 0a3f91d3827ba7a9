"""CSV is read as RFC 4180 says, and every record knows its first line."""

import csv
import io

from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.formats.csv_records import Broken, Record, csv_records
from evidence.formats.lines import read_lines

CELLS = st.text(st.sampled_from('ab",;\n\r é'), max_size=6)
ROWS = st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=6)


def read(content: bytes, delimiter: str = ",") -> list[Record | Broken]:
    return list(csv_records(read_lines(io.BytesIO(content)), delimiter))


@given(ROWS, st.sampled_from(["\n", "\r\n"]))
@settings(max_examples=200, deadline=None)
def test_what_a_writer_wrote_is_read_back(rows: list[list[str]], line_end: str) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator=line_end).writerows(rows)
    assert [record.cells for record in read(stream.getvalue().encode())] == rows


@given(ROWS)
@settings(max_examples=100, deadline=None)
def test_the_bytes_of_all_records_are_the_file(rows: list[list[str]]) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    content = stream.getvalue().encode()
    records = read(content)
    assert b"".join(record.raw or b"" for record in records) == content
    lines = [(record.raw or b"").count(b"\n") for record in records]
    assert [record.position for record in records] == [
        1 + sum(lines[:n]) for n in range(len(lines))
    ]


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_whatever_comes_is_read_to_its_end(content: bytes) -> None:
    raws = [record.raw for record in read(content)]
    assert sum(len(raw or b"") for raw in raws) <= len(content)


def test_a_record_over_several_lines_has_the_number_of_its_first() -> None:
    records = read(b'a,b\n1,"x\n\ny"\n\n2,z\n')
    assert [record.position for record in records] == [1, 2, 6]


def test_text_after_a_closing_quote_belongs_to_the_cell_of_its_line() -> None:
    (record,) = read(b'"a"b,c\n')
    assert isinstance(record, Record)
    assert record.cells == ["ab", "c"]


def test_a_quote_inside_plain_text_opens_nothing() -> None:
    assert [type(record) for record in read(b'a 5" pipe,b\nc,d\n')] == [Record, Record]


def test_quotes_that_open_again_and_again_are_given_up_once() -> None:
    (broken,) = read(b'x","y\n' * 20_000)
    assert isinstance(broken, Broken)
    assert broken.reason == "quotes that do not match"


def test_a_quote_that_swallows_the_next_row_gives_that_row_back() -> None:
    broken, good = read(b'1,"tea\n"2","mint"\n')
    assert isinstance(broken, Broken)
    assert (broken.position, broken.raw) == (1, b'1,"tea\n')
    assert isinstance(good, Record)
    assert good.cells == ["2", "mint"]
