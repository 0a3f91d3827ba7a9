"""Every figure of an evaluation against a reference written apart, and against chance."""

from dataclasses import fields, is_dataclass, replace
from functools import cache

import networkx as nx
import numpy as np
import polars as pl
import pytest

from evidence.corpus import Corpus
from evidence.rulings import DECISIONS
from evidence.splitting import TimeSplit
from linkage import trials
from linkage.answers import Answer
from linkage.bootstrap import DRAW_COUNT, Draws, Figure
from linkage.comparison import compared
from linkage.entities import entities_of
from linkage.model import load_model
from linkage.pipeline import Linked
from linkage.trials import Judged, Question, time_trial, truth_trial
from linkage.truth import Known
from tests.builders import decision_rows
from tests.hands import a_forum
from tests.linkage.harbours import two_hundred_accounts, with_invented_style
from tests.linkage.reference import Reference, Row, hands_of

FEATURES = ["alias", "writing_style"]
DRAWN = (0, 1, 2, DRAW_COUNT)
"""Of the draws these are counted again; 0 is the sample itself."""


@cache
def everything_asked() -> Question:
    """By a model whose style was fitted on hands of the same invention."""
    return Question(with_invented_style(load_model()), (), FEATURES, None, 0, {})


@pytest.fixture(scope="module")
def harbours():
    return two_hundred_accounts()


def asked(
    corpus: Corpus, truth: pl.DataFrame, question: Question | None = None
) -> tuple[Answer, Linked]:
    """The answer, and what the run proposed."""
    runs = []

    def link(*arguments):
        runs.append(LINK(*arguments))
        return runs[-1]

    everybody = Judged(np.ones(corpus.account_count, np.bool_))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trials, "link", link)
        question = question or everything_asked()
        return truth_trial(corpus, truth, everybody, question, lambda _: None), runs[0]


LINK = trials.link


@pytest.fixture(scope="module")
def answered(harbours) -> tuple[Answer, Linked]:
    return asked(harbours.corpus, harbours.truth)


def known_of(harbours) -> Known:
    entities = entities_of(harbours.corpus.accounts, harbours.truth, DECISIONS.empty())
    return Known.of(harbours.truth, entities, harbours.corpus.accounts["account_id"])


def reference_of(harbours, answered, draw: int) -> Reference:
    answer, linked = answered
    rows = []
    for row in answer.scores.fill_null(0).iter_rows(named=True):
        sides = (row["left_market"], row["right_market"])
        query, other = (f"{row[f'{s}_market']}:{row[f'{s}_handle']}" for s in ("left", "right"))
        bits = round(row["alias_bits"] + row["writing_style_bits"] + row["copying_bits"], 6)
        rows.append(Row(" / ".join(sorted(sides)), query, other, row["total_bits"], bits))
    known = known_of(harbours)
    entity = dict(known.accounts.select("account_id", "entity").iter_rows())
    weights = Draws.of(known.entity_count).weights[:, draw]
    return Reference(
        rows=rows,
        links=linked.tables["links"].to_dicts(),
        personas=linked.personas,
        hand=hands_of(harbours.truth),
        entity=entity,
        here=set(harbours.corpus.accounts["account_id"]),
        times={number: int(weights[number]) for number in entity.values()},
    )


def figures_of(answer: Answer) -> dict[tuple[str, str], Figure | None]:
    """Every figure of an answer by the names that the reference gives it."""
    parts = {band.band: band for band in answer.bands}
    parts |= {"b_cubed": answer.personas.b_cubed, "pairwise": answer.personas.pairwise}
    parts |= {f"bin {number}": part for number, part in enumerate(answer.reliability.bins)}
    parts |= {"overall": answer.reliability.overall, "personas": answer.personas}
    return ranked(answer) | named_figures(parts)


def ranked(answer: Answer) -> dict[tuple[str, str], Figure | None]:
    return named_figures({**answer.by_task, "pooled": answer.pooled})


def named_figures(parts) -> dict[tuple[str, str], Figure | None]:
    found = {}
    for name, part in parts.items():
        likelihood = getattr(part, "likelihood", None)
        for record in filter(is_dataclass, (part, likelihood)):
            for field in fields(record):
                value = getattr(record, field.name)
                if value is None or isinstance(value, Figure):
                    found[name, field.name] = value
    return found


@pytest.mark.parametrize("draw", DRAWN)
def test_every_figure_of_every_draw_is_that_of_the_reference(harbours, answered, draw: int):
    expected = reference_of(harbours, answered, draw).figures()
    found = figures_of(answered[0])
    assert found.keys() == expected.keys()
    values = {
        name: np.nan if figure is None else figure.samples[draw] for name, figure in found.items()
    }
    assert values == pytest.approx(expected, abs=1e-9, nan_ok=True)


def reference_of_halves(answer: Answer, draw: int) -> Reference:
    handles = sorted(set(answer.scores["left_handle"]))
    author = {f"{h} {side}": n for n, h in enumerate(handles) for side in ("early", "late")}
    columns = ("left_handle", "right_handle", "total_bits", "writing_style_bits")
    rows = [
        Row("early against late", f"{early} early", f"{late} late", total, bits)
        for early, late, total, bits in answer.scores.select(columns).iter_rows()
    ]
    times = dict(enumerate(Draws.of(len(handles)).weights[:, draw].astype(int).tolist()))
    return Reference(rows, [], [], hand=author, entity=author, here=set(), times=times)


@pytest.mark.parametrize("draw", DRAWN)
def test_every_figure_of_accounts_cut_in_two_is_that_of_the_reference(halves: Answer, draw: int):
    reference = reference_of_halves(halves, draw)
    expected = reference.ranking([reference.rows])
    found = {name: value for (of, name), value in ranked(halves).items() if of == "pooled"}
    values = {name: figure.samples[draw] for name, figure in found.items()}
    assert values == pytest.approx(expected, abs=1e-9)


@pytest.fixture(scope="module")
def halves() -> Answer:
    cut = TimeSplit(per_side=8, min_records=16, min_chars=1000)
    question = replace(everything_asked(), only=["writing_style"])
    forum = a_forum(30, 16, words=30).build()
    return time_trial(forum, cut, question, lambda _: None)


def test_the_fixture_has_right_and_wrong_links_bins_and_personas(harbours, answered):
    """Else the reference would agree about nothing."""
    answer, _ = answered
    assert harbours.corpus.account_count == 200
    assert 0.5 < answer.bands[0].precision.value < 1
    assert 0 < answer.personas.false_merge_share.value < 0.5
    assert len(answer.reliability.bins) > 1
    assert answer.pooled.recall_at_1.value < 1
    assert answer.pooled.likelihood.min_cllr.value < answer.pooled.likelihood.cllr.value < 0.5
    assert answer.absent_pair_count == 3


def test_entities_are_the_connected_components_of_all_labels(harbours):
    accounts = harbours.corpus.accounts
    one, other = accounts["account_id"][0], accounts["account_id"][-1]
    ruled = decision_rows([(one, other, "same", "ada", "seen", None)])
    found = entities_of(accounts, harbours.truth, ruled)
    graph = nx.Graph([(one, other)])
    same = harbours.truth.filter("same").select("left", "right").rows()
    named = [*harbours.truth["left"], *harbours.truth["right"], *accounts["account_id"]]
    graph.add_edges_from(same)
    graph.add_edges_from((account, ("handle", account.split(":")[1])) for account in named)
    expected = {
        frozenset(node for node in part if isinstance(node, str))
        for part in nx.connected_components(graph)
    }
    groups = found.group_by("entity").agg("account_id")["account_id"].to_list()
    assert {frozenset(group) for group in groups} == expected


def test_the_interval_of_a_figure_holds_95_of_100_draws(answered):
    figure = answered[0].pooled.average_precision
    within = (figure.samples[1:] >= figure.low) & (figure.samples[1:] <= figure.high)
    assert figure.low < figure.value < figure.high
    assert within.mean() == pytest.approx(0.95, abs=0.002)


def shuffled(harbours) -> pl.DataFrame:
    """The truth told of others: on each market the accounts have changed places."""
    rng = np.random.default_rng(5)
    accounts = harbours.corpus.accounts
    told = {}
    for market in accounts["market"].unique().sort():
        there = accounts.filter(market=market)["account_id"].to_list()
        told |= dict(zip(there, rng.permutation(there).tolist(), strict=True))
    sides = (pl.col(side).replace(told) for side in ("left", "right"))
    return harbours.truth.filter("same", pl.col("kind") != "gone").with_columns(*sides)


@pytest.fixture(scope="module")
def by_chance(harbours) -> Answer:
    return asked(harbours.corpus, shuffled(harbours))[0]


def chance_of_average_precision(pair_count: int, true_count: int) -> float:
    """Expected average precision of a random order (Bestgen, Behavior Research Methods 2015)."""
    harmonic = sum(1 / place for place in range(1, pair_count + 1))
    others = (true_count - 1) / (pair_count - 1) * (pair_count - harmonic)
    return (others + harmonic) / pair_count


def test_a_shuffled_truth_is_found_by_chance(by_chance: Answer):
    ranking, tasks = by_chance.pooled, by_chance.by_task.values()
    base_rate = ranking.likelihood.same_count / ranking.pair_count
    assert ranking.recall_at_1.low <= base_rate <= ranking.recall_at_1.high
    chance = sum(
        task.query_count * chance_of_average_precision(task.pair_count, task.likelihood.same_count)
        for task in tasks
    )
    chance /= ranking.query_count
    assert chance == pytest.approx(base_rate, abs=0.01)
    found = ranking.average_precision
    assert found.low <= chance <= found.high < 3 * chance
    assert ranking.likelihood.min_cllr.value == pytest.approx(1, abs=0.02)


def test_no_link_of_a_shuffled_truth_is_right_and_every_persona_holds_two_hands(by_chance: Answer):
    assert by_chance.bands[0].precision.value < 0.05
    assert by_chance.personas.false_merge_share.value > 0.9
    assert by_chance.personas.pairwise.precision.value < 0.05


def test_of_two_equal_models_no_figure_differs(answered):
    answer, _ = answered
    rows = compared(answer, answer)
    assert {row.of for row in rows} >= {"links, lead and above", "personas, B-cubed"}
    for row in rows:
        assert (row.difference.value, row.difference.low, row.difference.high) == (0, 0, 0)


def test_what_a_feature_adds_is_a_difference_with_a_paired_interval(harbours, answered):
    answer, _ = answered
    alone, _ = asked(harbours.corpus, harbours.truth, replace(everything_asked(), only=["alias"]))
    rows = {(row.of, row.figure): row for row in compared(answer, alone)}
    row = rows["ranking, pooled over queries", "recall_at_1"]
    assert row.ours.value - row.theirs.value == pytest.approx(row.difference.value)
    assert 0 < row.difference.low < row.difference.value < row.difference.high
    apart = (row.ours.high - row.ours.low) + (row.theirs.high - row.theirs.low)
    assert row.difference.high - row.difference.low < apart
    assert rows["links, strong and above", "precision"].theirs is None
    assert rows["links, strong and above", "precision"].difference is None
