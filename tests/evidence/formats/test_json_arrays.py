"""JSON arrays: object by object, each fault alone, bounded memory."""

import json

import pytest

from evidence.archive import Archive
from evidence.intake.intake_report import FileReport
from evidence.intake.wishes import Wish
from tests.evidence.intake_desk import Desk

TEA, MINT = '{"vendor": "pillow", "title": "tea"}', '{"vendor": "pillow", "title": "mint"}'


def take(desk: Desk, content: str | bytes, name: str = "items.json") -> FileReport:
    return desk.take_one(name, content, market="bazaar")


def titles(desk: Desk) -> list[object]:
    return [title for (title,) in desk.rows("listings", "title")]


@pytest.mark.parametrize(
    "content",
    [
        f"[{TEA},{MINT}]",
        f"[\n  {TEA},\n  {MINT}\n]\n",
        "\ufeff [ " + json.dumps([json.loads(TEA), json.loads(MINT)], indent=4)[1:],
    ],
)
def test_an_array_is_read_however_it_is_laid_out(desk: Desk, content: str) -> None:
    report = take(desk, content)
    assert (report.rows_in, report.stored) == (2, 2)
    assert titles(desk) == ["tea", "mint"]


def test_an_object_says_its_number_and_the_line_where_it_begins(desk: Desk) -> None:
    take(desk, f'[\n{TEA},\n\n{{"vendor":\n"pillow", "title": "mint"}}]', "items.json.gz")
    places = desk.rows("listings", "place", "position")
    assert places == [("object 1, line 2", 1), ("object 2, line 4", 2)]


def test_a_broken_object_says_its_line_too(desk: Desk) -> None:
    report = take(desk, f'[{TEA},\n{{"vendor": tea}}, {{"vendor": "tea,\n\n{MINT}]')
    found = {reason: met.first for reason, met in report.parts[0].quarantine_reasons.items()}
    assert list(found.values()) == ["object 2, line 2", "object 3, line 2"]


def test_what_is_nested_stays_in_its_object(desk: Desk) -> None:
    row = {
        "vendor": "pillow",
        "title": 'tea "}],{',
        "photos": ["a.jpg", "b.jpg"],
        "extra": {"deep": [{"title": "not a row", "vendor": "nobody"}]},
    }
    report = take(desk, json.dumps([row, json.loads(MINT)]))
    assert (report.rows_in, titles(desk)) == (2, ['tea "}],{', "mint"])
    assert desk.rows("photos", "path") == [("a.jpg",), ("b.jpg",)]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ('{"vendor": pillow}', "broken JSON"),
        ('{"vendor": "pillow", "title": "t\\ud800"}', "half a character (a lone surrogate)"),
        (
            '{"vendor": "pillow", "title": "tea}',
            "a JSON object that is torn, or of more than 8 MiB",
        ),
        (
            '{"vendor": "pillow", "title": "tea"',
            "a JSON object that is torn, or of more than 8 MiB",
        ),
        ('{"vendor": "pillow"]', "a JSON object that is torn, or of more than 8 MiB"),
        ("17", "not a JSON object"),
        ('"pillow"', "not a JSON object"),
        ('["pillow", {"title": "tea"}]', "not a JSON object"),
        ('{"vendor": "", "title": "tea"}', "no owner: the handle is empty"),
        ('{"vendor": "p\\u0000", "title": "tea"}', "a NUL character"),
        ('{"vendor": "p", "title": "' + "x" * (2 << 20) + '"}', "a cell of more than 1 MiB"),
    ],
)
@pytest.mark.parametrize("between", [",", ",\n"])
def test_a_broken_object_costs_that_object_only(
    desk: Desk, bad: str, reason: str, between: str
) -> None:
    report = take(desk, "[" + between.join([TEA, bad, MINT]) + "]")
    assert titles(desk) == ["tea", "mint"]
    assert (report.rows_in, report.stored, report.quarantined) == (3, 2, 1)
    assert desk.quarantine() == [("items.json", 2, reason)]
    kept = Archive(desk.workspace).quarantine()["raw"][0].decode()
    assert kept.rstrip(",\n") == bad[:64_000]


@pytest.mark.parametrize(
    ("rest", "reason"),
    [
        (f"{TEA},", "the array breaks off here: the file ends without the array's closing bracket"),
        (TEA + "] {}", "something follows the array"),
        (TEA + ', {"vendor": "p", "title": "m', "no whole object was found behind it"),
    ],
)
def test_a_break_is_named_and_what_stood_before_it_is_stored(
    desk: Desk, rest: str, reason: str
) -> None:
    report = take(desk, f"[{rest}")
    assert (titles(desk), report.quarantined) == (["tea"], 1)
    assert reason in str(desk.quarantine()[0][2])


def test_a_torn_gzip_gives_the_objects_before_the_tear(desk: Desk) -> None:
    rows = [{"vendor": "pillow", "title": f"tea {n * n * 7919}"} for n in range(4_000)]
    path = desk.write("items.json.gz", json.dumps(rows))
    path.write_bytes(path.read_bytes()[:-4_000])
    report = desk.take(path, wish=Wish(market="bazaar")).files[0]
    assert report.stored > 1_000
    assert "the gzip stream ends early" in str(desk.quarantine()[0][2])


@pytest.mark.parametrize("content", ["[]", "[ \n", "[1, 2]", '["a", "b"]', "[[1]]"])
def test_an_array_without_objects_is_refused_by_name(desk: Desk, content: str) -> None:
    assert "array" in (take(desk, content).refused or "")


def test_a_header_in_brackets_is_still_a_table_of_text(desk: Desk) -> None:
    assert take(desk, "[vendor],title\npillow,tea\n", "items.csv").stored == 1


def test_a_nested_object_is_never_taken_for_a_row_where_its_owner_is_torn(desk: Desk) -> None:
    torn = '{"vendor": "pillow, "more": [{"name": "x"},{"name": "y"}]}'
    take(desk, f"[{TEA},{torn},{MINT}]")
    assert titles(desk) == ["tea", "mint"]
