"""A seized forum: the same accounts, posts and messages from every form of its database."""

import zipfile
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from evidence.archive import Archive
from evidence.formats.sql_markup import TEXTS
from evidence.intake.wishes import Wish
from tests.evidence.databases import Tables, mysql_dump, postgres_dump, sqlite_file
from tests.evidence.intake_desk import Desk

KEY = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQ==\n-----END PGP PUBLIC KEY BLOCK-----"
PHPBB: Tables = {
    "phpbb_forums": (
        "forum_id int, parent_id int, forum_name varchar(255), forum_desc text",
        [(2, 0, "Tea &amp; cake", "")],
    ),
    "phpbb_log": ("log_id int, user_id int, log_data text, username text", [(1, 48, "x", "x")]),
    "phpbb_posts": (
        "post_id int, topic_id int, forum_id int, poster_id int, poster_ip varchar(40),"
        " post_time int, post_username varchar(255), post_subject varchar(255), post_text text",
        [
            (11, 5, 2, 48, "10.0.0.1", 1300000100, "", "Re: Which tea?", "It's <b>\\o/\n&amp;"),
            (12, 5, 2, 1, "10.0.0.2", 1300000200, "passer-by", "", "<t>Green, I say.</t>"),
        ],
    ),
    "phpbb_privmsgs": (
        "msg_id int, author_id int, author_ip varchar(40), message_time int,"
        " message_subject varchar(255), message_text text",
        [(7, 48, "10.0.0.1", 1300000300, "hello", "come to the other market")],
    ),
    "phpbb_profile_fields_data": ("user_id int, pf_pgp_key text, pf_place text", [(48, KEY, "")]),
    "phpbb_topics": (
        "topic_id int, forum_id int, topic_title varchar(255), topic_poster int",
        [(5, 2, "Which tea?", 48)],
    ),
    "phpbb_users": (
        "user_id int, user_type int, user_ip varchar(40), user_regdate int, username varchar(255),"
        " user_password varchar(255), user_email varchar(100), user_sig text",
        [
            (1, 2, "", 0, "Anonymous", "", "", ""),
            (48, 0, "10.9.9.9", 1300000000, "pil&amp;low", "$2y$secret", "p@tea.example", "mine"),
        ],
    ),
}
SMF: Tables = {
    "smf_boards": ("id_board int, name varchar(255), description text", [(2, "Tea & cake", "")]),
    "smf_members": (
        "id_member int, member_name varchar(80), date_registered int, real_name varchar(255),"
        " passwd varchar(64), email_address varchar(255), signature text, member_ip varbinary(16)",
        [
            (
                48,
                "pillow1",
                1300000000,
                "pil&amp;low",
                "secret",
                "p@tea.example",
                "mine",
                b"\x7f\x00",
            )
        ],
    ),
    "smf_messages": (
        "id_msg int, id_topic int, id_board int, poster_time int, id_member int,"
        " subject varchar(255), poster_name varchar(255), poster_ip varbinary(16), body text",
        [
            (10, 5, 2, 1300000050, 48, "Which tea?", "old name", b"\x00", "So?"),
            (11, 5, 2, 1300000100, 48, "Re: Which tea?", "x", None, "It&#039;s<br />\\o/ &amp;"),
            (12, 5, 2, 1300000200, 0, "Re: Which tea?", "passer-by", None, "Green, I say."),
        ],
    ),
    "smf_personal_messages": (
        "id_pm int, id_member_from int, from_name varchar(255), msgtime int, subject varchar(255),"
        " body text",
        [(7, 48, "pillow1", 1300000300, "hello", "come to the other market")],
    ),
    "smf_themes": (
        "id_member int, id_theme int, variable varchar(255), value text",
        [(48, 1, "cust_pgp", KEY), (48, 1, "theme_dir", "/srv")],
    ),
    "smf_topics": ("id_topic int, id_board int, id_first_msg int", [(5, 2, 10)]),
}
MYBB: Tables = {
    "mybb_forums": ("fid int, name varchar(120), description text", [(2, "Tea & cake", "")]),
    "mybb_posts": (
        "pid int, tid int, fid int, subject varchar(120), uid int, username varchar(80),"
        " dateline int, message text, ipaddress varbinary(16)",
        [
            (
                11,
                5,
                2,
                "RE: Which tea?",
                48,
                "before",
                1300000100,
                "It's [b]\\o/[/b]\n&",
                b"\x7f\0",
            ),
            (12, 5, 2, "", 0, "passer-by", 1300000200, "Green, I say.", b"\xff\xfe"),
        ],
    ),
    "mybb_privatemessages": (
        "pmid int, uid int, toid int, fromid int, subject varchar(120), message text, dateline int",
        [
            (7, 48, 49, 48, "hello", "come to the other market", 1300000300),
            (8, 49, 49, 48, "hello", "come to the other market", 1300000300),
        ],
    ),
    "mybb_threads": (
        "tid int, fid int, subject varchar(120), uid int, username varchar(80)",
        [(5, 2, "Which tea?", 48, "pil&low")],
    ),
    "mybb_userfields": ("ufid int, fid1 text, fid4 text", [(48, "", KEY)]),
    "mybb_users": (
        "uid int, username varchar(120), password varchar(120), email varchar(220), usergroup int,"
        " regdate int, signature text, reputation int, lastip varbinary(16)",
        [(48, "pil&low", "secret", "p@tea.example", 2, 1300000000, "mine", 17, b"\x0a\0\0\x01")],
    ),
}
VBULLETIN: Tables = {
    "forum": ("forumid int, title varchar(100), description text", [(2, "Tea &amp; cake", "")]),
    "pmtext": (
        "pmtextid int, fromuserid int, fromusername varchar(100), title varchar(250), message text,"
        " touserarray text, dateline int",
        [(7, 48, "before", "hello", "come to the other market", "a:1:{}", 1300000300)],
    ),
    "post": (
        "postid int, threadid int, username varchar(100), userid int, title varchar(250),"
        " dateline int, pagetext text, ipaddress char(15)",
        [
            (11, 5, "before", 48, "", 1300000100, "It's [B]\\o/[/B]\r\n&", "10.0.0.1"),
            (12, 5, "passer-by", 0, "", 1300000200, "Green, I say.", ""),
        ],
    ),
    "thread": (
        "threadid int, title varchar(250), forumid int, postusername varchar(100)",
        [(5, "Which tea?", 2, "before")],
    ),
    "user": (
        "userid int, usergroupid int, username varchar(100), password char(32), email char(100),"
        " joindate int, reputation int, ipaddress char(15), salt char(30)",
        [(48, 2, "pil&amp;low", "secret", "p@tea.example", 1300000000, 17, "10.9.9.9", "salt")],
    ),
    "userfield": ("userid int, temp text, field1 text, field5 text", [(48, "t", "", KEY)]),
    "usertextfield": ("userid int, signature text", [(48, "mine")]),
}
FORUMS = {"phpBB 3": PHPBB, "SMF 2": SMF, "MyBB 1.8": MYBB, "vBulletin 4": VBULLETIN}
FORMS = ("sqlite", "mysql.sql", "mysql.sql.gz", "copy.sql", "inserts.sql")
BODIES = {
    "phpBB 3": "It's <b>\\o/\n&",
    "SMF 2": "It's\n\\o/ &",
    "MyBB 1.8": "It's [b]\\o/[/b]\n&",
    "vBulletin 4": "It's [B]\\o/[/B]\r\n&",
}


def written(desk: Desk, form: str, tables: Tables) -> Path:
    if form == "sqlite":
        return sqlite_file(desk.delivery / "forum.db", tables)
    if form.startswith("mysql"):
        return desk.write(form, mysql_dump(tables))
    return desk.write(form, postgres_dump(tables, with_inserts=form == "inserts.sql"))


def at(second: int) -> datetime:
    return datetime.fromtimestamp(1_300_000_000 + second, UTC)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("program", FORUMS)
def test_a_forum_gives_its_accounts_posts_and_messages(desk: Desk, program: str, form: str) -> None:
    path = written(desk, form, FORUMS[program])
    report = desk.take(path, wish=Wish(market="teahouse")).files[0]
    report.check()
    assert report.refused is None
    read = {part.how for part in report.parts if part.read_as}
    assert read == {f"a forum of {program}"}
    account = desk.table("accounts").select("handle", "record_id", "stated_at").rows()
    assert account == [("pil&low", "48", at(0))]
    posts = desk.table("posts").filter(pl.col("record_id").is_in(["11", "12"]))
    assert posts.sort("record_id").select(
        "handle", "board", "thread", "body", "stated_at"
    ).rows() == [
        ("pil&low", "Tea & cake", "Which tea?", BODIES[program], at(100)),
        ("passer-by", "Tea & cake", "Which tea?", "Green, I say.", at(200)),
    ]
    messages = desk.table("posts").filter(board="private messages")
    assert messages.select("handle", "title", "body", "stated_at").rows() == [
        ("pil&low", "hello", "come to the other market", at(300))
    ]


@pytest.mark.parametrize("program", FORUMS)
def test_a_profile_holds_signature_address_and_key_and_no_secret(desk: Desk, program: str) -> None:
    desk.take(written(desk, "mysql.sql", FORUMS[program]), wish=Wish(market="teahouse"))
    profile = desk.table("accounts")["profile"][0]
    assert profile.startswith("mine\n")
    assert "e-mail: p@tea.example" in profile
    assert KEY in profile
    stored = b"".join(file.read_bytes() for file in desk.workspace.root.rglob("*.parquet"))
    held = str([table.rows() for table in Archive(desk.workspace).tables().values()])
    for secret in ("secret", "10.0.0.1", "10.9.9.9", "salt", "/srv"):
        assert secret not in held
        assert secret.encode() not in stored


def test_a_forum_in_an_archive_is_read_in_place_and_says_the_same_in_every_form(desk: Desk) -> None:
    inside = {"forum.db": written(desk, "sqlite", PHPBB).read_bytes()}
    inside["dump.sql"] = mysql_dump(PHPBB).encode()
    with zipfile.ZipFile(desk.delivery / "seized.zip", "w") as archive:
        for name, content in inside.items():
            archive.writestr(f"teahouse/{name}", content)
    reports = desk.take(desk.delivery / "seized.zip").files
    assert [report.refused for report in reports] == [None, None]
    assert (reports[1].stored, reports[1].already_there) == (0, reports[0].stored)
    assert desk.table("accounts")["market"].to_list() == ["teahouse"]


def test_two_forums_of_one_database_are_told_apart_by_prefix(desk: Desk) -> None:
    other = {name.replace("mybb_", "old_"): table for name, table in MYBB.items()}
    report = desk.take(written(desk, "copy.sql", {**MYBB, **other}), wish=Wish(market="m")).files[0]
    read = {part.name for part in report.parts if part.read_as}
    assert {"mybb_users", "old_users", "mybb_posts", "old_posts"} <= read
    assert all(part.left_aside == 0 for part in report.parts if part.name in read)


def test_the_tables_of_a_forum_that_say_nothing_are_left_aside_by_name(desk: Desk) -> None:
    report = desk.take(written(desk, "sqlite", PHPBB), wish=Wish(market="m")).files[0]
    left = {part.name: part.why_left for part in report.parts if part.why_left}
    assert "about accounts, posts and messages" in left["phpbb_log"]
    assert "stands in the rows that name it" in left["phpbb_topics"]
    assert "user_password" in next(p for p in report.parts if p.name == "phpbb_users").unread


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("<r><B><s>[b]</s>tea<e>[/b]</e></B> &amp;<br/>\nmint</r>", "[b]tea[/b] &\nmint"),
        ("<t>a &lt;b&gt; c</t>", "a <b> c"),
        ("[b:1x2y3z4a]tea[/b:1x2y3z4a] &quot;x&quot;", '[b]tea[/b] "x"'),
        ("[quote=&quot;ann&quot;:1x2y3z4a]hm[/quote:1x2y3z4a]", '[quote="ann"]hm[/quote]'),
        ("[list=1:abcde12][*:abcde12]x[/*:m:abcde12][/list:o:abcde12]", "[list=1][*]x[/*][/list]"),
        ('<!-- s:-) --><img src="x.gif" alt=":-)" /><!-- s:-) --> ok', ":-) ok"),
        (
            '<!-- m --><a class="postlink" href="http://x.example/a">http://x.ex ...</a><!-- m -->',
            "http://x.example/a",
        ),
        ("ratio [3:12345] stays", "ratio [3:12345] stays"),
    ],
)
def test_a_text_of_phpbb_is_what_was_typed(stored: str, typed: str) -> None:
    assert TEXTS["phpbb"](stored) == typed
