"""SQLite files, hostile ones among them: nothing of a file is run, each break is named."""

import sqlite3
import struct
from pathlib import Path

import pytest

from evidence.intake.intake_report import FileReport
from evidence.intake.wishes import Wish
from tests.evidence.databases import Cell, sqlite_file
from tests.evidence.intake_desk import Desk

ITEMS = "vendor text, title text"
PAGE = 4096


def take(desk: Desk, path: Path) -> FileReport:
    report = desk.take(path, wish=Wish(market="bazaar")).files[0]
    report.check()
    return report


def items(desk: Desk, *rows: tuple[Cell, Cell]) -> Path:
    return sqlite_file(desk.delivery / "shop.db", {"items": (ITEMS, rows)})


def also(path: Path, *statements: str) -> None:
    with sqlite3.connect(path) as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def titles(desk: Desk) -> list[object]:
    return [title for (title,) in desk.rows("listings", "title")]


def test_rows_say_their_table_and_rowid(desk: Desk) -> None:
    path = items(desk, ("pillow", "tea"), ("pillow", "mint"))
    also(path, "UPDATE items SET rowid = 17 WHERE title = 'mint'")
    take(desk, path)
    assert desk.rows("listings", "title", "place", "position") == [
        ("tea", "items, row 1", 1),
        ("mint", "items, row 17", 17),
    ]


def test_a_gzipped_file_is_an_sqlite_file_too(desk: Desk) -> None:
    raw = items(desk, ("pillow", "tea")).read_bytes()
    assert take(desk, desk.write("shop.db.gz", raw)).stored == 1


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("t\0", "a NUL character"),
        ("x" * (2 << 20), "a cell of more than 1 MiB"),
        ("x" * (17 << 20), "a row of more than 16 MiB"),
        (b"\xff\xfe", None),
    ],
)
def test_a_bad_row_costs_that_row_only(desk: Desk, bad: Cell, reason: str | None) -> None:
    report = take(desk, items(desk, ("pillow", "tea"), ("pillow", bad), ("pillow", "mint")))
    assert (report.stored, report.quarantined) == ((2, 1) if reason else (3, 0))
    assert titles(desk) == (["tea", "mint"] if reason else ["tea", None, "mint"])
    assert desk.quarantine() == ([("shop.db: items", 2, reason)] if reason else [])


def test_text_that_is_not_utf8_is_quarantined(desk: Desk) -> None:
    path = items(desk, ("pillow", "tea"))
    also(path, "INSERT INTO items VALUES ('pillow', CAST(x'ff41' AS TEXT))")
    assert take(desk, path).quarantined == 1
    assert desk.quarantine() == [("shop.db: items", 2, "not UTF-8 text")]


def test_views_triggers_and_virtual_tables_stay_shut(desk: Desk) -> None:
    path = items(desk, ("pillow", "tea"))
    also(
        path,
        "CREATE VIEW more (vendor, title) AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL"
        " SELECT i + 1 FROM n) SELECT 'x', i FROM n",
        "CREATE TRIGGER t AFTER INSERT ON items BEGIN DELETE FROM items; END",
        "CREATE VIRTUAL TABLE posts USING fts5(author, body)",
        "INSERT INTO posts VALUES ('pillow', 'words')",
        "CREATE TABLE sums (vendor text, title text AS (zeroblob(900000000)))",
        "INSERT INTO sums VALUES ('pillow')",
    )
    report = take(desk, path)
    names = [part.name for part in report.parts]
    assert {"items", "sums"} <= set(names) and not {"more", "posts"} & set(names)
    assert titles(desk) == ["tea"]


def test_a_table_without_rowids_is_numbered(desk: Desk) -> None:
    path = items(desk)
    also(
        path,
        "CREATE TABLE goods (vendor text PRIMARY KEY, title text) WITHOUT ROWID",
        "INSERT INTO goods VALUES ('pillow', 'tea'), ('ann', 'mint')",
        'CREATE TABLE odd (rowid text, _rowid_ text, "a ""b" text, vendor text, title text)',
        "INSERT INTO odd VALUES ('x', 'y', 'z', 'pillow', 'oolong')",
    )
    take(desk, path)
    found = desk.table("listings").sort("title").select("title", "place").rows()
    assert found == [("mint", "goods, row 1"), ("oolong", "odd, row 1"), ("tea", "goods, row 2")]


def filled(desk: Desk, count: int = 5_000) -> bytearray:
    rows = [("pillow", f"tea {n:050d}") for n in range(count)]
    return bytearray(items(desk, *rows).read_bytes())


def test_what_stands_before_the_damage_is_stored_and_the_damage_named(desk: Desk) -> None:
    raw = filled(desk)
    raw[len(raw) // 2 : len(raw) // 2 + 20 * PAGE] = b"\xa5" * (20 * PAGE)
    report = take(desk, desk.write("damaged.db", bytes(raw)))
    assert 1_000 < report.stored < 4_500
    assert "damaged from here on" in str(desk.quarantine()[-1][2])


def test_a_torn_copy_gives_what_is_there_and_says_so(desk: Desk) -> None:
    path = desk.write("torn.db.gz", bytes(filled(desk)))
    path.write_bytes(path.read_bytes()[:-6_000])
    report = take(desk, path)
    assert 500 < report.stored < 5_000
    assert "the gzip stream ends early" in str(desk.quarantine())


def test_a_page_that_comes_again_and_again_ends_in_a_break(desk: Desk) -> None:
    """The root of `items`, an inner page, gets its first child for every child."""
    raw = filled(desk)
    root = PAGE
    assert raw[root] == 5
    count = struct.unpack_from(">H", raw, root + 3)[0]
    places = struct.unpack_from(f">{count}H", raw, root + 12)
    child = raw[root + places[0] : root + places[0] + 4]
    for place in places:
        raw[root + place : root + place + 4] = child
    report = take(desk, desk.write("loop.db", bytes(raw)))
    assert 0 < report.stored < 5_000
    assert "rows that do not ascend" in str(desk.quarantine())


@pytest.mark.parametrize("start", [16, 100, 120, 1_000])
def test_a_file_of_rubbish_behind_its_magic_is_refused_or_read_by_name(
    desk: Desk, start: int
) -> None:
    raw = filled(desk, 100)
    raw[start:] = bytes((n * 7919) % 251 for n in range(len(raw) - start))
    report = desk.take(desk.write("rubbish.db", bytes(raw)), wish=Wish(market="bazaar")).files[0]
    assert report.refused is not None or report.stored <= 100


def test_a_database_without_tables_is_refused_by_name(desk: Desk) -> None:
    path = items(desk)
    also(path, "DROP TABLE items")
    report = desk.take(path, wish=Wish(market="bazaar")).files[0]
    assert report.refused == "shop.db: there is no table in this database"


def test_a_table_of_very_many_columns_is_left_aside_by_name(desk: Desk) -> None:
    path = items(desk, ("pillow", "tea"))
    names = ", ".join(f"c{number} text" for number in range(1_000))
    also(path, f"CREATE TABLE wide ({names})", "INSERT INTO wide (c1) VALUES ('x')")
    report = take(desk, path)
    why = {part.name: part.why_left for part in report.parts}
    assert why == {"items": None, "wide": "more than 256 columns"}
