"""What people do to pictures, and whether the picture is known again."""

import numpy as np
import pytest
from PIL import Image, ImageEnhance

from features.photos.colours import colour_difference
from features.photos.decode import decode_pictures
from features.photos.looks import gather_looks, near_looks
from features.photos.readings import Readings, records_of
from features.photos.worker import COLOURS
from tests.builders import MemoryBlobs
from tests.pictures import EDITS, encoded, goods

ORIGINALS = 8


def met(images):
    """Which of n pictures are taken for one: bool (n, n)."""
    blobs = MemoryBlobs()
    answers = decode_pictures(blobs, [blobs.add(encoded(image)) for image in images])
    names = tuple(map(str, range(len(images))))
    readings = Readings(names, (None,) * len(names), records_of(answers))
    looks = gather_looks(readings, np.arange(len(names)))
    near = set(near_looks(looks).select("own", "other").iter_rows())
    return np.array([[(a, b) in near for b in looks.of.tolist()] for a in looks.of.tolist()])


@pytest.fixture(scope="module")
def originals():
    return [goods(np.random.default_rng([3, n])).resize((640, 480)) for n in range(ORIGINALS)]


@pytest.mark.parametrize("name", EDITS)
def test_an_edited_picture_is_known_again_and_no_other_is_taken_for_it(name, originals):
    rng = np.random.default_rng(4)
    edited = [EDITS[name](image, rng).convert("RGB") for image in originals]
    found = met([*originals, *edited])[:ORIGINALS, ORIGINALS:]
    assert np.array_equal(found, np.eye(ORIGINALS, dtype=bool))


def test_what_turned_white_in_a_lighter_copy_is_not_held_against_it(originals):
    lighter = [ImageEnhance.Brightness(image).enhance(1.35) for image in originals]
    white = [(np.asarray(image) == 255).mean() for image in lighter]
    found = np.diagonal(met([*originals, *lighter]), ORIGINALS)
    assert np.mean(white) > 0.05
    assert found.all()


def test_a_picture_of_other_colours_is_another_picture(originals):
    swapped = [Image.merge("RGB", image.split()[::-1]) for image in originals]
    assert not np.diagonal(met([*originals, *swapped]), ORIGINALS).any()


def test_where_no_grey_values_fit_no_colours_are_compared():
    none = np.zeros((0, COLOURS, COLOURS, 3), np.float32)
    assert colour_difference(none, none, np.zeros((0, 4), np.float32)).shape == (0,)
