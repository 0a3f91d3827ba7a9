"""Saved pages of a folder become listings, profiles and keys that know their page."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from evidence.archive import Archive
from evidence.errors import RefusedInput
from evidence.formats.page_format import own_page_format
from evidence.intake.intake import Wish
from tests.evidence import saved_pages as pages
from tests.evidence.intake_desk import LISTING_HEADER, Desk

DATA = os.environ.get("SAMEHAND_TEST_DATA")


@pytest.fixture
def saved(desk: Desk) -> Desk:
    """A folder of pages of two markets, one of them without an ending, and a table beside."""
    desk.write("scrape/dream/seller_1", pages.DREAM_VENDOR)
    desk.write("scrape/dream/listing.html", pages.DREAM_LISTING)
    desk.write("scrape/cypher.html", pages.cypher_category("Blue tea", "Mint"))
    desk.write("scrape/items.csv", LISTING_HEADER + "bazaar,cushion,tea,1,2014\n")
    desk.write("scrape/tool.py", "# <html>\nprint('<html>')\n")
    return desk


def test_the_pages_of_a_folder_are_one_source_and_a_row_knows_its_page(saved: Desk) -> None:
    report = saved.take(saved.delivery / "scrape")
    folder, table = report.files
    assert (folder.name, table.name) == ("scrape", "scrape/items.csv")
    assert report.left_aside == ["scrape/tool.py"]
    assert [(p.name, p.rows_in, p.stored) for p in folder.parts] == [
        ("cypher listings", 2, 2),
        ("dream accounts", 1, 1),
        ("dream listings", 2, 2),
    ]
    places = saved.table("listings").filter(source_id=folder.source_id)
    assert set(places.select("market", "title", "place").rows()) == {
        ("cypher", "Blue tea", "cypher.html, entry 1"),
        ("cypher", "Mint", "cypher.html, entry 2"),
        ("dream", "Blue tea", "dream/listing.html"),
        ("dream", "Green tea", "dream/seller_1, entry 2"),
    }


def test_what_a_page_says_is_stored_as_if_it_stood_in_a_table(saved: Desk) -> None:
    saved.take(saved.delivery / "scrape")
    (key,) = saved.rows("keys", "market", "handle", "block", "place")
    assert key == ("dream", "Pillow", pages.BLOCK, "dream/seller_1, entry 1")
    accounts = saved.table("accounts").sort("profile")
    assert accounts["profile"].to_list() == ["Hello,\nfriends.", "No refunds\nfor tea."]
    assert accounts["rating"][0] == 4.96
    assert accounts["stated_at"][0] == datetime(2018, 8, 24, tzinfo=UTC)
    listing = saved.table("listings").filter(record_id="11.22")
    assert listing.select("price", "currency", "ships_from").row(0) == (0.05, "BTC", "Norway")


def test_the_same_pages_again_add_nothing_and_a_new_page_makes_another_source(saved: Desk) -> None:
    first = saved.take(saved.delivery / "scrape").files[0]
    again = saved.take(saved.delivery / "scrape").files[0]
    assert (again.source_id, again.stored, again.already_there) == (first.source_id, 0, 5)
    saved.write("scrape/more.html", pages.DREAM_LIST)
    assert saved.take(saved.delivery / "scrape").files[0].source_id != first.source_id


def test_when_a_page_was_saved_is_when_it_was_captured(desk: Desk) -> None:
    desk.take_one("page.html", pages.EMPIRE_LIST)
    captured = datetime(2019, 11, 6, 21, 16, 37, tzinfo=UTC)
    assert desk.rows("listings", "captured_at", "place") == [(captured, "page.html")]


def test_a_page_that_nobody_knows_is_quarantined_with_its_title_and_bytes(desk: Desk) -> None:
    unknown = pages.page("Tea  &amp; more", "<p>hello")
    desk.write("scrape/known.html", pages.DREAM_LIST)
    desk.write("scrape/unknown", unknown)
    desk.write("scrape/nothing.html", "")
    desk.write("scrape/new.html", pages.dream("Rules", "<p>hello"))
    report = desk.take(desk.delivery / "scrape").files[0]
    assert (report.rows_in, report.stored, report.quarantined) == (4, 1, 3)
    assert sorted((name, why) for name, _, why in desk.quarantine()) == [
        ("scrape/new.html", "unknown page 'Rules'"),
        ("scrape/nothing.html", "the page is empty"),
        ("scrape/unknown", "unknown page 'Tea & more'"),
    ]
    raws = Archive(desk.workspace).quarantine()["raw"].to_list()
    assert unknown.encode() in raws


def test_a_row_without_its_owner_is_quarantined_and_its_neighbours_stay(desk: Desk) -> None:
    content = pages.cypher_category("Blue tea", "Mint").replace(">Pillow</a>", "></a>", 1)
    report = desk.take_one("page.html", content)
    assert (report.stored, report.quarantined) == (1, 1)
    (part,) = report.parts
    reason = part.quarantine_reasons["no owner: the handle is empty"]
    assert reason.first == "page.html, entry 1"


def test_a_page_that_breaks_off_gives_what_stands_before_and_is_named(desk: Desk) -> None:
    content = pages.cypher_category("Blue tea", "Mint")
    second = content.rindex('<div class="col-md-4">')
    deep = content[:second] + "<div>" * 3000 + content[second:]
    report = desk.take_one("page.html", deep)
    assert desk.rows("listings", "title") == [("Blue tea",)]
    assert (report.stored, report.quarantined) == (1, 1)
    assert "nested too deeply" in desk.quarantine()[0][2]


def test_a_list_that_lost_its_entries_is_named(desk: Desk) -> None:
    report = desk.take_one("page.html", pages.cypher_category())
    assert report.quarantined == 1
    assert [why for _, _, why in desk.quarantine()] == ["category page without an entry"]


def test_pages_that_say_nothing_of_accounts_are_counted_and_left_aside(desk: Desk) -> None:
    desk.write("scrape/login.html", pages.page("Cryptonia Market - Login", ""))
    desk.write("scrape/list.html", pages.CRYPTONIA_LIST)
    report = desk.take(desk.delivery / "scrape").files[0]
    assert (report.stored, report.left_aside) == (1, 1)
    left = report.part("cryptonia login page")
    assert left.why_left == "it says nothing of an account"


OWN = """
market = "tea house"
known_by = "//body[@class = 'teas']"
[[pages]]
name = "offer"
known_by = "//h1"
[[pages.rows]]
kind = "listings"
handle = "//i"
title = "//h1"
stated_at = { find = "//b", date = "%d.%m.%Y %H:%M" }
"""
OFFER = "<html><body class='teas'><h1>Blue tea</h1><i>Pillow</i><b>02.03.2014 12:00</b></html>"


@pytest.mark.parametrize("name", ["scrape/a", "scrape"])
def test_a_market_that_nobody_knows_yet_is_read_by_a_format_of_one_s_own(
    desk: Desk, name: str
) -> None:
    desk.write("scrape/a", OFFER)
    own = own_page_format(str(desk.write("own.toml", OWN)))
    report = desk.take(desk.delivery / name, wish=Wish(page_format=own)).files[0]
    assert (report.stored, report.quarantined) == (1, 0)
    midday = datetime(2014, 3, 2, 12, tzinfo=UTC)
    columns = ("market", "handle", "title", "stated_at", "stated_precision")
    assert desk.rows("listings", *columns) == [
        ("tea house", "Pillow", "Blue tea", midday, "minute")
    ]


def test_a_mapping_of_columns_is_no_page_format_and_a_broken_one_is_refused(desk: Desk) -> None:
    assert own_page_format(str(desk.write("a.toml", "kind = 'posts'"))) is None
    assert own_page_format("agora-items") is None
    with pytest.raises(RefusedInput, match="'market' is missing"):
        own_page_format(str(desk.write("b.toml", OWN.replace("market", "name", 1))))


def test_a_person_s_word_for_the_market_beats_the_page_s(desk: Desk) -> None:
    desk.take_one("page.html.gz", pages.DREAM_LIST, market="dream two")
    assert desk.rows("listings", "market") == [("dream two",)]


@pytest.mark.parametrize(
    ("encode", "declared"),
    [
        ("utf-8", "iso-8859-1"),
        ("utf-16", "utf-8"),
        ("windows-1252", "iso-8859-1"),
        ("koi8-r", "koi8-r"),
    ],
)
def test_letters_are_read_whatever_the_page_declares(
    desk: Desk, encode: str, declared: str
) -> None:
    title = "Чай" if encode == "koi8-r" else "Thé, 5 €"
    content = pages.cypher_category(title).replace("<title>", f'<meta charset="{declared}"><title>')
    desk.take_one("page.html", content.encode(encode))
    assert desk.rows("listings", "title") == [(title,)]


@pytest.mark.skipif(DATA is None, reason="SAMEHAND_TEST_DATA names no folder")
def test_every_real_page_is_read_or_named(desk: Desk) -> None:
    report = desk.take(*sorted((Path(DATA or "") / "html").glob("*.tar.gz")), wish=Wish())
    found = [file for file in report.files if file.name.endswith(".tar.gz")]
    counts = {p.name: (p.rows_in, p.quarantined) for file in found for p in file.parts}
    assert counts["cypher listings"] == (4407, 0)
    assert counts["white house listings"] == (1374, 1)
    assert counts["yellow brick listings"] == (385, 0)
    assert counts["dream listings"] == (245, 0)
    assert counts["dream accounts"] == (11, 0)
    assert counts["cryptonia listings"] == (140, 0)
    assert counts["cryptonia accounts"] == (23, 0)
    assert counts["empire listings"] == (56, 1)
    assert counts["empire accounts"] == (9, 0)
    assert counts["apollon listings"] == (117, 0)
    assert counts["apollon accounts"] == (11, 0)
    assert desk.table("keys").height == 25
    assert sum(file.quarantined for file in found) == 25
