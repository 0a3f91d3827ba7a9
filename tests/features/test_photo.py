import io
from datetime import UTC, datetime, timedelta

import imagehash
import numpy as np
import polars as pl
import pytest
from PIL import Image, ImageEnhance

from features.pairs import Pairs
from features.photo import Photo
from features.photos.decode import REASONS
from features.photos.meetings import MOST_SHOWERS
from features.photos.telling import tells
from features.photos.worker import UNKNOWN_FORMAT
from tests.builders import CorpusBuilder
from tests.pictures import encoded, goods, mirror, shade, stripes, write


def a_picture(seed):
    """A drawn picture: coloured things on a coloured ground."""
    return goods(np.random.default_rng(seed))


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
    builder.photo("two", "fir", encoded(a_picture(2), "PNG"))
    feature, corpus = Photo(), builder.build()
    shown = feature.shown(feature.read(corpus, feature.survey(corpus)))
    assert shown.kind == "photo"
    assert shown.account.tolist() == [0, 1, 2]
    assert shown.value[0] == shown.value[1] != shown.value[2]
    assert not shown.proved.any()
    picture = Image.open(io.BytesIO(encoded(a_picture(2), "PNG")))
    assert shown.value[2] == str(imagehash.phash(picture))


DAY = datetime(2014, 5, 4, tzinfo=UTC)


def shown_on(days, content, builder=None):
    """Accounts that show a picture, each so many days after the first; None: nobody knows when."""
    builder = builder or CorpusBuilder()
    for number, after in enumerate(days):
        seen = None if after is None else DAY + timedelta(days=after)
        builder.photo("one", f"account {number:03}", content, stated_at=seen)
    return builder


def test_later_copies_take_nothing_from_those_who_showed_a_picture_before():
    builder = shown_on([0, 1, *range(10, 60)], encoded(a_picture(3)))
    finding = judged(builder, 0, 1)
    assert finding.level == "same_photo_rare"
    assert "52 accounts show it (2 by then)" in finding.sentence
    assert judged(builder, 0, 4).level == "same_photo_few"
    assert judged(builder, 40, 41).level is None


def test_accounts_of_unknown_time_may_have_shown_it_before():
    builder = shown_on([0, 1, None, None, None, None], encoded(a_picture(3)))
    assert judged(builder, 0, 1).level == "same_photo_common"


def test_a_picture_that_was_there_half_a_year_before_weighs_less_and_says_so():
    finding = judged(shown_on([0, 200], encoded(a_picture(3))), 0, 1)
    assert finding.level == "same_photo_late"
    assert "the later of these two half a year or more after that" in finding.sentence
    by_another = shown_on([0, 200, 201], encoded(a_picture(3)))
    assert judged(by_another, 1, 2).level == "same_photo_late"
    assert judged(shown_on([0, 170], encoded(a_picture(3))), 0, 1).level == "same_photo_rare"


def test_a_mirror_image_is_found_and_called_one():
    builder = CorpusBuilder().photo("one", "oak", encoded(a_picture(1)))
    builder.photo("two", "elm", encoded(mirror(a_picture(1), None)))
    finding = judged(builder, 0, 1)
    assert finding.level == "same_photo_rare"
    assert "mirrored" in finding.sentence


def test_a_few_words_on_a_plain_ground_link_nobody():
    image = Image.new("RGB", (320, 240), "white")
    write(image, np.random.default_rng(1), 2, "black")
    assert judged(shown_by(2, encoded(image)), 0, 1).level is None


@pytest.mark.parametrize("kind", [stripes, shade])
def test_stripes_and_shades_say_next_to_nothing(kind):
    greys = [
        np.asarray(kind(np.random.default_rng(n)).convert("L").resize((32, 32))) for n in range(40)
    ]
    assert tells(np.stack(greys)).mean() < 0.4


def test_goods_on_a_table_say_enough_to_be_known_again():
    greys = [np.asarray(a_picture(n).convert("L").resize((32, 32))) for n in range(40)]
    assert tells(np.stack(greys)).mean() > 0.95


def test_a_picture_ruled_public_links_nobody_in_any_of_its_edits():
    builder = CorpusBuilder().photo("one", "oak", encoded(a_picture(1)))
    builder.photo("two", "elm", encoded(mirror(a_picture(1), None)))
    for owner in ("ash", "fir"):
        builder.photo("two", owner, encoded(a_picture(2)))
    feature, corpus = Photo(), builder.build()
    survey = feature.survey(corpus)
    traits = feature.read(corpus, survey)
    assert len(feature.meet(traits, survey)) == 2
    public = str(imagehash.phash(a_picture(1)))
    assert len(feature.meet(feature.without(traits, survey, [public]), survey)) == 1


def by_camera(serial, make="Lantern"):
    """EXIF that names a camera."""
    exif = Image.Exif()
    exif[0x010F] = make
    exif.get_ifd(0x8769)[0xA431] = serial
    return exif


def album(*shown):
    """Accounts 0, 1, … show these pictures, each (seed, serial number of the camera)."""
    builder = CorpusBuilder()
    for number, pictures in enumerate(shown):
        for seed, serial in pictures:
            content = encoded(a_picture(seed), exif=by_camera(serial))
            builder.photo("one", f"account {number}", content, path=f"{number}/{seed}.jpg")
    return builder


def test_unlike_pictures_of_one_camera_are_a_level_of_their_own():
    finding = judged(album([(1, "AB1234567")], [(2, "AB1234567")]), 0, 1)
    assert finding.level == "same_camera_serial"
    assert "EXIF can be edited" in finding.sentence
    assert [highlight.text for highlight in finding.highlights] == ["0/1.jpg", "1/2.jpg"]
    assert "AB1234567" not in finding.sentence


def test_a_copied_picture_brings_its_camera_along_and_proves_nothing_by_it():
    owner, thief = [(1, "AB1234567"), (2, "AB1234567")], [(1, "AB1234567")]
    assert judged(album(owner, thief), 0, 1).level == "same_photo_rare"


@pytest.mark.parametrize("filler", ["", "0", "00000000", "1111 1111", "None"])
def test_a_serial_number_that_is_a_filler_names_no_camera(filler):
    assert judged(album([(1, filler)], [(2, filler)]), 0, 1).level is None


def test_one_number_by_two_makers_is_two_cameras():
    builder = CorpusBuilder()
    for account, make in (("oak", "Lantern"), ("elm", "Umbrella")):
        content = encoded(a_picture(len(make)), exif=by_camera("AB1234567", make))
        builder.photo("one", account, content)
    assert judged(builder, 0, 1).level is None


def test_unreadable_pictures_are_listed_with_owner_place_and_reason():
    builder = CorpusBuilder().photo("one", "oak", b"broken", path="oak/1.jpg")
    builder.photo("one", "oak", encoded(a_picture(1)))
    builder.photo("one", "elm", b"broken")
    feature, corpus = Photo(), builder.build()
    traits = feature.read(corpus, feature.survey(corpus))
    found = traits.unreadable.filter(pl.col("path") == "oak/1.jpg")
    assert found.select("account", "place", "reason").rows() == [
        (1, "photos line 1", REASONS[UNKNOWN_FORMAT])
    ]
    assert traits.shows.height == 1
    sentence = judged(builder, 0, 1).sentence
    assert sentence == f"no picture that can be compared: left ({REASONS[UNKNOWN_FORMAT]})"
