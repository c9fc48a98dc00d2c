"""Two numbers held against each other: the gain of the one over the other, and its law."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from bench.contrasts.growth import ErrorGrowth
from bench.contrasts.laws import Law, LowHigh, Student, Truth, Unspread
from bench.core.comparisons import Method, SampleKind, WhyNot
from bench.stats.bayes import Posterior
from bench.stats.noise import DECIMALS
from bench.stats.precision import error_at

#: What a test shows of a truth: that it lies beyond a margin on either side, above it, below
#: minus the margin, or within it on both sides.
TestSide = Literal["two", "above", "below", "within"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Contrast:
    """How much one thing is above another.

    Attributes
    ----------
    gain : float
        The first less the second; NaN where one of them has no score.
    n : int
        How many values vary.
    law : Law or None
        What chance may do to the gain; None where there is no test.
    test : Method or None
        What the law is.
    why_not : WhyNot or None
        Why there is no test.
    is_tied : bool
        Whether all values of both are equal.
    rounding : float
        How far printed digits may have moved the gain, on either side.
    decimals : int
        How many decimals of the gain are no float noise.
    growth : ErrorGrowth or None
        What more repeats would make of its error, where they enter it.
    """

    gain: float
    n: int = 0
    law: Law | None = None
    test: Method | None = None
    why_not: WhyNot | None = None
    is_tied: bool = False
    rounding: float = 0.0
    decimals: int = DECIMALS
    growth: ErrorGrowth | None = field(default=None, repr=False)

    @property
    def standard_error(self) -> float | None:
        """The standard error of a gain that is tested by Student's t."""
        return self.law.standard_error if isinstance(self.law, Student) else None

    @property
    def df(self) -> float | None:
        """The degrees of freedom of that standard error."""
        return self.law.df if isinstance(self.law, Student) else None

    @property
    def sample(self) -> SampleKind | None:
        """What the test takes for its sample: tests of two samples share no list."""
        return None if self.test is None else self.test.sample

    @property
    def is_unspread(self) -> bool:
        """Whether a few values are all equal, so that no spread is known."""
        return isinstance(self.law, Unspread)

    def interval(self, level: float) -> LowHigh | None:
        """The two-sided interval, as wide as rounding makes it; None where none is known."""
        ends = None if self.law is None else self.law.interval(level)
        if ends is None:
            return None
        return ends[0] - self.rounding, ends[1] + self.rounding

    def reach(self, level: float) -> float | None:
        """Half that interval; None where none is known, or where it has no end."""
        ends = self.interval(level)
        if ends is None or not np.isfinite(ends).all():
            return None
        return (ends[1] - ends[0]) / 2

    def p(self, margin: Truth = 0.0, side: TestSide = "two") -> float | None:
        """The p-value of the test that shows a truth on a side of a margin.

        Parameters
        ----------
        margin : float or ndarray, default 0.0
            How far from 0; over datasets also one for each.
        side : {"two", "above", "below", "within"}
            Beyond the margin in either direction, above it, below minus the margin, or within.

        Returns
        -------
        float or None
            None without a law.
        """
        law = self.law
        if law is None:
            return None
        if side == "within":
            near = margin - self.rounding
            return max(law.above(-near), law.below(near))
        far = margin + self.rounding
        if side == "above":
            return law.above(far)
        if side == "below":
            return law.below(-far)
        return min(1.0, 2 * min(law.above(far), law.below(-far)))

    def chances(self, rope: float) -> Posterior | None:
        """How probable a truth below -rope, within and above it is; None if unknown."""
        return None if self.law is None else self.law.chances(rope)

    def after(self, repeats: int) -> Contrast:
        """The same with so many repeats of ours, if mean and spread stay."""
        if self.growth is None:
            return self
        se, df = error_at(self.growth.at, repeats)
        law = Student(gain=self.gain, standard_error=se, df=df)
        return replace(self, law=law, growth=replace(self.growth, repeats=repeats))
