"""Addresses written so that no machine should find them; invented, each value as it was meant."""

import pytest

from tests.evidence.spans.test_extraction import spans_of, values
from tests.evidence.spans.test_extraction_contacts import ONION_V3

V2 = "abcdefgh234567ab"


@pytest.mark.parametrize(
    "written",
    [
        "ann[at]mail.example.org",
        "ann [at] mail [dot] example [dot] org",
        "ann(at)mail(dot)example(dot)org",
        "ann {AT} mail {DOT} example {DOT} org",
        "ann@mail[.]example[.]org",
        "ann at mail dot example dot org",
        "ann AT mail DOT example DOT org",
        "ann @ mail . example . org",
        "ann <at> mail.example.org",
    ],
)
def test_a_defanged_address_is_read_as_it_was_meant(written):
    text = f"ümlaut, write to {written}, please"
    [span] = [span for span in spans_of(text) if span["kind"] == "email"]
    assert span["value"] == "ann@mail.example.org"
    assert text[int(str(span["start"])) : int(str(span["end"]))] == written


@pytest.mark.parametrize(
    "text",
    [
        "meet me at work dot it is late",
        "a teacher at blue dot noon",
        "pens @ shop.example",
        "look at mail.example.org",
        "dots (.) and [at] signs",
    ],
)
def test_words_are_not_taken_for_an_address(text):
    assert values(text, "email") == []


@pytest.mark.parametrize(
    ("written", "name"),
    [
        (f"{V2} . onion", V2),
        (f"{V2}. onion", V2),
        (f"{V2}[.]onion", V2),
        (f"{V2} (dot) onion", V2),
        ("abcd efgh 2345 67ab .onion", V2),
        ("ab c defgh-234567ab . onion", V2),
        (f"{ONION_V3[:20]} {ONION_V3[20:]} dot onion", ONION_V3),
        (f"{ONION_V3}[dot]onion", ONION_V3),
    ],
)
def test_an_onion_in_pieces_is_put_together(written, name):
    text = f"find us: {written} !"
    [span] = [span for span in spans_of(text) if span["kind"] == "onion"]
    assert span["value"] == f"{name}.onion"
    assert text[int(str(span["start"])) : int(str(span["end"]))] == written


@pytest.mark.parametrize(
    "text",
    [
        "all that is seen here . onion",
        "you see it . onion soup",
        "acknowledgements . onion",
        f"{ONION_V3[:20]} {ONION_V3[20:-1]}a . onion",
    ],
)
def test_words_before_onion_are_no_name(text):
    assert values(text, "onion") == []


@pytest.mark.parametrize(
    ("written", "link"),
    [
        ("hxxp://shop.example/A", "http://shop.example/A"),
        ("hXXps://Shop[.]Example/A", "https://shop.example/A"),
        ("h**p://shop(dot)example", "http://shop.example"),
        ("www[.]shop[.]example", "www.shop.example"),
        ("(see http://shop.example/a_(b)).", "http://shop.example/a_(b)"),
    ],
)
def test_a_defanged_link_is_read_as_it_was_meant(written, link):
    assert values(f"go to {written} now", "link") == [link]
