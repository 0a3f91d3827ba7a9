"""What people typed, from the form in which a forum program stores it.

phpBB 3.2 and later wraps a text in XML of which all that was typed is the text (s9e
TextFormatter, "unparse"); before, it marked its tags with a number and wrote smilies and links as
HTML. Both escape `<`, `>`, `&` and quotes; so does SMF, which also stores `<br />` for a new line,
and vBulletin in names and titles.
"""

import re
from collections.abc import Callable, Mapping
from html import unescape

XML_TEXT = re.compile(r"<[rt][ />]")
TAG = re.compile(r"<[^>]*+>")
BREAK_TAG = re.compile(r"<br ?/?>\n?")
SMILEY = re.compile(r"<!-- s(\S{1,50}) --><img [^>]*+><!-- s\S{1,50} -->")
LINK = re.compile(r'<!-- [mlwe] --><a [^>]*?href="([^"]*+)"[^>]*+>[^<]*+</a><!-- [mlwe] -->')
MARKED_TAG = re.compile(
    r"(\[/?[a-z*][^\[\]\n:]{0,20}(?:=[^\[\]\n]{0,200}?)?)(?::[a-z])?:[0-9a-z]{5,8}\]"
)


def _phpbb(text: str) -> str:
    if XML_TEXT.match(text):
        return unescape(TAG.sub("", BREAK_TAG.sub("\n", text)))
    if "<!-- " in text:
        text = LINK.sub(r"\1", SMILEY.sub(r"\1", text))
    return unescape(MARKED_TAG.sub(r"\1]", text))


def _smf(text: str) -> str:
    return unescape(BREAK_TAG.sub("\n", text)).replace("\u00a0", " ")


def _as_it_is(text: str) -> str:
    return text


TEXTS: Mapping[str, Callable[[str], str]] = {
    "phpbb": _phpbb,
    "smf": _smf,
    "escaped names": _as_it_is,
    "plain": _as_it_is,
}
"""What was typed, from a text as it is stored, by the markup of a schema."""
NAMES: Mapping[str, Callable[[str], str]] = {
    "phpbb": unescape,
    "smf": unescape,
    "escaped names": unescape,
    "plain": _as_it_is,
}
"""The same for names, titles and other single lines."""
