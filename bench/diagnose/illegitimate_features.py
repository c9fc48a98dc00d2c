"""Whether one feature gives the target away: by itself it says nearly all, and far more than any other feature does.

How well one feature predicts is no sign of a leak: two of iris do very well. A feature that does far better than the
best of the others is one. Features that are nearly perfect together (a code and its text) are held against the rest.
One that has a value for each class, and no other value, is the target in other words, whatever the others say.

A strong feature can look suspicious by chance: it is an alarm where the rows show that it tells more than an honest
one does, and a note where they are too few for that.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy.special import bdtr, stdtr

from bench.diagnose._rows import Sample
from bench.diagnose.diagnostic import (
    Diagnostic,
    DiagnosticEvidence,
    Number,
    Rows,
    Severity,
    alarm_level,
    by_chance,
    found,
    not_applicable,
    passed,
)  # fmt: skip
from bench.run.seeds import seed_of
from bench.stats.instances import mcnemar
from bench.stats.one_feature import beside, binned, dealt, square_errors, wrong_labels

NAME = "illegitimate_features"
#: A feature is suspicious from this share of the error of a constant guess that it takes away, and nearly perfect when
#: at most one row in a hundred is wrong (of numbers, a hundredth of the variance is left).
TELLS, PERFECT = {"labels": 0.8, "numbers": 0.9}, 0.01
ROWS, FEWEST = 5_000, 40


@dataclass(frozen=True, eq=False)
class _Look:
    """What each feature says alone: its errors (n, p), rows wrong or squares, and those of a constant guess (n,)."""

    errors: np.ndarray
    guess: np.ndarray
    labels: bool

    @cached_property
    def mean(self) -> np.ndarray:
        return np.asarray(self.errors.mean(axis=0))

    @property
    def constant(self) -> float:
        return float(self.guess.mean())

    @property
    def told(self) -> np.ndarray:
        return np.asarray(1 - self.mean / self.constant)

    @property
    def suspicious(self) -> float:
        return TELLS["labels" if self.labels else "numbers"]


def run(evidence: DiagnosticEvidence) -> Rows:
    """A row a dataset: the best single feature beside the next best, by an exact paired test."""
    rows: Rows = []
    for name, sample in evidence.samples.items():
        rows += _counters(name, sample)
        rows.append(_judged(name, sample, alarm_level(NAME, len(evidence.samples))))
    return rows or [not_applicable("the features are not here: whoever has them must answer for them")]


def _judged(name: str, sample: Sample, level: float) -> dict[str, Any]:
    if sample.X.shape[1] < 2 or sample.n < FEWEST:
        return not_applicable("fewer than two features, or too few rows: nothing to be surprised at", (name, None))
    style = _looked(sample)
    if style.constant <= 0:
        return not_applicable("the target does not vary in these rows", (name, None))
    order = np.argsort(style.mean, kind="stable")
    perfect = order[style.mean[order] <= PERFECT * (1.0 if sample.classes else style.constant)]
    told = float(style.told[order[0]])
    if told < style.suspicious:
        said = f"no single feature gives the target away: {_alone(sample, style, int(order[0]))}"
        return passed((name, None), sample.told(said), estimate=told)
    if recoded := [int(i) for i in perfect if _one_value_a_class(sample, int(i))]:
        said = f"{_named(sample, recoded)} has one value a class: the target in other words, "
        said += f"but for {style.mean[recoded[0]]:.1%} of the rows" if style.mean[recoded[0]] else "in every row"
        return found((name, None), "serious", sample.told(said), estimate=told)
    return _compared(name, sample, style, (order, len(perfect)), level)


def _compared(name: str, sample: Sample, style: _Look, ranked: tuple[np.ndarray, int], level: float) -> dict[str, Any]:
    """The best feature, or the weakest of those that are nearly perfect, against the best of the rest."""
    order, perfect = ranked
    told, first = float(style.told[order[0]]), max(1, perfect)
    if first == len(order):
        said = (
            f"every feature gives the target away, so none of them stands apart: {_alone(sample, style, int(order[0]))}"
        )
        return passed((name, None), sample.told(said), estimate=told)
    p = _surprise(style, int(order[first - 1]), int(order[first]))
    said = f"{_alone(sample, style, int(order[0]))}, the next best, {_named(sample, [int(order[first])])}, "
    said += f"{style.told[order[first]]:.1%}; if both were equally good, {by_chance(p)}"
    if p >= level:
        return passed((name, None), sample.told(f"no feature stands apart from the others: {said}"), estimate=told)
    severity: Severity = "serious" if perfect else "warning"
    if not perfect and _by_luck(sample, style, int(order[0])) >= level:
        severity = "note"
        said += f"; of so few rows a feature that removes {style.suspicious:.0%}, as honest ones do, can look like this"
    said = (
        f"{_named(sample, [int(i) for i in order[:first]])} may give the target away: {said}. What the scores owe to "
    )
    said += f"{'them' if first > 1 else 'it'} is not known until a run without {'them' if first > 1 else 'it'}"
    return found((name, None), severity, sample.told(said), estimate=told)


def _alone(sample: Sample, style: _Look, i: int) -> str:
    return f"alone, {_named(sample, [i])} removes {style.told[i]:.1%} of the error of always guessing the same"


def _named(sample: Sample, columns: list[int]) -> str:
    return ", ".join(sample.columns[i].name for i in sorted(columns))


def _one_value_a_class(sample: Sample, i: int) -> bool:
    values = sample.X[:, i]
    return bool(sample.classes) and len(np.unique(values[~np.isnan(values)])) == len(np.unique(sample.y))


def _looked(sample: Sample) -> _Look:
    """At most ROWS rows, each predicted from the other folds by the bin of one feature."""
    at = sample.some(ROWS)
    X, y, fold = sample.X[at], sample.y[at], dealt(len(at), seed_of(NAME, sample.name))
    text = np.array([column.kind == "categorical" for column in sample.columns])
    errors = np.empty(X.shape)
    of = wrong_labels if sample.classes else square_errors
    errors[:, ~text] = of(binned(X[:, ~text]), y, fold) if (~text).any() else 0.0
    for i in np.flatnonzero(text):
        codes = np.where(np.isnan(X[:, i]), -1, X[:, i]).astype(np.int64)
        errors[:, [i]] = of(codes[:, None], y, fold)
    guess = y != np.bincount(y).argmax() if sample.classes else (y - y.mean()) ** 2
    return _Look(errors, guess.astype(float), bool(sample.classes))


def _by_luck(sample: Sample, style: _Look, i: int) -> float:
    """How often a feature that takes away no more than `suspicious` errs as rarely: binomial; of squares by the t test
    of what each row's error is beyond that share of a constant guess's.

    Bins blur a feature whose classes lie side by side; of one with an order nearest values are asked too.
    """
    at, seed = sample.some(ROWS), seed_of(NAME, sample.name)
    views = [style.errors[:, i]]
    if sample.columns[i].kind != "categorical":
        views.append(beside(sample.X[at, i], sample.y[at], seed, labels=style.labels))
    return min(_below(errors, style) for errors in views)


def _below(errors: np.ndarray, style: _Look) -> float:
    n, left = len(style.guess), 1 - style.suspicious
    if style.labels:
        return float(bdtr(float(errors.sum()), n, left * style.constant))
    beyond = errors - left * style.guess
    spread = float(beyond.std(ddof=1))
    return float(stdtr(n - 1, beyond.mean() / spread * n**0.5)) if spread > 0 else 0.0


def _surprise(style: _Look, one: int, other: int) -> float:
    """Two-sided, though the better one is named after the look: with several equals it only errs on the quiet side."""
    a, b = style.errors[:, one], style.errors[:, other]
    return mcnemar(a == 0, b == 0).p_value if style.labels else mcnemar(a < b, b < a).p_value


def _counters(name: str, sample: Sample) -> Rows:
    """A whole number that rises (or falls) with every row of the file, by about one, says nothing of a new case."""
    rows: Rows = []
    for i, column in enumerate(sample.columns):
        values = sample.X[:, i]
        if column.kind == "numeric" and sample.n >= FEWEST and bool((values == np.round(values)).all()):
            steps, rows_apart = np.diff(values), int(np.ptp(sample.row))
            if bool((steps > 0).all() or (steps < 0).all()) and np.ptp(values) <= 1.2 * rows_apart:
                said = f"{column.name} counts the rows of the file: it tells where a row stands, not what it is"
                rows.append(found((name, None), "warning", sample.told(said)) | {"code": "L5.counts_rows"})
    return rows


DIAGNOSTIC = Diagnostic(
    name=NAME,
    title="A feature that gives the target away",
    code="L5",
    why="A feature that is the target in other words, or is known only after it, makes every family look clever; on a "
    "new case it will not be there.",
    what_to_do="Ask whether the feature is known before the target is. If not, list it in `drop`; if so, say so in "
    "the study, and compare with a score without it.",
    run=run,
    number=Number("error that the feature alone removes", "share"),
)
