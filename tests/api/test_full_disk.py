"""A full disk: said in a line, nothing lost, and with room again all is as if it had not been."""

import pytest

from tests.api.small_world import recomputed, served

INTAKE = {
    "a photo": r"write blobs",
    "a batch of the archive": r"write archive/listings",
    "its sightings": r"write archive/sightings",
    "the ledger's entry": r"commit ledger",
}
RECOMPUTE = {
    "the lock": r"write recompute.lock",
    "persona ids in the ledger": r"end of group into personas",
    "a table of the run": r"write runs/RUN/\.links",
    "the run's summary": r"write runs/RUN/\.run.json",
}
PUBLISH = {
    "the graph": r"send accounts_write",
    "the pointer": r"send pointer_move",
    "the ledger's entry": r"commit ledger",
}


def check_said(said):
    """Every line is for people, the last one says what to do."""
    *others, last = said.splitlines()
    assert all(line.startswith("graph engine: ") for line in others), said
    assert last.startswith("samehand: ")
    assert "cannot be written: " in last
    assert "run the same command again" in last


@pytest.mark.slow
@pytest.mark.parametrize("where", INTAKE)
def test_a_disk_that_is_full_while_taking_in_costs_nothing(world, trial, where):
    here = trial(world.delivered)
    check_said(here.fill(world.last("intake", INTAKE[where]), "intake", "second.csv"))
    here.take_in_again()


@pytest.mark.slow
@pytest.mark.parametrize("where", RECOMPUTE)
def test_a_disk_that_is_full_while_computing_costs_nothing(world, trial, where):
    here = trial(world.taken_in)
    check_said(here.fill(world.last("recompute", RECOMPUTE[where]), "recompute"))
    assert recomputed(here.workspace).run_hash == world.hashes[1]


@pytest.mark.slow
@pytest.mark.parametrize("where", PUBLISH)
def test_a_disk_that_is_full_while_publishing_costs_nothing(world, trial, where):
    here = trial(world.taken_in)
    check_said(here.fill(world.last("recompute", PUBLISH[where]), "recompute"))
    with served(here.workspace) as client:
        here.check_published(client)
