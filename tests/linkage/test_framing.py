"""A small version of `bench/framing.py`: nobody is framed, and nobody vanishes."""

import pytest

from bench.framed.attacks import attacks_on
from bench.framed.outcomes import bits_lost, conclude, found_of, outcome
from bench.framed.stage import Stage
from bench.framing import LEAST_SHARE, holds, undefended
from linkage.model import load_model

VICTIMS = 12


@pytest.fixture(scope="module")
def stage():
    return Stage.of(VICTIMS, seed=3)


@pytest.fixture(scope="module")
def attacks(stage):
    """By name."""
    return {attack.name: attack for attack in attacks_on(stage)}


@pytest.fixture(scope="module")
def clean(stage):
    """What is concluded without attackers, with defences and without."""
    return conclude(stage.corpus([]), [load_model(), undefended(load_model())])


@pytest.mark.slow
@pytest.mark.parametrize("name", ["takes the handle", "all five at once"])
def test_an_attack_comes_to_no_more_than_marked_leads(stage, attacks, clean, name):
    [run] = conclude(stage.corpus(attacks[name].rows), [load_model()])
    found = outcome(stage, attacks[name], run)
    assert found.attacked == VICTIMS
    assert found.proposed > VICTIMS / 2
    assert found.flagged_share >= LEAST_SHARE
    assert holds(found)
    true = stage.same_hand()
    assert found_of(run, true).height == found_of(clean[0], true).height
    assert bits_lost(clean[0], run, true) < 2


@pytest.mark.slow
def test_without_defences_copiers_are_not_told_from_owners(stage, attacks):
    attack = attacks["takes the handle"]
    [run] = conclude(stage.corpus(attack.rows), [undefended(load_model())])
    assert outcome(stage, attack, run).copies == 0


@pytest.mark.slow
def test_defences_cost_no_true_pair_where_nobody_attacks(stage, clean):
    true = stage.same_hand()
    with_them, without = (found_of(run, true).height for run in clean)
    assert with_them == without > 0
