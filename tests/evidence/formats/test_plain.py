"""A gzip file is read as what it holds, up to where it breaks off."""

import bz2
import gzip
import io
import lzma
import random
from collections.abc import Callable

import pytest

from evidence.formats.plain import TornStream, head_of, plain_stream

WORDS = "\n".join(str(random.Random(n).random()) for n in range(9_000)).encode()
PACKED = gzip.compress(WORDS[:70_000]) + gzip.compress(WORDS[70_000:])


def test_members_follow_each_other_and_reading_can_begin_again() -> None:
    stream = plain_stream(io.BytesIO(PACKED))
    assert stream.read(9) == WORDS[:9]
    assert stream.tell() == 9
    stream.seek(0)
    assert stream.read() == WORDS
    assert stream.read() == b""


def test_lines_are_the_lines_of_the_content() -> None:
    assert list(plain_stream(io.BytesIO(PACKED))) == WORDS.splitlines(keepends=True)


def test_any_place_of_a_gzip_file_can_be_gone_to() -> None:
    stream = plain_stream(io.BytesIO(PACKED))
    assert (stream.seek(80_000), stream.read(5)) == (80_000, WORDS[80_000:80_005])
    assert (stream.seek(-9, io.SEEK_END), stream.read()) == (len(WORDS) - 9, WORDS[-9:])
    assert (stream.seek(7), stream.seek(2, io.SEEK_CUR), stream.read(3)) == (7, 9, WORDS[9:12])


@pytest.mark.parametrize("pack", [bz2.compress, lzma.compress])
def test_bzip2_and_xz_are_read_the_same(pack: Callable[[bytes], bytes]) -> None:
    packed = pack(WORDS[:70_000]) + pack(WORDS[70_000:])
    assert plain_stream(io.BytesIO(packed)).read() == WORDS
    torn = plain_stream(io.BytesIO(packed[:-100]))
    assert WORDS.startswith(torn.read())
    with pytest.raises(TornStream, match="ends early"):
        torn.read()


def test_what_stands_before_a_break_comes_and_then_the_break_is_named() -> None:
    stream = plain_stream(io.BytesIO(PACKED[: len(PACKED) // 2]))
    content = stream.read()
    assert len(content) > 10_000
    assert WORDS.startswith(content)
    for _ in range(2):
        with pytest.raises(TornStream, match="ends early"):
            stream.read(1)


def test_a_plain_file_is_itself() -> None:
    stream = io.BytesIO(WORDS)
    assert plain_stream(stream) is stream
    assert head_of(stream) == WORDS[: 1 << 16]
    assert stream.tell() == 0


def test_the_head_of_a_gzip_file_is_that_of_its_content() -> None:
    stream = io.BytesIO(PACKED)
    assert head_of(stream) == WORDS[: 1 << 16]
    assert stream.tell() == 0
