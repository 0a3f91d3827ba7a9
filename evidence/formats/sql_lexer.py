"""The text of a dump between its statements: blanks, comments, what says nothing to us."""

import re
from typing import NamedTuple

from evidence.errors import RefusedInput
from evidence.formats.lines import RAW_LIMIT_BYTES
from evidence.formats.sql_dialects import MYSQL, Dialect
from evidence.formats.sql_statements import CHARSET, ESCAPES_IN_ALL, STATEMENT_LINE, codec_of
from evidence.formats.window import Place, Window

HEAD_BYTES = 1 << 16
BREAK_LIMIT = 1_000
HEARD_BYTES = 200
BLANK = re.compile(rb"\s*+")
COMMENT_EDGE = re.compile(rb"/\*|\*/")


class Fault(NamedTuple):
    """Something that cannot be read: where it begins, why, and its bytes, at most 64 kB."""

    place: Place
    reason: str
    raw: bytes


class Lexer:
    """Where reading stands in a dump, and how what follows is to be read.

    `codec` is the character set that the dump says it is written in; `faults` are those met since
    they were last taken.
    """

    def __init__(self, window: Window, dialect: Dialect) -> None:
        self.window = window
        self.dialect = dialect
        self.codec = "utf-8"
        self._faults: list[Fault] = []
        self._fault_count = 0

    def taken_faults(self) -> list[Fault]:
        """The faults met since this was last asked."""
        faults, self._faults = self._faults, []
        return faults

    def note(self, reason: str, length: int = RAW_LIMIT_BYTES) -> None:
        """Something that begins here cannot be read.

        Raises:
            RefusedInput: there were a thousand of them; this is no dump.
        """
        window = self.window
        raw = window.view[window.at : window.at + min(length, RAW_LIMIT_BYTES)]
        self._faults.append(Fault(window.place(window.at), reason, raw))
        self._fault_count += 1
        if self._fault_count > BREAK_LIMIT:
            line = window.place(window.at).line
            raise RefusedInput(f"line {line}: more than {BREAK_LIMIT} breaks in a dump; given up")

    def next_statement(self) -> bool:
        """Go on to the next statement, and bring its head into view; False at the end."""
        window = self.window
        while self.skip_blank():
            if window.view.startswith((b";", b"*/"), window.at):
                window.at += 1 + (window.view[window.at] == ord("*"))
                continue
            while len(window.view) - window.at < HEAD_BYTES and window.widen():
                pass
            return True
        return False

    def skip_blank(self) -> bool:
        """Go over blanks and comments; False at the end."""
        window = self.window
        while True:
            found = BLANK.match(window.view, window.at)
            window.at = found.end() if found else window.at
            if len(window.view) - window.at < 2 and window.widen():
                continue
            mark = window.view[window.at : window.at + 2]
            if mark == b"--" or (mark[:1] == b"#" and self.dialect.is_mysql):
                self.skip_line()
            elif mark == b"/*":
                self._skip_comment()
            else:
                return bool(mark)

    def skip_line(self) -> None:
        """Go to the beginning of the next line, however long this one is."""
        window = self.window
        while (end := window.view.find(b"\n", window.at)) < 0:
            window.at = len(window.view)
            if not window.widen():
                return
        window.at = end + 1

    def _skip_comment(self) -> None:
        """Go over a comment and those in it; one that is never closed ends with its line."""
        window, depth, done = self.window, 0, 0
        while edge := window.search(COMMENT_EDGE, done):
            done = edge.end() - window.at
            if edge[0] == b"*/":
                depth -= 1
            elif depth == 0 or not self.dialect.is_mysql:
                depth += 1
            if depth == 0:
                self.hear(window.view[window.at : window.at + min(done, HEARD_BYTES)])
                window.at += done
                return
        self.note("a comment is opened here and never closed", HEARD_BYTES)
        self.skip_line()

    def hear(self, said: bytes) -> None:
        """Take note of what a statement or a MySQL comment says about how to read the rest."""
        if found := CHARSET.search(said):
            self.codec = codec_of(found["name"])
        if ESCAPES_IN_ALL.match(said):
            self.dialect = MYSQL

    def skip_statement(self) -> None:
        """Go behind the end of a statement, however long; to the next one where it has none."""
        window = self.window
        begin = window.place(window.at)
        while True:
            found = self.dialect.filler.match(window.view, window.at)
            window.at = found.end() if found else window.at
            mark = window.view[window.at : window.at + 2]
            if mark[:1] == b";":
                window.at += 1
                return
            if mark == b"/*":
                self._skip_comment()
            elif mark == b"--":
                self.skip_line()
            elif not window.widen():
                break
        if len(window.view) - window.at > 1:
            window.go_back(begin)
            self.note("a statement in which a string is never closed")
        self.give_up()

    def give_up(self) -> None:
        """Go to the next line that begins a statement, or to the end."""
        window = self.window
        while (found := STATEMENT_LINE.search(window.view, window.at)) is None:
            window.at = max(window.at, len(window.view) - len(b"\nDELIMITER "))
            if not window.widen():
                window.at = len(window.view)
                return
        window.at = found.end()
