"""Files of every kind become facts that know where they come from."""

import json
from datetime import UTC, date, datetime, time

import polars as pl
import pytest

from evidence.archive import Archive
from evidence.errors import Busy, RefusedInput
from evidence.formats.chunks import CHUNK_ROWS
from evidence.formats.mapping import format_names, load_format
from evidence.intake.intake import Wish
from evidence.ledger import Ledger
from tests.evidence.intake_desk import LISTING_HEADER, NOW, Desk

MIDDAY = datetime(2014, 3, 2, 12, tzinfo=UTC)
BLOCK = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nabcd\n-----END PGP PUBLIC KEY BLOCK-----"


def test_a_listing_keeps_what_it_says_and_where_it_stands(desk: Desk) -> None:
    report = desk.take_one(
        "items.csv",
        "market,vendor,title,description,category,price,currency,ships_from,ships_to,date,id\n"
        'bazaar, Pillow ,"Blue tea, ""fresh""",leaves,Tea,"1,250.50",EUR,Oslo,EU,2014-03-02,77\n',
    )
    assert (report.parts[0].read_as, report.stored, report.flawed) == ("listings", 1, 0)
    (row,) = desk.table("listings").to_dicts()
    assert (row["market"], row["handle"], row["record_id"]) == ("bazaar", "Pillow", "77")
    assert (row["title"], row["description"]) == ('Blue tea, "fresh"', "leaves")
    assert (row["price"], row["currency"], row["category"]) == (1250.5, "EUR", "Tea")
    assert (row["ships_from"], row["ships_to"], row["rating"]) == ("Oslo", "EU", None)
    assert (row["stated_at"], row["stated_precision"]) == (datetime(2014, 3, 2, tzinfo=UTC), "day")
    assert (row["source_id"], row["place"], row["position"]) == (report.source_id, "line 2", 2)
    assert (row["captured_at"], row["received_at"]) == (None, NOW)


def test_the_same_file_twice_adds_nothing(desk: Desk) -> None:
    content = LISTING_HEADER + "bazaar,pillow,tea,1,2014\nbazaar,pillow,mint,2,2014\n"
    desk.take_one("items.csv", content)
    before = desk.table("listings")
    report = desk.take_one("again.csv", content)
    assert (report.rows_in, report.stored, report.already_there) == (2, 0, 2)
    assert desk.table("listings").equals(before)


def test_a_fact_seen_in_two_deliveries_is_one_row_with_its_first_sighting(desk: Desk) -> None:
    first = desk.take_one("one.csv", LISTING_HEADER + "bazaar,pillow,tea,1,2014\n")
    second = desk.take_one(
        "two.jsonl", '{"market":"bazaar","vendor":"pillow","title":"tea","price":1,"date":"2014"}'
    )
    assert (second.stored, second.already_there) == (0, 1)
    assert desk.table("listings").height == 1
    assert desk.rows("listings", "source_id")[0][0] in (first.source_id, second.source_id)


def test_a_row_that_stands_twice_in_one_file_is_stored_once(desk: Desk) -> None:
    report = desk.take_one("items.csv", LISTING_HEADER + "bazaar,pillow,tea,1,2014\n" * 3)
    assert (report.rows_in, report.stored, report.already_there) == (3, 1, 2)


def test_csv_json_lines_and_parquet_say_the_same(desk: Desk) -> None:
    csv = desk.take_one(
        "a.csv.gz", "seller,title,price,date\npillow,tea,1.5,2014-03-02\n", market="bazaar"
    )
    rows = '{"seller":"pillow","title":"tea","price":1.5,"date":"2014-03-02"}\n'
    lines = desk.take_one("a.ndjson.gz", rows, market="bazaar")
    path = desk.delivery / "a.parquet"
    frame = {"seller": ["pillow"], "title": ["tea"], "price": [1.5], "date": [date(2014, 3, 2)]}
    pl.DataFrame(frame).write_parquet(path)
    parquet = desk.take(path, wish=Wish(market="bazaar")).files[0]
    assert [r.stored for r in (csv, lines, parquet)] == [1, 0, 0]
    assert [r.already_there for r in (csv, lines, parquet)] == [0, 1, 1]
    assert parquet.parts[0].columns["stated_at"] == "date"


def test_tabs_part_the_cells_of_a_file_named_so_whatever_else_stands_in_its_header(
    desk: Desk,
) -> None:
    rows = "vendor\ttitle\tprice, without post, in EUR\nPillow\tBlue, or green\t2\n"
    plain = desk.take_one("items.tsv", rows, market="bazaar")
    packed = desk.take_one("items.tsv.gz", rows, market="bazaar")
    assert (plain.stored, packed.already_there) == (1, 1)
    assert desk.rows("listings", "handle", "title") == [("Pillow", "Blue, or green")]


@pytest.mark.parametrize("name", ["items.tsv", "items.csv", "items"])
def test_tabs_are_found_whatever_the_name(desk: Desk, name: str) -> None:
    desk.take_one(name, "vendor\ttitle\nPillow\tBlue, or green\n", market="bazaar")
    assert desk.rows("listings", "handle", "title") == [("Pillow", "Blue, or green")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_text_is_read_by_its_byte_order_mark(desk: Desk, encoding: str) -> None:
    rows = 'vendor\ttitle\nPillow\t"Thé\nvert 🍵"\nCushion\tmint\n'
    report = desk.take_one("items.tsv.gz", rows.encode(encoding), market="bazaar")
    assert (report.stored, report.quarantined) == (2, 0)
    assert desk.rows("listings", "title", "place")[0] == ("Thé\nvert 🍵", "line 2")


def test_typed_times_of_a_parquet_file_are_utc(desk: Desk) -> None:
    at = pl.Series("date", [MIDDAY]).dt.convert_time_zone("Europe/Oslo")
    path = desk.delivery / "posts.parquet"
    pl.DataFrame([pl.Series("author", ["pillow"]), pl.Series("body", ["hello"]), at]).write_parquet(
        path
    )
    desk.take(path, wish=Wish(market="forum"))
    assert desk.rows("posts", "stated_at", "stated_precision", "place") == [
        (MIDDAY, "second", "row 1")
    ]


def test_a_column_of_a_type_that_says_nothing_to_us_is_named_unread(desk: Desk) -> None:
    path = desk.delivery / "posts.parquet"
    frame = {"author": ["pillow"], "body": ["hello"], "text": [b"raw"], "date": [time(1, 2)]}
    pl.DataFrame(frame).write_parquet(path)
    report = desk.take(path, wish=Wish(market="forum")).files[0]
    assert (report.stored, report.parts[0].unread) == (1, ["text", "date"])


def test_a_column_that_only_later_rows_name_is_read_from_there_on(desk: Desk) -> None:
    early = '{"author":"pillow","body":"hello"}\n' * CHUNK_ROWS
    late = f'{{"author":"late","body":"mint","date":"2014-03-02","pgp":{json.dumps(BLOCK)},"x":1}}'
    report = desk.take_one("posts.jsonl", early + late, market="forum")
    assert report.parts[0].columns["block"] == "pgp"
    assert (report.parts[0].unread, report.parts[0].tables["keys"]["stored"]) == (["x"], 1)
    assert desk.rows("posts", "handle", "stated_precision") == [("pillow", None), ("late", "day")]


def test_the_word_for_a_nul_is_no_nul(desk: Desk) -> None:
    desk.take_one("a.jsonl", r'{"author":"pillow","text":"write \\u0000"}', market="hall")
    desk.take_one("b.csv", "author,text\ncushion,write \\u0000\n", market="hall")
    assert set(desk.table("posts")["body"]) == {r"write \u0000"}


def test_a_table_without_rows_is_no_fault(desk: Desk) -> None:
    path = desk.delivery / "none.parquet"
    pl.DataFrame(schema={"vendor": pl.String, "title": pl.String}).write_parquet(path)
    report = desk.take(path, wish=Wish(market="bazaar")).files[0]
    assert (report.refused, report.rows_in, report.parts[0].read_as) == (None, 0, "listings")
    assert desk.take_one("none.csv", LISTING_HEADER).rows_in == 0


def test_names_of_columns_that_come_twice_or_are_empty_are_told_apart(desk: Desk) -> None:
    report = desk.take_one("a.csv", "vendor,title,,title\npillow,tea,x,mint\n", market="bazaar")
    assert report.parts[0].unread == [" (column 3)", "title (column 4)"]
    assert desk.rows("listings", "title") == [("tea",)]


def test_in_a_folder_each_folder_is_a_market_unless_a_column_says_otherwise(desk: Desk) -> None:
    desk.write("bazaar/items.csv", "vendor,title\npillow,tea\n")
    desk.write("souk/items.csv", "market,vendor,title\nfair,cushion,tea\n")
    desk.write("souk/readme.txt", "hello")
    report = desk.take(desk.delivery)
    assert [file.parts[0].market_from for file in report.files] == [
        "folder bazaar",
        "column market",
    ]
    assert report.left_aside == ["delivery/souk/readme.txt"]
    assert set(desk.rows("listings", "market", "handle")) == {
        ("bazaar", "pillow"),
        ("fair", "cushion"),
    }


def test_a_file_that_names_no_market_is_refused_and_says_what_to_do(desk: Desk) -> None:
    report = desk.take_one("items.csv", "vendor,title\npillow,tea\n")
    assert report.refused == "no column names the market; say --market NAME"
    assert desk.quarantine() == [("items.csv", 0, report.refused)]


def test_an_account_shows_its_key_beside_its_profile(desk: Desk) -> None:
    report = desk.take_one(
        "users.csv",
        f'username,bio,pgp,registered,rating\npillow,old hand,"{BLOCK}",1400000000,4.9/5\n',
        market="bazaar",
    )
    assert report.parts[0].read_as == "accounts"
    assert report.parts[0].tables["keys"] == {"stored": 1, "already_there": 0}
    registered = datetime(2014, 5, 13, 16, 53, 20, tzinfo=UTC)
    assert desk.rows("accounts", "profile", "rating", "stated_at") == [
        ("old hand", 4.9, registered)
    ]
    assert desk.rows("keys", "handle", "block", "stated_at") == [("pillow", BLOCK, None)]


def test_what_another_tool_found_stays_unread(desk: Desk) -> None:
    report = desk.take_one(
        "keys.csv",
        f'author,date,fpr,n_keys,alg,created,uid,key\npillow,2014-03-02,AB,1,1,9,x,"{BLOCK}"\n',
        market="forum",
    )
    assert (report.parts[0].read_as, report.parts[0].unread) == (
        "keys",
        ["fpr", "n_keys", "alg", "created", "uid"],
    )
    assert desk.rows("keys", "stated_precision") == [("day",)]


def test_a_cut_key_and_a_broken_date_are_named_and_the_rows_kept(desk: Desk) -> None:
    report = desk.take_one(
        "posts.csv",
        f'author,body,key,date\npillow,hi,"{BLOCK[:40]}",someday\ncushion,hi,,2014\n',
        market="forum",
    )
    assert (report.stored, report.flawed) == (2, 1)
    assert report.parts[0].flaws["stated_at: not a date"].first == "line 2"
    assert report.parts[0].flaws["block: cut off before its last line"].count == 1
    assert desk.rows("posts", "flaws", "stated_at")[0] == (["stated_at: not a date"], None)


def test_a_seller_s_profile_beside_his_listings_is_one_profile(desk: Desk) -> None:
    report = desk.take_one(
        "items.csv",
        "market,vendor,title,price,about\n"
        + "".join(f"bazaar,pillow,tea {n},1,old hand\n" for n in range(3)),
    )
    assert report.parts[0].tables["accounts"] == {"stored": 1, "already_there": 2}
    assert desk.corpus().profiles["profile"].to_list() == ["old hand"]


def test_a_row_without_an_owner_is_quarantined(desk: Desk) -> None:
    report = desk.take_one(
        "items.csv", LISTING_HEADER + "bazaar, ,tea,1,2014\n,pillow,tea,1,2014\n"
    )
    assert (report.rows_in, report.quarantined) == (2, 2)
    assert [line for _, line, _ in desk.quarantine()] == [2, 3]
    assert report.parts[0].quarantine_reasons["no owner: the handle is empty"].first == "line 2"


def test_markets_open_close_and_have_other_names(desk: Desk) -> None:
    report = desk.take_one(
        "m.csv",
        "name,kind,opened,closed,reason,aliases,belongs_to\n"
        "bazaar,market,2013-01,2014-11-06,seized,bzr; bazaar2,\nhall,Forum,,,,,bazaar\n"
        "x,palace,,,,,\n",
    )
    assert (report.parts[0].read_as, report.stored, report.flawed) == ("markets", 3, 1)
    rows = (
        desk.table("markets")
        .sort("market")
        .select("market", "kind", "reason", "aliases", "belongs_to")
    )
    assert rows.rows() == [
        ("bazaar", "market", "seized", ["bzr", "bazaar2"], None),
        ("hall", "forum", None, [], "bazaar"),
        ("x", None, None, [], None),
    ]


def test_a_named_format_reads_columns_that_no_guess_would(desk: Desk) -> None:
    path = desk.write(
        "odd.toml",
        'kind="posts"\n[columns]\nhandle="who"\nbody=["said","t"]\n[constants]\nmarket="hall"\n',
    )
    report = desk.take_one("odd.csv", "who,t\npillow,hello\n", source_format=load_format(str(path)))
    assert report.parts[0].how == f"mapping {path}"
    assert desk.rows("posts", "market", "handle", "body") == [("hall", "pillow", "hello")]


def test_what_a_person_says_of_the_market_beats_the_mapping(desk: Desk) -> None:
    known = load_format("agora-items")
    report = desk.take_one("a.csv", "Vendor,Item\npillow,tea\n", source_format=known, market="b")
    assert report.parts[0].market_from == "--market"
    assert desk.rows("listings", "market", "handle") == [("b", "pillow")]


@pytest.mark.parametrize("name", format_names())
def test_every_format_that_comes_along_can_be_used(name: str, desk: Desk) -> None:
    known = load_format(name)
    header = ",".join(names[0] for names in known.columns.values())
    report = desk.take_one(
        "x.csv", f"{header}\n{','.join('1' * len(known.columns))}\n", source_format=known
    )
    assert (report.stored, report.parts[0].unread) == (1, [])


@pytest.mark.parametrize(
    "text",
    [
        "kind='x'",
        "[",
        "kind='keys'\ncolumns=1",
        "kind='keys'\n[columns]\nprice='p'",
        "kind='keys'\n[columns]\nhandle=3",
        "kind='keys'\n[columns]\nhandle=['a', 3]",
        "kind=",
    ],
)
def test_a_broken_mapping_is_refused(desk: Desk, text: str) -> None:
    with pytest.raises(RefusedInput, match="mapping"):
        load_format(str(desk.write("m.toml", text)))


def test_a_source_is_recorded_with_its_defaults(desk: Desk) -> None:
    report = desk.take_one("items.csv", LISTING_HEADER + "bazaar,pillow,tea,1,2014\n")
    with Ledger.open(desk.workspace) as ledger:
        (source,) = ledger.sources()
    assert (source.source_id, source.name, source.received_at) == (
        report.source_id,
        "items.csv",
        NOW,
    )
    assert (source.legal_basis, source.compartment, source.state) == (
        "unknown",
        "default",
        "in force",
    )


def test_only_one_intake_runs_at_a_time(desk: Desk) -> None:
    with Archive(desk.workspace).writing(), pytest.raises(Busy, match="process"):
        desk.take(desk.write("items.csv", LISTING_HEADER))


def test_an_account_known_by_a_post_alone_is_in_the_corpus(desk: Desk) -> None:
    desk.take_one("p.jsonl", '{"author":"pillow","text":"hello"}\n', market="hall")
    assert desk.corpus().accounts["account_id"].to_list() == ["hall:pillow"]
