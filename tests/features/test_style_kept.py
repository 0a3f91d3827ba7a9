"""What is kept of all documents grows block by block, and loses nothing."""

import numpy as np
from scipy.sparse import csr_array

from features.style.kept import KeptVectors, append
from features.style.parts import Parts
from features.style.vectors import Vectors


def some_vectors(seed, documents=9, dimensions=300):
    rng = np.random.default_rng(seed)
    full = rng.random((documents, dimensions)) * (rng.random((documents, dimensions)) < 0.2)
    return Vectors.of(csr_array(full.astype(np.float32)), np.full(dimensions, 0.01, np.float32))


def some_grid(seed):
    return np.random.default_rng(seed).integers(-400, 400, (7, 3, 5)).astype(np.int16)


def test_vectors_grown_in_two_blocks_have_the_cosines_of_those_read_at_once():
    whole = some_vectors(1)
    grown = KeptVectors.of(whole.take(np.arange(4)))
    grown.append(KeptVectors.of(whole.take(np.arange(4, 9))))
    left, right = np.divmod(np.arange(81), 9)
    assert len(grown) == 9
    assert np.array_equal(grown.cosines(left, right), KeptVectors.of(whole).cosines(left, right))
    dense = whole.dense().astype(np.float64)
    assert np.allclose(grown.cosines(left, right).reshape(9, 9), dense @ dense.T, atol=1e-6)


def test_growing_what_is_kept_leaves_what_it_was_made_of_alone():
    vectors = some_vectors(2)
    before = vectors.rows.data.copy()
    KeptVectors.of(vectors).append(KeptVectors.of(vectors))
    assert np.array_equal(vectors.rows.data, before)
    assert len(vectors) == len(vectors.length) == 9


def test_numbers_of_more_than_eight_bits_are_kept_whole():
    grid = some_grid(3)
    parts = Parts.of(grid)
    assert 0 < len(parts.places) < grid.size
    assert all(np.array_equal(parts.row(number), grid[number]) for number in range(7))


def test_parts_grown_in_two_blocks_are_those_made_at_once():
    grid, more = some_grid(4), some_grid(5)
    grown = Parts.of(grid)
    grown.append(Parts.of(more))
    for number, row in enumerate(np.concatenate([grid, more])):
        assert np.array_equal(grown.row(number), row)


def test_rows_are_put_behind_those_of_an_array_in_place():
    whole = np.array([[0, 1], [2, 3], [4, 5]])
    append(whole, np.array([[7, 8]]))
    assert whole.tolist() == [[0, 1], [2, 3], [4, 5], [7, 8]]
