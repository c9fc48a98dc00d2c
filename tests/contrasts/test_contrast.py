"""A contrast: its p on every side of a margin, rounding, growth; comparisons of two series."""

import numpy as np
import pytest

from bench.contrasts import (
    Contrast,
    ErrorGrowth,
    HalvesLaw,
    Method,
    Student,
    Unspread,
    WhyNot,
    compare,
    compare_folds,
    compare_independent,
    compare_over,
)
from bench.scores.series import Series
from bench.scores.setting import Setting
from bench.stats.bayes import correlated_t
from bench.stats.equivalence import tost
from bench.stats.intervals import corrected_mean
from bench.stats.paired import corrected_t
from bench.stats.precision import resolution
from bench.stats.signed_ranks import shift, signed_rank

RNG = np.random.default_rng(20261201)
A = RNG.normal(0.82, 0.03, 30)
B = RNG.normal(0.80, 0.03, 30)
LAW = Student(gain=0.03, standard_error=0.01, df=9)


@pytest.mark.parametrize("side", ["two", "above", "below", "within"])
def test_rounding_moves_a_margin_against_what_is_shown(side: str) -> None:
    rounded = Contrast(gain=0.03, law=LAW, rounding=0.005)
    plain = Contrast(gain=0.03, law=LAW)
    moved = 0.035 if side == "within" else 0.045
    assert rounded.p(0.04, side) == pytest.approx(plain.p(moved, side))
    assert rounded.p(0.04, side) >= plain.p(0.04, side)


def test_rounding_widens_the_interval() -> None:
    low, high = Contrast(gain=0.03, law=LAW, rounding=0.005).interval(0.9)
    plain = LAW.interval(0.9)
    assert (low, high) == pytest.approx((plain[0] - 0.005, plain[1] + 0.005))


def test_without_a_law_there_is_neither_p_nor_interval() -> None:
    contrast = Contrast(gain=0.03, why_not=WhyNot.ONE_SPLIT)
    assert contrast.p() is contrast.interval(0.9) is contrast.chances(0.01) is None
    assert contrast.standard_error is contrast.df is contrast.reach(0.9) is None
    assert contrast.after(9) is contrast


@pytest.mark.parametrize(("ratio", "mix"), [(1 / 9, 0.0), (0.0, 0.0), (1 / 2, 1e-4)])
def test_folds_have_the_corrected_t(ratio: float, mix: float) -> None:
    contrast = compare_folds(A, B, ratio=ratio, mix=mix, repeats=3)
    more = {"test_train_ratio": ratio, "mix_variance": mix}
    test = corrected_t(A, B, **more)
    assert contrast.p() == pytest.approx(test.p_value)
    assert contrast.p(side="above") == pytest.approx(test.p_greater)
    assert contrast.interval(0.95) == pytest.approx((test.low, test.high))
    assert contrast.p(0.01, "within") == pytest.approx(
        tost(A, B, margin=0.01, **more).p_value
    )
    chances = correlated_t(A, B, rope=0.01, **more)
    assert contrast.chances(0.01).p_greater == pytest.approx(chances.p_greater)
    assert contrast.chances(0.01).p_less == pytest.approx(chances.p_less)
    assert contrast.test == (Method.CORRECTED_T_MIX if mix else Method.CORRECTED_T)


def test_what_more_repeats_would_tell() -> None:
    contrast = compare_folds(A, B, ratio=1 / 9, repeats=3)
    sd = float(np.std(A - B, ddof=1))
    least = resolution(sd, 30, test_train_ratio=1 / 9)
    assert contrast.reach(0.95) == pytest.approx(least.now)
    assert contrast.growth.limit(0.95) == pytest.approx(least.floor)
    more = contrast.after(12)
    assert (more.df, more.growth.repeats) == (119, 12)
    assert more.reach(0.95) == pytest.approx(
        resolution(sd, 120, test_train_ratio=1 / 9).now
    )
    assert contrast.growth.repeats_to_reach(0.99 * least.floor, 0.95) is None
    for room in (1.02 * least.floor, 1.1 * least.floor):
        reach = [
            resolution(sd, 10 * r, test_train_ratio=1 / 9).now for r in range(2, 200)
        ]
        fewest = 2 + sum(one >= room for one in reach)
        assert contrast.growth.repeats_to_reach(room, 0.95) == fewest


def test_growth_of_two_spreads_has_degrees_of_both() -> None:
    growth = ErrorGrowth(repeats=10, sd=0.02, fixed=0.01**2 / 3, df_fixed=2)
    se, df = growth.at(np.array([10.0, 1e9]))
    assert se.tolist() == pytest.approx([(1e-4 / 3 + 4e-5) ** 0.5, 0.01 / 3**0.5])
    assert df[1] == pytest.approx(2, abs=0.01)


@pytest.mark.parametrize("noise", [1e-17, -1e-17])
def test_a_gain_of_float_noise_is_none_before_it_has_a_law(noise: float) -> None:
    pairs = np.array([[0.03, 0.01], [0.02, 0.02], [0.04, 0.0]])
    same = np.array([0.8, 0.9, 0.7, 0.6])
    other = same[[1, 0, 3, 2]] + noise
    contrast = compare_folds(same, other, ratio=0.1, halves=pairs)
    assert contrast.gain == 0
    assert (
        contrast.p()
        == Contrast(
            gain=0.0, law=HalvesLaw(gain=0.0, pairs=pairs, standard_error=0.1)
        ).p()
    )


@pytest.mark.parametrize(
    ("count", "gap", "law", "why_not"),
    [
        (58, 0.1, Unspread, WhyNot.EQUAL_DIFFERENCES),
        (58, 0.0, Unspread, None),
        (59, 0.1, Student, None),
    ],
)
def test_a_few_equal_differences_show_no_spread(
    count: int, gap: float, law: type, why_not: WhyNot | None
) -> None:
    a = RNG.random(count)
    contrast = compare_folds(a + gap, a, ratio=0.1)
    assert contrast.gain == pytest.approx(gap)
    assert (type(contrast.law), contrast.why_not) == (law, why_not)
    assert contrast.is_unspread == (law is Unspread)
    assert contrast.p() == (0.0 if law is Student else 1.0)


def test_independent_means_have_welchs_t() -> None:
    parts = [corrected_mean(one, test_train_ratio=0.1) for one in (A, B[:10])]
    contrast = compare_independent(*parts)
    variances = [one.se**2 for one in parts]
    assert contrast.standard_error == pytest.approx(sum(variances) ** 0.5)
    assert contrast.df == pytest.approx(
        sum(variances) ** 2 / (variances[0] ** 2 / 29 + variances[1] ** 2 / 9)
    )


def test_datasets_have_signed_ranks() -> None:
    contrast = compare_over(A, B)
    assert contrast.p() == signed_rank(A, B).p_value
    assert (contrast.gain, contrast.n) == (shift(A, B).estimate, 30)


def _series(values: np.ndarray, folds: int) -> Series:
    place = np.arange(len(values))
    return Series(place // folds, place % folds, values)


FOLDS = Setting(0.1, 30, 3, 100, 10, 0)


@pytest.mark.parametrize(
    ("setting", "test", "why_not"),
    [
        (FOLDS, Method.CORRECTED_T_MIX, None),
        (Setting(0.1, 31, 3, 100, 10, 0), None, WhyNot.NO_SCORE),
        (Setting(None, 30, 3, 100, 10, 0), None, None),
        (Setting(0.1, 30, 3, 100, 10, 0, one_row=True), None, None),
        (Setting(0.1, 30, 3, 100, 10, 1), Method.T_OVER_DRAWS, None),
        (Setting(0.1, 30, 3, 100, 10, 0, seeds=True), Method.T_OVER_SEEDS, None),
    ],
)
def test_the_design_settles_the_test(
    setting: Setting, test: Method | None, why_not: WhyNot | None
) -> None:
    contrast = compare(_series(A, 10), _series(B, 10), setting, mix=1e-4)
    assert (contrast.test, contrast.why_not) == (test, why_not)
    if why_not is None:
        assert contrast.gain == pytest.approx(float((A - B).mean()))
    if test == Method.CORRECTED_T_MIX:
        assert contrast.growth.draws == 10
    elif test is not None:
        assert (contrast.n, contrast.growth.draws, contrast.growth.fixed) == (3, 1, 0)


def test_seeds_that_move_nothing_have_no_law() -> None:
    setting = Setting(0.1, 3, 3, 100, 10, 0, seeds=True)
    moved = np.array([0.8, 0.9, 0.7])
    assert compare(_series(moved, 1), _series(moved - 0.1, 1), setting).law is None
