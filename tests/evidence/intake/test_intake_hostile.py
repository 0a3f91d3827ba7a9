"""Broken and hostile files: each fault named with its line, the good rows beside it stored."""

import gzip
import io
import os
import random

import polars as pl
import pytest

from evidence.archive import Archive
from evidence.formats.mapping import SourceFormat
from tests.evidence.intake_desk import LISTING_HEADER, Desk

GOOD = "bazaar,pillow,{},1,2014\n"


def titles(desk: Desk) -> list[object]:
    return [title for (title,) in desk.rows("listings", "title")]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"\n \n", "empty"),
        (b"\x7fELF\x00\x01\x02", "NUL byte"),
        (b"h\x00a\x00", "NUL byte"),
        (b"\xff\xfeh\x00a\x00\x00\xd8", "no UTF-16 text from here on"),
        (b"vendor,t\xefitle\n", "byte 9: not UTF-8"),
        (b'vendor,"ti\nt\xefle"\npillow,tea\n', "line 1: a header that is not UTF-8"),
        (b"\x89PNG\r\n", "byte 1: not UTF-8"),
        (b"title\ntea\n", "who owns the rows"),
        (b"[1, 2]", "an array of JSON objects is wanted"),
        (b"PAR1", "damaged Parquet"),
        (b'vendor,"title\n' * 3, "never closed"),
        (b"," * 300 + b"\n", "more than 256 columns"),
        (b"{broken\n", "no row of it can be read"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_by_name(
    desk: Desk, content: bytes, reason: str
) -> None:
    bad = desk.write("bad.csv", content)
    good = desk.write("good.csv", LISTING_HEADER + GOOD.format("tea"))
    report = desk.take(bad, good)
    assert report.any_refused
    assert reason in (report.files[0].refused or "")
    assert [(name, line) for name, line, _ in desk.quarantine()] == [("bad.csv", 0)]
    assert titles(desk) == ["tea"]


def test_an_object_without_any_name_is_named_where_it_stands(desk: Desk) -> None:
    good = b'{"market": "bazaar", "vendor": "pillow", "title": "tea"}'
    desk.take(desk.write("objects.jsonl", good + b"\n{}\n"))
    assert desk.quarantine() == [("objects.jsonl", 2, "an object without any name")]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b"bazaar,pillow,t\x00,1,2014\n", "a NUL character"),
        (b"bazaar,pillow," + b"x" * (2 << 20) + b",1,2014\n", "a cell of more than 1 MiB"),
        (b"bazaar,pillow\n", "2 cells where the header has 5"),
        (b"bazaar,pillow,tea,1,2014,6\n", "6 cells where the header has 5"),
        (b"bazaar,p\xe9,tea,1,2014\n", "not UTF-8 text"),
        (b'bazaar,pillow,"tea,1,2014\n', "a quote is opened here and never closed"),
        (b'bazaar,pillow,1,2014,"\n', "a quote is opened here and never closed"),
        (b"x" * (9 << 20) + b"\n", "a line of more than 8 MiB"),
        (b"bazaar," + b"p" * 257 + b",tea,1,2014\n", "a handle of more than 256 characters"),
        (b"ba:zaar,pillow,tea,1,2014\n", "a colon in the market's name"),
    ],
)
@pytest.mark.parametrize("quoted", ["{}", '"{}"'])
def test_one_broken_row_costs_that_row_only(
    desk: Desk, bad: bytes, reason: str, quoted: str
) -> None:
    before, after = (GOOD.format(quoted.format(name)).encode() for name in ("tea", "mint"))
    report = desk.take_one("items.csv", LISTING_HEADER.encode() + before + bad + after)
    assert titles(desk) == ["tea", "mint"]
    assert (report.rows_in, report.stored, report.quarantined) == (3, 2, 1)
    assert desk.quarantine() == [("items.csv", 3, reason)]
    kept = Archive(desk.workspace).quarantine()["raw"][0]
    assert kept == bad[:64_000]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b'{"vendor": "pillow", "tit', "broken JSON"),
        (b'["pillow"]', "not a JSON object"),
        (b'{"vendor": "\\ud83d"}', "half a character (a lone surrogate)"),
        (b'{"vendor": "a\\u0000"}', "a NUL character"),
        (b'{"vendor": "\xff"}', "broken JSON"),
        (b"[" * 100_000, "broken JSON"),
        (b'{"price": ' + b"9" * 5000 + b"}", "broken JSON"),
        (b'{"title": "' + b"x" * (2 << 20) + b'"}', "a cell of more than 1 MiB"),
    ],
)
def test_one_broken_json_line_costs_that_line_only(desk: Desk, bad: bytes, reason: str) -> None:
    good = b'{"vendor": "pillow", "title": "tea"}\n'
    report = desk.take_one("items.jsonl", good + bad + b"\n" + good, market="bazaar")
    assert (report.rows_in, report.quarantined) == (3, 1)
    assert desk.quarantine() == [("items.jsonl", 2, reason)]


def test_a_cut_gzip_gives_its_whole_rows_and_says_where_it_ends(desk: Desk) -> None:
    rows = "".join(GOOD.format(random.Random(n).random()) for n in range(2000))
    whole = gzip.compress((LISTING_HEADER + rows).encode())
    path = desk.delivery / "items.csv.gz"
    path.write_bytes(whole[: len(whole) // 2])
    report = desk.take(path).files[0]
    report.check()
    assert report.refused is None
    assert report.quarantined == 1
    assert 500 < report.stored < 1500
    (reason,) = report.parts[0].quarantine_reasons
    assert reason == "the file breaks off here: the gzip stream ends early"
    assert desk.quarantine()[0][1] == report.stored + 2


def test_members_of_a_gzip_file_are_read_one_after_another(desk: Desk) -> None:
    path = desk.delivery / "items.csv.gz"
    parts = [LISTING_HEADER, GOOD.format("tea"), GOOD.format("mint")]
    path.write_bytes(b"".join(gzip.compress(part.encode()) for part in parts))
    assert desk.take(path).files[0].stored == 2


def test_a_cut_parquet_file_is_refused(desk: Desk) -> None:
    stream = io.BytesIO()
    pl.DataFrame({"vendor": ["pillow"] * 99, "title": ["tea"] * 99}).write_parquet(stream)
    report = desk.take_one("items.parquet", stream.getvalue()[:-30], market="bazaar")
    assert "damaged Parquet" in (report.refused or "")


def test_a_byte_order_mark_and_windows_line_ends_are_no_content(desk: Desk) -> None:
    desk.take_one(
        "items.csv", "\ufeff" + (LISTING_HEADER + GOOD.format("tea")).replace("\n", "\r\n")
    )
    assert desk.rows("listings", "market", "title", "stated_precision") == [
        ("bazaar", "tea", "year")
    ]


def test_an_unclosed_quote_far_from_the_end_does_not_swallow_what_follows(desk: Desk) -> None:
    body = LISTING_HEADER + 'bazaar,pillow,"tea,1,2014\n' + GOOD.format("mint") * 3000
    report = desk.take_one("items.csv", body)
    assert (report.rows_in, report.quarantined) == (3001, 1)


def test_links_pipes_and_ways_out_of_the_folder_are_refused_and_nothing_hangs(desk: Desk) -> None:
    desk.write("bazaar/items.csv", "vendor,title\npillow,tea\n")
    secret = desk.delivery.parent / "secret.csv"
    secret.write_text("vendor,title\nmole,secret\n")
    (desk.delivery / "bazaar" / "link.csv").symlink_to(secret)
    (desk.delivery / "folder").symlink_to(desk.delivery.parent)
    os.mkfifo(desk.delivery / "pipe.csv")
    report = desk.take(desk.delivery)
    refused = {file.name: file.refused for file in report.files if file.refused}
    assert set(refused) == {"delivery/bazaar/link.csv", "delivery/folder", "delivery/pipe.csv"}
    assert "symbolic link" in str(refused["delivery/bazaar/link.csv"])
    assert "pipe" in str(refused["delivery/pipe.csv"])
    assert desk.table("listings")["handle"].to_list() == ["pillow"]


def test_folders_in_folders_without_end_are_given_up(desk: Desk) -> None:
    desk.write("/".join("d" * 40) + "/items.csv", "vendor,title\npillow,tea\n")
    (refused,) = desk.take(desk.delivery).files
    assert refused.refused == "more than 32 folders deep"


def test_a_pipe_a_link_and_a_missing_file_named_directly_are_refused(desk: Desk) -> None:
    os.mkfifo(desk.delivery / "pipe")
    (desk.delivery / "link").symlink_to(desk.write("items.csv", LISTING_HEADER))
    report = desk.take(*(desk.delivery / name for name in ("pipe", "link", "nothing")))
    assert [file.refused is not None for file in report.files] == [True, True, True]


def test_reading_a_file_anew_replaces_what_was_quarantined_of_it(desk: Desk) -> None:
    content = "who,title\npillow,tea\n"
    refused = desk.take_one("items.csv", content, market="bazaar")
    assert refused.refused is not None
    columns = {"handle": ("who",), "title": ("title",)}
    known = SourceFormat("known", "listings", columns, {"market": "bazaar"})
    desk.take_one("items.csv", content, source_format=known)
    assert (desk.quarantine(), titles(desk)) == ([], ["tea"])


def test_json_rows_that_each_bring_names_of_their_own_cost_neither_memory_nor_silence(
    desk: Desk,
) -> None:
    rows = (f'{{"vendor": "pillow", "title": "tea {n}", "word{n}": "x"}}\n' for n in range(2000))
    report = desk.take_one("items.jsonl", "".join(rows), market="bazaar")
    assert (report.rows_in, report.stored, report.quarantined) == (2000, 254, 1746)
    assert desk.quarantine()[0][1:] == (255, "the file has more than 256 different names")
