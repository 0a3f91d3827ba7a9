import polars as pl

from features.pairs import Pairs
from linkage.model import RELATIONS
from linkage.relations import relations_of
from tests.builders import CorpusBuilder
from tests.linkage.toys import a_corpus


def relation(corpus):
    return RELATIONS[relations_of(corpus.accounts, Pairs.of([0], [1]))[0]]


def test_two_markets_are_across():
    assert relation(a_corpus("harbour:ann", "lantern:ann")) == "across"


def test_one_market_is_the_same():
    assert relation(a_corpus("harbour:ann", "harbour:anne")) == "same"


def test_a_forum_and_the_market_it_serves_have_a_relation_of_their_own():
    builder = CorpusBuilder().market("talk", "forum", belongs_to="harbour")
    builder.post("talk", "ann", "hello").listing("harbour", "ann", "a kettle")
    assert relation(builder.build()) == "forum"


def test_a_forum_is_across_from_a_market_it_does_not_serve():
    builder = CorpusBuilder().market("talk", "forum", belongs_to="harbour")
    builder.post("talk", "ann", "hello").listing("lantern", "ann", "a kettle")
    assert relation(builder.build()) == "across"


def test_two_forums_of_unknown_markets_are_across():
    builder = CorpusBuilder().market("talk", "forum").market("chat", "forum")
    builder.post("talk", "ann", "hello").post("chat", "ann", "hello")
    assert relation(builder.build()) == "across"


def test_the_two_halves_of_one_account_stand_as_if_on_two_markets():
    accounts = a_corpus("harbour:ann", "harbour:anne").accounts
    halves = accounts.with_columns(side=pl.Series(["early", "late"]))
    assert RELATIONS[relations_of(halves, Pairs.of([0], [1]))[0]] == "across"
