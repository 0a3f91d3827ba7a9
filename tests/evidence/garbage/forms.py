"""Files of every form that intake reads, each with the same hundred good rows."""

import io
import json
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from tests.evidence.databases import mysql_dump, postgres_dump, sqlite_file
from tests.evidence.saved_pages import cypher_category

Row = tuple[str, bytes]
"""A vendor and a title; titles are bytes, so that one can be what no text may be."""

GOOD: tuple[Row, ...] = tuple(("pillow", b"good kettle %03d" % n) for n in range(100))
PICTURES = "pictures"
"""A folder of photos, which is no form of file but is taken in as one."""
HOLE = "a hole for garbage"
COLUMNS = "vendor varchar, title varchar"


@dataclass(frozen=True)
class Form:
    """A form of file.

    Attributes:
        ending: of the file's name.
        make: the bytes of a file of these rows.
        is_text: it is text from its first byte to its last.
        is_streamed: what stands before a break can be read.
        marks_end: a file that breaks off can be told from one that is whole.
        is_packed: it is compressed as it is.
    """

    ending: str
    make: Callable[[list[Row]], bytes]
    is_text: bool = False
    is_streamed: bool = False
    marks_end: bool = True
    is_packed: bool = False

    def holding(self, cell: bytes) -> bytes:
        """The hundred good rows, and amid them one whose title is this."""
        return self.make([*GOOD[:50], ("tin-pan", cell), *GOOD[50:]])


def _text(render: Callable[[list[tuple[str, str]]], str]) -> Callable[[list[Row]], bytes]:
    """Rows rendered as text, and garbage put in afterwards, as it is."""

    def make(rows: list[Row]) -> bytes:
        good = {row[1] for row in GOOD}
        names = [(v, t.decode() if t in good else HOLE) for v, t in rows]
        (cell,) = {t for _, t in rows if t not in good} or {b""}
        return render(names).encode().replace(HOLE.encode(), cell)

    return make


def _csv(delimiter: str) -> Callable[[list[Row]], bytes]:
    return _text(
        lambda rows: "\n".join(delimiter.join(r) for r in [("vendor", "title"), *rows, ()])
    )


def _objects(rows: list[tuple[str, str]]) -> list[str]:
    return [json.dumps({"vendor": vendor, "title": title}) for vendor, title in rows]


def _lines(rows: list[tuple[str, str]]) -> str:
    return "\n".join([*_objects(rows), ""])


def _array(rows: list[tuple[str, str]]) -> str:
    return "[" + ",\n".join(_objects(rows)) + "]\n"


def _page(rows: list[tuple[str, str]]) -> str:
    return cypher_category(*(title for _, title in rows))


def _parquet(rows: list[Row]) -> bytes:
    out = io.BytesIO()
    texts = [(v, t.decode("utf-8", "replace")) for v, t in rows]
    pl.DataFrame(texts, schema=["vendor", "title"], orient="row").write_parquet(out)
    return out.getvalue()


def _sqlite(rows: list[Row]) -> bytes:
    held = [(v, t if b"\xff" in t else t.decode("utf-8", "replace")) for v, t in rows]
    with tempfile.TemporaryDirectory() as folder:
        return sqlite_file(Path(folder) / "x.db", {"listings": (COLUMNS, held)}).read_bytes()


def _zip(rows: list[Row]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("bazaar/listings.csv", FORMS["csv"].make(rows))
    return out.getvalue()


def _tar(rows: list[Row]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as packed:
        content = FORMS["csv"].make(rows)
        member = tarfile.TarInfo("bazaar/listings.csv")
        member.size = len(content)
        packed.addfile(member, io.BytesIO(content))
    return out.getvalue()


def _listings(dump: Callable[..., str], **how: bool) -> Callable[[list[Row]], bytes]:
    return _text(lambda rows: dump({"listings": (COLUMNS, rows)}, **how))


def _tagpack(rows: list[tuple[str, str]]) -> str:
    header = "title: Teas\ncreator: Kettle lab\ncurrency: BTC\nsource: https://example.org\ntags:\n"
    tags = [
        f'- actor: {actor}\n  address: "{number:034}"\n  label: "{label}"\n'
        for number, (actor, label) in enumerate(rows)
    ]
    return header + "".join(tags)


def _stix(rows: list[tuple[str, str]]) -> str:
    things = [
        {
            "type": "user-account",
            "id": f"user-account--{number:08x}-1111-4111-8111-111111111111",
            "account_login": handle,
            "account_type": "bazaar",
            "description": text,
        }
        for number, (handle, text) in enumerate(rows)
    ]
    objects = ",\n".join(map(json.dumps, things))
    return f'{{"type": "bundle", "id": "bundle--1", "objects": [{objects}]}}'


def _misp(rows: list[tuple[str, str]]) -> str:
    posts = []
    for handle, text in rows:
        said = {"username": handle, "post": text, "forum": "bazaar"}
        found = [{"object_relation": r, "type": "text", "value": v} for r, v in said.items()]
        posts.append({"name": "microblog", "Attribute": found})
    objects = ",\n".join(map(json.dumps, posts))
    return f'{{"response": [{{"Event": {{"info": "teas", "Object": [{objects}]}}}}]}}'


def _mbox(rows: list[tuple[str, str]]) -> str:
    headers = "Date: Mon, 12 Apr 2021 10:00:00 +0000\nMIME-Version: 1.0"
    return "".join(
        f"From {handle} Mon Apr 12 10:00:00 2021\nFrom: {handle}@x\n{headers}\n\n{text}\n\n"
        for handle, text in rows
    )


FORMS = {
    "csv": Form(".csv", _csv(","), is_text=True, is_streamed=True, marks_end=False),
    "tsv": Form(".tsv", _csv("\t"), is_text=True, is_streamed=True, marks_end=False),
    "json lines": Form(".jsonl", _text(_lines), is_text=True, is_streamed=True, marks_end=False),
    "json array": Form(".json", _text(_array), is_text=True, is_streamed=True),
    "parquet": Form(".parquet", _parquet),
    "sqlite": Form(".db", _sqlite),
    "mysql dump": Form(".sql", _listings(mysql_dump), is_text=True, is_streamed=True),
    "postgres copy": Form(".sql", _listings(postgres_dump), is_text=True, is_streamed=True),
    "postgres inserts": Form(
        ".sql", _listings(postgres_dump, with_inserts=True), is_text=True, is_streamed=True
    ),
    "saved page": Form(".html", _text(_page), is_text=True, is_streamed=True),
    "tagpack": Form(".yaml", _text(_tagpack), is_text=True, is_streamed=True, marks_end=False),
    "stix": Form(".json", _text(_stix), is_text=True, is_streamed=True),
    "misp": Form(".json", _text(_misp), is_text=True, is_streamed=True),
    "mbox": Form(".mbox", _text(_mbox), is_text=True, is_streamed=True, marks_end=False),
    "zip": Form(".zip", _zip, is_packed=True),
    "tar": Form(".tar.gz", _tar, is_packed=True),
}
