"""Bombs and broken pictures: each costs little, is named, and harms no other."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from evidence.recall import FileRecall
from features.photo import Photo
from features.photos import readings, worker
from features.photos.decode import REASONS, Decoder
from tests.builders import CorpusBuilder
from tests.pictures import encoded, goods

TOO_LARGE, BROKEN = REASONS[worker.TOO_LARGE], REASONS[worker.BROKEN]
UNKNOWN = REASONS[worker.UNKNOWN_FORMAT]
READABLE = None


def a_picture(seed=1):
    return goods(np.random.default_rng(seed))


def chunk(name, content):
    check = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)


def png(wide, high, *chunks):
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", wide, high, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + chunk(b"IEND", b"")


def zeros(count):
    squeeze = zlib.compressobj(9)
    blocks = [squeeze.compress(bytes(1 << 20)) for _ in range(count >> 20)]
    return b"".join([*blocks, squeeze.flush()])


def png_of_zeros(side):
    return png(side, side, chunk(b"IDAT", zeros(side * (side + 1) + (1 << 20))))


def png_with_a_text_bomb():
    bomb = chunk(b"zTXt", b"words\0\0" + zeros(200 << 20))
    return png(8, 8, bomb, chunk(b"IDAT", zlib.compress(bytes(8 * 9))))


def gif_of_many_frames(count):
    out = io.BytesIO()
    Image.new("P", (8, 8)).save(out, "GIF")
    whole = out.getvalue()
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, 8, 8, 0) + b"\x02\x02\x4c\x01\x00"
    return whole[:-1] + frame * count + b"\x3b"


def jpeg_of_endless_markers(count):
    return b"\xff\xd8" + b"\xff\xe5\x00\x02" * count


def jpeg_with_exif(tiff):
    part = b"Exif\0\0" + tiff
    whole = encoded(a_picture())
    return whole[:2] + b"\xff\xe1" + struct.pack(">H", len(part) + 2) + part + whole[2:]


def entry(tag, kind, count, value):
    return struct.pack("<HHII", tag, kind, count, value)


def tiff(*entries, count=None):
    many = len(entries) if count is None else count
    return b"II*\0" + struct.pack("<IH", 8, many) + b"".join(entries)


LOOP = tiff(entry(0x8769, 4, 1, 8), entry(0x8825, 4, 1, 8))
GIANT = tiff(entry(0x010F, 2, 0xFFFFFFFF, 0xFFFFFFF0), entry(0xA431, 2, 0xFFFFFFFF, 0))
MANY = tiff(*(entry(0x010F + n, 2, 60_000, 8) for n in range(1000)), count=65535)
DEEP = tiff(entry(0x8769, 4, 1, 0xFFFFFFFF))

HOSTILE = {
    "a header of 60,000 x 60,000": (lambda: png(60_000, 60_000), TOO_LARGE),
    "a PNG of 39 million zeros": (lambda: png_of_zeros(6_200), READABLE),
    "a PNG that unpacks to more than it says": (lambda: png_of_zeros(500), READABLE),
    "200 MB of words in a PNG": (png_with_a_text_bomb, BROKEN),
    "a GIF of a million frames": (lambda: gif_of_many_frames(1_000_000), READABLE),
    "a JPEG of endless markers": (lambda: jpeg_of_endless_markers(200_000), UNKNOWN),
    "half a WebP": (lambda: encoded(a_picture(), "WEBP")[:2_000], BROKEN),
    "half an AVIF": (lambda: encoded(a_picture(), "AVIF")[:1_000], UNKNOWN),
    "EXIF in a loop": (lambda: jpeg_with_exif(LOOP), READABLE),
    "EXIF of giant counts": (lambda: jpeg_with_exif(GIANT), READABLE),
    "EXIF of 65,535 entries": (lambda: jpeg_with_exif(MANY), READABLE),
    "EXIF that points nowhere": (lambda: jpeg_with_exif(DEEP), READABLE),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_picture_costs_itself_alone_and_is_named(name):
    make, reason = HOSTILE[name]
    with Decoder() as decoder:
        answer, after = decoder.decode(make(), worker.PLACED), decoder.decode(encoded(a_picture()))
    assert isinstance(after, bytes)
    assert (None if isinstance(answer, bytes) else answer) == reason


@pytest.mark.parametrize("content", [LOOP, GIANT, MANY, DEEP, b"", b"II*\0", b"MM\0*\xff"])
def test_broken_exif_says_little_and_harms_nothing(content):
    assert all(len(fact) <= worker.MOST_CHARACTERS for fact in worker.exif_facts(content).values())


def test_where_a_picture_was_taken_leaves_the_decoder_only_when_asked_for():
    exif = Image.Exif()
    exif[0x0110] = "Lantern 5"
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 30.0, 0.0), 3: "W", 4: (13.0, 15.0, 36.0)})
    content = encoded(a_picture(), exif=exif)
    told = {}
    with Decoder() as decoder:
        assert b"52.5" not in decoder.decode(content)
        for wanted in (worker.FACTS, worker.PLACED):
            told[wanted] = readings.facts_of(decoder.decode(content, wanted))
    assert told[worker.FACTS] == {"model": "Lantern 5"}
    assert told[worker.PLACED] == {"model": "Lantern 5", "gps": "52.50000, -13.26000"}


def test_a_second_night_decodes_nothing_and_reads_the_same(tmp_path, monkeypatch):
    builder = CorpusBuilder().photo("one", "oak", encoded(a_picture(1)))
    builder.photo("two", "elm", encoded(a_picture(2))).photo("two", "elm", b"broken")
    corpus = builder.build()
    object.__setattr__(corpus, "recall", FileRecall(tmp_path / "recall.sqlite"))
    fresh = readings.read_pictures(corpus)
    monkeypatch.setattr(readings, "decode_pictures", lambda blobs, names: [None for _ in names])
    again = readings.read_pictures(corpus)
    assert again.names == fresh.names
    assert again.reason == fresh.reason
    assert again.records.tobytes() == fresh.records.tobytes()
    assert Photo().survey(corpus).pictures.height == 3
