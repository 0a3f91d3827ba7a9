import numpy as np

from linkage.calibration import Scored
from linkage.prose_training import FOLDS, PROSE_LIMITS, held_out, prose_quality

ACCOUNTS = 30
LEFT, RIGHT = np.divmod(np.arange(ACCOUNTS**2), ACCOUNTS)


def scored_halves(distance: float) -> Scored:
    """Every first half against every second one, `distance` apart in the mean."""
    same = LEFT == RIGHT
    value = np.random.default_rng(0).normal(np.where(same, distance, -distance))
    return Scored(value, np.full(len(same), 2_000), same)


def bits_of_fold(scored: Scored, fold: int) -> np.ndarray:
    """The bits of a fold's pairs, row by row."""
    size = (ACCOUNTS // FOLDS) ** 2
    return held_out(scored)[0][fold * size : (fold + 1) * size]


def test_no_account_teaches_the_curve_that_judges_it():
    scored = scored_halves(1.0)
    changed = Scored(scored.value.copy(), scored.count, scored.same)
    changed.value[0] = -9.0
    assert LEFT[0] % FOLDS == RIGHT[0] % FOLDS == 0
    assert np.array_equal(bits_of_fold(changed, 0)[1:], bits_of_fold(scored, 0)[1:])
    assert not np.array_equal(bits_of_fold(changed, 1), bits_of_fold(scored, 1))


def test_pairs_of_two_folds_are_judged_by_nobody():
    bits, same = held_out(scored_halves(1.0))
    assert len(bits) == FOLDS * (ACCOUNTS // FOLDS) ** 2
    assert same.sum() == ACCOUNTS


def test_the_price_of_saying_little_is_told_from_bad_calibration():
    words = prose_quality(scored_halves(9.0))
    low, high = PROSE_LIMITS
    price = (np.log2(1 + 2**low) + np.log2(1 + 2**-high)) / 2
    assert f"least possible 0.000, {price:.3f} between {low:g} and {high:g} bits" in words
