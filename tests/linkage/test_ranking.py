import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score

from linkage.bootstrap import Draws
from linkage.ranking import RankingFigures, ScoredTrial, average_precision, precision_of_best, ranks
from linkage.ranking import figures as all_figures


def a_trial(scores, true):
    """Scores and truth as matrices: a row a query, a column a gallery account."""
    scores, true = np.array(scores, np.float64), np.array(true, bool)
    query = np.repeat(np.arange(scores.shape[0]), scores.shape[1])
    pairs = np.arange(scores.size, dtype=np.uint64)
    return ScoredTrial(query, query, scores.ravel(), scores.ravel(), true.ravel(), pairs)


def drawn(trials):
    return Draws.of(1 + max(int(trial.entity.max()) for trial in trials), 200)


def figures(trials) -> RankingFigures:
    return all_figures(trials, drawn(trials))


def test_the_rank_counts_false_pairs_that_score_at_least_as_much():
    trial = a_trial([[3, 3, 1], [5, 1, 0]], [[0, 1, 0], [1, 0, 0]])
    queries, rank = ranks(trial)
    assert queries.tolist() == [0, 1]
    assert rank.tolist() == [2, 1]


def test_of_several_partners_the_first_counts_and_a_query_without_one_is_left_out():
    trial = a_trial([[1, 2, 3], [1, 2, 3]], [[1, 1, 0], [0, 0, 0]])
    queries, rank = ranks(trial)
    assert queries.tolist() == [0]
    assert rank.tolist() == [2]


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_average_precision_equals_an_independent_reference_where_nothing_ties(seed):
    random = np.random.default_rng(seed)
    score, true = random.permutation(60) / 60, random.random(60) < 0.2
    true[0] = True
    trial = a_trial([score], [true])
    ours = average_precision(trial, drawn([trial]))[0]
    assert ours == pytest.approx(average_precision_score(true, score), abs=1e-9)


def test_equal_scores_for_all_pairs_give_no_credit():
    trial = a_trial(np.zeros((4, 10)), np.eye(4, 10))
    found = figures([trial])
    assert found.recall_at_1.value == 0
    assert found.mean_reciprocal_rank.value == pytest.approx(1 / 10)


def test_a_perfect_ranking_is_one_throughout():
    found = figures([a_trial(np.eye(5), np.eye(5))])
    assert found.recall_at_1.value == found.average_precision.value == 1
    assert (found.recall_at_1.low, found.recall_at_1.high) == (1, 1)
    assert found.query_count == 5
    assert found.pair_count == 25


def test_random_scores_give_chance():
    random = np.random.default_rng(1)
    found = figures([a_trial(random.random((400, 50)), np.eye(400, 50) + np.eye(400, 50, -50))])
    assert found.recall_at_1.low <= 1 / 50 <= found.recall_at_1.high + 0.02


def test_average_precision_of_several_tasks_is_weighted_by_their_queries():
    perfect = a_trial(np.eye(3), np.eye(3))
    hopeless = a_trial(-np.eye(1, 4), np.eye(1, 4))
    shifted = ScoredTrial(
        query=hopeless.query + 3,
        entity=hopeless.entity + 3,
        score=hopeless.score,
        likelihood_bits=hopeless.score,
        true=hopeless.true,
        pair=hopeless.pair + 99,
    )
    assert figures([perfect, shifted]).average_precision.value == pytest.approx((3 + 0.25) / 4)


def test_a_pair_scored_from_both_sides_counts_once_among_the_best():
    trial = ScoredTrial(
        query=np.array([0, 1, 0]),
        entity=np.array([0, 1, 0]),
        score=np.array([9.0, 9.0, 1.0]),
        likelihood_bits=np.array([9.0, 9.0, 1.0]),
        true=np.array([True, True, False]),
        pair=np.array([7, 7, 8], np.uint64),
    )
    assert precision_of_best(trial, drawn([trial]), best=2)[0] == 0.5
