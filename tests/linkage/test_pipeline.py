from datetime import UTC, datetime
from itertools import chain

import polars as pl
import pytest

from evidence.rulings import DECISIONS, PUBLIC_VALUES, Rulings
from linkage.pipeline import link
from linkage.run_tables import RUN_TABLES
from tests.builders import CorpusBuilder, decision_rows
from tests.linkage.toys import Handle, Key, Style, a_corpus, a_model

ANN, ANNE, BOB = "harbour:ann", "lantern:ann", "lantern:bob"
NOW = datetime(2020, 5, 1, tzinfo=UTC)


def ruled(*rulings):
    rows = [(left, right, ruling, "inspector", "seen", NOW) for left, right, ruling in rulings]
    decisions = decision_rows(rows)
    return Rulings(decisions, PUBLIC_VALUES.empty())


def linked(corpus, handles=None, keys=None, styles=None, rulings=None, watch=lambda *_: None):
    features = (Handle(handles), Key(keys), Style(styles))
    return link(corpus, features, a_model(), rulings or Rulings.none(), watch)


CORPUS = a_corpus(ANN, ANNE, BOB)
MOVED = {"handles": {(ANN, ANNE): "same_handle"}, "styles": {(ANN, ANNE): "one_style"}}


def test_a_moved_vendor_is_proposed_and_grouped():
    made = linked(CORPUS, **MOVED)
    link_row = made.tables["links"].row(0, named=True)
    assert (link_row["left"], link_row["right"], link_row["verdict"], link_row["band"]) == (
        ANN,
        ANNE,
        "same",
        "strong",
    )
    assert made.personas == [[ANN, ANNE]]


def test_decoys_stand_in_no_table_and_join_nobody():
    crowd = sorted(
        f"{market}:{number}" for market in ("harbour", "lantern") for number in range(25)
    )
    alike = {(f"harbour:{number}", f"lantern:{number}"): "one_style" for number in range(25)}
    made = linked(a_corpus(*crowd), styles=alike)
    assert made.tables["accounts"]["account_id"].to_list() == crowd
    links = made.tables["links"]
    assert set(zip(links["left"], links["right"], strict=True)) == set(alike)
    assert links["q_value"].to_list() == pytest.approx(
        (1 - links["probability"]).to_list(), abs=1e-6
    )
    assert set(chain(*made.personas)) <= set(crowd)


def test_the_bits_of_a_link_are_its_prior_and_its_counted_evidence():
    made = linked(CORPUS, **MOVED)
    link_row = made.tables["links"].row(0, named=True)
    counted = made.tables["evidence"].filter("counted")["weight_bits"].sum()
    assert link_row["prior_bits"] + counted == pytest.approx(link_row["bits"], abs=1e-6)


def test_every_feature_has_its_say_on_every_link_also_where_it_has_none():
    evidence = linked(CORPUS, **MOVED).tables["evidence"]
    assert evidence["feature"].to_list() == ["handle", "key", "style"]
    silent = evidence.row(1, named=True)
    assert (silent["level"], silent["weight_bits"], silent["counted"]) == (None, None, False)
    assert silent["sentence"] == "key: nothing to compare"
    said = evidence.row(0, named=True)
    assert said["bits_source"] == "structural: invented for this test"
    assert said["citations"] == [{"source_id": "s1", "place": "line 1", "row_id": "r1"}]


def test_the_tables_have_the_columns_they_promise():
    made = linked(CORPUS, **MOVED).tables
    assert all(made[t.name].schema == t.schema for t in RUN_TABLES if t.name in made)
    assert set(made) == {t.name for t in RUN_TABLES} - {"members", "personas", "changes"}


def test_an_empty_archive_makes_an_empty_run():
    made = linked(CorpusBuilder().build())
    assert made.personas == []
    assert all(table.is_empty() for table in made.tables.values())


def test_an_impostor_is_proposed_as_a_copy_and_joins_nobody():
    builder = CorpusBuilder().market("lantern", opened_at=datetime(2015, 6, 1, tzinfo=UTC))
    builder.listing("harbour", "ann", "a kettle", stated_at=datetime(2015, 1, 1, tzinfo=UTC))
    builder.listing("lantern", "ann", "a kettle", stated_at=datetime(2016, 1, 1, tzinfo=UTC))
    made = linked(builder.build(), {(ANN, ANNE): "same_handle"}, None, {(ANN, ANNE): "other_style"})
    row = made.tables["links"].row(0, named=True)
    assert (row["verdict"], row["band"], row["copier"]) == ("copies", None, ANNE)
    assert row["queue_bucket"] == "copies"
    assert row["q_value"] is None
    assert made.personas == []


def test_a_lead_joins_a_persona_by_decision_only():
    lead = {"styles": {(ANN, BOB): "one_style"}}
    assert linked(CORPUS, **lead).personas == []
    decision = ruled((BOB, ANN, "same"))
    assert linked(CORPUS, **lead, rulings=decision).personas == [[ANN, BOB]]


def test_a_different_decision_is_a_wall_and_the_link_stays_to_be_seen():
    made = linked(CORPUS, **MOVED, rulings=ruled((ANN, ANNE, "different")))
    assert made.personas == []
    assert made.tables["links"].height == 1


def test_the_last_ruling_on_a_pair_counts():
    rulings = ruled((ANN, ANNE, "different"), (ANNE, ANN, "unsure"))
    assert linked(CORPUS, **MOVED, rulings=rulings).personas == [[ANN, ANNE]]


def test_a_decision_on_an_account_that_is_gone_does_no_harm():
    assert linked(CORPUS, rulings=ruled((ANN, "harbour:gone", "same"))).personas == []


def test_a_person_overrules_the_machines_copies():
    copied = {"handles": {(ANN, ANNE): "same_handle"}, "styles": {(ANN, ANNE): "other_style"}}
    made = linked(CORPUS, **copied, rulings=ruled((ANN, ANNE, "same")))
    assert made.personas == [[ANN, ANNE]]


@pytest.mark.parametrize(
    ("shows", "public", "joined"),
    [
        ([(ANNE, "K1"), (ANNE, "K2")], [], False),
        ([(ANNE, "K1")], [], True),
        ([(ANNE, "K1"), (ANNE, "K3")], [], True),
        ([(ANNE, "K1"), (ANNE, "K2")], ["K2"], True),
    ],
)
def test_an_account_that_shows_several_foreign_keys_joins_nothing_before_review(
    shows, public, joined
):
    features = (
        Handle(MOVED["handles"]),
        Key({}, shows, [(BOB, "K1"), (BOB, "K2")]),
        Style(MOVED["styles"]),
    )
    values = [("key", value, "the staff's") for value in public]
    public_values = pl.DataFrame(values, schema=PUBLIC_VALUES.schema, orient="row")
    none = Rulings(DECISIONS.empty(), public_values)
    made = link(CORPUS, features, a_model(), none, lambda *_: None)
    assert made.tables["links"]["band"].to_list() == ["strong"]
    assert made.personas == ([[ANN, ANNE]] if joined else [])
    reviewed = Rulings(ruled((ANN, ANNE, "same")).decisions, public_values)
    assert link(CORPUS, features, a_model(), reviewed, lambda *_: None).personas == [[ANN, ANNE]]


def test_what_speaks_against_a_third_account_keeps_it_out_of_the_persona():
    styles = {(ANN, ANNE): "one_style", (ANNE, BOB): "one_style", (ANN, BOB): "other_style"}
    handles = {(ANN, ANNE): "same_handle", (ANNE, BOB): "same_handle"}
    assert linked(CORPUS, handles, None, styles).personas == [[ANN, ANNE]]


def test_links_flow_from_the_market_that_was_seen_first():
    builder = CorpusBuilder()
    builder.listing("lantern", "ann", "a kettle", stated_at=datetime(2015, 1, 1, tzinfo=UTC))
    builder.listing("harbour", "ann", "a kettle", stated_at=datetime(2016, 1, 1, tzinfo=UTC))
    flows = linked(builder.build(), **MOVED).tables["flows"]
    assert flows.rows() == [("lantern", "harbour", 1)]


def test_links_of_unknown_time_flow_in_the_order_of_the_alphabet():
    assert linked(CORPUS, **MOVED).tables["flows"].rows() == [("harbour", "lantern", 1)]


def test_each_stage_is_told_with_its_count():
    told = {}
    linked(CORPUS, **MOVED, watch=lambda name, count: told.__setitem__(name, count))
    assert told["read handle"] == 3
    assert told["meet handle"] == 1
    assert told["propose links"] == 1
    assert told["group into personas"] == 1


def test_only_values_that_several_show_are_kept_for_the_graph():
    key = Key({}, [(ANN, "K1"), (ANNE, "K1"), (BOB, "K2")])
    shown = link(CORPUS, (key,), a_model(), Rulings.none(), lambda *_: None).tables["shown"]
    assert shown["value"].to_list() == ["K1", "K1"]
    assert shown["account_id"].to_list() == [ANN, ANNE]
