from collections import Counter, defaultdict

import pytest

from world.events import make_plan
from world.markets import MARKET_OF
from world.plan import Plan

SEEDS = (1, 2, 3)


def of_kind(plan: Plan, kind: str) -> list[tuple]:
    return [
        (plan.accounts[tie.left], plan.accounts[tie.right]) for tie in plan.ties if tie.kind == kind
    ]


@pytest.fixture(scope="module", params=SEEDS)
def plan(request: pytest.FixtureRequest) -> Plan:
    return make_plan(request.param, 600)


def test_one_seed_gives_one_plan_and_another_seed_another():
    assert make_plan(1, 80).accounts == make_plan(1, 80).accounts
    assert make_plan(1, 80).accounts != make_plan(2, 80).accounts


def test_a_world_has_exactly_the_accounts_asked_for_each_under_its_own_name(plan):
    names = {(account.market, account.handle.lower()) for account in plan.accounts}
    assert len(names) == len(plan.accounts) == 600
    assert [account.number for account in plan.accounts] == list(range(600))


def test_a_world_too_small_for_one_of_each_event_is_refused():
    with pytest.raises(ValueError, match="20 accounts"):
        make_plan(1, 19)


def test_the_truth_says_same_exactly_where_one_hand_has_both_accounts(plan):
    for tie in plan.ties:
        left, right = plan.accounts[tie.left], plan.accounts[tie.right]
        assert (left.hand == right.hand) == tie.same, tie


def test_every_two_accounts_of_one_hand_are_in_the_truth(plan):
    by_hand = defaultdict(list)
    for account in plan.accounts:
        by_hand[account.hand].append(account.number)
    pairs = {tuple(numbers) for numbers in by_hand.values() if len(numbers) > 1}
    assert pairs == {(tie.left, tie.right) for tie in plan.ties if tie.same}


def test_nobody_writes_on_a_market_before_it_opens_or_after_it_closes(plan):
    for account in plan.accounts:
        market = MARKET_OF[account.market]
        assert market.opened_at <= account.opened_at <= account.last_at <= market.last_day()


def test_who_moves_keeps_what_the_kind_of_move_says(plan):
    for old, new in of_kind(plan, "kept_handle_and_key"):
        assert old.handle == new.handle
        assert old.key == new.key is not None
    for old, new in of_kind(plan, "changed_handle"):
        assert old.handle != new.handle
        assert old.key == new.key is not None
    for old, new in of_kind(plan, "changed_key"):
        assert old.handle == new.handle
        assert old.key != new.key
    for old, new in of_kind(plan, "changed_both"):
        assert old.handle != new.handle
        assert old.key is None or old.key != new.key


def test_an_impostor_comes_later_on_another_market_under_a_like_name(plan):
    found = of_kind(plan, "impostor")
    assert found
    for victim, fake in found:
        assert fake.market != victim.market
        assert fake.opened_at > victim.last_at
        likeness = fake.handle.lower().rstrip("_").replace("i", "l")
        assert likeness == victim.handle.lower().rstrip("_").replace("i", "l")


def test_nobody_signs_with_a_key_that_the_hand_does_not_hold(plan):
    hands_of_key = defaultdict(set)
    for account in plan.accounts:
        for said in account.statements:
            hands_of_key[said.key].add(account.hand)
    assert {len(hands) for hands in hands_of_key.values()} == {1}


def test_nobody_signs_before_the_key_was_made(plan):
    for account in plan.accounts:
        for said in account.statements:
            assert said.at >= plan.keys[said.key].created_at


def test_each_kind_of_event_happens_at_any_seed(plan):
    kinds = Counter(tie.kind for tie in plan.ties)
    assert {"kept_handle_and_key", "changed_handle", "changed_key", "changed_both"} <= set(kinds)
    assert {"forum_account", "impostor", "quoted_key"} <= set(kinds)
    assert kinds["changed_both"] < kinds["kept_handle_and_key"] + kinds["kept_handle"]
