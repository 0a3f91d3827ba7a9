import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.handles.folding import disguised, fold, skeleton
from features.handles.words import bare, stems, words

NAMES = st.lists(st.text(max_size=12), max_size=8)


def folded(handle: str) -> str:
    return fold(pl.Series("handle", [handle])).item()


@pytest.mark.parametrize(
    "shown",
    [
        "greentable",
        "GreenTable",
        "green_table",
        "Green Table",
        "Gr33n-T4bl3",
        "gréén täble",
        "\uff27\uff52\uff45\uff45ntable",
        "green\u200btable",
        "\u202egreentable\u202c",
        "gr\u0435\u0435nt\u0430ble",
        "green.t@ble",
    ],
)
def test_one_handle_written_in_many_ways_has_one_look_up_form(shown):
    assert folded(shown) == "greentable"


def test_a_handle_of_digits_alone_keeps_them():
    assert folded("1337") == "1337"
    assert folded("13-37") == "1337"


def test_a_handle_without_letters_or_digits_keeps_its_signs():
    assert folded("★★") == "★★"
    assert folded("★★") != folded("☂")


def test_a_masked_handle_stays_absent():
    assert fold(pl.Series("handle", [None, "Bob"], pl.String)).to_list() == [None, "bob"]


def test_the_column_keeps_its_name_and_may_be_empty():
    assert fold(pl.Series("handle", [], pl.String)).name == "handle"


@settings(max_examples=60, deadline=None)
@given(NAMES)
def test_folding_twice_is_folding_once(handles):
    once = fold(pl.Series("handle", handles, pl.String))
    assert fold(once).to_list() == once.to_list()


@settings(max_examples=40, deadline=None)
@given(NAMES)
def test_case_does_not_matter(handles):
    ascii_only = [handle.encode("ascii", "ignore").decode() for handle in handles]
    lower = fold(pl.Series("handle", [handle.lower() for handle in ascii_only], pl.String))
    upper = fold(pl.Series("handle", [handle.upper() for handle in ascii_only], pl.String))
    assert lower.to_list() == upper.to_list()


def test_a_one_may_stand_for_i_or_l():
    forms = skeleton(pl.Series("handle", ["P1LL0W", "pillow"]))
    assert forms[0] == forms[1]


def test_words_end_at_separators_capitals_and_numbers():
    found = words(pl.Series("handle", ["GreenTable_2020", None, "the-oak22_x", "☂"]))
    assert found.rows() == [
        (0, "green"),
        (0, "table"),
        (0, "2020"),
        (2, "the"),
        (2, "oak"),
        (2, "22"),
        (2, "x"),
    ]


@pytest.mark.parametrize(
    ("shown", "read"),
    [
        ("gr\u0435\u0435nt\u0430bl\u0435", "greentable"),
        ("ᴳʳᴇᴇɴᴛᴀʙʟᴇ", "greentable"),
        ("".join(chr(0x1D586 + ord(c) - ord("a")) for c in "greentable"), "greentable"),
        ("\U0001f156\U0001f161een", "green"),
        ("\u041dORN", "horn"),
        ("Łódź", "lodz"),
        ("Straße", "strasse"),
        ("\u3164oak\u2800", "oak"),
        ("東京", "東京"),
        ("기린", "기린"),
    ],
)
def test_characters_are_read_as_the_latin_ones_they_look_like_and_others_stay(shown, read):
    assert folded(shown) == read


def test_only_look_alikes_of_another_script_are_a_disguise():
    handles = pl.Series("handle", ["oak", "o\u0430k", "ø\u0301ak", "ᴏᴀᴋ", "東京", None])
    assert disguised(handles).to_list() == [False, True, False, False, False, None]


@pytest.mark.parametrize(
    "other",
    [
        "mapledesk_official",
        "TheMapledesk",
        "mapledesk-on-harbour",
        "mapledeskonharbour",
        "mapledesk2019",
        "mapledesk_v2",
        "Mapledesk2",
        "desk.maple",
        "DeskMaple",
        "rnapledesk",
    ],
)
def test_what_stands_around_a_name_and_the_order_of_its_words_are_left_out(other):
    left_over = bare(pl.Series("handle", ["MapleDesk", other]), ["harbour"])
    assert stems(left_over["sorted"]).n_unique() == 1


def test_a_handle_of_titles_alone_keeps_them():
    assert bare(pl.Series("handle", ["TheOfficial"]), [])["bare"].to_list() == ["theofflclal"]


def test_every_character_is_folded_once_and_for_all():
    characters = pl.Series([chr(c) for c in (*range(0xD800), *range(0xE000, 0x1F200))])
    once = fold("x" + characters + "y")
    assert fold(once).equals(once)


@pytest.mark.parametrize(
    "shown",
    ["x" * 100_000, "a" + "\u0301\u0327" * 50_000, "\u202e" * 100_000, "👨\u200d" * 50_000],
)
def test_a_handle_of_a_hundred_thousand_characters_is_folded_like_any_other(shown):
    assert len(folded(shown)) <= len(shown)


def test_folding_leaves_the_handles_it_was_given_as_they_are():
    handles = pl.Series("handle", ["\u043eak", "oak"])
    fold(handles)
    disguised(handles)
    assert handles.to_list() == ["\u043eak", "oak"]
