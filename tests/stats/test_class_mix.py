"""The variance that stratified folds hide: the mix of classes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2, chi2_contingency
from sklearn.model_selection import (
    BaseCrossValidator,
    BaseShuffleSplit,
    KFold,
    ShuffleSplit,
    StratifiedKFold,
    StratifiedShuffleSplit,
)

from bench.stats.equivalence import tost
from bench.stats.intervals import (
    Interval,
    class_mix,
    corrected_mean,
    hidden_mix,
    logit_interval,
)
from bench.stats.paired import corrected_t
from bench.stats.ranks import midranks


@given(st.integers(0, 10**6), st.integers(2, 60), st.integers(1, 4))
@settings(max_examples=60)
def test_within_and_between_make_the_whole(seed: int, n: int, k: int) -> None:
    """The variance of losses is that within classes and n times the mix."""
    generator = np.random.default_rng(seed)
    losses, classes = generator.normal(size=n), generator.integers(0, k, size=n)
    within = sum(
        losses[classes == c].var() * (classes == c).mean() for c in np.unique(classes)
    )
    assert losses.var() == pytest.approx(within + n * class_mix(losses, classes))


def test_a_mean_over_samples_varies_by_both_parts() -> None:
    """A fixed rule errs on 40 % of a class of 10 %, on 5 % of the other: over samples of 200 the error rate varies by
    the binomial part within classes, which samples of one mix show, and by the mix."""
    generator = np.random.default_rng(1)
    shares, errs = np.array([0.1, 0.9]), np.array([0.4, 0.05])

    def rates(count: np.ndarray) -> np.ndarray:
        return generator.binomial(count, errs).sum(axis=1) / 200

    first = generator.binomial(200, 0.1, size=40_000)
    free, held = (
        rates(np.stack([first, 200 - first], axis=1)),
        rates(np.tile([20, 180], (40_000, 1))),
    )
    losses = np.repeat([1.0, 0.0, 1.0, 0.0], [8, 12, 9, 171])
    mix = class_mix(losses, np.repeat([0, 1], [20, 180]))
    assert mix == pytest.approx(float(shares @ (errs - shares @ errs) ** 2) / 200)
    assert free.var() - held.var() == pytest.approx(mix, rel=0.15)


@pytest.mark.parametrize("rows", [25, 35, 45])
def test_classes_that_err_alike_but_for_float_noise_have_no_mix(rows: int) -> None:
    """A guess in folds of odd size: 3 of 7 right in each class, as a mean over repeats."""
    share = (rows // 5 - 1) / 2 / (rows // 5)
    losses = 1 - np.concatenate(
        [np.full(rows, share), np.full(rows, (share + 1e-17) * (1 + 2e-16))]
    )
    assert class_mix(losses, np.repeat([0, 1], rows)) == 0.0
    assert class_mix(np.repeat([1e-16, 3e-16], rows), np.repeat([0, 1], rows)) == 0.0
    assert class_mix(np.repeat([0.25, 0.26], rows), np.repeat([0, 1], rows)) > 0


def test_an_interval_on_the_logit_scale_leans_away_from_the_nearer_end() -> None:
    high, low = (
        logit_interval(Interval(p, p - 0.07, p + 0.07, 0.03, 99)) for p in (0.95, 0.05)
    )
    assert 0 < high.low < 0.88 and 0.95 < high.high < 1
    assert (1 - low.high, 1 - low.low) == pytest.approx((high.low, high.high))
    middle = logit_interval(Interval(0.5, 0.49, 0.51, 0.005, 99))
    assert (middle.low, middle.high) == pytest.approx((0.49, 0.51), abs=1e-5)
    assert logit_interval(Interval(1.0, 1.0, 1.0, 0.0, 9)).high == 1.0


def test_intervals_grow_by_it_and_only_by_it() -> None:
    a, b = np.array([0.80, 0.85, 0.78, 0.83]), np.array([0.79, 0.80, 0.80, 0.78])
    plain, mixed = (
        corrected_mean(a, test_train_ratio=1 / 3),
        corrected_mean(a, test_train_ratio=1 / 3, mix_variance=0.0004),
    )
    assert mixed.se**2 == pytest.approx(plain.se**2 + 0.0004)
    assert (mixed.high - mixed.low) / (plain.high - plain.low) == pytest.approx(
        mixed.se / plain.se
    )
    assert corrected_mean(a, test_train_ratio=1 / 3, mix_variance=0.0) == plain
    pair, pair_mixed = (
        corrected_t(a, b, test_train_ratio=1 / 3),
        corrected_t(a, b, test_train_ratio=1 / 3, mix_variance=0.0004),
    )
    assert pair_mixed.se**2 == pytest.approx(pair.se**2 + 0.0004)
    assert pair_mixed.p_value > pair.p_value
    equal, less = (
        tost(a, b, margin=0.2, test_train_ratio=1 / 3, mix_variance=v).p_value
        for v in (0.0, 0.0004)
    )
    assert equal < less


def test_equal_folds_are_not_certain_when_classes_differ() -> None:
    test = corrected_t(
        np.full(5, 0.9), np.full(5, 0.8), test_train_ratio=0.25, mix_variance=0.0025
    )
    assert test.statistic == pytest.approx(2)
    assert 0 < test.p_value < 1


def test_an_area_has_none() -> None:
    """DeLong's shares of the other class that a row beats are its influences: they average the area in either class."""
    generator = np.random.default_rng(2)
    scores, truth = generator.normal(size=60), np.repeat([True, False], [12, 48])
    beats = midranks(scores)
    influence = np.empty(60)
    for own, other, turn in ((truth, 48, 1), (~truth, 12, -1)):
        above = (beats[own] - midranks(scores[own])) / other
        influence[own] = above if turn > 0 else 1 - above
    assert class_mix(influence, truth) == pytest.approx(0, abs=1e-18)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (
            lambda: class_mix(np.array([0.1, 0.2]), np.array([1])),
            "2 losses and 1 classes",
        ),
        (lambda: class_mix(np.array([0.1, np.nan]), np.array([1, 2])), "not finite"),
        (
            lambda: hidden_mix(np.array([1, 2]), np.array([1, 2]), np.array([1])),
            "2 test sets, 2 rows, 1 classes",
        ),
        (
            lambda: corrected_mean(
                np.array([0.1, 0.2]), test_train_ratio=0.1, mix_variance=-1.0
            ),
            "from 0",
        ),
    ],
)
def test_what_is_refused(call: object, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        call()  # type: ignore[operator]


def _fold_of(splitter: BaseCrossValidator, y: np.ndarray) -> np.ndarray:
    fold = np.empty(len(y), int)
    for number, (_, test) in enumerate(splitter.split(y[:, None], y)):
        fold[test] = number
    return fold


def test_folds_hide_the_mix_by_how_alike_they_are() -> None:
    """Stratified folds hide all; folds of one class none; random ones have X^2 of (K - 1)(C - 1) n / (n - 1)."""
    y, rows = np.repeat([0, 1, 2], [60, 30, 10]), np.arange(100)
    assert (
        hidden_mix(
            _fold_of(StratifiedKFold(5, shuffle=True, random_state=0), y), rows, y
        )
        == 1
    )
    assert hidden_mix(y, rows, y) == 0
    assert hidden_mix(rows, rows, y) == pytest.approx(
        0, abs=1e-12
    )  # X^2 of single rows is n (C - 1), as is its mean
    table = np.array([[14, 5, 1], [10, 8, 2], [12, 5, 3], [12, 6, 2], [12, 6, 2]])
    expected = chi2_contingency(table, correction=False).statistic
    folds = np.concatenate([np.repeat(range(5), column) for column in table.T])
    assert hidden_mix(folds, rows, y) == pytest.approx(1 - expected / (8 * 100 / 99))
    assert (
        hidden_mix(np.zeros(100), rows, y)
        == hidden_mix(rows % 5, rows, np.zeros(100))
        == 1
    )


@pytest.mark.parametrize(
    ("splitter", "least", "most"),
    [
        (StratifiedShuffleSplit(40, test_size=0.2, random_state=1), 0.99, 1),
        (ShuffleSplit(40, test_size=0.2, random_state=1), 0, 0.35),
    ],
)
def test_test_sets_of_repeated_hold_out_are_looked_at_too(
    splitter: BaseShuffleSplit, least: float, most: float
) -> None:
    """Their X^2 has the mean (C - 1)(n - n_j) / (n - 1) each: they are drawn without replacement."""
    y = np.repeat([0, 1], [60, 40])
    sets = [test for _, test in splitter.split(y[:, None], y)]
    rows = np.concatenate(sets)
    assert least <= hidden_mix(np.repeat(range(40), 20), rows, y[rows]) <= most


def test_folds_that_ignore_classes_hide_little() -> None:
    y, hidden = np.repeat([0, 1], [60, 40]), []
    for seed in range(300):
        hidden.append(
            hidden_mix(
                _fold_of(KFold(10, shuffle=True, random_state=seed), y),
                np.arange(100),
                y,
            )
        )
    # E max(0, 1 - X^2 / 9) of a chi-squared with 9 degrees
    assert np.mean(hidden) == pytest.approx(
        chi2(9).expect(lambda x: max(0.0, 1 - x / 9)), abs=0.03
    )
