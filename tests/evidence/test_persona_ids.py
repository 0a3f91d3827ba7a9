"""Ids of personas last: they stay with the accounts people confirmed, else with the majority."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from evidence.ledger import Ledger
from evidence.persona_ids import name_groups, successors

NOW = datetime(2021, 5, 1, 12, tzinfo=UTC)
BEFORE = {"a": "p-1", "b": "p-1", "c": "p-1", "d": "p-1", "e": "p-1"}


def test_the_accounts_that_people_confirmed_keep_the_id_against_the_majority():
    groups = [["a", "b"], ["c", "d", "e"]]
    assert name_groups(groups, BEFORE, []) != name_groups(groups, BEFORE, [("a", "b")])
    assert name_groups(groups, BEFORE, [("b", "a")])[0] == "p-1"
    assert name_groups(groups, BEFORE, [])[1] == "p-1"


def test_a_merged_persona_has_the_id_under_which_people_confirmed_accounts():
    before = {"a": "p-1", "b": "p-1", "c": "p-1", "d": "p-2", "e": "p-2"}
    together = [["a", "b", "c", "d", "e"]]
    assert name_groups(together, before, []) == ["p-1"]
    assert name_groups(together, before, [("d", "e")]) == ["p-2"]
    assert name_groups(together, before, [("c", "d")]) == ["p-1"]


def test_an_id_without_a_persona_goes_where_its_confirmed_accounts_went():
    before = {"a": "p-3", "b": "p-3", "c": "p-3", "d": "p-3", "e": "p-3"}
    after = {"a": "p-1", "b": "p-1", "c": "p-2", "d": "p-2", "e": "p-2"}
    assert successors(before, after, []) == {"p-3": "p-2"}
    assert successors(before, after, [("a", "b")]) == {"p-3": "p-1"}
    assert successors(before, {}, []) == {}


def a_night(ledger, number, groups, confirmed=(), published=True):
    run_id, at = f"r{number}", NOW + timedelta(days=number)
    ledger.record_run(run_id, "all", at)
    names = ledger.name_personas(groups, run_id, confirmed=confirmed)
    if published:
        ledger.publish_run(run_id, "hash", at)
    return names


def a_ledger():
    return Ledger(
        create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
    )


def test_an_id_that_was_merged_twice_answers_with_the_last():
    with a_ledger() as ledger:
        one, two, _ = a_night(ledger, 1, [["a", "b"], ["c", "d", "e"], ["f", "g", "h", "i"]])
        _, three = a_night(ledger, 2, [["a", "b", "c", "d", "e"], ["f", "g", "h", "i"]])
        a_night(ledger, 3, [["a", "b", "c", "d", "e", *"fghi"]], confirmed=[("f", "g")])
        assert [ledger.resolve_persona(name, "r3") for name in (one, two, three)] == [three] * 3


def test_a_run_that_failed_leads_nobody_astray():
    with a_ledger() as ledger:
        one, _ = a_night(ledger, 1, [["a", "b"], ["c", "d", "e"]])
        a_night(ledger, 2, [["a", "b", "c", "d", "e"]], published=False)
        a_night(ledger, 3, [["c", "d", "e"]])
        assert ledger.resolve_persona(one, "r3") == one


def test_an_id_that_was_merged_away_does_not_follow_a_run_that_failed_later():
    with a_ledger() as ledger:
        one, two, _ = a_night(ledger, 1, [["a", "b"], ["c", "d", "e"], [*"fghijk"]])
        a_night(ledger, 2, [[*"abcde"], [*"fghijk"]])
        a_night(ledger, 3, [[*"abcdefghijk"]], published=False)
        assert ledger.resolve_persona(one, "r2") == two


def test_accounts_that_were_gone_have_their_id_back_when_they_come_back():
    with a_ledger() as ledger:
        one, _ = a_night(ledger, 1, [["a", "b"], ["c", "d", "e"]])
        a_night(ledger, 2, [["c", "d", "e"]])
        a_night(ledger, 3, [["c", "d", "e"], ["x", "y"]])
        assert a_night(ledger, 4, [["c", "d", "e"], ["x", "y"], ["a", "b"]])[2] == one
        assert ledger.resolve_persona(one, "r4") == one


def test_all_have_their_ids_back_after_a_night_in_which_nothing_was_left():
    groups = [["a", "b"], ["c", "d", "e"]]
    with a_ledger() as ledger:
        before = a_night(ledger, 1, groups)
        a_night(ledger, 2, [])
        assert a_night(ledger, 3, groups) == before


def test_an_id_that_another_took_the_place_of_is_not_given_back():
    with a_ledger() as ledger:
        one, two = a_night(ledger, 1, [["a", "b"], ["c", "d", "e"]])
        a_night(ledger, 2, [[*"abcde"]])
        a_night(ledger, 3, [["c", "d", "e"]])
        _, again = a_night(ledger, 4, [["c", "d", "e"], ["a", "b"]])
        assert again not in (one, two)
        assert ledger.resolve_persona(one, "r4") == two


def test_a_resting_id_leads_from_then_on_to_where_its_accounts_went():
    with a_ledger() as ledger:
        one, two = a_night(ledger, 1, [["a", "b"], ["c", "d", "e"]])
        a_night(ledger, 2, [["c", "d", "e"]])
        a_night(ledger, 3, [[*"abcde"]])
        a_night(ledger, 4, [["c", "d", "e"], ["a", "b"]])
        assert ledger.resolve_persona(one, "r4") == two


def test_a_run_that_failed_takes_no_resting_id_and_gives_it_no_successor():
    with a_ledger() as ledger:
        one, two = a_night(ledger, 1, [["a", "b"], ["c", "d", "e"]])
        a_night(ledger, 2, [["c", "d", "e"]])
        a_night(ledger, 3, [[*"abcde"]], published=False)
        assert a_night(ledger, 4, [["a", "b"], ["c", "d", "e"]]) == [one, two]


def test_an_id_that_lives_goes_to_no_account_that_left_it():
    with a_ledger() as ledger:
        (one,) = a_night(ledger, 1, [[*"abcde"]])
        assert a_night(ledger, 2, [["a", "b"]]) == [one]
        assert a_night(ledger, 3, [["c", "d", "e"], ["a", "b"]])[1] == one


def test_an_id_rests_in_its_own_view():
    with a_ledger() as ledger:
        (one,) = a_night(ledger, 1, [["a", "b"]])
        a_night(ledger, 2, [])
        ledger.record_run("narrow", "narrow", NOW)
        assert ledger.name_personas([["a", "b"]], "narrow", view="narrow") != [one]


def held_together(before, after, ruled):
    """The persona before and after of each pair that stood in one, and still does."""
    for one, other in ruled:
        was, now = ({homes.get(one), homes.get(other)} for homes in (before, after))
        if len(was) == len(now) == 1 and None not in was | now:
            yield was.pop(), now.pop()


nights = st.lists(
    st.tuples(
        st.lists(st.integers(0, 4), min_size=9, max_size=9),
        st.sets(st.sampled_from(["ab", "bc", "de", "fg", "gh", "ah"]), max_size=2),
    ),
    min_size=2,
    max_size=5,
)


@settings(max_examples=60, deadline=None)
@given(nights)
def test_ids_stay_with_their_accounts_and_lead_to_a_living_persona_where_these_are(history):
    gone, last_in, before = set(), {}, {}
    with a_ledger() as ledger:
        for number, (labels, ruled) in enumerate(history):
            parts = [
                [a for a, label in zip("abcdefghi", labels, strict=True) if label == wanted]
                for wanted in range(4)
            ]
            groups = [part for part in parts if len(part) > 1]
            names = a_night(ledger, number, groups, [tuple(pair) for pair in ruled])
            after = {a: name for name, group in zip(names, groups, strict=True) for a in group}
            assert len(set(names)) == len(names)
            for name in gone & set(names):
                assert last_in[name] & {a for a, home in after.items() if home == name}
                assert ledger.resolve_persona(name, f"r{number - 1}") == name
            last_in |= {name: set(group) for name, group in zip(names, groups, strict=True)}
            retired = set(before.values()) - set(names)
            for name in retired:
                heirs = {after[a] for a, was in before.items() if was == name and a in after}
                assert ledger.resolve_persona(name, f"r{number}") in (heirs or {name})
            for was, now in held_together(before, after, ruled) if len(ruled) == 1 else ():
                assert was == now
            gone = (gone | retired) - set(names)
            before = after
        for name in gone:
            ended = ledger.resolve_persona(name, f"r{number}")
            assert ledger.resolve_persona(ended, f"r{number}") == ended
