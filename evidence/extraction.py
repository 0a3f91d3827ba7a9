"""One pass over every text into spans: what stands where, quoted or not."""

import re

import polars as pl

from evidence.corpus import SPAN_COLUMNS

SPAN_KINDS = (
    "key_block",
    "signed_message",
    "email",
    "onion",
    "link",
    "wallet",
    "contact",
    "mention",
)

KEY_BLOCK = re.compile(
    r"-----BEGIN PGP PUBLIC KEY BLOCK-----.*?-----END PGP PUBLIC KEY BLOCK-----", re.DOTALL
)


def extract(texts: pl.Series) -> pl.DataFrame:
    """The spans of n texts, sorted by (text, start, end, kind); see `corpus.SPAN_COLUMNS`."""
    rows = [
        (number, "key_block", found.start(), found.end(), None, False)
        for number, text in enumerate(texts.to_list())
        for found in KEY_BLOCK.finditer(text)
    ]
    return pl.DataFrame(rows, schema=SPAN_COLUMNS, orient="row")
