import io

import imagehash
import numpy as np
import pytest
from PIL import Image, ImageOps

from features.photos import decode, worker
from features.photos.decode import (
    CRASHED,
    REASONS,
    STOPPED,
    TOO_SLOW,
    Decoder,
    decode_pictures,
)
from features.photos.hashes import hexadecimal, low_waves, p_hashes, turned
from features.photos.readings import records_of
from tests.builders import MemoryBlobs
from tests.pictures import encoded, goods


def a_picture(seed):
    return goods(np.random.default_rng(seed))


def decoded(*contents):
    blobs = MemoryBlobs()
    return records_of(decode_pictures(blobs, [blobs.add(content) for content in contents]))


def turned_image(image, way):
    """A picture mirrored from way 4 on, then turned counter-clockwise."""
    image = ImageOps.mirror(image) if way >= 4 else image
    return image.rotate(way % 4 * 90, expand=True)


@pytest.mark.parametrize("way", range(8))
def test_p_hashes_of_all_ways_up_are_those_of_imagehash(way):
    greys = decoded(*(encoded(a_picture(seed), "PNG") for seed in range(12)))["grey"]
    expected = [str(imagehash.phash(turned_image(Image.fromarray(g), way))) for g in greys]
    assert hexadecimal(p_hashes(turned(low_waves(greys), way))) == expected


def test_hashes_of_a_png_are_those_of_imagehash():
    contents = [encoded(a_picture(seed), "PNG") for seed in range(12)]
    images = [Image.open(io.BytesIO(content)) for content in contents]
    records = decoded(*contents)
    assert hexadecimal(records["hashes"][:, 0]) == [str(imagehash.phash(i)) for i in images]
    assert hexadecimal(records["steps"][:, 0]) == [str(imagehash.dhash(i)) for i in images]


@pytest.mark.parametrize("way", range(8))
def test_d_hashes_of_a_turned_picture_are_known_but_for_a_bit_of_rounding(way):
    record = decoded(encoded(a_picture(5), "PNG"))["steps"][0]
    turned_way = decoded(encoded(turned_image(a_picture(5), way), "PNG"))["steps"][0]
    assert np.bitwise_count(record[way] ^ turned_way[0]) <= 1


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_five_formats_are_read_and_give_nearly_one_hash(form):
    hashes = decoded(encoded(a_picture(6), "PNG"), encoded(a_picture(6), form))["hashes"]
    assert np.bitwise_count(hashes[0, 0] ^ hashes[1, 0]) <= 4


def cut_off(content):
    return content[: len(content) // 3]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not a JPEG, PNG, WebP, GIF or AVIF picture"),
        (b"no picture at all", "not a JPEG, PNG, WebP, GIF or AVIF picture"),
        (encoded(a_picture(7), "BMP"), "not a JPEG, PNG, WebP, GIF or AVIF picture"),
        (encoded(a_picture(7), "TIFF"), "not a JPEG, PNG, WebP, GIF or AVIF picture"),
        (cut_off(encoded(a_picture(7))), "damaged or cut off"),
        (cut_off(encoded(a_picture(7), "PNG")), "damaged or cut off"),
        (encoded(a_picture(7), "AVIF")[:-30] + b"\xff" * 30, "damaged or cut off"),
        (encoded(Image.new("1", (8000, 5001)), "PNG"), "more than 40 million pixels"),
    ],
)
def test_what_cannot_be_read_costs_only_itself(content, reason):
    good = encoded(a_picture(8))
    blobs = MemoryBlobs()
    names = [blobs.add(picture) for picture in (good, content, good)]
    result = decode_pictures(blobs, [*names[:2], "0" * 64, names[2]])
    assert result[1:3] == [reason, decode.NOT_STORED]
    assert isinstance(result[0], bytes)
    assert result[0] == result[3]


def worker_that(tmp_path, action):
    """A stand-in for the decoder's worker that does something odd at the word `bomb`."""
    script = tmp_path / "worker.py"
    script.write_text(
        "import importlib.util, os, signal\n"
        f"spec = importlib.util.spec_from_file_location('worker', {worker.__file__!r})\n"
        "w = importlib.util.module_from_spec(spec)\n"
        "spec.loader.exec_module(w)\n"
        "honest = w.decode\n"
        "def decode(content, wanted):\n"
        f"    if content == b'bomb':\n        {action}\n"
        "    return honest(content, wanted)\n"
        "w.decode = decode\n"
        "w.CPU_SECONDS = 0.2\n"
        "w.main()\n"
    )
    return str(script)


@pytest.mark.parametrize(
    ("action", "reason"),
    [
        ("os.abort()", CRASHED),
        ("while True: pass", TOO_SLOW),
        ("os._exit(0)", CRASHED),
        ("os.kill(os.getpid(), signal.SIGTERM)", STOPPED),
        ("return w.READ, bytes(1 << 31)", REASONS[worker.TOO_HUNGRY]),
    ],
)
def test_a_crash_an_endless_loop_and_a_memory_hog_cost_one_picture(
    tmp_path, monkeypatch, action, reason
):
    monkeypatch.setattr(decode.worker, "__file__", worker_that(tmp_path, action))
    good = encoded(a_picture(9))
    with Decoder() as decoder:
        before, bomb, after = (decoder.decode(content) for content in (good, b"bomb", good))
    assert bomb == reason
    assert isinstance(before, bytes)
    assert before == after


def test_a_decoder_that_does_not_start_is_an_error_not_an_unreadable_picture(tmp_path, monkeypatch):
    script = tmp_path / "worker.py"
    script.write_text("raise SystemExit(1)")
    monkeypatch.setattr(decode.worker, "__file__", str(script))
    with pytest.raises(OSError, match="does not start"), Decoder():
        pass
