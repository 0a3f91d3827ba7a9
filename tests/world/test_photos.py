import io

import imagehash
import numpy as np
from PIL import Image

from world.photos import deliver, draw


def phash(content: bytes) -> imagehash.ImageHash:
    return imagehash.phash(Image.open(io.BytesIO(content)))


def test_a_picture_is_known_again_after_every_edit_and_not_mistaken_for_another():
    rng = np.random.default_rng(0)
    shown = [[phash(deliver(draw(1, hand, 0), rng)) for _ in range(6)] for hand in range(6)]
    for hand, versions in enumerate(shown):
        assert max(versions[0] - version for version in versions) <= 10
        others = [other[0] for number, other in enumerate(shown) if number != hand]
        assert min(versions[0] - other for other in others) > 10


def test_edits_change_the_bytes():
    rng = np.random.default_rng(0)
    assert len({deliver(draw(1, 0, 0), rng) for _ in range(12)}) > 3
