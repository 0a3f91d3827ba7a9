"""What the search among pictures starts from: small whole ones."""

import io

from PIL import Image

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")


def pictures() -> list[bytes]:
    """One small picture of each format."""
    return [_picture(form) for form in FORMATS]


def _picture(form: str) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize((24, 16)).convert("RGB").save(out, form)
    return out.getvalue()
