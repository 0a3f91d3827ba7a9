"""Whose words are they? Quotations as forums, HTML and mail mark them; mentions of handles."""

import pytest

from evidence.masking import MASK_TOKEN, mask
from evidence.spans.quotes import quoted_regions
from tests.builders import CorpusBuilder
from tests.evidence.spans.test_extraction import spans_of, values


def owners(text):
    """First letters of the addresses: those that are quoted, those that are not."""
    spans = spans_of(text)
    return [
        "".join(str(span["value"])[0] for span in spans if span["quoted"] == quoted)
        for quoted in (True, False)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "> q@one.example\no@two.example",
        "&gt; q@one.example\no@two.example",
        " > > q@one.example\no@two.example",
        "[quote]q@one.example[/quote] o@two.example",
        "q@one.example [/quote] o@two.example",
        "o@two.example [quote=ann;5] q@one.example",
        "<blockquote class='x'>q@one.example</blockquote> o@two.example",
        "On 2 May 2013, Ann wrote:\nmail me\nq@one.example\n\no@two.example",
        "On 2 May 2013, Ann wrote:\n\n> q@one.example\n\no@two.example",
        "On 2 May 2013, Ann q@one.example wrote:\n> hello\no@two.example",
        "Quote from: Ann on May 02, 2013\nq@one.example\n\no@two.example",
        "o@two.example\n----- Original Message -----\nFrom: Ann\n\nq@one.example",
        "Ann q@one.example wrote:\nmail me\n\no@two.example",
    ],
)
def test_only_the_words_of_others_are_quoted(text):
    assert owners(text) == ["q", "o"]


def test_a_text_that_marks_no_quotation_quotes_nobody():
    assert quoted_regions("he wrote a letter; 5 > 3; quote me on that\n") == []


def test_a_word_of_the_language_is_no_mention_unless_marked_as_a_name():
    talk = [
        f"which quill or what quill is the best of all, number {number}?" for number in range(10)
    ]
    names = "ask vendor Quill or @quill, see /u/quill"
    text = "\n".join([*talk, names])
    assert values(text, "mention", "Quill") == ["quill"] * 3
    assert values(text, "handle_word", "Quill") == ["quill"] * 20


def test_a_name_that_is_often_used_stays_a_name():
    text = "\n".join(f"quillfoot sent it, thanks quillfoot! {number}" for number in range(30))
    assert values(text, "mention", "quillfoot") == ["quillfoot"] * 60


def test_a_word_in_the_listings_of_five_others_is_no_name():
    builder = CorpusBuilder().account("agora", "Amber")
    for seller in ("ann", "bob", "cyd", "dee", "eve"):
        builder = builder.listing("agora", seller, title="amber quills")
    corpus = builder.post("forum", "fay", "amber days").build()
    assert set(corpus.spans["kind"]) == {"handle_word"}
    assert set(mask(corpus, {"handle"}).texts["text"]) == {
        f"{MASK_TOKEN} quills",
        f"{MASK_TOKEN} days",
    }


def test_a_name_in_listings_of_its_own_on_many_markets_stays_one():
    builder = CorpusBuilder()
    for market in ("agora", "hansa", "dream", "empire", "tochka", "versus"):
        builder = builder.listing(market, "Amber", title="quills by amber")
    assert set(builder.build().spans["kind"]) == {"mention"}


def test_a_rare_handle_is_mentioned_even_behind_an_article():
    assert values("the quill is the best", "mention", "quill") == ["quill"]


def test_what_stands_before_a_mention_may_be_any_script():
    text = "ümlaut " * 10 + "der Öhm, «Öhmchen» \U0001f58b Öhmchen"
    assert values(text, "mention", "Öhmchen") == ["öhmchen"] * 2
