"""What a file is follows from the names of its columns."""

import pytest

from evidence.errors import RefusedInput
from evidence.formats.columns import guess


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        (
            "market,vendor,title,description,category,price,currency,ships_from,date,source_id",
            "listings",
        ),
        ("seller,name,origin", "listings"),
        ("vendor,title", "listings"),
        ("vendor,title,text,timestamp", "listings"),
        ("Vendor,Item,Price,Rating", "listings"),
        ("author,date,board,thread,title,body", "posts"),
        ("user,message", "posts"),
        ("author,subject,content,posted_at", "posts"),
        ("author,date,fpr,n_keys,alg,created,uid,key", "keys"),
        ("handle,public_key", "keys"),
        ("username,pgp", "accounts"),
        ("username,bio,pgp,registered", "accounts"),
        ("user,profile", "accounts"),
        ("handle,description", "accounts"),
        ("handle,rating", "accounts"),
        ("handle", "accounts"),
        ("name,bio", "accounts"),
        ("market,name,bio,ships_from", "accounts"),
        ("handle,photos", "photos"),
        ("name,kind,opens,closes", "markets"),
        ("name,opened,closed,reason,aliases,belongs_to", "markets"),
    ],
)
def test_the_columns_decide_what_a_file_is(header: str, kind: str) -> None:
    assert guess(header.split(","), None).kind == kind


def test_names_are_known_in_any_case_and_spelling() -> None:
    reading = guess(["Vendor Name", " TITLE", "shipsFrom", "Posted-At"], None)
    assert reading.columns == {
        "handle": "Vendor Name",
        "title": " TITLE",
        "ships_from": "shipsFrom",
        "stated_at": "Posted-At",
    }


@pytest.mark.parametrize("word", ["description", "body", "text", "content", "message"])
def test_every_word_for_a_text_is_a_listing_s_description(word: str) -> None:
    assert guess(["seller", "title", "price", word], None).columns["description"] == word


@pytest.mark.parametrize("word", ["profile", "bio", "about"])
def test_every_word_for_a_profile_is_one(word: str) -> None:
    assert guess(["username", word], None).columns["profile"] == word


@pytest.mark.parametrize("word", ["date", "posted_at", "timestamp", "registered"])
def test_every_word_for_a_time_is_one(word: str) -> None:
    assert guess(["username", "profile", word], None).columns["stated_at"] == word


@pytest.mark.parametrize("word", ["source_id", "id", "url"])
def test_every_word_for_an_id_is_one(word: str) -> None:
    assert guess(["author", "body", word], None).columns["record_id"] == word


def test_a_person_s_word_beats_the_guess() -> None:
    assert guess(["author", "title", "description"], "posts").columns["body"] == "description"


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("title,price", None),
        ("market,name,price", None),
        ("colour", None),
        ("author,body", "keys"),
    ],
)
def test_a_file_without_owner_or_content_is_refused(header: str, kind: str | None) -> None:
    with pytest.raises(RefusedInput, match="name it with --map"):
        guess(header.split(","), kind)
