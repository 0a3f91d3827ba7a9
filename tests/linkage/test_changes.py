"""Every change between two runs has its cause, also where several things changed in one night."""

import polars as pl
import pytest

from evidence.rulings import PUBLIC_VALUES, Rulings
from linkage.bonds import join_bits
from linkage.causes import Conclusions, Lineage
from linkage.changes import changes_since
from linkage.pipeline import link
from linkage.run_store import Inputs
from linkage.run_tables import CHANGES, LEFT_BEHIND, MEMBERS
from tests.linkage.test_pipeline import ruled
from tests.linkage.toys import Handle, Key, Style, a_corpus, a_model

ANN, ANNE, BOB = "harbour:ann", "lantern:ann", "lantern:bob"
ONE = {(ANN, ANNE): "one_style"}
OTHER = {(ANN, BOB): "one_style"}
KEY = "0F" * 20
NEEDED = join_bits(a_model().rules.thresholds)


def left_behind(accounts, sources):
    """Each account left one record in `s1`, or in the sources that are named, by digest."""
    rows = [
        (account, source, 1, digest)
        for account in accounts
        for source, digest in sources.get(account, {"s1": 7}).items()
    ]
    return pl.DataFrame(rows, schema=LEFT_BEHIND.schema, orient="row")


def concluded(
    styles,
    *,
    accounts=(ANN, ANNE, BOB),
    handles=None,
    shows=(),
    rulings=(),
    public=(),
    sources=None,
    program="1.0",
    **inputs,
):
    """A run over accounts, whose inputs are told apart by what is said of them."""
    values = [("key", value, "everybody's") for value in public]
    told = Rulings(
        ruled(*rulings).decisions, pl.DataFrame(values, schema=PUBLIC_VALUES.schema, orient="row")
    )
    features = (Handle(handles), Key(shows=shows), Style(styles))
    made = link(a_corpus(*accounts), features, a_model(), told, lambda *_: None)
    rows = [(f"p-{part[0]}", account) for part in made.personas for account in part]
    tables = {
        **made.tables,
        "members": pl.DataFrame(rows, schema=MEMBERS.schema, orient="row"),
        "left_behind": left_behind(accounts, sources or {}),
    }
    defaults = {
        "source_ids": ("s1",),
        "decisions_hash": str(rulings),
        "public_values_hash": str(public),
        "model_hash": "m",
    }
    return Conclusions(Inputs(**defaults | inputs), tables, program, NEEDED)


def changes(before, after, **lineage):
    found = changes_since(before, after, Lineage(**lineage))
    assert found.schema == CHANGES.schema
    return found.select("kind", "cause").rows()


def test_in_the_first_run_everything_is_new():
    run = concluded(ONE, handles={(ANN, ANNE): "same_handle"})
    assert changes(None, run) == [("link added", "first run"), ("persona changed", "first run")]


def test_equal_runs_differ_in_nothing():
    assert changes(concluded(ONE), concluded(ONE)) == []


def test_another_model_is_the_cause_where_only_the_model_changed():
    found = changes(concluded(ONE), concluded(OTHER, model_hash="n"))
    assert found == [("link added", "model"), ("link removed", "model")]


def test_an_account_that_left_more_has_new_data_and_the_others_what_bears_on_all():
    more = {BOB: {"s1": 7, "s2": 8}}
    after = concluded(OTHER, sources=more, source_ids=("s1", "s2"))
    assert changes(concluded(ONE), after) == [
        ("link added", "new data"),
        ("link removed", "new data"),
    ]


def test_a_model_that_came_with_new_data_is_told_beside_it():
    after = concluded(OTHER, sources={BOB: {"s2": 8}}, source_ids=("s1", "s2"), model_hash="n")
    assert changes(concluded(ONE), after)[0] == ("link added", "new data, model")


@pytest.mark.parametrize(
    ("source_ids", "sources", "cause"),
    [
        (("s0",), {"s0": 6}, "withdrawn data"),
        (("s0", "s1.2"), {"s0": 6, "s1": 9}, "corrected data"),
        (("s0", "s3"), {"s0": 6, "s3": 9}, "corrected data"),
        (("s0", "s1", "s2"), {"s0": 6, "s1": 7, "s2": 9}, "new data"),
        (("s0", "s2"), {"s0": 6, "s2": 9}, "new data, withdrawn data"),
    ],
)
def test_what_became_of_an_accounts_sources_is_the_cause(source_ids, sources, cause):
    was = {ANN: {"s0": 6, "s1": 7}}
    before = concluded(ONE, sources=was, source_ids=("s0", "s1"))
    after = concluded(OTHER, sources={ANN: sources}, source_ids=source_ids)
    found = changes(before, after, corrects={"s3": "s1"})
    assert found == [("link added", cause), ("link removed", cause)]


def test_who_said_the_same_first_touches_nobody():
    was, now = {ANN: {"s0": 6}}, {ANN: {"s1": 6}}
    before = concluded(ONE, sources=was, source_ids=("s0", "s1"))
    after = concluded({}, sources=now, source_ids=("s1",), model_hash="n")
    assert changes(before, after) == [("link removed", "withdrawn data, model")]


def test_a_file_of_casework_is_no_new_data():
    after = concluded({}, rulings=[(ANN, BOB, "unsure")], source_ids=("s1", "case"), model_hash="n")
    found = changes(concluded(ONE), after, of_rulings=frozenset({"case"}))
    assert found == [("link removed", "model")]


def test_a_market_that_is_described_otherwise_touches_its_accounts():
    after = concluded({}, source_ids=("s1", "s2"))
    kind = pl.when(pl.col("market") == "lantern").then(pl.lit("forum")).otherwise("kind")
    markets = after.tables["markets"].with_columns(kind=kind)
    after = Conclusions(after.inputs, {**after.tables, "markets": markets}, "1.0", NEEDED)
    assert changes(concluded(ONE), after) == [("link removed", "new data")]


def test_a_public_value_touches_who_shows_it():
    shows = [(ANN, KEY), (ANNE, KEY)]
    found = changes(concluded(ONE, shows=shows), concluded({}, shows=shows, public=[KEY]))
    assert found == [("link removed", "public value")]


def test_another_version_of_the_program_says_which():
    found = changes(concluded(ONE), concluded({}, program="1.1"))
    assert found == [("link removed", "program 1.0 → 1.1")]


def test_where_nothing_else_differs_it_was_the_program():
    assert changes(concluded(ONE, program="unknown"), concluded({})) == [
        ("link removed", "program")
    ]


def test_a_persona_that_a_decision_made_says_so():
    after = concluded(ONE, rulings=[(ANN, BOB, "same")])
    assert changes(concluded(ONE), after) == [("persona changed", "decision")]


def test_a_persona_that_a_link_brought_about_has_the_links_cause():
    strong = {"handles": {(ANN, BOB): "same_handle"}}
    unsure = [(ANN, ANNE, "unsure")]
    after = concluded(OTHER, **strong, model_hash="n", rulings=unsure)
    assert ("persona changed", "model") in changes(concluded({}), after)


def pair(name):
    return f"harbour:{name}", f"lantern:{name}"


NAMES = ("ann", "bea", "cat", "dan", "eve", "fay", "gus")
EVERYBODY = ("quay:gus", *(account for name in NAMES for account in pair(name)))


def linked(*names):
    """The accounts of these names have a strong link."""
    pairs = [pair(name) for name in names]
    return {
        "styles": dict.fromkeys(pairs, "one_style"),
        "handles": dict.fromkeys(pairs, "same_handle"),
        "accounts": EVERYBODY,
    }


def test_in_a_night_of_many_causes_each_persona_has_its_own():
    shows = [(account, KEY) for account in pair("eve")]
    before = concluded(
        **linked("cat", "dan", "eve", "fay"),
        shows=shows,
        sources={pair("cat")[0]: {"s3": 1}, pair("dan")[1]: {"s4": 1}},
        source_ids=("s1", "s3", "s4"),
    )
    after = concluded(
        **linked("bea", "fay", "gus"),
        shows=shows,
        public=[KEY],
        rulings=[
            (*pair("ann"), "same"),
            (*pair("fay"), "different"),
            (pair("gus")[1], "quay:gus", "same"),
        ],
        sources={
            pair("bea")[0]: {"s1": 7, "s2": 2},
            pair("gus")[1]: {"s1": 7, "s2": 3},
            pair("cat")[0]: {"s3": 9},
            pair("dan")[1]: {"s1": 7},
        },
        source_ids=("case", "s1", "s2", "s3.2"),
    )
    found = changes_since(before, after, Lineage(of_rulings=frozenset({"case"})))
    by_persona = found.filter(kind="persona changed")
    causes = dict(by_persona.select("subject", "cause").iter_rows())
    assert causes == {
        "p-harbour:ann": "decision",
        "p-harbour:bea": "new data",
        "p-harbour:cat": "corrected data",
        "p-harbour:dan": "withdrawn data",
        "p-harbour:eve": "public value",
        "p-harbour:fay": "decision",
        "p-harbour:gus": "decision, new data",
    }
    links = found.filter(pl.col("kind") != "persona changed")
    assert sorted(links["cause"]) == [
        "corrected data",
        "new data",
        "new data",
        "public value",
        "withdrawn data",
    ]


def test_a_persona_that_was_merged_by_a_decision_says_so_although_its_members_stay_together():
    both = linked("ann", "bea")
    after = concluded(**both, rulings=[(pair("ann")[0], pair("bea")[0], "same")])
    assert changes(concluded(**both), after) == [("persona changed", "decision")] * 2


def test_an_undone_decision_is_a_decision():
    before = concluded(**linked("ann"), rulings=[(*pair("bea"), "same")])
    after = concluded(**linked("ann"), rulings=[(*pair("bea"), "unsure")])
    assert changes(before, after) == [("persona changed", "decision")]


def test_a_change_says_what_was_and_what_is():
    after = concluded(ONE, model_hash="n")
    bits = pl.col("bits") + 8
    links = after.tables["links"].with_columns(bits=bits, band=pl.lit("strong"))
    stronger = Conclusions(after.inputs, {**after.tables, "links": links}, "1.0", NEEDED)
    row = changes_since(concluded(ONE), stronger).row(0, named=True)
    assert row["kind"] == "link changed"
    assert "lead at -2.29 bits → strong at 5.71 bits" in row["detail"]
