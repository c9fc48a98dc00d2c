"""Two models compared: on the folds of one dataset, by independent means, over datasets."""

from __future__ import annotations

from dataclasses import replace
from math import nan

import numpy as np

from bench.contrasts.contrast import Contrast
from bench.contrasts.growth import ErrorGrowth
from bench.contrasts.laws import HalvesLaw, RanksLaw, Student, Unspread
from bench.core.comparisons import Method, WhyNot
from bench.scores.series import Series, matched
from bench.scores.setting import Setting, unmoved_by_seeds
from bench.stats.intervals import Interval, checked_ratio, welch, with_mix
from bench.stats.noise import kept_decimals
from bench.stats.paired import ENOUGH_EQUAL, differences
from bench.stats.signed_ranks import shift


def compare(
    first: Series,
    second: Series,
    setting: Setting,
    *,
    mix: float = 0.0,
    halves: np.ndarray | None = None,
) -> Contrast:
    """Two models on the folds of one dataset.

    Parameters
    ----------
    first, second : Series
        Their scores.
    setting : Setting
        How scores vary there.
    mix : float, default 0.0
        The variance of the class mix, as for `corrected_t`.
    halves : ndarray of shape (J, 2), optional
        What the first is above the second in disjoint halves of the rows, where a test of these
        is the one to make.

    Returns
    -------
    Contrast
        Without a law where folds have no error rate; with `why_not` where that is known from the
        scores alone.
    """
    if not (setting.complete(first) and setting.complete(second)):
        return Contrast(gain=nan, why_not=WhyNot.NO_SCORE)
    a, b = matched(first, second)
    if not len(a.value):
        return Contrast(gain=nan, why_not=WhyNot.NO_SCORE)
    sample_a, sample_b = setting.sample(a), setting.sample(b)
    if sample_a is None or sample_b is None:
        return _compare_means(a, b)
    (x, ratio), (y, _) = sample_a, sample_b
    if unmoved_by_seeds(setting, x, y):
        return _compare_means(a, b)
    is_of_folds = not setting.seeds and not setting.repeats_a_draw
    contrast = compare_folds(
        x,
        y,
        ratio=ratio,
        mix=mix if is_of_folds else 0.0,
        halves=None if setting.repeats_a_draw else halves,
        repeats=setting.drawn,
        draws=max(1, setting.folds // setting.repeats) if is_of_folds else 1,
    )
    if contrast.test in (None, Method.SHARP):
        return contrast
    return replace(contrast, test=name_test(setting, mix))


def compare_folds(
    first: np.ndarray,
    second: np.ndarray,
    *,
    ratio: float,
    mix: float = 0.0,
    halves: np.ndarray | None = None,
    repeats: int = 1,
    draws: int | None = None,
) -> Contrast:
    """Two models on the same values: the corrected t, or halves of the rows.

    Parameters
    ----------
    first, second : ndarray of shape (J,)
        Their scores; J is at least 2.
    ratio : float
        Test rows over training rows of a fold; 0 of values that share no rows.
    mix, halves : float, ndarray
        As for `compare`.
    repeats, draws : int
        How many repeats there are, and how many values each brings; J and 1 unless given.

    Returns
    -------
    Contrast
        A gain that is float noise is 0.
    """
    d, sd = differences(first, second)
    checked_ratio(ratio)
    n, decimals = len(d), kept_decimals(first, second)
    gain = float(d.mean())
    gain = gain if round(gain, decimals) else 0.0
    is_equal = round(sd, decimals) == 0
    if is_equal and n < ENOUGH_EQUAL and halves is None:
        if gain == 0:
            test, why = Method.CORRECTED_T, None
        else:
            test, why = None, WhyNot.EQUAL_DIFFERENCES
        return Contrast(
            gain=gain,
            n=n,
            law=Unspread(),
            test=test,
            why_not=why,
            is_tied=gain == 0,
            decimals=decimals,
        )
    se = with_mix(sd * float(np.sqrt(1 / n + ratio)), mix)
    contrast = Contrast(
        gain=gain,
        n=n,
        law=Student(gain=gain, standard_error=se, df=n - 1),
        test=Method.CORRECTED_T_MIX if mix else Method.CORRECTED_T,
        is_tied=is_equal and gain == 0,
        decimals=decimals,
    )
    if halves is not None:
        law = HalvesLaw(gain=gain, pairs=halves, standard_error=se)
        return replace(contrast, law=law, test=Method.SHARP)
    if is_equal:
        return contrast
    draws = draws or n // repeats
    fixed = sd**2 * ratio + mix
    growth = ErrorGrowth(repeats=repeats, sd=sd, draws=draws, fixed=fixed)
    return replace(contrast, growth=growth)


def compare_independent(first: Interval, second: Interval) -> Contrast:
    """Two independent means: Welch (1947), Biometrika 34."""
    se, df = welch((first.se, first.df), (second.se, second.df))
    gain = first.estimate - second.estimate
    if se == 0:
        return Contrast(gain=gain, law=Unspread(), why_not=WhyNot.EQUAL_DIFFERENCES)
    return Contrast(
        gain=gain, law=Student(gain=gain, standard_error=se, df=df), test=Method.WELCH
    )


def compare_over(first: np.ndarray, second: np.ndarray) -> Contrast:
    """Two models over N >= 2 datasets by their mean scores, (N,): the dataset is the unit."""
    return Contrast(
        gain=shift(first, second).estimate,
        n=len(first),
        law=RanksLaw(first, second),
        test=Method.SIGNED_RANKS,
    )


def _compare_means(first: Series, second: Series) -> Contrast:
    """The difference of means alone."""
    decimals = kept_decimals(first.value, second.value)
    gain = float(first.value.mean() - second.value.mean())
    return Contrast(gain=gain if round(gain, decimals) else 0.0, decimals=decimals)


def name_test(setting: Setting, mix: float) -> Method:
    """The test by what varies: seeds, independent draws, or folds."""
    if setting.seeds:
        return Method.T_OVER_SEEDS
    if setting.repeats_a_draw:
        return Method.T_OVER_DRAWS
    return Method.CORRECTED_T_MIX if mix else Method.CORRECTED_T
