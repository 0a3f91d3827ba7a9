"""Leads put accounts beside personas, never into them."""

import polars as pl

from linkage.candidate_members import groups_with_candidates, standings
from linkage.run_tables import MEMBERS

NOBODY_APART = pl.DataFrame(schema={"left": pl.String, "right": pl.String})


def links(*rows):
    """Links from (left, right, bits) or (left, right, bits, band); band `copies` is a verdict."""
    return pl.DataFrame(
        [
            {
                "left": left,
                "right": right,
                "bits": float(bits),
                "band": None if band == "copies" else band,
                "verdict": "copies" if band == "copies" else "same",
            }
            for left, right, bits, band in ((*row, "lead")[:4] for row in rows)
        ],
        schema={
            "left": pl.String,
            "right": pl.String,
            "bits": pl.Float64,
            "band": pl.String,
            "verdict": pl.String,
        },
    )


def members(**personas):
    rows = [(name, account) for name, accounts in personas.items() for account in accounts]
    return pl.DataFrame(rows, schema=MEMBERS.schema, orient="row")


def by_account(found):
    return {row["account_id"]: (row["persona_id"], row["standing"]) for row in found.to_dicts()}


def test_an_account_whose_leads_point_to_one_persona_stands_beside_it():
    found = standings(
        links(("a", "b", 20, "strong"), ("a", "c", 1), ("b", "c", 2)),
        members(one=["a", "b"]),
        NOBODY_APART,
    )
    assert by_account(found) == {
        "a": ("one", "proposed"),
        "b": ("one", "proposed"),
        "c": ("one", "candidate"),
    }


def test_an_account_whose_leads_point_to_two_personas_stands_beside_neither():
    found = standings(
        links(("a", "x", 1), ("c", "x", 1)), members(one=["a", "b"], two=["c", "d"]), NOBODY_APART
    )
    assert "x" not in by_account(found)


def test_an_account_that_a_firmer_link_ties_to_another_persona_stands_beside_neither():
    two = members(one=["a", "b"], two=["c", "d"])
    ties = links(("a", "x", 1), ("c", "x", 9, "strong"))
    assert "x" not in by_account(standings(ties, two, NOBODY_APART))
    ties = links(("a", "x", 1), ("b", "x", 9, "strong"))
    assert by_account(standings(ties, two, NOBODY_APART))["x"] == ("one", "candidate")
    ties = links(("b", "x", 9, "strong"))
    assert "x" not in by_account(standings(ties, two, NOBODY_APART))


def test_who_may_not_stand_with_a_member_is_no_candidate():
    ruled = pl.DataFrame({"left": ["c"], "right": ["b"]})
    ties = links(("a", "c", 1))
    assert "c" not in by_account(standings(ties, members(one=["a", "b"]), ruled))
    copied = links(("a", "c", 1), ("b", "c", 9, "copies"))
    assert "c" not in by_account(standings(copied, members(one=["a", "b"]), NOBODY_APART))


def test_accounts_with_leads_among_themselves_are_a_group_that_is_no_persona():
    found = by_account(standings(links(("x", "y", -3)), members(), NOBODY_APART))
    assert found["x"] == found["y"]
    assert found["x"][0].startswith("leads-")
    assert found["x"][1] == "candidate"


def test_one_weak_lead_chains_nothing():
    chain = links(("x", "y", 4), ("y", "z", -3))
    assert groups_with_candidates(chain, []) == [["x", "y"]]
    clump = links(("x", "y", 4), ("y", "z", -3), ("x", "z", -3))
    assert groups_with_candidates(clump, []) == [["x", "y", "z"]]


def test_people_keep_candidates_of_one_group_apart():
    ruled = pl.DataFrame({"left": ["x"], "right": ["y"]})
    assert standings(links(("x", "y", 4)), members(), ruled).is_empty()


def test_personas_come_with_their_candidates():
    ties = links(("a", "c", 1), ("x", "y", 1))
    assert sorted(groups_with_candidates(ties, [["a", "b"]])) == [
        ["a", "b", "c"],
        ["x", "y"],
    ]


def test_no_links_no_candidates():
    assert standings(links(), members(), NOBODY_APART).is_empty()


def test_personas_stand_before_groups_of_candidates_only():
    found = standings(
        links(("a", "b", 20, "strong"), ("b", "c", 1), ("x", "y", 2)),
        members(**{"p-1": ["a", "b"]}),
        NOBODY_APART,
    )
    assert found["account_id"].to_list() == ["a", "b", "c", "x", "y"]
