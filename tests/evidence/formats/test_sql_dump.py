"""Dumps of databases: values of each dialect, exact places, and each break alone."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.errors import RefusedInput
from evidence.formats.csv_records import Broken, Record
from evidence.formats.sql_dump import Dump
from evidence.intake.wishes import Wish
from tests.evidence.databases import Cell, mysql_dump, postgres_dump
from tests.evidence.intake_desk import Desk

MYSQL_ITEMS = "-- MySQL dump 10.13\nCREATE TABLE `items` (`vendor` text, `title` text);\n"
STANDARD_ITEMS = "-- PostgreSQL database dump\nCREATE TABLE items (vendor text, title text);\n"
GOOD, LAST = "('pillow','tea')", "('pillow','mint')"


def into(rows: str, table: str = "`items`") -> str:
    return " ".join(("INSERT INTO", table, "VALUES", rows)) + ";\n"


def read(content: str | bytes) -> tuple[list[list[str]], list[Broken]]:
    """The cells of all rows of a dump, and what is broken."""
    raw = content if isinstance(content, bytes) else content.encode()
    dump = Dump(io.BytesIO(raw), raw[:65536])
    rows = [row for _, row in dump.rows(dump.tables())]
    good = [row.cells for row in rows if isinstance(row, Record)]
    return good, [row for row in rows if isinstance(row, Broken)]


def titles(content: str | bytes) -> list[str]:
    return [cells[1] for cells in read(content)[0]]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (r"'it\'s \"so\"\r\n\\ \0\% \x'", 'it\'s "so"\r\n\\ \0\\% x'),
        ("'it''s'", "it's"),
        ('"it\'s ""so"""', 'it\'s "so"'),
        ("_binary 'tea'", "tea"),
        ("_utf8mb4'té'", "té"),
        ("N'tea'", "tea"),
        ("0x746561", "tea"),
        ("X'746561'", "tea"),
        (" NULL ", ""),
        ("-1.5e3", "-1.5e3"),
        ("concat('a', 'b')", "concat('a', 'b')"),
        ("'a),(\\',\\'b;\\n-- /* #'", "a),(','b;\n-- /* #"),
    ],
)
def test_a_value_of_mysql_says_what_mysql_would(written: str, said: str) -> None:
    good, broken = read(MYSQL_ITEMS + into(f"({written},'x')"))
    found = good[0][0] if "\0" not in said else broken[0].reason
    assert found == (said if "\0" not in said else "a NUL character")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (r"'it''s \'", "it's \\"),
        (r"E'it\'s \x41\101\u00e9\n'", "it's AAé\n"),
        (r"E'a\\''b\''''", "a\\'b''"),
        ("$$it's (so)$$", "it's (so)"),
        ("$q$a $$ b$q$", "a $$ b"),
        ("'12.5'::numeric(5,2)", "12.5"),
        ("true", "true"),
        ("NULL::text", "NULL::text"),
        ("'$5, (two'", "$5, (two"),
        (r"replace('a\nb','\n',char(10))", "a\nb"),
        (r"replace(replace('a\r\nb','\r',char(13)),'\n',char(10))", "a\r\nb"),
    ],
)
def test_a_value_of_postgresql_or_sqlite_says_what_they_would(written: str, said: str) -> None:
    good, broken = read(STANDARD_ITEMS + into(f"({written}, 'x')", "items"))
    assert (good, broken) == ([[said, "x"]], [])


def test_postgresql_without_standard_strings_escapes_as_mysql_does() -> None:
    head = STANDARD_ITEMS + "SET standard_conforming_strings = off;\n"
    assert titles(head + into(r"('a', 'it\'s')", "items")) == ["it's"]


CELL = st.none() | st.integers(-9, 9) | st.text(st.characters(exclude_categories=["Cs", "Cc"]))
LINES = st.text(st.sampled_from("ab'\"\\\n\r\t;,()-$#/*`|N"))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(CELL | LINES, CELL | LINES, LINES), max_size=5))
def test_what_a_program_dumps_is_read_back(rows: list[tuple[Cell, Cell, Cell]]) -> None:
    tables = {"items": ("a text, b text, c text", rows)}
    wanted = [["" if cell is None else str(cell) for cell in row] for row in rows]
    for dump in (mysql_dump(tables), postgres_dump(tables), postgres_dump(tables, True)):
        assert read(dump) == (wanted, [])


def test_columns_may_stand_in_the_statement_in_any_order() -> None:
    said = "INSERT IGNORE INTO `items` (`title`, `vendor`) VALUES ('tea','pillow');"
    assert read(MYSQL_ITEMS + said)[0] == [["pillow", "tea"]]
    assert read("INSERT INTO items (title, vendor) VALUES ('tea','pillow');")[0] == [
        ["tea", "pillow"]
    ]


def test_keys_and_constraints_are_no_columns() -> None:
    made = """CREATE TABLE `t` (`key` text, `a b` decimal(5,2) DEFAULT '1,5' COMMENT ')',
      primary key (`key`), UNIQUE KEY `u` (`a b`), KEY `key` (`key`(30)), FULLTEXT KEY x (`key`),
      CONSTRAINT `c` FOREIGN KEY (`a b`) REFERENCES `u` (`id`), CHECK ((1 > (0))));"""
    assert Dump(io.BytesIO(made.encode()), made.encode()).tables() == {"t": ("key", "a b")}


def test_a_row_says_its_line_and_byte() -> None:
    dump = (MYSQL_ITEMS + into(f"\n{GOOD},\n{LAST}")).encode()
    rows = [row for _, row in Dump(io.BytesIO(dump), dump).rows({"items": ["title"]})]
    assert [row.place for row in rows] == ["items, line 4, byte 101", "items, line 5, byte 119"]
    assert [dump[row.position - 1 :].startswith(row.raw or b"?") for row in rows] == [True, True]


@pytest.mark.parametrize("entered", ["USE `{}`;\n", "\\connect {}\n"])
def test_tables_of_several_databases_stay_apart(entered: str) -> None:
    dump = "".join(entered.format(db) + MYSQL_ITEMS + into(GOOD) for db in "ab")
    assert list(Dump(io.BytesIO(dump.encode()), dump.encode()).tables()) == ["a.items", "b.items"]


@pytest.mark.parametrize(
    ("charset", "raw"), [("latin1", b"\xe9"), ("utf8mb4", b"\xc3\xa9"), ("cp1251", b"\xe9")]
)
def test_a_dump_is_read_in_the_character_set_that_it_names(charset: str, raw: bytes) -> None:
    head = MYSQL_ITEMS.encode() + b"/*!40101 SET NAMES " + charset.encode() + b" */;\n"
    (title,) = titles(head + b"INSERT INTO items VALUES ('p','" + raw + b"');")
    assert title == ("й" if charset == "cp1251" else "é")


@pytest.mark.parametrize(
    "between",
    [
        "-- it's a comment\n",
        "# it's a comment; (\n",
        "/* it's; (a comment */",
        "/*!50003 CREATE TRIGGER x BEFORE INSERT ON y FOR EACH ROW INSERT INTO z VALUES (1) */;\n",
        "DELIMITER ;;\nCREATE PROCEDURE p() BEGIN INSERT INTO items VALUES ('a','b'); END ;;\n"
        "DELIMITER ;\n",
        "CREATE VIEW `v` AS SELECT 'a;b' AS `it's`;\n",
        "UPDATE items SET title = 'x;' WHERE vendor = \"it's\";\n",
        ";;\n",
    ],
)
def test_what_is_no_row_is_passed_over(between: str) -> None:
    said = "".join(into(row) + between for row in (GOOD, LAST))
    assert (titles(MYSQL_ITEMS + said), read(MYSQL_ITEMS + said)[1]) == (["tea", "mint"], [])


def test_comments_nest_in_postgresql_and_not_in_mysql() -> None:
    nested = "/* a /* b */ ' */ INSERT INTO items VALUES ('p', 'tea');\n"
    assert titles(STANDARD_ITEMS + nested) == ["tea"]
    assert titles(f"{MYSQL_ITEMS}/* a /* b */ {into(GOOD)}") == ["tea"]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("('pillow')", "1 values where the table has 2 columns"),
        ("('pillow','a','b')", "3 values where the table has 2 columns"),
        ("('pillow','tea)", "a row that cannot be read"),
        ("('pillow,'tea')", "a row that cannot be read"),
        ("('pillow',('tea')", "a row that cannot be read"),
        (r"('pillow','t\0')", "a NUL character"),
        ("('pillow','" + "x" * (2 << 20) + "')", "a cell of more than 1 MiB"),
    ],
)
def test_a_broken_row_costs_that_row_only(bad: str, reason: str) -> None:
    dump = MYSQL_ITEMS + into(f"{GOOD},{bad},{LAST}")
    (broken,) = read(dump)[1]
    assert titles(dump) == ["tea", "mint"]
    assert broken.reason == reason
    assert (broken.raw or b"")[:64_000] == bad.encode()[:64_000]


def test_a_row_that_is_not_of_the_character_set_is_named() -> None:
    dump = MYSQL_ITEMS.encode() + b"INSERT INTO items VALUES ('p','\xff'),('p','tea');"
    assert titles(dump) == ["tea"]
    assert read(dump)[1][0].reason == "not UTF-8 text"


def test_bytes_in_a_column_of_bytes_break_nothing() -> None:
    dump = b"-- MySQL dump\nCREATE TABLE t (a text, ip varbinary(16));\nINSERT INTO t VALUES "
    assert read(dump + b"('tea','\xff\\0'),('mint',_binary 'ok');")[0] == [
        ["tea", ""],
        ["mint", "ok"],
    ]


@pytest.mark.parametrize(
    "broken",
    [
        "INSERT INTO `items` VALUES ('pillow','never closed",
        "INSERT INTO `items` VALUES ('pillow'",
        "INSERT INTO `items` SELECT * FROM x;",
        "INSERT INTO `items` SET vendor = 'x';",
        "UPDATE x SET y = 'never closed",
        "/* never closed",
    ],
)
def test_after_a_broken_statement_reading_goes_on_at_the_next(broken: str) -> None:
    good = [into(row) for row in (GOOD, LAST)]
    dump = f"{MYSQL_ITEMS}{good[0]}{broken}\n\n{good[1]}"
    assert titles(dump) == ["tea", "mint"]
    (named,) = read(dump)[1]
    assert dump.encode()[named.position - 1 :].startswith((named.raw or b"?")[:3])


@pytest.mark.parametrize("cut", [5, 12, 25])
def test_a_dump_that_ends_early_gives_the_rows_before_the_end(cut: int) -> None:
    dump = (MYSQL_ITEMS + into(f"{GOOD},{GOOD},{GOOD}"))[: -cut - 1]
    good, broken = read(dump)
    assert (len(good), len(broken)) == (2 if cut < 20 else 1, 1)


def test_a_copy_without_its_last_line_gives_its_rows_and_says_so() -> None:
    good, broken = read(STANDARD_ITEMS + "COPY items (vendor, title) FROM stdin;\npillow\ttea\n")
    assert good == [["pillow", "tea"]]
    assert broken[0].reason == "the file ends in the middle of a COPY"


def test_rows_of_copy_are_broken_one_by_one() -> None:
    rows = "pillow\ttea\nonly one\npillow\tmint\\nleaf\\x41\\101\\\\\n\\N\t\\N\n\\.\n"
    good, broken = read(f"{STANDARD_ITEMS}COPY items (vendor, title) FROM stdin;\n{rows}")
    assert good == [["pillow", "tea"], ["pillow", "mint\nleafAA\\"], ["", ""]]
    assert [row.raw for row in broken] == [b"only one"]


@pytest.mark.parametrize(
    "hostile",
    [
        "(" * 200_000,
        "('" * 100_000,
        "/*" * 100_000,
        "$a$" * 60_000,
        "INSERT INTO items VALUES " * 20_000,
        "),(" * 60_000,
        "INSERT INTO items VALUES (" + "1," * 200_000 + "1);",
        "CREATE TABLE wide (" + ",".join(f"c{n} int" for n in range(20_000)) + ");",
        "\0" * 200_000,
        "'" * 200_001,
    ],
)
@pytest.mark.parametrize("head", [MYSQL_ITEMS, STANDARD_ITEMS])
def test_hostile_text_ends_and_costs_no_row_before_it(head: str, hostile: str) -> None:
    dump = (head + into(GOOD, "items") + into(hostile, "items")).encode()
    rows = Dump(io.BytesIO(dump), dump).rows({"items": ["title"]})
    first = next(rows)
    assert isinstance(first[1], Record) and first[1].cells == ["tea"]
    count = 0
    try:
        count += sum(1 for _ in rows)
    except RefusedInput as error:
        assert "breaks in a dump" in str(error)
    assert count <= 1_001


def test_a_dump_of_unknown_tables_is_read_by_the_names_of_its_columns(desk: Desk) -> None:
    dump = (
        MYSQL_ITEMS
        + into(f"{GOOD},{LAST}")
        + "CREATE TABLE `visits` (`ip` text, `page` text);\n"
        + into("('10.0.0.1','x')", "`visits`")
        + into("(1)", "`nameless`")
    )
    report = desk.take(desk.write("shop.sql.gz", dump), wish=Wish(market="bazaar")).files[0]
    report.check()
    said = {part.name: (part.read_as, part.stored, part.left_aside) for part in report.parts}
    assert said == {"items": ("listings", 2, 0), "visits": (None, 0, 1), "nameless": (None, 0, 1)}
    assert desk.rows("listings", "title", "place")[0] == ("tea", "items, line 3, byte 100")
    assert desk.table("posts").is_empty()


def test_tables_that_take_turns_are_gathered(desk: Desk) -> None:
    turn = into(GOOD) + into("('p')", "`other` (`vendor`)")
    report = desk.take_one("turns.sql", MYSQL_ITEMS + turn * 500, market="bazaar")
    assert [(part.name, part.rows_in) for part in report.parts] == [("items", 500), ("other", 500)]


def test_an_archive_of_pg_dump_is_refused_with_what_to_do(desk: Desk) -> None:
    assert "pg_restore" in (desk.take_one("x.dump", b"PGDMP\x01\x0e", market="m").refused or "")


def test_a_torn_gzip_of_a_dump_gives_the_rows_before_the_tear(desk: Desk) -> None:
    rows = ",".join(f"('pillow','tea {n * n * 7919}')" for n in range(20_000))
    path = desk.write("items.sql.gz", MYSQL_ITEMS + into(rows))
    path.write_bytes(path.read_bytes()[:-40_000])
    report = desk.take(path, wish=Wish(market="bazaar")).files[0]
    report.check()
    assert report.stored > 5_000
    assert "the gzip stream ends early" in str(desk.quarantine())


def test_a_table_of_text_that_speaks_of_sql_is_still_a_table(desk: Desk) -> None:
    table = "vendor,title\npillow,CREATE TABLE tea\nset,INSERT INTO tea\n"
    assert desk.take_one("items.csv", table, market="bazaar").stored == 2
