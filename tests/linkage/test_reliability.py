import polars as pl
import pytest

from evidence.rulings import DECISIONS
from linkage.bootstrap import Draws
from linkage.entities import entities_of
from linkage.reliability import reliability
from linkage.truth import Known


def links(probabilities):
    rows = [
        (f"a:{number}", f"b:{number}", "same", "lead", probability)
        for number, probability in enumerate(probabilities)
    ]
    columns = dict.fromkeys(("left", "right", "verdict", "band"), pl.String)
    return pl.DataFrame(rows, schema={**columns, "probability": pl.Float64}, orient="row")


def found(probabilities, wrong=()):
    """Links of so many pairs, of which the `wrong` are of two hands."""
    rows = [(f"a:{n}", f"b:{n}", n not in wrong) for n in range(len(probabilities))]
    columns = {"left": pl.String, "right": pl.String, "same": pl.Boolean}
    truth = pl.DataFrame(rows, schema=columns, orient="row")
    accounts = pl.DataFrame(schema={"account_id": pl.String, "handle": pl.String})
    entities = entities_of(accounts, truth, DECISIONS.empty())
    known = Known.of(truth, entities, accounts["account_id"])
    return reliability(links(probabilities), known, Draws.of(known.entity_count, 50))


def test_bins_hold_equally_many_links_thirty_at_least():
    assert [part.link_count for part in found([0.5] * 65).bins] == [33, 32]
    assert [part.link_count for part in found([0.5] * 400).bins] == [40] * 10
    assert found([0.5] * 30).is_thin is False


def test_too_few_links_are_one_bin_and_said_to_be_few():
    few = found([0.5] * 29)
    assert [part.link_count for part in few.bins] == [29]
    assert few.is_thin


def test_a_bin_states_its_mean_and_knows_how_many_are_true():
    probabilities = [0.2] * 30 + [0.9] * 30
    low, high = found(probabilities, wrong=range(24)).bins
    assert low.stated.value == pytest.approx(0.2)
    assert low.true_share.value == pytest.approx(6 / 30)
    assert low.gap.value == pytest.approx(0)
    assert high.gap.value == pytest.approx(0.9 - 1)
    assert low.gap.low < 0 < low.gap.high


def test_the_weighted_error_does_not_let_one_bin_make_up_for_another():
    judged = found([0.2] * 30 + [0.9] * 90, wrong=range(30, 39))
    apart = [abs(part.gap.value) * part.link_count for part in judged.bins]
    assert judged.weighted_error == pytest.approx(sum(apart) / 120)
    assert judged.weighted_error > abs(judged.overall.gap.value)


def test_nothing_proposed_states_nothing():
    nothing = found([])
    assert nothing.overall.link_count == 0
    assert nothing.overall.stated is None
    assert nothing.overall.gap is None
    assert nothing.weighted_error is None
