"""Mail folders: each message a post of its sender; hostile mails cost themselves alone."""

from email.message import EmailMessage

import pytest

from tests.evidence.intake_desk import JPEG, Desk

POSTMARK = "From pillow@tea.example Mon Apr 12 10:00:00 2021"
BLOCK = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nxyz\n-----END PGP PUBLIC KEY BLOCK-----"
HEADERS = "From: Pillow & Sons <pillow@tea.example>\nDate: Mon, 12 Apr 2021 10:00:00 +0200\n"


def plain(body: str, headers: str = HEADERS) -> str:
    return f"{POSTMARK}\n{headers}\n{body}\n\n"


def built(message: EmailMessage) -> str:
    message["From"] = "pillow@tea.example"
    return f"{POSTMARK}\n{message.as_string()}\n\n"


def test_a_message_is_a_post_of_its_sender_with_its_byte(desk: Desk) -> None:
    said = "Subject: new teas\nMessage-ID: <2@tea.example>\nReferences: <1@x> <0@x>\n"
    first, second = plain("one"), plain("kettles are back\n> are they?", HEADERS + said)
    report = desk.take_one("inbox", first + second, market="hall")
    assert (report.rows_in, report.stored, report.flawed) == (2, 2, 0)
    assert desk.rows("posts", "market", "handle", "record_id", "thread", "title", "body")[1] == (
        *("hall", "pillow@tea.example", "<2@tea.example>", "<1@x>", "new teas"),
        "kettles are back\n> are they?",
    )
    places = desk.rows("posts", "place", "position", "stated_precision")
    assert places[1] == (f"message 2 at byte {len(first) + 1}", len(first) + 1, "second")


def test_the_address_and_the_name_of_the_sender_are_extracted_from_his_profile(desk: Desk) -> None:
    desk.take_one("inbox", plain("one") + plain("two"), market="hall")
    assert desk.rows("accounts", "profile") == [
        ("e-mail: pillow@tea.example\nshown as: Pillow & Sons",)
    ]
    found = desk.corpus().spans.filter(kind="email")["value"].to_list()
    assert found == ["pillow@tea.example"]


def test_a_list_is_the_market_of_its_mails(desk: Desk) -> None:
    """RFC 2919."""
    desk.take_one("list", plain("one", HEADERS + "List-Id: Tea talk <talk.tea.example>\n"))
    assert desk.rows("posts", "market", "board") == [("talk.tea.example", "talk.tea.example")]


def test_without_list_and_market_one_has_to_be_said(desk: Desk) -> None:
    report = desk.take_one("inbox", plain("one"))
    assert "say --market NAME" in (report.refused or "")
    listed = plain("two", HEADERS + "List-Id: <talk.tea.example>\n")
    report = desk.take_one("both", plain("one") + listed)
    assert (report.stored, report.quarantined) == (1, 1)
    assert ("both: posts", 1, "no market: no column names it and none was given") in (
        desk.quarantine()
    )


def test_lines_that_begin_with_from_are_the_bodys_and_lose_one_quote(desk: Desk) -> None:
    """The formats mboxo and mboxrd."""
    body = "From here on\n\nFrom now to then\n>From me\n>>From you\n> From us"
    desk.take_one("inbox", plain(body) + plain("two"), market="hall")
    assert desk.rows("posts", "body") == [
        ("From here on\n\nFrom now to then\nFrom me\n>From you\n> From us",),
        ("two",),
    ]


def test_encoded_words_and_transfer_encodings_are_decoded(desk: Desk) -> None:
    """RFC 2047 and RFC 2045."""
    message = EmailMessage()
    message["Subject"] = "Grüße aus dem Teehaus"
    message.set_content("Zwölf Kessel\n", charset="iso-8859-1", cte="quoted-printable")
    desk.take_one("inbox", built(message), market="hall")
    assert desk.rows("posts", "title", "body") == [("Grüße aus dem Teehaus", "Zwölf Kessel")]


@pytest.mark.parametrize(
    ("charset", "flaw"),
    [
        ("utf-8", "body: bytes that are no UTF-8"),
        ("us-ascii", "body: bytes that are no UTF-8"),
        ("klingon", "body: an unknown character set, read as UTF-8"),
        ("unicode_escape", "body: an unknown character set, read as UTF-8"),
    ],
)
def test_bytes_that_are_none_of_their_character_set_are_named(
    desk: Desk, charset: str, flaw: str
) -> None:
    good = b"caf\xc3\xa9" if "unknown" in flaw else b"caf\xe9"
    headers = f"{HEADERS}Content-Type: text/plain; charset={charset}\n"
    raw = plain("BODY", headers).encode().replace(b"BODY", good)
    desk.take_one("inbox", raw, market="hall")
    assert desk.rows("posts", "flaws") == [([flaw],)]
    assert str(desk.rows("posts", "body")[0][0]).startswith("caf")


def test_html_is_read_as_seen_and_what_it_quotes_stays_quoted(desk: Desk) -> None:
    message = EmailMessage()
    page = "<p>yes, <b>gladly</b></p><blockquote>shall we?<br>soon?</blockquote><p>bye</p>"
    message.set_content(f"<html><body>{page}<script>x()</script></body></html>", subtype="html")
    desk.take_one("inbox", built(message), market="hall")
    assert desk.rows("posts", "body") == [("yes, gladly\n\n> shall we?\n> soon?\n\nbye",)]


def test_of_two_forms_of_a_body_the_plain_one_is_read(desk: Desk) -> None:
    message = EmailMessage()
    message.set_content("plain words\n")
    message.add_alternative("<p>other words</p>", subtype="html")
    desk.take_one("inbox", built(message), market="hall")
    assert desk.rows("posts", "body", "flaws") == [("plain words", [])]


def test_attached_keys_are_keys_and_other_attachments_are_named(desk: Desk) -> None:
    message = EmailMessage()
    message.set_content("my key\n")
    message.add_attachment(BLOCK.encode(), maintype="application", subtype="pgp-keys")
    message.add_attachment(JPEG, maintype="image", subtype="jpeg", filename="me.jpg")
    message.add_attachment(BLOCK, filename="key.asc")
    report = desk.take_one("inbox", built(message), market="hall")
    assert (report.rows_in, report.stored, report.already_there) == (3, 2, 1)
    assert desk.rows("keys", "handle", "block") == [("pillow@tea.example", BLOCK)]
    assert desk.rows("posts", "flaws") == [(["attachments: left unread (image)"],)]


def test_a_mail_inside_a_mail_is_not_its_senders_words(desk: Desk) -> None:
    inner, message = EmailMessage(), EmailMessage()
    inner["From"] = "cushion@tea.example"
    inner.set_content("secret recipe\n")
    message.set_content("see below\n")
    message.add_attachment(inner)
    desk.take_one("inbox", built(message), market="hall")
    assert desk.rows("posts", "handle", "body") == [("pillow@tea.example", "see below")]


def nested(depth: int) -> str:
    opened = "".join(
        f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(depth)
    )
    return plain("x", HEADERS + opened)


MANY_PARTS = plain("--b\n\nx\n" * 12_000, HEADERS + 'Content-Type: multipart/mixed; boundary="b"\n')


@pytest.mark.parametrize(
    ("bomb", "reason"),
    [
        (nested(2_000), "2000 nested parts"),
        (MANY_PARTS, "more than 10,000 parts"),
        (plain("\n" * 1_000_001), "more than 1,000,000 lines"),
        (plain("x" * (17 << 20)), "more than 16 MiB"),
        (plain("x", HEADERS + "Content-Type: text/plain" + ';a="' * 9_000 + "\n"), "8 KiB"),
        (plain("words without headers", ""), "no headers"),
        (plain("x", "Subject: nobody's\n"), "no owner"),
        (plain("x\0x"), "a NUL character"),
    ],
)
def test_a_mail_that_cannot_be_read_costs_itself_alone(desk: Desk, bomb: str, reason: str) -> None:
    report = desk.take_one("inbox", plain("before") + bomb + plain("behind"), market="hall")
    named = [str(why) for _, _, why in desk.quarantine()]
    named += desk.table("posts")["flaws"].explode().drop_nulls().to_list()
    assert any(reason in why for why in named), named
    bodies = [body for (body,) in desk.rows("posts", "body")]
    assert (bodies[0], bodies[-1]) == ("before", "behind")
    assert report.rows_in == 3


def test_wrong_boundaries_lose_no_word(desk: Desk) -> None:
    headers = HEADERS + 'Content-Type: multipart/mixed; boundary="never"\n'
    desk.take_one("inbox", plain("some words", headers), market="hall")
    assert desk.rows("posts", "body", "flaws") == [
        ("some words", ["parts: none can be told from another"])
    ]


def test_rubbish_between_two_messages_hides_neither(desk: Desk) -> None:
    raw = plain("before").encode() + b"\xff\xd8\xff" + plain("behind").encode()
    report = desk.take_one("inbox", raw, market="hall")
    assert desk.rows("posts", "body") == [("before",), ("behind",)]
    assert [why for _, _, why in desk.quarantine()] == ["it belongs to no message"]
    assert report.rows_in == 3


def test_a_date_that_is_none_is_a_flaw(desk: Desk) -> None:
    desk.take_one("inbox", plain("x", "From: a@b.example\nDate: teatime\n"), market="hall")
    assert desk.rows("posts", "flaws") == [(["stated_at: not a date"],)]


def test_a_text_that_speaks_of_mail_is_no_folder(desk: Desk) -> None:
    report = desk.take_one("notes.csv", "From here,vendor,title\nx,pillow,tea\n", market="hall")
    assert report.parts[0].read_as == "listings"
