from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from evidence.corpus import Corpus
from evidence.masking import mask
from evidence.splitting import TimeSplit, split_by_time
from tests.builders import CorpusBuilder

START = datetime(2020, 1, 1, tzinfo=UTC)
FILL = "a sentence that is long enough to count"


def an_author(posts: int, handle: str = "bea") -> CorpusBuilder:
    """Posts numbered in order of time, delivered latest first."""
    builder = CorpusBuilder()
    for number in reversed(range(posts)):
        at = START + timedelta(days=number)
        builder.post("harbour", handle, f"{number:02} {FILL}", stated_at=at)
    return builder


def sides(corpus: Corpus) -> dict[str, list[str]]:
    texts = corpus.texts.with_columns(
        id=corpus.accounts["account_id"].gather(corpus.texts["account"])
    )
    numbered = texts.with_columns(pl.col("text").str.slice(0, 2))
    return {str(k[0]): g["text"].to_list() for k, g in numbered.group_by("id", maintain_order=True)}


def test_each_side_keeps_the_posts_nearest_to_the_cut():
    halves = split_by_time(an_author(10).build(), TimeSplit(3, 1, 1))
    assert sides(halves) == {
        "harbour:bea#early": ["02", "03", "04"],
        "harbour:bea#late": ["05", "06", "07"],
    }


def test_an_odd_number_gives_the_late_side_one_more():
    halves = split_by_time(an_author(5).build(), TimeSplit(9, 1, 1))
    assert sides(halves) == {
        "harbour:bea#early": ["00", "01"],
        "harbour:bea#late": ["02", "03", "04"],
    }


def test_the_sides_are_accounts_that_say_so():
    accounts = split_by_time(an_author(4).build(), TimeSplit(2, 1, 1)).accounts
    assert accounts["side"].to_list() == ["early", "late"]
    assert accounts["handle"].to_list() == ["bea", "bea"]


@pytest.mark.parametrize(("needed", "count"), [(10, 2), (11, 0)])
def test_accounts_with_few_posts_are_left_out(needed, count):
    halves = split_by_time(an_author(10).build(), TimeSplit(3, needed, 1))
    assert halves.account_count == count


@pytest.mark.parametrize(("spare", "count"), [(0, 2), (1, 0)])
def test_accounts_with_little_text_are_left_out(spare, count):
    enough = 4 * len(f"00 {FILL}") + spare
    assert split_by_time(an_author(4).build(), TimeSplit(3, 1, enough)).account_count == count


def test_short_posts_do_not_count():
    builder = an_author(4).post("harbour", "bea", "thanks", stated_at=START)
    assert sides(split_by_time(builder.build(), TimeSplit(9, 1, 1))) == sides(
        split_by_time(an_author(4).build(), TimeSplit(9, 1, 1))
    )


def test_a_long_address_is_not_length():
    body = "see https://example.org/" + "x" * 60
    corpus = an_author(4).post("harbour", "bea", body, stated_at=START).build()
    assert sum(map(len, sides(split_by_time(corpus, TimeSplit(9, 1, 1))).values())) == 4


def test_masked_text_counts_as_the_address_did():
    body = f"https://example.org/abc {FILL}"[:62]
    corpus = an_author(4).post("harbour", "bea", body, stated_at=START).build()
    split = TimeSplit(9, 1, 1)
    plain, masked = split_by_time(corpus, split), split_by_time(mask(corpus, {"contact"}), split)
    assert plain.texts["row_id"].equals(masked.texts["row_id"])


def test_only_posts_go_along():
    corpus = an_author(4).listing("harbour", "bea", "a kettle").build()
    halves = split_by_time(corpus, TimeSplit(9, 1, 1))
    assert set(halves.texts["ground"]) == {"post"}
    assert halves.listings.is_empty()
    assert halves.posts.height == 4
    assert halves.posts["account"].to_list() == halves.texts["account"].to_list()


def test_spans_go_along_with_their_text():
    corpus = (
        an_author(4)
        .post("harbour", "bea", f"{FILL} someone@example.org", stated_at=START + timedelta(days=9))
        .build()
    )
    halves = split_by_time(corpus, TimeSplit(9, 1, 1))
    emails = halves.spans.filter(pl.col("kind") == "email")
    assert "someone@example.org" in halves.texts["text"][emails["text"][0]]


def test_accounts_stay_sorted_and_rows_are_theirs():
    builder = an_author(4, "bea")
    for number in range(4):
        builder.post("harbour", "bea!", f"{number:02} {FILL}", stated_at=START)
    halves = split_by_time(builder.build(), TimeSplit(9, 1, 1))
    ids = halves.accounts["account_id"]
    assert ids.equals(ids.sort())
    assert halves.texts["account"].is_sorted()
    assert set(sides(halves)) == set(ids)
