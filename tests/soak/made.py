"""What the search among keys and pictures starts from: small whole ones."""

import io

from PIL import Image
from pysequoia import SignatureMode, Tsk, sign

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")


def keys() -> list[bytes]:
    """A public key and a signed message in armor, and the key's packets."""
    made = Tsk.generate("ada <ada@mail.example.org>")
    signed = sign(made.signer(), b"I am ada on harbour.\n", mode=SignatureMode.CLEAR)
    certificate = made.extract_certificate()
    return [str(certificate).encode(), bytes(signed), bytes(certificate)]


def pictures() -> list[bytes]:
    """One small picture of each format."""
    return [_picture(form) for form in FORMATS]


def _picture(form: str) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize((24, 16)).convert("RGB").save(out, form)
    return out.getvalue()
