"""The rules of docs/method.md once more, written from that page and not from the code.

It knows one dataset of a study that is fitted here, scores as an array of repeats and folds,
and claims in fractions. `tests/claims/test_reference.py` holds the real judge against it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import inf, sqrt

import numpy as np
from scipy.stats import t, wilcoxon

#: So many equal values leave a chance of .05 that one in twenty would differ.
ENOUGH_EQUAL = 59


@dataclass(frozen=True, kw_only=True)
class Design:
    """How scores here vary: (R, K) of them, folds of so many rows, splits that are drawn or
    given."""

    test_rows: int = 10
    train_rows: int = 90
    splits: str = "drawn"
    seeded: bool = False

    @property
    def ratio(self) -> float:
        return self.test_rows / self.train_rows


@dataclass(frozen=True, kw_only=True)
class Number:
    """A published number, as the claim states it."""

    text: str
    tolerance: float
    repeats: int | None = None
    spread: tuple[str, float, int] | None = None
    constant: bool = False
    splits: str = "unknown"

    @property
    def half(self) -> float:
        decimals = len(self.text.partition(".")[2])
        return 0.0 if self.constant else 0.5 * 10.0**-decimals

    @property
    def runs(self) -> float:
        if self.constant:
            return inf
        named = None if self.spread is None else self.spread[2]
        return self.repeats or named or 1


@dataclass(kw_only=True)
class Answer:
    """What the page says of a claim."""

    agreement: str
    ours: float
    low: float | None = None
    high: float | None = None
    low_refute: float | None = None
    high_refute: float | None = None
    p: float | None = None
    p_shown: float | None = None


@dataclass(frozen=True)
class Error:
    """A standard error with its degrees; unknown without one; nothing drawn at 0."""

    se: float | None
    df: float = inf
    drawn: bool = True


UNKNOWN, NOTHING = Error(None), Error(0.0, inf, False)


def welch(*parts: tuple[float, float]) -> Error:
    total = sum(variance for variance, _ in parts)
    below = sum(variance**2 / df for variance, df in parts)
    if total == 0:
        return Error(0.0, min(df for _, df in parts))
    return Error(sqrt(total), total**2 / below)


def spread_of_runs(number: Number) -> float | None:
    """The standard deviation of the paper's runs."""
    if number.spread is None:
        return None
    kind, value, n = number.spread
    if kind == "sd":
        return value
    mean = value if kind == "se" else value / t.ppf(0.975, n - 1)
    return float(mean * sqrt(n))


def error_of_repeats(scores: np.ndarray, number: Number) -> Error:
    """The data are shared, and splits or seeds were drawn anew."""
    means = scores.mean(axis=1)
    r, theirs = len(means), spread_of_runs(number)
    if r == 1:
        folds = scores[0]
        if len(folds) < 2 or np.ptp(folds) == 0:
            return UNKNOWN
        bound = folds.std(ddof=1) / sqrt(len(folds))
        return Error(bound * sqrt(1 / number.runs + 1), len(folds) - 1)
    if np.ptp(means) < 1e-12:
        draws = scores.size if np.ptp(scores) == 0 else r
        if draws < ENOUGH_EQUAL:
            return UNKNOWN
    own = means.var(ddof=1) / r
    if theirs is not None and number.spread is not None:
        n = number.spread[2]
        return welch((theirs**2 / (number.repeats or n), n - 1), (own, r - 1))
    return Error(sqrt(own + means.var(ddof=1) / number.runs), r - 1)


def error_of_samples(scores: np.ndarray, number: Number, design: Design) -> Error:
    """Nothing is shared: Nadeau and Bengio's variance on both sides."""
    values, k = scores.ravel(), scores.shape[1]
    if len(values) < 2 or (np.ptp(values) == 0 and len(values) < ENOUGH_EQUAL):
        return UNKNOWN
    variance = values.var(ddof=1) if np.ptp(values) > 0 else 0.0
    ratio = design.ratio
    ours = (variance * (1 / len(values) + ratio), len(values) - 1)
    if number.constant:
        return Error(sqrt(ours[0]), ours[1])
    there = int(number.runs) * k
    theirs = spread_of_runs(number) if k == 1 else None
    theirs = sqrt(variance) if theirs is None else theirs
    other = (theirs**2 * (1 / there + ratio), max(there - 1, 1))
    both = welch(ours, other)
    return Error(both.se, ours[1]) if there == 1 else both


def error_of(scores: np.ndarray, number: Number, design: Design) -> Error:
    one_set = design.splits == "given" and scores.shape[1] == 1
    if number.splits == "other_sample":
        return UNKNOWN if one_set else error_of_samples(scores, number, design)
    if number.splits == "unknown" and design.splits == "drawn":
        return error_of_repeats(scores, number)
    if not design.seeded:
        return NOTHING
    if design.splits == "drawn" or len(scores) == 1:
        return UNKNOWN
    if np.ptp(scores.mean(axis=1)) < 1e-12:
        return NOTHING
    return error_of_repeats(scores, number)


def judge_value(scores: np.ndarray, number: Number, design: Design) -> Answer:
    """A published number: `value`."""
    ours, h = float(scores.mean()), number.half
    d, error = ours - float(number.text), error_of(scores, number, design)
    delta = number.tolerance
    if error.se is None:
        return Answer(agreement="fits" if abs(d) <= delta + 1e-12 else "off", ours=ours)
    if not error.drawn:
        rows = design.test_rows * scores.shape[1]
        delta = max(delta, 1 / rows + 2 * h)
    near = t.ppf(0.95, error.df) * error.se + h
    far = t.ppf(0.975, error.df) * error.se + h
    answer = Answer(
        agreement="off",
        ours=ours,
        low=d - near,
        high=d + near,
        low_refute=d - far,
        high_refute=d + far,
    )
    if error.se > 0:
        beyond = t.sf((abs(d) - h - delta) / error.se, error.df)
        answer.p = min(1.0, 2 * float(beyond))
        answer.p_shown = float(t.sf((delta - h - abs(d)) / error.se, error.df))
    if not error.drawn and abs(d) <= h + 1e-12:
        answer.agreement = "exact"
    elif abs(d) + near <= delta + 1e-12:
        answer.agreement = "reproduced"
    elif abs(d) - far > delta:
        answer.agreement = "differs"
    elif abs(d) <= delta + 1e-12:
        answer.agreement = "fits"
    return answer


@dataclass
class Pair:
    """A model against another: the gain, and its tests against any truth."""

    gain: float
    se: float
    df: float

    def above(self, mu: float) -> float:
        return float(t.sf((self.gain - mu) / self.se, self.df))

    def below(self, mu: float) -> float:
        return float(t.cdf((self.gain - mu) / self.se, self.df))

    def ends(self, level: float) -> tuple[float, float]:
        reach = float(t.ppf((1 + level) / 2, self.df)) * self.se
        return self.gain - reach, self.gain + reach

    def p(self, sides: int = 2) -> float:
        return min(1.0, sides * min(self.above(0), self.below(0)))

    def p_equal(self, margin: float) -> float:
        return max(self.above(-margin), self.below(margin))

    def p_apart(self, margin: float) -> float:
        return min(1.0, 2 * min(self.above(margin), self.below(-margin)))


@dataclass
class Ranked:
    """The same over datasets: Wilcoxon's signed ranks, exact."""

    gains: np.ndarray

    @property
    def gain(self) -> float:
        pairs = [(a, a) for a in self.gains] + list(combinations(self.gains, 2))
        return float(np.median([(a + b) / 2 for a, b in pairs]))

    def above(self, mu: float) -> float:
        return float(wilcoxon(self.gains - mu, alternative="greater").pvalue)

    def below(self, mu: float) -> float:
        return float(wilcoxon(self.gains - mu, alternative="less").pvalue)

    def ends(self, level: float) -> tuple[float | None, float | None]:
        return None, None  # another test holds the ends

    p, p_equal, p_apart = Pair.p, Pair.p_equal, Pair.p_apart


def compare(first: np.ndarray, second: np.ndarray, design: Design) -> Pair:
    """The corrected t test of two models on the same folds."""
    d = (first - second).ravel()
    se = sqrt(d.var(ddof=1) * (1 / len(d) + design.ratio))
    return Pair(float(d.mean()), se, len(d) - 1)


def answer_of(pair: Pair | Ranked, agreement: str) -> Answer:
    (low, high), (low_refute, high_refute) = pair.ends(0.90), pair.ends(0.95)
    return Answer(
        agreement=agreement,
        ours=pair.gain,
        low=low,
        high=high,
        low_refute=low_refute,
        high_refute=high_refute,
    )


def judge_better(pair: Pair | Ranked, margin: float, sides: int = 2) -> Answer:
    """The first is better: `better`. Equality refutes it before its direction; on another
    sample the direction was not read off these rows."""
    alpha = 0.05
    p, equal, leads = pair.p(sides), pair.p_equal(margin), pair.gain > 0
    agreement = "fits" if leads else "off"
    if p < alpha:
        agreement = "reproduced" if leads else "differs"
    if equal < alpha:
        agreement = "differs"
    answer = answer_of(pair, agreement)
    answer.p = min(equal, 1.0 if leads else p)
    answer.p_shown = p if leads else 1.0
    return answer


def judge_equivalent(pair: Pair, margin: float, alpha: float = 0.05) -> Answer:
    """Both are equal within the margin: `equivalent`."""
    equal, apart = pair.p_equal(margin), pair.p_apart(margin)
    agreement = "fits" if abs(pair.gain) <= margin else "off"
    if equal < alpha:
        agreement = "reproduced"
    elif apart < alpha and abs(pair.gain) > margin:
        agreement = "differs"
    answer = answer_of(pair, agreement)
    answer.p, answer.p_shown = apart, equal
    return answer


def judge_best(pairs: list[Pair], alpha: float = 0.05) -> Answer:
    """The first is better than every rival: `best`. Each without correction; a rival ahead
    after Holm refutes it."""
    ranked = sorted(range(len(pairs)), key=lambda place: pairs[place].p())
    ahead, adjusted = 1.0, 0.0
    for step, place in enumerate(ranked):
        adjusted = min(1.0, max(adjusted, (len(pairs) - step) * pairs[place].p()))
        if pairs[place].gain < 0:
            ahead = min(ahead, adjusted)
    left = [pair for pair in pairs if pair.gain <= 0 or pair.p() >= alpha]
    if ahead < alpha:
        closest, agreement = min(pairs, key=lambda pair: pair.gain), "differs"
    else:
        closest = min(left or pairs, key=lambda pair: pair.gain)
        agreement = "fits" if closest.gain > 0 else "off"
    if not left:
        agreement = "reproduced"
    answer = answer_of(closest, agreement)
    answer.p = ahead
    answer.p_shown = max(pair.p() if pair.gain > 0 else 1.0 for pair in pairs)
    return answer
