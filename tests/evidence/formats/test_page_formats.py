"""Pages of seven markets, as they are built, with invented words: every field is found."""

import pytest

from evidence.errors import RefusedInput
from evidence.formats.page_format import page_format, page_formats
from evidence.formats.page_rows import read_page
from tests.evidence import saved_pages as pages

FORMATS = page_formats()
TEA = {"handle": "Pillow", "title": "Blue tea"}
CAPTURED = {"captured_at": "2019-10-27 12:58"}
EMPIRE = {"captured_at": "2019-11-06T21:16:37", "handle": "Pillow"}
EMPIRE_USER = {**EMPIRE, "rating": "99.7", "stated_at": "2019-04-19"}
APOLLON_USER = {"handle": "Pillow", "rating": "98", "stated_at": "2019-09-30"}
SAID = {
    "cypher category": (
        pages.cypher_category("Blue tea", "Mint"),
        [
            ("listings", {**TEA, "record_id": "77-a0", "category": "Teas & Herbs", "price": "3 $"}),
            (
                "listings",
                {
                    "handle": "Pillow",
                    "title": "Mint",
                    "record_id": "77-a1",
                    "category": "Teas & Herbs",
                    "price": "3 $",
                },
            ),
        ],
    ),
    "white house list": (
        pages.WHITE_HOUSE_LIST,
        [
            (
                "listings",
                {
                    **TEA,
                    "record_id": "31",
                    "category": "Teas",
                    "price": "EUR 12.50",
                    "ships_from": "Norway",
                    "ships_to": "Worldwide",
                },
            )
        ],
    ),
    "yellow brick list": (
        pages.YELLOW_BRICK_LIST,
        [
            (
                "listings",
                {
                    **TEA,
                    "record_id": "0123",
                    "category": "Teas",
                    "price": "$80",
                    "ships_from": "Norway",
                },
            )
        ],
    ),
    "dream listing": (
        pages.DREAM_LISTING,
        [
            (
                "listings",
                {
                    **TEA,
                    "record_id": "11.22",
                    "description": "Dried by hand.\n\nFresh & blue.",
                    "profile": "No refunds\nfor tea.",
                    "price": "฿0.05 (€7.28)",
                    "ships_from": "Norway",
                    "ships_to": "Worldwide",
                },
            )
        ],
    ),
    "dream vendor": (
        pages.DREAM_VENDOR,
        [
            (
                "accounts",
                {
                    "handle": "Pillow",
                    "profile": "Hello,\nfriends.",
                    "block": pages.BLOCK,
                    "rating": "4.96",
                    "stated_at": "2018-08-24",
                },
            ),
            (
                "listings",
                {"handle": "Pillow", "title": "Green tea", "record_id": "33.44", "price": "$76.7"},
            ),
        ],
    ),
    "dream list": (
        pages.DREAM_LIST,
        [
            (
                "listings",
                {
                    "handle": "Pillow",
                    "title": "Green tea",
                    "record_id": "33.44",
                    "price": "$76.7",
                    "ships_from": "NO",
                    "ships_to": "WW",
                },
            )
        ],
    ),
    "cryptonia listing": (
        pages.CRYPTONIA_LISTING,
        [
            (
                "listings",
                {
                    **TEA,
                    **CAPTURED,
                    "record_id": "19",
                    "description": "Dried by hand.\n\nBlue.",
                    "profile": "No refunds",
                    "category": "Teas",
                    "price": "485.00 USD/112g",
                    "ships_from": "Norway",
                    "ships_to": "Sweden",
                },
            )
        ],
    ),
    "cryptonia user": (
        pages.CRYPTONIA_USER,
        [
            (
                "accounts",
                {
                    **CAPTURED,
                    "handle": "Pillow",
                    "profile": "Hello, friends\n\nNo refunds",
                    "block": pages.BLOCK,
                    "rating": "96.87%",
                    "stated_at": "2019-04-15 13:19:58",
                },
            )
        ],
    ),
    "cryptonia list": (
        pages.CRYPTONIA_LIST,
        [
            (
                "listings",
                {
                    **TEA,
                    **CAPTURED,
                    "record_id": "55",
                    "category": "Teas",
                    "price": "19.41 USD/3.5g",
                    "ships_from": "NO",
                    "ships_to": "SE",
                },
            )
        ],
    ),
    "empire listing": (
        pages.EMPIRE_LISTING,
        [
            (
                "listings",
                {
                    **EMPIRE,
                    "title": "Blue tea",
                    "description": "Dried by hand.\n\nBlue.",
                    "price": "USD 2.00",
                    "ships_from": "Norway",
                    "ships_to": "World Wide",
                },
            )
        ],
    ),
    "empire user, about": (
        pages.empire_user("<h3>About Pillow</h3><p>Hello,\nfriends.</p>"),
        [("accounts", {**EMPIRE_USER, "profile": "Hello,\nfriends."})],
    ),
    "empire user, key": (
        pages.empire_user(f"<h3>PGP</h3><pre>{pages.BLOCK}</pre>"),
        [("accounts", {**EMPIRE_USER, "block": pages.BLOCK})],
    ),
    "empire list": (
        pages.EMPIRE_LIST,
        [
            (
                "listings",
                {
                    **EMPIRE,
                    "title": "Blue tea",
                    "record_id": "35",
                    "category": "Teas / Blue",
                    "price": "USD 75.00",
                },
            )
        ],
    ),
    "apollon listing": (
        pages.APOLLON_LISTING,
        [
            (
                "listings",
                {
                    **TEA,
                    "record_id": "83",
                    "description": "Dried by hand.\nBlue.",
                    "price": "4.00 USD",
                    "ships_from": "Norway",
                    "ships_to": "World Wide",
                },
            )
        ],
    ),
    "apollon user, about": (
        pages.apollon_user(pages.APOLLON_ABOUT),
        [
            (
                "accounts",
                {**APOLLON_USER, "profile": "E-Mail : pillow@tea.example\n\nHello <friends>"},
            )
        ],
    ),
    "apollon user, key": (
        pages.apollon_user(f"<pre>{pages.BLOCK}</pre>"),
        [("accounts", {**APOLLON_USER, "block": pages.BLOCK})],
    ),
    "apollon list": (
        pages.APOLLON_LIST,
        [
            (
                "listings",
                {**TEA, "record_id": "83", "category": "Herbs / Teas", "price": "58.05 USD"},
            )
        ],
    ),
}
"""By name a page, and its rows."""


@pytest.mark.parametrize("name", SAID)
def test_what_stands_on_a_page_is_found(name: str) -> None:
    content, rows = SAID[name]
    found = read_page(content.encode(), FORMATS)
    assert found.fault is None
    assert list(found.rows) == rows
    assert name.startswith(str(found.market))


@pytest.mark.parametrize(
    ("content", "market", "name"),
    [
        (pages.page("Cryptonia Market - Login", ""), "cryptonia", "login page"),
        (pages.page("Dream Market Login", "", pages.DREAM_HEAD), "dream", "login page"),
        (pages.page("Empire Market - Home", ""), "empire", "start page"),
        (
            pages.page("Error 404 - Apollon Market", "", pages.APOLLON_HEAD),
            "apollon",
            "page that is gone",
        ),
    ],
)
def test_a_known_page_that_says_nothing_of_an_account_is_no_fault(
    content: str, market: str, name: str
) -> None:
    found = read_page(content.encode(), FORMATS)
    assert (found.market, found.name, found.rows, found.fault) == (market, name, [], None)


def test_every_market_and_kind_of_row_is_tried_here() -> None:
    tried = {
        (read_page(c.encode(), FORMATS).market, kind)
        for c, rows in SAID.values()
        for kind, _ in rows
    }
    known = {(f.market, r.kind) for f in FORMATS for p in f.pages for r in p.rows}
    assert tried == known


def test_no_page_is_of_two_markets() -> None:
    for content, _ in SAID.values():
        owners = [f.market for f in FORMATS if read_page(content.encode(), [f]).market is not None]
        assert len(owners) == 1


GOOD = {"market": "bazaar", "known_by": "//a", "pages": [{"name": "x", "known_by": "//b"}]}
ROWS = {"kind": "posts", "handle": "//c"}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"known_by": "//["}, "Invalid"),
        ({"pages": [{"name": "x"}]}, "'known_by' is missing"),
        ({"pages": [{**GOOD["pages"][0], "rows": [{**ROWS, "price": "//d"}]}]}, "no 'price'"),
        ({"pages": [{**GOOD["pages"][0], "rows": [{**ROWS, "kind": "x"}]}]}, "'x'"),
        (
            {
                "pages": [
                    {**GOOD["pages"][0], "rows": [{**ROWS, "body": {"find": "//d", "mach": ""}}]}
                ]
            },
            "no 'mach'",
        ),
        (
            {
                "pages": [
                    {**GOOD["pages"][0], "rows": [{**ROWS, "body": {"find": "//d", "match": "("}}]}
                ]
            },
            "unterminated",
        ),
    ],
)
def test_a_broken_format_is_refused_with_what_is_wrong(change: dict, reason: str) -> None:
    with pytest.raises(RefusedInput, match=f"page format toy: .*{reason}"):
        page_format("toy", {**GOOD, **change})
