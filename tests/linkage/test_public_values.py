"""What people ruled public links nobody, whoever shows it."""

import io

import numpy as np
import polars as pl
import pytest
from PIL import Image
from pysequoia import Tsk

from evidence.rulings import PUBLIC_VALUES
from features.pairs import Pairs
from features.pgp_key import PgpKey
from features.photo import Photo
from linkage.readings import read
from tests.builders import CorpusBuilder
from tests.linkage.toys import Key, a_corpus

PAIR = Pairs.of([0], [1])


def ruled_public(kind, *values):
    rows = [(kind, value, "everybody has it") for value in values]
    return pl.DataFrame(rows, schema=PUBLIC_VALUES.schema, orient="row")


def level_of(reading):
    level = int(reading.compare(PAIR).level[0])
    return reading.feature.levels[level - 1].name if level else None


@pytest.fixture(scope="module")
def keys():
    made = [Tsk.generate(f"staff {n} <staff{n}@example.org>").extract_certificate() for n in (1, 2)]
    return [(str(key), key.fingerprint.upper()) for key in made]


def showing(*blocks):
    builder = CorpusBuilder()
    for market, handle in (("harbour", "ann"), ("lantern", "bob")):
        for block in blocks:
            builder.post(market, handle, f"My key:\n{block}")
    return builder.build()


def test_a_public_key_is_no_evidence_and_says_so(keys):
    (block, fingerprint), _ = keys
    corpus = showing(block)
    assert level_of(read(PgpKey(), corpus)) == "same_key_owned"
    reading = read(PgpKey(), corpus, ruled_public("key", fingerprint))
    assert level_of(reading) is None
    assert len(reading.meet()) == 0
    assert "public" in reading.explain((0, 1)).sentence


def test_another_key_that_both_show_still_counts(keys):
    (block, fingerprint), (other, _) = keys
    reading = read(PgpKey(), showing(block, other), ruled_public("key", fingerprint))
    assert level_of(reading) == "same_key_owned"


def test_who_shows_a_public_key_stays_to_be_seen(keys):
    (block, fingerprint), _ = keys
    reading = read(PgpKey(), showing(block), ruled_public("key", fingerprint))
    assert reading.shown["value"].unique().to_list() == [fingerprint]


def test_a_value_of_another_kind_silences_nothing(keys):
    (block, fingerprint), _ = keys
    reading = read(PgpKey(), showing(block), ruled_public("photo", fingerprint[:16].lower()))
    assert level_of(reading) == "same_key_owned"


def a_picture(seed, quality):
    rng = np.random.default_rng(seed)
    small = Image.fromarray(rng.integers(0, 255, (6, 8, 3), dtype=np.uint8))
    out = io.BytesIO()
    small.resize((240, 180), Image.Resampling.BICUBIC).save(out, "JPEG", quality=quality)
    return out.getvalue()


def with_photos(*seeds):
    builder = CorpusBuilder()
    for market, handle, quality in (("harbour", "ann", 90), ("lantern", "bob", 40)):
        for seed in seeds:
            builder.photo(market, handle, a_picture(seed, quality))
    return builder.build()


def test_a_public_picture_is_no_evidence_however_it_was_saved():
    one = read(Photo(), with_photos(1))
    assert level_of(one) == "same_photo_rare"
    reading = read(Photo(), with_photos(1), ruled_public("photo", one.shown["value"][0]))
    assert level_of(reading) is None
    assert "public" in reading.explain((0, 1)).sentence


def test_another_picture_that_both_show_still_counts():
    public = read(Photo(), with_photos(1)).shown["value"][0]
    reading = read(Photo(), with_photos(1, 2), ruled_public("photo", public))
    assert level_of(reading) == "same_photo_rare"


def test_comparing_in_blocks_is_comparing_at_once(monkeypatch):
    a, b, c = "harbour:ann", "harbour:bob", "lantern:cat"
    pairs = Pairs.of([0, 0, 1], [1, 2, 2])
    reading = read(Key({(a, b): "key_shown", (b, c): "key_proved"}), a_corpus(a, b, c))
    whole = reading.compare(pairs)
    monkeypatch.setattr("linkage.readings.BLOCK_PAIRS", 2)
    assert np.array_equal(reading.compare(pairs).level, whole.level)
    assert len(reading.compare(Pairs.none()).level) == 0
