"""Families exchanged row by row: what the corrected t says of equal ones, and of one that is better."""

from __future__ import annotations

import numpy as np
import pytest

from bench.stats.exchange import corrected_p, error_rates
from bench.stats.paired import corrected_t


def answers(
    n: int, repeats: int, share: float, families: int, seed: int = 0
) -> np.ndarray:
    """(n, R, k): each family is right about its own share of rows, the same in all repeats."""
    right = np.random.default_rng(seed).random((n, 1, families)) < share
    return np.broadcast_to(right, (n, repeats, families)).astype(float)


def folds(n: int, repeats: int, count: int = 10, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.stack(
        [rng.permutation(np.arange(n) % count) for _ in range(repeats)], axis=1
    )


def rates(
    n: int = 300,
    repeats: int = 2,
    shift: float = 0.1,
    trials: int = 300,
    families: int = 3,
    seed: int = 5,
):
    return error_rates(
        answers(n, repeats, 0.8, families), folds(n, repeats), ratio=1 / 9, alpha=0.05, shift=shift, trials=trials,
        rng=np.random.default_rng(seed),
    )  # fmt: skip


def test_the_p_value_is_that_of_the_corrected_t() -> None:
    rng = np.random.default_rng(2)
    for _ in range(20):
        a, b = rng.random(12), rng.random(12)
        assert corrected_p(a - b, 0.25) == pytest.approx(
            corrected_t(a, b, test_train_ratio=0.25).p_value, rel=1e-9
        )
    assert corrected_p(np.zeros(5), 0.1) == 1.0


def test_equal_families_are_seldom_called_different() -> None:
    """Rows are what varies here, and all repeats share them: the correction for common rows is on the safe side."""
    one = rates()
    assert one.false_alarm <= 0.05 + 2 * one.se(0.05)
    assert one.family_wise <= 0.05 + 2 * one.se(0.05)


def test_power_grows_with_the_shift_and_the_rows() -> None:
    small, large, more = rates(shift=0.02), rates(shift=0.1), rates(shift=0.1, n=900)
    assert (
        small.power is not None and large.power is not None and more.power is not None
    )
    assert small.power < large.power < more.power
    assert more.power > 0.9


def test_numbers_are_no_shares_and_have_no_power() -> None:
    errors = -np.abs(np.random.default_rng(3).normal(size=(60, 1, 2)))
    one = error_rates(
        errors,
        folds(60, 1),
        ratio=1 / 9,
        alpha=0.05,
        shift=0.1,
        trials=50,
        rng=np.random.default_rng(0),
    )
    assert one.power is None


def test_run_twice_it_says_the_same() -> None:
    assert rates(trials=40) == rates(trials=40)


def test_one_family_is_an_error() -> None:
    with pytest.raises(ValueError, match="two families"):
        error_rates(answers(30, 1, 0.5, 1), folds(30, 1), ratio=0.1, alpha=0.05, shift=0.1, trials=2,
                    rng=np.random.default_rng(0))  # fmt: skip
