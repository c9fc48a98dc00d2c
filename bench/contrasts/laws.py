"""What chance may do to a gain.

A law answers three questions: by how small a p a truth above `mu` is shown, by how small a p one
below, and which truths remain at a level. Every p-value is made of the first two, so that no caller
needs to know which law it has.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from bench.stats import special
from bench.stats.bayes import Posterior
from bench.stats.halves import carried, sharp_chances
from bench.stats.instances import accuracy_difference, mcnemar, tango_z
from bench.stats.intervals import t_cdf, t_quantile
from bench.stats.signed_ranks import shift, signed_rank

LowHigh = tuple[float, float]
#: One truth, or one for each dataset.
Truth = float | np.ndarray


class Law(Protocol):
    """What chance may do to a gain."""

    def above(self, mu: Truth) -> float:
        """The p-value of the test that shows a truth above `mu`."""

    def below(self, mu: Truth) -> float:
        """The p-value of the test that shows a truth below `mu`."""

    def interval(self, level: float) -> LowHigh | None:
        """The truths that are not rejected at a level; None where there is no interval."""

    def chances(self, rope: float) -> Posterior | None:
        """How probable a truth below -rope, within and above it is; None if unknown."""


@dataclass(frozen=True, kw_only=True)
class Student:
    """A gain with a standard error and its degrees of freedom, which may be infinite."""

    gain: float
    standard_error: float
    df: float

    def above(self, mu: Truth) -> float:
        if self.standard_error == 0:
            return float(self.gain <= mu)
        return t_cdf((float(mu) - self.gain) / self.standard_error, self.df)

    def below(self, mu: Truth) -> float:
        if self.standard_error == 0:
            return float(self.gain >= mu)
        return t_cdf((self.gain - float(mu)) / self.standard_error, self.df)

    def interval(self, level: float) -> LowHigh:
        reach = self.reach(level)
        return self.gain - reach, self.gain + reach

    def reach(self, level: float) -> float:
        """Half the interval."""
        return t_quantile((1 + level) / 2, self.df) * self.standard_error

    def chances(self, rope: float) -> Posterior:
        """The Bayesian correlated t test (Corani and Benavoli 2015)."""
        if self.standard_error == 0:
            less, greater = float(self.gain < -rope), float(self.gain > rope)
        else:
            less, greater = self.above(-rope), self.below(rope)
        return Posterior(less, max(0.0, 1 - less - greater), greater)


@dataclass(frozen=True)
class Unspread:
    """A few values that are all equal: how far others would lie is not known."""

    def above(self, mu: Truth) -> float:
        return 1.0

    def below(self, mu: Truth) -> float:
        return 1.0

    def interval(self, level: float) -> None:
        return None

    def chances(self, rope: float) -> None:
        return None


@dataclass(frozen=True, kw_only=True, eq=False)
class HalvesLaw:
    """A gain on all rows, tested on disjoint halves of them, as unstable models need.

    pairs: (J, 2) gains in either half; standard_error: that of the gain over folds.
    """

    gain: float
    pairs: np.ndarray
    standard_error: float

    def above(self, mu: Truth) -> float:
        test = carried(self.gain, self.pairs, se=self.standard_error, mu=float(mu))
        return test.p_greater

    def below(self, mu: Truth) -> float:
        return self._mirrored.above(-mu)

    def interval(self, level: float) -> LowHigh:
        test = carried(self.gain, self.pairs, se=self.standard_error, level=level)
        return test.low, test.high

    def chances(self, rope: float) -> Posterior:
        """SHARP's confidence distribution."""
        return sharp_chances(self.pairs, rope)

    @property
    def _mirrored(self) -> HalvesLaw:
        return HalvesLaw(
            gain=-self.gain, pairs=-self.pairs, standard_error=self.standard_error
        )


@dataclass(frozen=True, eq=False)
class RanksLaw:
    """Mean scores of two models over datasets, (N,) each: Wilcoxon's signed ranks."""

    first: np.ndarray
    second: np.ndarray

    def above(self, mu: Truth) -> float:
        return signed_rank(self.first - mu, self.second).p_greater

    def below(self, mu: Truth) -> float:
        return signed_rank(self.second + mu, self.first).p_greater

    def interval(self, level: float) -> LowHigh | None:
        moved = shift(self.first, self.second, level=level)
        if moved.low is None or moved.high is None:
            return None
        return moved.low, moved.high

    def chances(self, rope: float) -> None:
        return None  # their Bayesian counterpart is drawn at random, with a seed


@dataclass(frozen=True, eq=False)
class RowsLaw:
    """Two fits on the n rows of one test set: McNemar's exact test, Tango's interval.

    first_right, second_right: (n,) booleans, which rows either has right. Against another truth
    than 0 it is Tango's score test.
    """

    __test__ = False  # no test class, whatever its name begins with

    first_right: np.ndarray
    second_right: np.ndarray

    def above(self, mu: Truth) -> float:
        test = mcnemar(self.first_right, self.second_right)
        if mu != 0:
            z = tango_z(test.only_a, test.only_b, test.n, float(mu))
            return float(special.ndtr(-z))
        half = test.p_value / 2
        return half if test.difference > 0 else 1 - half

    def below(self, mu: Truth) -> float:
        return RowsLaw(self.second_right, self.first_right).above(-mu)

    def interval(self, level: float) -> LowHigh:
        test = mcnemar(self.first_right, self.second_right)
        return accuracy_difference(test.only_a, test.only_b, test.n, level=level)

    def needed(self, alpha: float) -> float | None:
        """The least difference that McNemar's test would call at this level, with as many
        rows that one alone has right; None where these are too few for any."""
        test = mcnemar(self.first_right, self.second_right)
        differ = test.only_a + test.only_b
        fewer = np.arange((differ + 1) // 2)
        called = fewer[2 * special.bdtr(fewer, differ, 0.5) < alpha]
        return float(differ - 2 * called.max()) / test.n if len(called) else None

    def chances(self, rope: float) -> None:
        return None
