"""An entry for pictures: what the decoding process does with one, in this process.

Time and memory are the soak's to limit; the size of a picture is limited as it is there.
"""

import json

import numpy as np

from features.photos import worker
from features.photos.readings import facts_of, large_of, records_of
from tests.pictures import encoded, goods

FORMS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
SMALL = (48, 36)


def fuzz_picture(data: bytes) -> None:
    """Decode the bytes, and read what a camera wrote; nothing may be raised."""
    for content in (data, data[8:]):
        json.dumps(worker.exif_facts(content))
    code, answer = worker.outcome(data, worker.PLACED)
    assert (code == worker.READ) == bool(answer)
    if answer:
        assert records_of([answer]).shape == (1,)
        assert large_of(answer).size
        assert set(facts_of(answer)) <= {"make", "model", "software", "serial", "gps"}


def seeds() -> list[bytes]:
    """A small picture in every form, and what a camera writes."""
    image = goods(np.random.default_rng(1)).resize(SMALL)
    exif = image.getexif()
    exif[0x010F] = "Lantern"
    exif.get_ifd(0x8769)[0xA431] = "AB1234567"
    exif.get_ifd(0x8825)[1] = "N"
    return [*(encoded(image, form) for form in FORMS), encoded(image, exif=exif), exif.tobytes()]
