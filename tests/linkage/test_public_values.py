import numpy as np
import polars as pl

from evidence.rulings import PUBLIC_VALUES
from features.pairs import Pairs
from linkage.public_values import share_only_public, values_shown
from linkage.readings import read
from tests.linkage.toys import Key, a_corpus

A, B, C = "harbour:ann", "harbour:bob", "lantern:cat"
PAIRS = Pairs.of([0, 0, 1], [1, 2, 2])


def ruled_public(*values):
    rows = [("key", value, "staff key") for value in values]
    return pl.DataFrame(rows, schema=PUBLIC_VALUES.schema, orient="row")


def silenced(shows, *public):
    key = Key({}, shows)
    shown = values_shown(key.shown([A, B, C]))
    return share_only_public(PAIRS, shown, ruled_public(*public)).tolist()


def test_a_pair_that_shares_a_public_value_only_is_silenced():
    assert silenced([(A, "K1"), (B, "K1"), (C, "K2")], "K1") == [True, False, False]


def test_a_pair_that_shares_another_value_as_well_is_not():
    shows = [(A, "K1"), (B, "K1"), (A, "K2"), (B, "K2")]
    assert silenced(shows, "K1") == [False, False, False]
    assert silenced(shows, "K1", "K2") == [True, False, False]


def test_a_public_value_of_another_kind_silences_nothing():
    shown = values_shown(Key({}, [(A, "K1"), (B, "K1")]).shown([A, B, C]))
    photos = ruled_public("K1").with_columns(kind=pl.lit("photo"))
    assert not share_only_public(PAIRS, shown, photos).any()


def test_a_public_key_is_no_evidence_and_says_so():
    corpus = a_corpus(A, B, C)
    told = {(A, B): "key_shown", (A, C): "key_shown"}
    shows = [(A, "K1"), (B, "K1"), (A, "K2"), (C, "K2")]
    reading = read(Key(told, shows), corpus, ruled_public("K1"))
    assert reading.compare(PAIRS).level.tolist() == [0, 1, 0]
    finding = reading.explain((0, 1))
    assert finding.level is None
    assert "public" in finding.sentence


def test_comparing_in_blocks_is_comparing_at_once(monkeypatch):
    corpus = a_corpus(A, B, C)
    reading = read(Key({(A, B): "key_shown", (B, C): "key_proved"}), corpus)
    whole = reading.compare(PAIRS)
    monkeypatch.setattr("linkage.readings.BLOCK_PAIRS", 2)
    assert np.array_equal(reading.compare(PAIRS).level, whole.level)
    assert len(reading.compare(Pairs.none()).level) == 0
