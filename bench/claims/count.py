"""A printed count of cases: "12 of 178 wrong", "at most 2 misclassified", "between 3 and 5 false alarms".

A count has no rounding: our counts of a repeat are brought to the paper's number of cases, and compared as they are. A
mean of several repeats may be printed with decimals. On one test set of another sample both counts are binomial, and
the intervals are exact ones of discrete counts.
"""

from __future__ import annotations

from dataclasses import replace
from math import isfinite
from typing import Literal

import numpy as np
import polars as pl

from bench.claims._noise import COUNTING, noises_of
from bench.claims._numbers import Coarseness, against_printed, mean_of
from bench.claims._ranges import (
    ENDS,
    ClaimedRange,
    WithEnds,
    by_interval,
    check_ends,
    in_range,
    tolerance_of_ends,
)
from bench.claims._rules import Noise, Printed, left_open, p_by_halving
from bench.claims.claim import ClaimEvidence, ClaimKind, NotTestableError, Problems
from bench.claims.judgement import Judgement
from bench.core.judgements import Agreement
from bench.core.metrics import Predicted
from bench.core.outcomes import Statement, fixed
from bench.scores.series import Series
from bench.stats.shares import exact_difference, exact_share
from bench.study import Study
from bench.study.claims import Cases, Claim, Cutoff, OfFamily, OnDataset, PrintedNumber
from bench.text import claim_problems as c
from bench.text.chance import BinomialErrors, OtherCases, OurSample, SizesUnknown
from bench.text.judgements import OutsideTolerance
from bench.text.problems import Twice
from bench.text.unjudged import NoScores

Counted = Literal[
    "wrong",
    "right",
    "true_positives",
    "false_positives",
    "true_negatives",
    "false_negatives",
]


class CountClaim(WithEnds, OfFamily, OnDataset):
    """How many of a number of cases a family gets wrong or right, as printed."""

    kind: Literal["count"]
    """The kind of claim."""
    counts: Counted = "wrong"
    """Which cases are counted; those of the positive class, and those called positive, of two classes only."""
    value: PrintedNumber | None = None
    """The count in quotes, as printed; without it one end or two are claimed. Example: `"12"`."""
    of: Cases
    """Of how many cases in all: of both classes, whatever is counted. Example: `178`."""
    cutoff: Cutoff | None = None
    """The probability from which on a row is called positive, where the labels were decided by another than the
    model's own. Example: `0.448`."""

    @property
    def stated(self) -> str:
        """`12 of 178`, `at most 2 of 178`."""
        return f"{self.value or self.ends.words} of {self.of}"


def judge(claim: CountClaim, evidence: ClaimEvidence) -> Judgement:
    """Our cases of each repeat, as many of `of`, against the printed count or its ends."""
    ours, tested = _counts(claim, evidence)
    mean = mean_of(claim, evidence, ours)
    tolerance = (
        evidence.tolerance(claim)
        if claim.value is not None
        else tolerance_of_ends(claim, evidence)
    )
    ends = claim.ends if claim.value is None else ClaimedRange(claim.value, claim.value)
    one_set = len(ours.value) == 1 or evidence.setting(claim).seeds
    if (
        claim.splits == "other_sample" and one_set
    ):  # models were tested on one set of cases
        return _on_other_cases(
            ends,
            round(mean * tested / claim.of),
            claim.of,
            tested,
            tolerance,
            claim.without_error,
        )
    noises = noises_of(claim, evidence, ours, claim.family)
    given = noises[0].chance_free or not evidence.draws_chance(claim)
    if given and claim.of != tested:
        noises = (Noise.unknown(OtherCases(claim.of, tested)),)
    if claim.value is None:
        return in_range(mean, ends, tolerance, noises[0])
    whole = claim.value.isdecimal() and (claim.repeats or 1) == 1
    printed = Printed(float(claim.value), 0.0) if whole else Printed.of_claim(claim)
    return against_printed(
        claim, evidence, mean, noises, Coarseness(claim.of / tested), printed
    )


def _counts(claim: CountClaim, evidence: ClaimEvidence) -> tuple[Series, int]:
    """Our counts, a value a fold whose mean over a repeat is the count of the repeat, and the cases of a repeat."""
    found, tested = _by_score(claim, evidence) or _by_prediction(claim, evidence)
    rows = _rows(claim, evidence)
    if (
        rows is not None
        and (beyond := more_than_rows(claim, evidence.dataset(claim), rows)) is not None
    ):
        raise NotTestableError(beyond)
    if not np.isfinite(found.value).all():
        raise NotTestableError(
            NoScores(
                claim.counts, str(claim.family), evidence.dataset(claim), claim.side
            )
        )
    repeats = np.unique(found.repeat)
    cases = {one: float(tested[found.repeat == one].sum()) for one in repeats}
    factor = np.array(
        [claim.of * (found.repeat == one).sum() / cases[one] for one in found.repeat]
    )
    return Series(found.repeat, found.fold, found.value * factor), round(
        cases[repeats[0]]
    )


def _rows(claim: CountClaim, evidence: ClaimEvidence) -> int | None:
    """The rows of the table, by the largest fold and its training rows; None where nothing was fitted."""
    folds = evidence.folds.filter(pl.col("dataset") == evidence.dataset(claim))
    rows: int | None = folds.select(
        (pl.col("train_rows") + pl.col("test_rows")).max()
    ).item()
    return rows


def _by_prediction(
    claim: CountClaim, evidence: ClaimEvidence
) -> tuple[Series, np.ndarray]:
    """The count and the cases of each fold, by the predicted labels."""
    counts = evidence.of_predictions(
        claim, claim.family, lambda q: float(_is_counted(q, claim.counts).sum())
    )
    return counts, evidence.of_predictions(
        claim, claim.family, lambda q: float(len(q.truth))
    ).value


def _by_score(
    claim: CountClaim, evidence: ClaimEvidence
) -> tuple[Series, np.ndarray] | None:
    """The same by accuracy or error rate and the rows of each fold; None where these do not tell the count."""
    metric = next(
        (name for name in COUNTING if name in evidence.study.metrics.names), None
    )
    if (
        claim.counts not in ("wrong", "right")
        or claim.cutoff is not None
        or metric is None
    ):
        return None
    scores = evidence.scores(claim.model_copy(update={"metric": metric}), claim.family)
    folds = evidence.folds.filter(pl.col("dataset") == evidence.dataset(claim))
    rows, keys = (
        folds["train_rows" if claim.side == "train" else "test_rows"],
        ("repeat", "fold"),
    )
    if rows.is_empty() or rows.null_count() or claim.side == "inner":
        raise NotTestableError(SizesUnknown())
    by_repeat: dict[tuple[int, int], int] = {}
    for (repeat, fold), count in zip(folds.select(keys).iter_rows(), rows, strict=True):
        place = (repeat, -1 if scores.pooled else fold)
        by_repeat[place] = by_repeat.get(place, 0) + count
    tested = np.array(
        [
            by_repeat[r, f]
            for r, f in zip(scores.repeat.tolist(), scores.fold.tolist(), strict=True)
        ]
    )
    share = (
        scores.value
        if (metric == "accuracy") == (claim.counts == "right")
        else 1 - scores.value
    )
    return Series(scores.repeat, scores.fold, share * tested), tested


def _is_counted(q: Predicted, what: str) -> np.ndarray:
    """Which cases count; not a number where there is no positive class."""
    right: np.ndarray = q.truth == q.label
    if what in ("wrong", "right"):
        return right if what == "right" else ~right
    if q.label is None or q.positive_code is None:
        return np.full(len(q.truth), np.nan)
    called: np.ndarray = (q.label == q.positive_code) == what.endswith("positives")
    counted: np.ndarray = called & (right if what.startswith("true") else ~right)
    return counted


def _on_other_cases(
    ends: ClaimedRange,
    count: int,
    of: int,
    tested: int,
    tolerance: float,
    without_error: bool,
) -> Judgement:
    """Our count on one test set against a count of other cases: exact intervals of both, or of ours alone."""

    def apart(end: float, level: float) -> tuple[float, float]:
        if not without_error:
            return exact_difference((count, tested), (round(end), of), level=level)
        low, high = exact_share(count, tested, level=level)
        return low - end / of, high - end / of

    def interval(end: float, level: float) -> tuple[float, float, float, float]:
        if not isfinite(end):
            return -end, -end, -end, -end
        near, far = apart(end, max(1e-12, 2 * level - 1)), apart(end, level)
        low, high, low_refute, high_refute = (of * one for one in (*near, *far))
        return low, high, low_refute, high_refute

    made = by_interval(of * count / tested, ends, tolerance, interval, drawn=True)

    def outside(level: float) -> bool:
        above, below = (interval(end, level) for end in (ends.low, ends.high))
        return above[3] < -tolerance or below[2] > tolerance

    def inside(level: float) -> bool:
        above, below = (interval(end, level) for end in (ends.low, ends.high))
        return above[0] >= -tolerance and below[1] <= tolerance

    said = made.reasons if ends.lowest != ends.highest else _of_value(made, tolerance)
    reasons = (*said, OurSample() if without_error else BinomialErrors())
    return replace(
        made, reasons=reasons, p=p_by_halving(outside), p_shown=p_by_halving(inside)
    )


def _of_value(made: Judgement, tolerance: float) -> tuple[Statement, ...]:
    """Why a count agrees with one number, or does not."""
    if made.agreement == Agreement.DIFFERS:
        return (
            OutsideTolerance("higher" if (made.difference or 0.0) > 0 else "lower"),
        )
    return (
        () if made.holds else (left_open(made.low or 0.0, made.high or 0.0, tolerance),)
    )


class NoCount(
    Statement,
    code="problem.claim.count.whole",
    says="{value} is no number of cases from 0 to {of}",
):
    value: str
    of: int


class MoreThanRows(
    Statement,
    code="claim.count.rows",
    says="{of} cases are more than the {rows} rows of {dataset}; where the paper counted cases of another sample, "
    "write splits: other_sample",
):
    of: int
    dataset: str
    rows: int


def more_than_rows(claim: Claim, dataset: str, rows: int) -> MoreThanRows | None:
    """Why a count cannot be of this table: more cases than it has rows, where the paper had the same data."""
    if claim.of is None or claim.of <= rows or claim.splits == "other_sample":
        return None
    return MoreThanRows(claim.of, dataset, rows)


class TwoClasses(
    Statement,
    code="problem.claim.count.classes",
    says="{what} has a meaning for classes only, not for a regression",
):
    what: str


def check(claim: CountClaim, study: Study) -> Problems:
    """A count or ends, of 0 to all cases; of classes; no unit, since cases are counted."""
    yield from check_ends(claim, "value")
    yield from _counts_of(claim)
    if claim.unit is not None:
        yield ("unit",), CountHasNoUnit()
    if study.task == "regression":
        yield ("counts",), TwoClasses(claim.counts)
    own = claim.value is None and claim.source == "author"
    if (
        claim.tolerance is None
        and (claim.metric or study.metrics.primary) not in COUNTING
        and not own
    ):
        yield ("tolerance",), c.NoOwnTolerance(claim.kind)
    elif claim.tolerance is not None and claim.tolerance >= claim.of / 2:
        yield ("tolerance",), c.WideOwnTolerance(claim.tolerance, claim.of / 2)


def _counts_of(claim: CountClaim) -> Problems:
    """Counts of 0 to all cases; a count itself, or ends."""
    named = [key for key in ("value", *ENDS) if getattr(claim, key) is not None]
    if claim.value is not None and len(named) > 1:
        yield (named[1],), Twice("value")
    for key in named:
        if not 0 <= float(getattr(claim, key)) <= claim.of:
            yield (key,), NoCount(getattr(claim, key), claim.of)


CountHasNoUnit = fixed(
    "problem.claim.count.unit", "has no meaning for a count of cases; leave it out"
)


COUNT = ClaimKind(
    "count",
    "a printed count of right or wrong cases",
    CountClaim,
    '{kind: count, dataset: wine, family: lda, value: "12", of: 178, tolerance: 2}',
    judge,
    value="own",
    check=check,
)
