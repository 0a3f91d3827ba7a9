from datetime import UTC, datetime

import polars as pl
import pytest

from evidence.rulings import DECISIONS, PUBLIC_VALUES, Rulings
from linkage.pipeline import link
from linkage.run_hash import decisions_hash, public_values_hash, run_hash
from linkage.run_store import Inputs
from tests.builders import decision_rows
from tests.linkage.toys import Handle, Style, a_corpus, a_model

ANN, ANNE, BOB = "harbour:ann", "lantern:ann", "lantern:bob"
INPUTS = Inputs(source_ids=("s1", "s2"), decisions_hash="d", public_values_hash="p", model_hash="m")
NOW = datetime(2020, 5, 1, tzinfo=UTC)


def a_run():
    features = (Handle({(ANN, ANNE): "same_handle"}), Style({(ANN, ANNE): "one_style"}))
    return link(a_corpus(ANN, ANNE, BOB), features, a_model(), Rulings.none(), lambda *_: None)


RUN = a_run()
HASH = run_hash(INPUTS, RUN.tables, RUN.personas)


def with_links(**columns):
    return {**RUN.tables, "links": RUN.tables["links"].with_columns(**columns)}


def test_equal_runs_have_one_hash():
    again = a_run()
    assert run_hash(INPUTS, again.tables, again.personas) == HASH


def test_the_order_of_rows_and_members_does_not_matter():
    shuffled = {name: table.reverse() for name, table in RUN.tables.items()}
    turned = [persona[::-1] for persona in RUN.personas]
    sources = INPUTS.model_copy(update={"source_ids": ("s2", "s1")})
    assert run_hash(sources, shuffled, turned) == HASH


@pytest.mark.parametrize("field", ["decisions_hash", "public_values_hash", "model_hash"])
def test_every_input_counts(field):
    assert run_hash(INPUTS.model_copy(update={field: "x"}), RUN.tables, RUN.personas) != HASH


def test_a_withdrawn_source_counts():
    fewer = INPUTS.model_copy(update={"source_ids": ("s1",)})
    assert run_hash(fewer, RUN.tables, RUN.personas) != HASH


def test_a_changed_link_counts_and_a_changed_sentence_counts():
    assert run_hash(INPUTS, with_links(bits=pl.col("bits") + 0.001), RUN.personas) != HASH
    evidence = RUN.tables["evidence"].with_columns(sentence=pl.lit("else"))
    assert run_hash(INPUTS, {**RUN.tables, "evidence": evidence}, RUN.personas) != HASH


def test_noise_beyond_the_sixth_decimal_does_not_count():
    assert run_hash(INPUTS, with_links(bits=pl.col("bits") + 1e-9), RUN.personas) == HASH


def test_other_memberships_count():
    assert run_hash(INPUTS, RUN.tables, [[ANN, BOB]]) != HASH


def rulings(*pairs):
    rows = [(left, right, ruling, who, "why", NOW) for left, right, ruling, who in pairs]
    return Rulings(decision_rows(rows), PUBLIC_VALUES.empty())


def test_decisions_count_by_what_is_in_force_not_by_who_ruled():
    one = rulings((ANN, BOB, "different", "ada"), (ANN, BOB, "same", "ada"))
    other = rulings((BOB, ANN, "same", "ben"))
    assert decisions_hash(one) == decisions_hash(other)
    assert decisions_hash(one) != decisions_hash(rulings((ANN, BOB, "unsure", "ada")))


def test_public_values_count():
    row = [("key", "K1", "staff")]
    public = pl.DataFrame(row, schema=PUBLIC_VALUES.schema, orient="row")
    ruled = Rulings(DECISIONS.empty(), public)
    assert public_values_hash(ruled) != public_values_hash(Rulings.none())
