import tracemalloc

import numpy as np

from features.style.neighbours import BLOCK, DIMENSIONS, ROUGH, _rough

DOCUMENTS = 4 * BLOCK


def test_the_rough_look_keeps_the_nearest_of_each_block_and_lets_the_rest_go():
    rng = np.random.default_rng(0)
    vectors = rng.integers(-9, 10, (DOCUMENTS, DIMENSIONS)).astype(np.float32)
    tracemalloc.start()
    left, right = _rough((vectors, 1.0), np.zeros(DOCUMENTS))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    one_block = BLOCK * DOCUMENTS * (vectors.itemsize + right.itemsize)
    assert len(left) == len(right) == DOCUMENTS * ROUGH
    assert peak < 2 * one_block


def test_the_rough_look_finds_the_twin_of_every_document():
    rng = np.random.default_rng(0)
    vectors = rng.integers(-9, 10, (2 * ROUGH, DIMENSIONS)).astype(np.float32)
    left, right = _rough((np.concatenate([vectors, vectors]), 1.0), np.zeros(4 * ROUGH))
    found = set(zip(left.tolist(), right.tolist(), strict=True))
    assert all((row, row + 2 * ROUGH) in found for row in range(2 * ROUGH))
