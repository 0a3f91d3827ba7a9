"""STIX, MISP, TagPacks and mail however damaged: read on or refused, every place named once."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.errors import RefusedInput
from evidence.formats import mail_folders, misp, stix, tagpacks
from evidence.formats.chunks import Chunk
from evidence.formats.readers import READERS
from tests.evidence.formats.test_mail_folders import plain
from tests.evidence.formats.test_misp import COIN, PILLOW, an_attribute, an_event
from tests.evidence.formats.test_stix import MAIL, bundle
from tests.evidence.formats.test_stix import PILLOW as USER
from tests.evidence.formats.test_tagpacks import PACK

FILES = {
    stix: bundle(USER, MAIL),
    misp: json.dumps({"response": [an_event(PILLOW, COIN), an_event(an_attribute("btc", "x"))]}),
    tagpacks: PACK,
    mail_folders: plain("one") + plain("two\n\nFrom three"),
}
MARKS = (b"{", b"]", b'"', b",", b"\n- ", b"\n--", b"\n\n", b"\0", b"\xff", b"\\ud800", b"&a *a ")
every_format = pytest.mark.parametrize("reader", FILES, ids=lambda m: m.__name__.rpartition(".")[2])


def chunks(reader: ModuleType, content: bytes) -> Iterator[tuple[str | None, Chunk]]:
    for part in reader.parts(io.BytesIO(content), Path("delivered")):
        yield from ((part.name, chunk) for chunk in part.chunks)


@every_format
def test_each_is_known_by_its_content_and_no_other_reader_claims_it(reader: ModuleType) -> None:
    head = FILES[reader].encode()
    knows = [known for known in READERS[:-1] if known.looks_like(head, Path("delivered"))]
    assert [known.parts for known in knows] == [reader.parts]


@every_format
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_damage_ends_nothing_and_no_place_is_told_twice(
    reader: ModuleType, data: st.DataObject
) -> None:
    content = FILES[reader].encode()
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content)))
        gone = data.draw(st.sampled_from([0, 0, 1, 20, 10_000]))
        content = content[:at] + data.draw(st.sampled_from(MARKS)) + content[at + gone :]
    places: list[tuple[str | None, int]] = []
    try:
        for name, chunk in chunks(reader, content):
            places += [(name, position) for position in chunk.positions]
            assert len(chunk.raws) == len(chunk.positions) == chunk.cells.height
            assert all(broken.reason for broken in chunk.broken)
    except RefusedInput as error:
        assert str(error)
    assert len({*places}) == len(places)
