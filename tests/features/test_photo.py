import io
import os
from datetime import UTC, datetime
from pathlib import Path

import imagehash
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageEnhance

from features.pairs import Pairs
from features.photo import MOST_SHOWERS, Photo
from features.photos import decode
from features.photos.decode import CRASHED, REASONS, Decoder, decode_pictures
from features.photos.hashes import PhotoHashes, hexadecimal
from tests.builders import CorpusBuilder, MemoryBlobs


def a_picture(seed, size=(320, 240)):
    """A drawn picture: coloured shapes on a coloured ground."""
    rng = np.random.default_rng(seed)
    image = Image.new("RGB", size, tuple(rng.integers(0, 255, 3).tolist()))
    draw = ImageDraw.Draw(image)
    for _ in range(12):
        box = np.sort(rng.random((2, 2)), axis=0) * size
        colour = tuple(rng.integers(0, 255, 3).tolist())
        shape = draw.ellipse if rng.random() < 0.5 else draw.rectangle
        shape([tuple(corner) for corner in box.tolist()], fill=colour)
    return image


def encoded(image, form="JPEG", **how):
    out = io.BytesIO()
    image.save(out, form, **how)
    return out.getvalue()


def saved_again(image):
    """Smaller, brighter, and saved badly."""
    return encoded(ImageEnhance.Brightness(image.resize((200, 150))).enhance(1.1), quality=40)


def judged(builder, *pair):
    feature = Photo()
    corpus = builder.build()
    survey = feature.survey(corpus)
    traits = feature.read(corpus, survey)
    outcome = feature.compare(traits, survey, Pairs.of([pair[0]], [pair[1]]))
    finding = feature.explain(traits, survey, pair)
    name = feature.levels[outcome.level[0] - 1].name if outcome.level[0] else None
    assert finding.level == name
    return finding


def shown_by(accounts, content):
    builder = CorpusBuilder()
    for number in range(accounts):
        builder.photo("one", f"account {number:03}", content)
    return builder


def test_a_picture_saved_again_by_another_account_is_found():
    builder = CorpusBuilder().photo("one", "oak", encoded(a_picture(1)), path="oak/1.jpg")
    builder.photo("two", "elm", saved_again(a_picture(1)), path="elm/7.jpg")
    builder.photo("two", "elm", encoded(a_picture(2)))
    finding = judged(builder, 0, 1)
    assert finding.level == "same_photo_rare"
    assert [highlight.text for highlight in finding.highlights] == ["oak/1.jpg", "elm/7.jpg"]
    assert [citation.place for citation in finding.citations] == ["photos line 1", "photos line 2"]
    assert "2 accounts show it, who did first is unknown" in finding.sentence


@pytest.mark.parametrize(
    ("accounts", "level"),
    [
        (2, "same_photo_rare"),
        (3, "same_photo_few"),
        (5, "same_photo_few"),
        (6, "same_photo_common"),
        (MOST_SHOWERS, "same_photo_common"),
        (MOST_SHOWERS + 1, None),
    ],
)
def test_the_more_accounts_show_a_picture_the_less_it_says(accounts, level):
    assert judged(shown_by(accounts, encoded(a_picture(3))), 0, 1).level == level


def test_an_account_that_shows_a_picture_twice_counts_once():
    builder = shown_by(2, encoded(a_picture(3)))
    builder.photo("one", "account 000", saved_again(a_picture(3)))
    finding = judged(builder, 0, 1)
    assert finding.level == "same_photo_rare"


def test_who_showed_it_first_is_said_where_the_times_are_known():
    builder = CorpusBuilder()
    for handle, day in (("oak", 9), ("elm", 4), ("fir", 12)):
        seen = datetime(2014, 5, day, tzinfo=UTC)
        builder.photo("one", handle, encoded(a_picture(4)), stated_at=seen)
    assert "the left one first (2014-05-04)" in judged(builder, 0, 1).sentence
    assert "another account first (2014-05-04)" in judged(builder, 1, 2).sentence


def test_another_picture_is_no_evidence_against():
    builder = CorpusBuilder().photo("one", "oak", encoded(a_picture(1)))
    builder.photo("two", "elm", encoded(a_picture(2)))
    finding = judged(builder, 0, 1)
    assert finding.level is None
    assert all(level.speaks == "for" for level in Photo.levels)


def test_pictures_of_one_colour_link_nobody():
    builder = shown_by(2, encoded(Image.new("RGB", (90, 90), "red")))
    finding = judged(builder, 0, 1)
    assert finding.level is None
    assert finding.sentence == "no picture that can be compared: left and right"


def test_accounts_that_show_like_pictures_show_one_value_in_the_graph():
    builder = CorpusBuilder().photo("one", "oak", encoded(a_picture(1)))
    builder.photo("two", "elm", saved_again(a_picture(1)))
    builder.photo("two", "fir", encoded(a_picture(2)))
    feature, corpus = Photo(), builder.build()
    shown = feature.shown(feature.read(corpus, feature.survey(corpus)))
    assert shown.kind == "photo"
    assert shown.account.tolist() == [0, 1, 2]
    assert shown.value[0] == shown.value[1] != shown.value[2]
    assert not shown.proved.any()
    own = hexadecimal(PhotoHashes.of(decoded(encoded(a_picture(2)))).bits)
    assert shown.value[2] == own[0]


def decoded(*contents):
    blobs = MemoryBlobs()
    return decode_pictures(blobs, [blobs.add(content) for content in contents]).pixels


def test_hashes_are_those_of_imagehash():
    pixels = decoded(*(encoded(a_picture(seed), "PNG") for seed in range(30)))
    expected = [str(imagehash.phash(Image.fromarray(picture))) for picture in pixels]
    assert hexadecimal(PhotoHashes.of(pixels).bits) == expected


def test_a_png_is_hashed_as_imagehash_hashes_the_file():
    content = encoded(a_picture(5), "PNG")
    expected = str(imagehash.phash(Image.open(io.BytesIO(content))))
    assert hexadecimal(PhotoHashes.of(decoded(content)).bits) == [expected]


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_five_formats_are_read_and_give_nearly_one_hash(form):
    bits = PhotoHashes.of(decoded(encoded(a_picture(6), "PNG"), encoded(a_picture(6), form))).bits
    assert np.bitwise_count(bits[0] ^ bits[1]) <= 4


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
        (encoded(Image.new("1", (8000, 5001)), "PNG"), "more than 40 million pixels"),
    ],
)
def test_what_cannot_be_read_costs_only_itself(content, reason):
    good = encoded(a_picture(8))
    blobs = MemoryBlobs()
    names = [blobs.add(picture) for picture in (good, content, good)]
    result = decode_pictures(blobs, [*names[:2], "0" * 64, names[2]])
    assert result.reason == (None, reason, decode.NOT_STORED, None)
    assert (result.pixels[0] == result.pixels[3]).all()


def test_unreadable_pictures_are_listed_with_owner_place_and_reason():
    builder = CorpusBuilder().photo("one", "oak", b"broken", path="oak/1.jpg")
    builder.photo("one", "oak", encoded(a_picture(1)))
    feature, corpus = Photo(), builder.build()
    traits = feature.read(corpus, feature.survey(corpus))
    assert traits.unreadable.select("account", "path", "place", "reason").rows() == [
        (0, "oak/1.jpg", "photos line 1", REASONS[1])
    ]
    assert traits.shows.height == 1


def worker_that(tmp_path, action):
    """A stand-in for the decoder's worker that does something odd at the word `bomb`."""
    script = tmp_path / "worker.py"
    script.write_text(
        "import signal, os\n"
        "from features.photos import worker as w\n"
        "honest = w.decode\n"
        "def decode(content):\n"
        f"    if content == b'bomb':\n        {action}\n"
        "    return honest(content)\n"
        "w.decode = decode\n"
        "w.CPU_SECONDS = 0.2\n"
        "w.main()\n"
    )
    return str(script)


@pytest.mark.parametrize(
    ("action", "reason"),
    [
        ("os.abort()", CRASHED),
        ("while True: pass", CRASHED),
        ("os._exit(0)", CRASHED),
        ("return w.READ, bytes(1 << 31)", REASONS[4]),
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
    assert (before == after).all()


def test_a_decoder_that_does_not_start_is_an_error_not_an_unreadable_picture(tmp_path, monkeypatch):
    script = tmp_path / "worker.py"
    script.write_text("raise SystemExit(1)")
    monkeypatch.setattr(decode.worker, "__file__", str(script))
    with pytest.raises(OSError, match="does not start"), Decoder():
        pass


def folder_of_edits():
    data = os.environ.get("SAMEHAND_TEST_DATA")
    folder = Path(data or "nowhere") / "images/pdq/data/bridge-mods"
    if not folder.is_dir():
        pytest.skip("SAMEHAND_TEST_DATA names no folder with images/pdq")
    return folder


class FolderBlobs:
    def read(self, blob):
        return Path(blob).read_bytes()


def test_real_edits_of_a_real_photo_stay_within_the_radius():
    names = sorted(str(path) for path in folder_of_edits().glob("*.jpg"))
    bits = PhotoHashes.of(decode_pictures(FolderBlobs(), names).pixels).bits
    assert len(names) > 10
    assert np.bitwise_count(bits ^ bits[0]).max() <= 8
