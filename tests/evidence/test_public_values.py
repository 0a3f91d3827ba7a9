"""Values that people ruled public: checked, kept, undone, and taken out of the texts."""

from datetime import UTC, datetime

import polars as pl
import pytest

from evidence.errors import RefusedInput, UnknownThing
from evidence.ledger import Ledger
from evidence.masking import MASK_TOKEN
from evidence.public_texts import without_public
from evidence.public_values import (
    PublicValue,
    add_public_value,
    normalised,
    public_values,
    undo_public_value,
)
from evidence.rulings import PUBLIC_VALUES
from evidence.workspace import Workspace
from tests.builders import CorpusBuilder

AT = datetime(2026, 3, 1, tzinfo=UTC)
BITCOIN = "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"
FINGERPRINT = "0123456789ABCDEF0123456789ABCDEF01234567"


@pytest.fixture
def ledger(tmp_path):
    with Ledger.open(Workspace(tmp_path)) as opened:
        yield opened


def ruled(kind, value, why="everybody has it"):
    return PublicValue(kind, value, "ines", why, AT)


def in_force(ledger):
    return [tuple(row) for row in ledger.rulings().public_values.iter_rows()]


@pytest.mark.parametrize(
    ("kind", "typed", "normal"),
    [
        ("key", "0123 4567 89ab cdef 0123  4567 89ab cdef 0123 4567", FINGERPRINT),
        ("key", f"0x{FINGERPRINT.lower()}", FINGERPRINT),
        ("wallet", f" {BITCOIN} ", BITCOIN),
        ("contact", "Desk@Market.example", "desk@market.example"),
        ("photo", "00FF00FF00FF00FF", "00ff00ff00ff00ff"),
        ("phrase", "please  read\nour terms", "please read our terms"),
    ],
)
def test_a_value_is_kept_as_the_features_show_it(kind, typed, normal):
    assert normalised(kind, typed) == normal


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("key", FINGERPRINT[:16]),
        ("wallet", BITCOIN[:-1] + "3"),
        ("contact", "somebody"),
        ("photo", "picture.jpg"),
        ("phrase", "we ship"),
    ],
)
def test_what_is_no_value_of_its_kind_is_refused_in_words(kind, typed):
    with pytest.raises(RefusedInput, match=f"is no {kind}: .* is wanted"):
        normalised(kind, typed)


def test_a_ruling_is_in_force_until_it_is_undone_and_stays_to_be_seen(ledger):
    number = add_public_value(ledger, ruled("key", FINGERPRINT))
    assert in_force(ledger) == [("key", FINGERPRINT, "everybody has it")]
    undo_public_value(ledger, number, "omar", "it was a vendor's", AT)
    assert in_force(ledger) == []
    (kept,) = public_values(ledger)
    assert (kept.person, kept.undone_by, kept.undone_why) == ("ines", "omar", "it was a vendor's")


def test_a_value_is_ruled_public_once_and_again_after_it_was_undone(ledger):
    number = add_public_value(ledger, ruled("key", FINGERPRINT))
    with pytest.raises(RefusedInput, match="public already"):
        add_public_value(ledger, ruled("key", FINGERPRINT.lower()))
    undo_public_value(ledger, number, "omar", "why not", AT)
    add_public_value(ledger, ruled("key", FINGERPRINT))
    assert len(public_values(ledger)) == 2
    assert len(in_force(ledger)) == 1


def test_what_is_not_in_force_cannot_be_undone(ledger):
    with pytest.raises(UnknownThing, match="public value in force '7'"):
        undo_public_value(ledger, 7, "omar", "why", AT)


def test_nothing_is_ruled_or_undone_without_a_reason(ledger):
    with pytest.raises(RefusedInput, match="say why"):
        add_public_value(ledger, ruled("key", FINGERPRINT, " "))
    number = add_public_value(ledger, ruled("key", FINGERPRINT))
    with pytest.raises(RefusedInput, match="say why"):
        undo_public_value(ledger, number, "omar", "", AT)


def a_corpus():
    return (
        CorpusBuilder()
        .post("f", "quillfoot", f"Please READ\n our terms. Pay {BITCOIN} or q@post.example!")
        .post("f", "ann", "please read our termsheet, ask desk@market.example or quillfoot")
        .build()
    )


def without(kind, value):
    public = pl.DataFrame([(kind, value, "x")], schema=PUBLIC_VALUES.schema, orient="row")
    return without_public(a_corpus(), public)


def test_a_public_wallet_is_in_no_text_and_no_span():
    corpus = without("wallet", BITCOIN)
    assert "wallet" not in set(corpus.spans["kind"])
    assert not corpus.texts["text"].str.contains(BITCOIN).any()
    assert corpus.spans.filter(kind="email").height == 2


def test_a_public_contact_is_in_no_text_and_no_span():
    corpus = without("contact", "desk@market.example")
    assert corpus.spans.filter(kind="email")["value"].to_list() == ["q@post.example"]
    assert not corpus.texts["text"].str.contains("desk").any()


def test_a_public_phrase_goes_in_any_case_and_across_lines():
    corpus = without("phrase", "please read our terms")
    own = corpus.texts.filter(pl.col("text").str.contains(BITCOIN))["text"][0]
    assert own.startswith(f"{MASK_TOKEN}. Pay")


def test_spans_stand_where_they_stood_after_texts_were_shortened():
    corpus = without("phrase", "please read our terms")
    for text, kind, start, end, value, _ in corpus.spans.iter_rows():
        assert kind == "mention" or corpus.texts["text"][text][start:end] == value


def test_nothing_public_changes_nothing():
    corpus = a_corpus()
    assert without_public(corpus, PUBLIC_VALUES.empty()) is corpus
