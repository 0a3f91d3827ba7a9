from datetime import UTC, datetime

import polars as pl
import pytest

from evidence.rulings import Rulings
from linkage.changes import Conclusions, changes_since
from linkage.pipeline import link
from linkage.run_store import Inputs
from linkage.run_tables import CHANGES, MEMBERS
from tests.builders import CorpusBuilder
from tests.linkage.toys import Handle, Style, a_corpus, a_model

ANN, ANNE, BOB = "harbour:ann", "lantern:ann", "lantern:bob"
INPUTS = Inputs(source_ids=("s1",), decisions_hash="d", public_values_hash="p", model_hash="m")


def concluded(styles, corpus=None, members=(), **inputs):
    corpus = corpus or a_corpus(ANN, ANNE, BOB)
    features = (Handle({}), Style(styles))
    tables = link(corpus, features, a_model(), Rulings.none(), lambda *_: None).tables
    rows = pl.DataFrame(list(members), schema=MEMBERS.schema, orient="row")
    return Conclusions(INPUTS.model_copy(update=inputs), {**tables, "members": rows})


def changes(before, after):
    found = changes_since(before, after)
    assert found.schema == CHANGES.schema
    return found.select("kind", "cause").rows()


ONE = {(ANN, ANNE): "one_style"}
OTHER = {(ANN, BOB): "one_style"}


def test_in_the_first_run_everything_is_new():
    run = concluded(ONE, members=[("p-1", ANN), ("p-1", ANNE)])
    assert changes(None, run) == [("link added", "first run"), ("persona changed", "first run")]


def test_equal_runs_differ_in_nothing():
    assert changes(concluded(ONE), concluded(ONE)) == []


def test_another_model_is_the_cause_where_only_the_model_changed():
    found = changes(concluded(ONE), concluded(OTHER, model_hash="n"))
    assert found == [("link added", "model"), ("link removed", "model")]


def test_new_data_is_the_cause_where_an_account_left_more():
    builder = CorpusBuilder().listing("harbour", "ann", title="a kettle")
    builder.listing("lantern", "ann", "a kettle").listing("lantern", "bob", "a kettle")
    builder.listing("lantern", "bob", "a pan", stated_at=datetime(2016, 1, 1, tzinfo=UTC))
    after = concluded(OTHER, builder.build(), source_ids=("s1", "s2"), model_hash="n")
    found = changes(concluded(ONE), after)
    assert found == [("link added", "new data"), ("link removed", "model")]


@pytest.mark.parametrize(
    ("source_ids", "cause"),
    [
        (("s0",), "withdrawn data"),
        (("s0", "s1.2"), "new and withdrawn data"),
        (("s0", "s1", "s2"), "new data"),
    ],
)
def test_what_became_of_sources_is_the_cause_where_data_changed(source_ids, cause):
    before, after = (
        concluded(one, source_ids=ids) for one, ids in ((ONE, ("s0", "s1")), (OTHER, source_ids))
    )
    assert changes(before, after) == [("link added", cause), ("link removed", cause)]


def test_a_public_value_is_a_cause():
    found = changes(concluded(ONE), concluded({}, public_values_hash="q"))
    assert found == [("link removed", "public value")]


def test_a_persona_that_a_decision_made_says_so():
    after = concluded(ONE, members=[("p-1", ANN), ("p-1", BOB)], decisions_hash="e")
    assert changes(concluded(ONE), after) == [("persona changed", "decision")]


def test_a_persona_that_a_link_brought_about_has_the_links_cause():
    after = concluded(
        OTHER, members=[("p-1", ANN), ("p-1", BOB)], model_hash="n", decisions_hash="e"
    )
    assert ("persona changed", "model") in changes(concluded({}), after)


def test_a_change_says_what_was_and_what_is():
    after = concluded({(ANN, ANNE): "one_style"}, model_hash="n")
    bits = pl.col("bits") + 8
    links = after.tables["links"].with_columns(bits=bits, band=pl.lit("strong"))
    stronger = Conclusions(after.inputs, {**after.tables, "links": links})
    row = changes_since(concluded(ONE), stronger).row(0, named=True)
    assert row["kind"] == "link changed"
    assert "lead at -2.29 bits → strong at 5.71 bits" in row["detail"]
