import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from features.style.exact import LARGEST, products, small_columns, whole_scale, whole_units
from features.style.hand_fit import covariances
from features.style.hands import GRID, HandFit, Hands
from features.style.nearest import nobody_yet, rough_pairs, sift_columns, sift_rows
from features.style.vectors import Vectors, pair_products


def some_vectors(seed: int, count: int = 7, dimensions: int = 300) -> Vectors:
    rng = np.random.default_rng(seed)
    rows = csr_array(
        np.where(rng.random((count, dimensions)) < 0.2, rng.random(()), 0.0), dtype="f4"
    )
    return Vectors.of(rows, rng.random(dimensions).astype(np.float32) / 20)


def some_hands(seed: int, count: int = 60) -> Hands:
    rng = np.random.default_rng(seed)
    parts = rng.normal(0, GRID, (count, 2, 5)).astype(np.int16)
    level = np.zeros(5, np.float32)
    return Hands.of(parts, HandFit({}, level, level, (0, 1), np.full(5, 0.3), -1.0))


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1000))
def test_products_are_those_of_the_vectors_nearly_and_the_same_in_any_order(seed):
    vectors = some_vectors(seed)
    matrix = np.random.default_rng(seed).standard_normal((300, 4)).astype(np.float32)
    columns, scale = small_columns(matrix)
    (found,) = products(vectors, (columns, scale))
    wanted = vectors.dense() @ matrix
    assert np.abs(found - wanted).max() < 0.03 * np.abs(wanted).max() + 0.1
    order = np.random.default_rng(seed).permutation(300)
    units = whole_units(vectors)
    shuffled = units[:, order] @ columns[order].astype(np.float32)
    assert np.array_equal(units @ columns.astype(np.float32), shuffled)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1000))
def test_products_are_those_of_the_whole_vectors_to_the_byte(seed):
    vectors = some_vectors(seed, count=70)
    columns, scale = small_columns(np.random.default_rng(seed).standard_normal((300, 4)))
    (found,) = products(vectors, (columns, scale))
    whole = whole_units(vectors) @ columns.astype(np.float32)
    wanted = whole * (scale / np.float32(whole_scale(300)))
    assert found.tobytes() == wanted.tobytes()


def test_products_with_two_matrices_at_once_are_those_with_each():
    vectors, draw = some_vectors(4), np.random.default_rng(4)
    matrices = [small_columns(draw.standard_normal((300, m)).astype(np.float32)) for m in (3, 5)]
    together = products(vectors, *matrices)
    assert [found.tobytes() for found in together] == [
        products(vectors, one)[0].tobytes() for one in matrices
    ]


def test_no_vectors_have_no_products():
    none = some_vectors(5).take(np.arange(0))
    assert products(none, small_columns(np.ones((300, 2), np.float32)))[0].shape == (0, 2)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1000))
def test_products_of_pairs_do_not_hang_on_the_pairs_beside_them(seed):
    rows = some_vectors(seed).rows
    left, right = (side.ravel() for side in np.divmod(np.arange(49), 7))
    spread = (rows.indptr, rows.indices, rows.data)
    together = pair_products(*spread, (left, right), 300)
    alone = [pair_products(*spread, (left[[p]], right[[p]]), 300)[0] for p in range(49)]
    assert together.tolist() == alone


def test_no_whole_vector_is_longer_than_products_may_be():
    units = whole_units(some_vectors(3, dimensions=5_000))
    assert np.linalg.norm(units, axis=1).max() <= LARGEST
    columns, _ = small_columns(np.random.default_rng(0).standard_normal((5_000, 3)).astype("f4"))
    assert np.linalg.norm(columns.astype(np.float64), axis=0).max() <= LARGEST


def test_the_likest_are_those_that_a_full_sort_puts_first():
    hands = some_hands(1)
    every = np.arange(60)
    ratios = hands.scores(*np.divmod(np.arange(3600), 60)).reshape(60, 60) + hands.bar[:, None]
    np.fill_diagonal(ratios, -np.inf)
    wanted = {(min(i, j), max(i, j)) for i in every for j in np.argsort(-ratios[i])[:40]}
    found = rough_pairs(hands)
    assert set(zip(found.left.tolist(), found.right.tolist(), strict=True)) == wanted


def test_of_equal_ones_the_first_are_kept():
    best = nobody_yet(5, 2)
    sift_rows(np.zeros((1, 5), np.float32), np.zeros(5, np.float32), 0, best)
    sift_columns(np.zeros((1, 5), np.float32), np.zeros(5, np.float32), 0, best)
    assert sorted(best[1][0].tolist()) == [1, 2]
    assert best[1][1:, 0].tolist() == [0, 0, 0, 0]


def test_a_likelihood_ratio_has_no_sides():
    hands = some_hands(2)
    left, right = np.divmod(np.arange(3600), 60)
    assert np.array_equal(hands.scores(left, right), hands.scores(right, left))


def test_a_likelihood_ratio_is_that_of_the_two_covariances():
    between, x, y = 2.5, 0.7, 1.1
    pull = np.array([between / (2 * (between + 1))])
    scale = np.sqrt(between / (2 * between + 1))
    constant = -0.5 * np.log((2 * between + 1) / (between + 1) ** 2)
    level = np.zeros(1, np.float32)
    fit = HandFit({}, level, level, (0, 1), pull, float(constant))
    parts = np.rint(np.array([[[x]], [[y]]]) * scale * GRID).astype(np.int16)
    one_hand = np.array([[between + 1, between], [between, between + 1]])
    pair = np.array([x, y])
    wanted = (
        -0.5 * pair @ np.linalg.inv(one_hand) @ pair
        - 0.5 * np.log(np.linalg.det(one_hand))
        + 0.5 * (x**2 + y**2) / (between + 1)
        + np.log(between + 1)
    )
    found = Hands.of(parts, fit).scores(np.array([0]), np.array([1]))
    assert found[0] == pytest.approx(wanted, abs=0.01)


def test_covariances_are_found_again_in_what_they_made():
    rng = np.random.default_rng(4)
    author = np.repeat(np.arange(400), 5)
    rows = rng.normal(0, 2, (400, 2))[author] + rng.normal(0, 1, (2_000, 2))
    between, within = covariances(rows, author)
    assert np.diag(between) == pytest.approx([4, 4], rel=0.2)
    assert np.diag(within) == pytest.approx([1, 1], rel=0.1)
