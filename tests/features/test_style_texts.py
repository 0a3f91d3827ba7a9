from datetime import UTC, datetime

import polars as pl
import pytest

from features.style.texts import HIDDEN, posts_of
from tests.builders import CorpusBuilder

LONG = "a line that is long enough to be recognised wherever it stands"
MONDAY, TUESDAY = datetime(2020, 1, 6, tzinfo=UTC), datetime(2020, 1, 7, tzinfo=UTC)


def posts(builder: CorpusBuilder) -> list[str]:
    return posts_of(builder.build())["text"].to_list()


def test_own_handle_and_addresses_are_hidden():
    builder = CorpusBuilder().post(
        "harbour", "tin", f"martin sent it to someone@example.org, {LONG}"
    )
    assert posts(builder) == [f"mar{HIDDEN} sent it to {HIDDEN}, {LONG}"]


@pytest.mark.parametrize("written", ["KESTREL", "Kestrel", "\u212aestrel", "ke\u017ftrel"])
def test_own_handle_is_hidden_however_its_letters_are_cased(written):
    builder = CorpusBuilder().post("harbour", "kestrel", f"{written} wrote: {LONG}")
    assert posts(builder) == [f"{HIDDEN} wrote: {LONG}"]


def test_what_is_quoted_is_nobody_s_own_writing():
    builder = CorpusBuilder().post("harbour", "bea", f"> words of another\n{LONG}")
    assert posts(builder) == [f"\n{LONG}"]


@pytest.mark.parametrize(("length", "kept"), [(39, 0), (40, 1)])
def test_posts_count_from_forty_characters_on(length, kept):
    assert len(posts(CorpusBuilder().post("harbour", "bea", "x" * length))) == kept


def test_a_copied_line_stays_with_who_showed_it_first():
    builder = CorpusBuilder()
    own = "something else that is all mine and long enough"
    builder.post("harbour", "first", LONG, stated_at=MONDAY)
    builder.post("quay", "copier", f"{LONG.upper()}\n{own}", stated_at=TUESDAY)
    assert posts(builder) == [LONG, own]


def test_who_copies_a_post_of_short_lines_keeps_none_of_them():
    short = "good evening all\n\nmy kettle leaks again, any idea?\nthanks in advance"
    builder = CorpusBuilder().post("harbour", "first", short, stated_at=MONDAY)
    builder.post("quay", "copier", f"{LONG}\n{short}", stated_at=TUESDAY)
    assert posts(builder) == [short, LONG]


def test_greetings_of_one_line_are_nobodys_copies():
    builder = CorpusBuilder()
    own = [f"good evening\n{LONG} {number}" for number in range(2)]
    builder.post("harbour", "first", own[0], stated_at=MONDAY)
    builder.post("quay", "other", own[1], stated_at=TUESDAY)
    assert posts(builder) == own


def test_of_a_copied_line_without_times_nobody_is_the_author():
    builder = CorpusBuilder()
    builder.post("harbour", "one", f"{LONG}\nsomething of my own that is long enough too")
    builder.post("quay", "two", f"{LONG}\nanother thing that nobody else would have said")
    assert not any(LONG in text for text in posts(builder))


def test_a_line_that_one_account_repeats_is_its_own():
    builder = CorpusBuilder().post("harbour", "one", LONG).post("harbour", "one", LONG)
    assert posts(builder) == [LONG, LONG]


def test_texts_keep_where_they_stand():
    corpus = CorpusBuilder().post("harbour", "bea", LONG).build()
    assert posts_of(corpus).columns == corpus.texts.columns
    assert (
        posts_of(corpus)
        .select("place", "source_id")
        .equals(corpus.texts.filter(pl.col("ground") == "post").select("place", "source_id"))
    )
