from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from evidence.public_texts import without_public
from features.contact import Contact
from features.pairs import Pairs
from tests.builders import CorpusBuilder

FEATURE = Contact()
LEVELS = [None, *(level.name for level in FEATURE.levels)]
MAIL = "quill77@lamp.example"
DAY = datetime(2019, 5, 1, tzinfo=UTC)


def prepared(builder):
    corpus = builder.build()
    survey = FEATURE.survey(corpus)
    return survey, FEATURE.read(corpus, survey)


def level_of(builder, pair=(0, 1)):
    survey, traits = prepared(builder)
    outcome = FEATURE.compare(traits, survey, Pairs.of(pair[:1], pair[1:]))
    finding = FEATURE.explain(traits, survey, pair)
    assert finding.level == LEVELS[outcome.level[0]]
    return finding.level


def two(left, right):
    return CorpusBuilder().account("alder", "anvil", left).account("birch", "ladle", right)


def test_two_profiles_with_one_address_give_it_as_their_own():
    assert level_of(two(f"mail: {MAIL}", f"write to {MAIL}")) == "same_given_by_two"


def test_an_address_in_posts_is_shown_unless_the_words_make_it_ones_own():
    builder = (
        CorpusBuilder().post("alder", "anvil", f"order at {MAIL}").account("birch", "ladle", MAIL)
    )
    assert level_of(builder) == "same_shown_by_two"
    builder.post("alder", "anvil", f"my mail is {MAIL}")
    assert level_of(builder) == "same_given_by_two"


@pytest.mark.parametrize(
    "body",
    [
        f"add him at {MAIL}",
        f"ladle's mail is {MAIL}",
        f"beware of this scammer: {MAIL}",
        f"[quote]my mail is {MAIL}[/quote] did anybody write?",
    ],
)
def test_who_names_somebody_elses_address_is_not_tied_to_him(body):
    builder = CorpusBuilder().post("alder", "anvil", body).account("birch", "ladle", MAIL)
    assert level_of(builder) == "same_quoted"


def test_an_address_that_bears_the_handle_of_another_account_is_that_accounts():
    owned = "oaktable@lamp.example"
    builder = (
        CorpusBuilder()
        .post("alder", "anvil", f"order at {owned}")
        .account("birch", "oaktable", owned)
    )
    assert level_of(builder) == "same_quoted"
    sold = CorpusBuilder().account("alder", "oaktable_2", owned).account("birch", "oaktable", owned)
    assert level_of(sold) == "same_given_by_two"


def test_two_who_quote_a_third_ones_address_have_nothing_of_their_own():
    owned = "oaktable@lamp.example"
    builder = CorpusBuilder().account("birch", "oaktable", "no mail today")
    for handle in ("anvil", "ladle"):
        builder.post("birch", handle, f"try {owned}")
    assert level_of(builder) == "same_quoted"


def test_the_address_of_an_office_is_nobodys():
    assert level_of(two("support@lamp.example", "support@lamp.example")) == "same_of_nobody"


def test_an_address_that_tags_give_to_a_service_is_nobodys_and_the_service_is_named():
    builder = two(MAIL, MAIL)._add(
        "tags",
        {"kind": "email", "value": MAIL, "label": "Kettle Exchange", "category": "exchange",
         "said_by": "the ministry of lamps"},
    )  # fmt: skip
    assert level_of(builder) == "same_of_nobody"
    survey, traits = prepared(builder)
    sentence = FEATURE.explain(traits, survey, (0, 1)).sentence
    assert "known as Kettle Exchange (exchange), says the ministry of lamps" in sentence


def crowd(size, *, dated):
    builder = CorpusBuilder()
    for number in range(size):
        when = DAY + timedelta(days=number) if dated else None
        builder.account(f"market {number:02}", f"anvil{number}", MAIL, stated_at=when)
    return builder


def test_the_more_accounts_show_an_address_the_less_it_says():
    assert level_of(crowd(2, dated=False)) == "same_given_by_two"
    assert level_of(crowd(4, dated=False)) == "same_given_by_few"
    assert level_of(crowd(9, dated=False)) == "same_known_to_many"


def test_a_crowd_that_copies_an_address_later_takes_nothing_from_the_first_two():
    assert level_of(crowd(9, dated=True)) == "same_given_by_two"
    assert level_of(crowd(9, dated=True), (0, 3)) == "same_given_by_few"
    assert level_of(crowd(9, dated=True), (0, 8)) == "same_known_to_many"


def test_a_crowd_brings_together_only_those_who_came_first():
    survey, traits = prepared(crowd(60, dated=True))
    assert len(FEATURE.meet(traits, survey)) == 20 * 19 // 2
    survey, traits = prepared(crowd(60, dated=False))
    assert len(FEATURE.meet(traits, survey)) == 0


def test_who_shows_hundreds_of_addresses_collects_those_of_others():
    many = "\n".join(f"my mail is lamp{number}@lamp.example" for number in range(100))
    builder = two(many, "my mail is lamp7@lamp.example")
    assert level_of(builder) == "same_quoted"


def test_different_addresses_of_one_kind_speak_a_little_against():
    assert level_of(two("a1lamp@lamp.example", "b2lamp@lamp.example")) == "different_contacts"
    assert level_of(two("a1lamp@lamp.example", "call +31 20 794 2800")) is None
    assert level_of(two("a1lamp@lamp.example", "no mail")) is None


def test_pages_that_both_send_people_to_are_no_contacts():
    assert level_of(two("see http://lamp.example/a", "see http://lamp.example/a")) is None
    own = "our own shop: http://lamp.example/shop"
    assert level_of(two(own, own)) == "same_shown_by_two"


def test_a_contact_ruled_public_links_nobody_by_either_way():
    builder = two(MAIL, MAIL)
    survey, traits = prepared(builder)
    kept = FEATURE.without(traits, survey, {MAIL})
    assert not FEATURE.compare(kept, survey, Pairs.of([0], [1])).level.any()
    ruled = pl.DataFrame({"kind": ["contact"], "value": [MAIL], "reason": ["staff"]})
    corpus = without_public(builder.build(), ruled)
    gone = FEATURE.read(corpus, FEATURE.survey(corpus))
    assert gone.gives.height == kept.gives.height == 0


def test_the_graph_sees_who_shows_which_contact():
    _, traits = prepared(two(MAIL, f"{MAIL} and [quote]other@lamp.example[/quote]"))
    shown = FEATURE.shown(traits)
    assert shown.kind == "contact"
    assert (shown.value, shown.account.tolist()) == ([MAIL, MAIL], [0, 1])
    assert not shown.proved.any()


def test_the_explanation_says_who_came_first_and_cites_both_sides():
    survey, traits = prepared(crowd(2, dated=True))
    finding = FEATURE.explain(traits, survey, (0, 1))
    assert "the left showed it first, on 2019-05-01" in finding.sentence
    assert len(finding.citations) == 2
    assert [highlight.text for highlight in finding.highlights] == [MAIL, MAIL]


def test_a_missing_contact_is_named():
    survey, traits = prepared(two(MAIL, "nothing here"))
    assert FEATURE.explain(traits, survey, (0, 1)).sentence == "no contact on the right"
    assert np.array_equal(FEATURE.compare(traits, survey, Pairs.of([0], [1])).level, [0])
