"""A corpus without the contacts, wallets and phrases that people ruled public.

Keys and photos are no text: what they show is left out by the features that read them (see
`features.feature.Feature.without`).
"""

import re
from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from evidence.corpus import Corpus
from evidence.masking import MASKED_KINDS, replaced
from evidence.spans.extraction import ARMOR_KINDS, spans_of
from evidence.spans.intervals import PLACES, touching

SPANS_OF = {
    "contact": tuple(kind for kind in MASKED_KINDS["contact"] if kind != "wallet"),
    "wallet": ("wallet",),
}
"""The kinds of spans in which a public value of a kind may stand."""


def without_public(corpus: Corpus, public: pl.DataFrame) -> Corpus:
    """The corpus with every public contact, wallet and phrase replaced as masking does.

    A contact or wallet goes wherever a span has its value, a phrase wherever its words follow one
    another, in any case and with any white space between them, but within armor.

    Args:
        corpus: what was read.
        public: the values in force, see `rulings.PUBLIC_VALUES`.
    """
    places = pl.concat([_spans_of(corpus, public), _phrases_of(corpus, public)])
    if places.is_empty():
        return corpus
    texts = replaced(corpus.texts, places)
    return replace(corpus, texts=texts, spans=spans_of(texts, corpus.accounts))


def _spans_of(corpus: Corpus, public: pl.DataFrame) -> pl.DataFrame:
    chosen = pl.lit(value=False)
    for kind, spans in SPANS_OF.items():
        values = public.filter(kind=kind)["value"]
        chosen |= pl.col("kind").is_in(spans) & pl.col("value").is_in(values.implode())
    return corpus.spans.filter(chosen).select(*PLACES)


def _phrases_of(corpus: Corpus, public: pl.DataFrame) -> pl.DataFrame:
    found = [
        place
        for phrase in public.filter(kind="phrase")["value"]
        for place in _places_of(corpus.texts["text"], phrase)
    ]
    places = pl.DataFrame(found, schema=PLACES, orient="row")
    armor = corpus.spans.filter(pl.col("kind").is_in(ARMOR_KINDS))
    return places.filter(~touching(places, armor))


def _places_of(texts: pl.Series, phrase: str) -> Iterator[tuple[int, int, int]]:
    pattern = r"\s+".join(re.escape(word) for word in phrase.split())
    for number in texts.str.contains(f"(?i){pattern}").arg_true().to_list():
        for hit in re.finditer(pattern, texts[number], re.IGNORECASE):
            yield number, hit.start(), hit.end()
