"""Invented carriers for tests of the semi-real world: accounts with dated listings and posts."""

from datetime import UTC, datetime, timedelta

from tests.builders import CorpusBuilder

START = datetime(2014, 3, 1, tzinfo=UTC)
NAMES = "amberfox birchpost coldharp dunemill elmgate fernlock gullwing hazelrow inkwell jadeport"


def a_seller(
    corpus: CorpusBuilder, market: str, handle: str, days: int = 8, first: int = 0
) -> CorpusBuilder:
    """A listing a day, each naming its seller, with a price of its own."""
    for day in range(first, first + days):
        at = START + timedelta(days=day)
        corpus.listing(
            market,
            handle,
            f"{handle} offers lot {day}",
            description=f"Lot {day}: ask {handle.upper()}, or {handle}s at any time.",
            price=day + 0.125,
            currency="USD",
            stated_at=at,
            stated_precision="day",
        )
    return corpus


def an_author(corpus: CorpusBuilder, market: str, handle: str, posts: int = 8) -> CorpusBuilder:
    """A post every hour."""
    for number in range(posts):
        at = START + timedelta(hours=number)
        body = f"Number {number} from me.\r\nNothing to add — as ever."
        corpus.post(market, handle, body, stated_at=at, stated_precision="second")
    return corpus


def a_crowd(size: int = 120) -> CorpusBuilder:
    """So many sellers on one market and as many authors on a forum, each of a handle of his own."""
    corpus = CorpusBuilder().market("harbour").market("quayside", "forum", belongs_to="harbour")
    words = NAMES.split()
    for number in range(size):
        a_seller(corpus, "harbour", f"{words[number % 10]}{number}", first=number % 7)
        an_author(corpus, "quayside", f"mc{words[number % 10]}{number}")
    return corpus
