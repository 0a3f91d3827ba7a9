"""The text of a piece of HTML as a reader sees it on screen."""

import re
from typing import Any

from lxml import etree

BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog"),
        *("dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "header"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "hgroup", "hr", "html", "legend", "li", "listing"),
        *("main", "menu", "nav", "ol", "optgroup", "option", "p", "plaintext", "pre", "section"),
        *("summary", "table", "tbody", "textarea", "tfoot", "thead", "tr", "ul", "xmp"),
    )
)
PARAGRAPHS = frozenset({"p", "blockquote", "pre"})
CELLS = frozenset({"td", "th"})
VERBATIM = frozenset({"listing", "plaintext", "pre", "textarea", "xmp"})
UNSEEN = frozenset(
    (
        *("head", "iframe", "link", "meta", "noframes", "noscript", "object", "script", "style"),
        *("svg", "template", "title"),
    )
)
SPACES = re.compile(r"[ \t\n\r\f]+")
KEEPS_LINES = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)")


def seen_text(element: Any, keep_lines: bool = False) -> str:
    """What a reader sees of an element, after the rules of `innerText` (HTML standard, 3.2.7).

    Block elements and <br> end a line, paragraphs stand apart by an empty line, spaces collapse
    except in <pre>, <textarea> and their like, scripts and styles are unseen. A blank that must
    not break (U+00A0) is a blank.

    Args:
        element: an lxml element.
        keep_lines: its own style sheet keeps the line ends of its source.
    """
    text = _SeenText(keep_lines)
    walk = etree.iterwalk(element, events=("start", "end", "comment", "pi"))
    for event, node in walk:
        if event == "start":
            if node.tag in UNSEEN and node is not element:
                walk.skip_subtree()
            else:
                text.open(node)
        elif event == "end" and node.tag not in UNSEEN:
            text.close(node)
        if event != "start" and node is not element:
            text.add(node.tail)
    return text.finished()


class _SeenText:
    def __init__(self, keep_lines: bool) -> None:
        self._pieces: list[str] = []
        self._line_ends = 0
        self._is_spaced = False
        self._verbatim = int(keep_lines)

    def open(self, node: Any) -> None:
        self._end_line(node.tag)
        self._verbatim += _is_verbatim(node)
        text = node.text
        if node.tag == "br":
            self._is_spaced = False
            self._settle()
            self._pieces.append("\n")
        elif node.tag in VERBATIM and text:
            text = text.removeprefix("\r").removeprefix("\n")
        self.add(text)

    def close(self, node: Any) -> None:
        self._verbatim -= _is_verbatim(node)
        self._end_line(node.tag)

    def add(self, text: str | None) -> None:
        if not text:
            return
        if self._verbatim:
            self._settle()
            self._pieces.append(text.replace("\r\n", "\n").replace("\r", "\n"))
            return
        words = SPACES.sub(" ", text)
        self._is_spaced |= words.startswith(" ")
        if words.strip(" "):
            self._settle()
            self._pieces.append(words.strip(" "))
            self._is_spaced = words.endswith(" ")

    def finished(self) -> str:
        return "".join(self._pieces).replace("\xa0", " ").strip()

    def _end_line(self, tag: str) -> None:
        if tag in PARAGRAPHS:
            self._line_ends = 2
        elif tag in BLOCKS:
            self._line_ends = max(self._line_ends, 1)
        elif tag in CELLS:
            self._is_spaced = True

    def _settle(self) -> None:
        """Write the line ends, or the blank, that stand before what comes now."""
        if self._pieces and self._line_ends:
            have = len(self._pieces[-1]) - len(self._pieces[-1].rstrip("\n"))
            self._pieces.append("\n" * max(self._line_ends - have, 0))
        elif self._pieces and self._is_spaced and not self._pieces[-1].endswith("\n"):
            self._pieces.append(" ")
        self._line_ends, self._is_spaced = 0, False


def _is_verbatim(node: Any) -> bool:
    return node.tag in VERBATIM or KEEPS_LINES.search(node.get("style", "")) is not None
