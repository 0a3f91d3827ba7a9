"""Documents made ready to be shown: their texts, where they stand, and the pieces they consist of.

Pairs that people see come sorted by their left account, so that what was looked at last is kept.
"""

from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property

from features.feature import Citation
from features.style.grounds import Documents
from features.style.pieces import Writing
from features.style.texts import HIDDEN

PAGES_KEPT = 256
TEXTS_CITED = 3
CONTEXT = 30


@dataclass(frozen=True)
class Page:
    """The texts of one document, and source, place and row of each."""

    texts: list[str]
    places: list[tuple[str, str, str]]

    @cached_property
    def lowered(self) -> list[str]:
        """The texts in lower case."""
        return [text.lower() for text in self.texts]

    @cached_property
    def writing(self) -> Writing:
        """The texts as code points."""
        return Writing.of(self.texts)

    def standing(self, pieces: list[str]) -> list[tuple[int, str]]:
        """For the first texts that hold any of the pieces: the row, and the piece found there."""
        hits: list[tuple[int, str]] = []
        wanted = [(piece, piece.lower()) for piece in pieces]
        for row, text in enumerate(self.lowered if wanted else ()):
            held = next((piece for piece, lower in wanted if lower in text), None)
            if held is not None:
                hits.append((row, held))
            if len(hits) == TEXTS_CITED:
                break
        return hits

    def contexts(self, standing: list[tuple[int, str]]) -> list[str]:
        """The pieces with what stands around them, names and addresses hidden."""
        shown = []
        for row, piece in standing:
            text = self.texts[row]
            place = max(self.lowered[row].find(piece.lower()), 0)
            window = text[max(place - CONTEXT, 0) : place + len(piece) + CONTEXT]
            shown.append(" ".join(window.replace(HIDDEN, "[…]").split()))
        return shown

    def citations(self, standing: list[tuple[int, str]]) -> list[Citation]:
        """Where the texts stand that hold a piece, or the first of all."""
        rows = [row for row, _ in standing] or list(range(min(1, len(self.texts))))
        return [Citation(*self.places[row]) for row in rows]


class Pages:
    """The pages of n documents."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._kept: OrderedDict[int, Page] = OrderedDict()

    def of(self, number: int) -> Page:
        """The page of one document."""
        page = self._kept.pop(number, None) or self._made(number)
        self._kept[number] = page
        if len(self._kept) > PAGES_KEPT:
            self._kept.popitem(last=False)
        return page

    def _made(self, number: int) -> Page:
        rows = self._documents.texts_of(number)
        places = rows.select("source_id", "place", "row_id").rows()
        return Page(rows["text"].to_list(), places)
