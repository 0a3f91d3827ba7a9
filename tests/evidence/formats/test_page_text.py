"""The text of HTML is what a reader sees on screen."""

import pytest
from lxml import etree

from evidence.formats.page_text import seen_text

BLOCK = "-----BEGIN PGP PUBLIC KEY BLOCK-----\nabcd\nefgh\n-----END PGP PUBLIC KEY BLOCK-----"


def seen(body: str, **how: bool) -> str:
    parser = etree.HTMLParser(encoding="utf-8")
    return seen_text(etree.fromstring(f"<body>{body}</body>".encode(), parser), **how)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("blue  \n tea", "blue tea"),
        ("blue<br>tea", "blue\ntea"),
        ("blue <br> tea", "blue\ntea"),
        ("<div>blue</div><div>tea</div>", "blue\ntea"),
        ("<p>blue</p><p>tea</p>", "blue\n\ntea"),
        ("<div><p>blue</p></div>tea", "blue\n\ntea"),
        ("a<br><br>b", "a\n\nb"),
        ("<b>blue</b><i>tea</i>", "bluetea"),
        ("<b>blue</b> <i>tea</i>", "blue tea"),
        ("<ul><li>blue<li>tea</ul>", "blue\ntea"),
        ("<table><tr><td>blue<td>tea<tr><td>mint</table>", "blue tea\nmint"),
        ("<pre>\nblue\n  tea\n</pre>", "blue\n  tea"),
        ("<textarea>blue\r\ntea</textarea>", "blue\ntea"),
        ('<p style="white-space: pre-wrap">blue\n tea</p>', "blue\n tea"),
        ("blue<script>alert('tea')</script> mint<style>x{}</style>", "blue mint"),
        ("blue<!-- tea --> mint", "blue mint"),
        ("fish &amp; tea &lt;hot&gt; &eacute;&#9733;", "fish & tea <hot> é★"),
        ("blue&nbsp;tea", "blue tea"),
        ("", ""),
    ],
)
def test_text_is_laid_out_as_on_screen(body: str, text: str) -> None:
    assert seen(body) == text


@pytest.mark.parametrize("tag", ["pre", "textarea"])
def test_a_key_block_keeps_its_lines(tag: str) -> None:
    assert seen(f"<{tag}>{BLOCK}</{tag}>") == BLOCK


def test_a_key_block_of_broken_lines_is_one_of_lines() -> None:
    assert seen("<p>" + BLOCK.replace("\n", "<br>\n") + "</p>") == BLOCK


def test_line_ends_that_a_style_sheet_keeps_can_be_kept() -> None:
    assert seen("<p>blue\n\ntea</p>", keep_lines=True) == "blue\n\ntea"
    assert seen("<p>blue\n\ntea</p>") == "blue tea"
