"""What is shown of a document does not hang on what was shown before it."""

from features.style.grounds import Documents
from features.style.pages import PAGES_KEPT, Pages
from features.style.texts import HIDDEN, posts_of
from tests.builders import CorpusBuilder

WORDS = "parcels leave on mondays and nobody has to wait for long"


def some_documents(count: int) -> Documents:
    builder = CorpusBuilder()
    for number in range(count):
        builder.post("harbour", f"hand{number:04}", f"No. {number}: {WORDS}")
    return Documents.of(posts_of(builder.build()), 1, 1)


def test_a_page_that_was_dropped_is_made_again():
    documents = some_documents(PAGES_KEPT + 2)
    pages = Pages(documents)
    first = pages.of(0)
    assert pages.of(0) is first
    for number in range(1, PAGES_KEPT + 2):
        pages.of(number)
    again = pages.of(0)
    assert again is not first
    assert (again.texts, again.places) == (first.texts, first.places)


def test_what_is_hidden_stays_hidden_around_a_piece():
    builder = CorpusBuilder().post("harbour", "tin", f"tin says to a@example.org: {WORDS}")
    page = Pages(Documents.of(posts_of(builder.build()), 1, 1)).of(0)
    shown = page.contexts(page.standing(["Parcels"]))
    assert shown == ["[…] says to […]: parcels leave on mondays and nobody h"]
    assert HIDDEN not in shown[0]
