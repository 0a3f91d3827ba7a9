"""Several writers behind one key are flagged, never forced apart."""

import polars as pl

from evidence.rulings import DECISIONS, PUBLIC_VALUES, Rulings
from linkage.pipeline import link
from tests.linkage.toys import Handle, Key, Style, a_corpus, a_model

ANN, ANNE, BOB = "harbour:ann", "lantern:ann", "lantern:bob"
KEY = "0F" * 20
BOTH = ((ANN, KEY), (ANNE, KEY))
UNLIKE = {(ANN, ANNE): "other_style"}


def crew(styles=None, shows=(), proves=(), public=()):
    rows = [("key", value, "everybody shows it") for value in public]
    values = pl.DataFrame(rows, schema=PUBLIC_VALUES.schema, orient="row")
    key = Key({(ANN, ANNE): "key_proved"}, shows=shows, proves=proves)
    features, rulings = (Handle(), key, Style(styles)), Rulings(DECISIONS.empty(), values)
    made = link(a_corpus(ANN, ANNE, BOB), features, a_model(), rulings, lambda *_: None)
    assert made.personas == [[ANN, ANNE]]
    return made.health["crew_reason"][0]


def test_two_writers_with_one_proved_key_are_a_possible_crew_and_stay_together():
    assert crew(UNLIKE, proves=BOTH) == (
        f"{ANN} and {ANNE} show one key (0x0F0F0F0F0F0F0F0F), and what takes effort to fake "
        "speaks against one writer: -5.0 bits"
    )


def test_a_key_that_is_only_shown_will_do():
    assert crew(UNLIKE, shows=BOTH) is not None


def test_who_writes_alike_is_no_crew():
    assert crew({(ANN, ANNE): "one_style"}, proves=BOTH) is None


def test_without_a_common_key_of_their_own_two_writers_are_no_crew():
    assert crew(UNLIKE, proves=[(ANN, KEY), (ANNE, "0A" * 20)]) is None
    assert crew(UNLIKE, shows=BOTH, public=[KEY]) is None
