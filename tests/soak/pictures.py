"""An entry for pictures: in this process, what the worker that guards it would do with them."""

import io

from PIL import Image

from features.photos.readings import facts_of, large_of
from features.photos.worker import (
    FACTS,
    PLACED,
    READ,
    READY,
    SMALL,
    SMALL_BYTES,
    exif_facts,
    outcome,
)

FORMS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
CAMERA = {0x010F: "Kettle & Sons", 0x0110: "K-1", 0x0131: "soft", 0xA431: "serial 77"}


def fuzz_picture(data: bytes) -> None:
    """A picture is read, or one of the reasons says why not."""
    Image.MAX_IMAGE_PIXELS = None
    exif_facts(data)
    for wanted in (SMALL, FACTS, PLACED):
        code, answer = outcome(data, wanted)
        assert READ <= code < READY
        assert bool(answer) <= (code == READ)
        assert wanted != SMALL or code != READ or len(answer) >= SMALL_BYTES
        if wanted != SMALL and code == READ:
            assert large_of(answer).size
            assert ("gps" in facts_of(answer)) <= (wanted == PLACED)


def seeds() -> list[bytes]:
    """One small picture of each format, those that can with facts of a camera."""
    return [_picture(form) for form in FORMS]


def _picture(form: str) -> bytes:
    out = io.BytesIO()
    exif = Image.Exif()
    exif.update(CAMERA)
    picture = Image.linear_gradient("L").resize((24, 16)).convert("RGB")
    picture.save(out, form, **({} if form == "GIF" else {"exif": exif}))
    return out.getvalue()
