"""Whether one feature gives the target away: alone it predicts nearly all, and far more than any other does.

How well one feature predicts is no sign of a leak: two of iris do very well. A feature that does far better than the
best of the others is one. Features that are nearly perfect together (a code and its text) are held against the rest.
One that has a value for each class, and no other value, is the target in other words, whatever the others say.

A strong feature can look suspicious by chance: it is an alarm where the rows show that it predicts more than a
legitimate one does, and a note where they are too few for that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from bench.core.findings import Finding, Severity
from bench.core.metrics import METRICS
from bench.core.outcomes import Statement, words
from bench.data.hints import time_until
from bench.diagnose._rows import Sample
from bench.diagnose.case import Case, toy_table
from bench.diagnose.diagnostic import Diagnostic, FindingNumber
from bench.diagnose.evidence import DiagnosticEvidence
from bench.diagnose.finding import alarm_level, found, not_applicable, passed
from bench.run.seeds import seed_of
from bench.stats import special
from bench.stats.instances import mcnemar
from bench.stats.one_feature import beside, binned, dealt, square_errors, wrong_labels
from bench.text.findings import NoFeatures
from bench.text.formats import broad_points, listed

NAME, BUDGET = "illegitimate_features", 0.02
#: A feature is suspicious from this share of the error of a constant guess that it removes, and nearly perfect when at
#: most one row in a hundred is wrong (of numbers, a hundredth of the variance is left).
SUSPICIOUS, PERFECT = {"labels": 0.8, "numbers": 0.9}, 0.01
ROWS, FEWEST = 5_000, 40


say = words(
    "illegitimate_features",
    {
        "constant_target": "the target does not vary in these rows",
        "no_suspect": "no single feature predicts the target suspiciously well",
        "gain_unknown": "the gain in score is not measured",
        "too_few": "fewer than two features or fewer than {least} rows",
        "stands_out": "{features:listed} may reveal the target",
        "all_alike": "{every:every feature predicts the target almost perfectly, so none stands out|"
        "no feature stands out from the others}",
        "alone": "{feature} alone removes {share:.1%} of the error of a constant guess",
        "next_best": "the next best, {feature}, removes {share:.1%} (difference: {p:p})",
        "by_luck": "so few rows cannot show more than {limit:.0%}",
        "counts_rows": "{feature} counts the rows of the file",
        "reads_late": "{feature} reads like the time until {target}: is it known before?",
    },
)


class Recoded(Statement, code="illegitimate_features.recoded"):
    """Features with one value a class; `wrong`: the share of rows in which the first of them is wrong."""

    features: tuple[str, ...]
    wrong: float

    def sentence(self) -> str:
        has = "has" if len(self.features) == 1 else "have"
        rows = f"all but {self.wrong:.1%} of the rows" if self.wrong else "every row"
        return f"{listed(self.features)} {has} one value a class: the target under another name, in {rows}"


class Shuffled(Statement, code="illegitimate_features.shuffled"):
    """What it costs the model that leans on a feature most when the feature's values are shuffled in the test rows;
    `share`: whether the metric is a fraction."""

    feature: str
    model: str
    metric: str
    cost: float
    share: bool

    def sentence(self) -> str:
        cost = broad_points(self.cost) if self.share else f"{self.cost:.3g}"
        return f"shuffling {self.feature} in the test rows costs {self.model} {cost} of {self.metric.replace('_', ' ')}"


@dataclass(frozen=True, eq=False)
class _Alone:
    """What each feature predicts alone: (n, p) errors, rows wrong or squares, and (n,) those of a constant guess."""

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
    def removed(self) -> np.ndarray:
        """(p,) which share of the error of a constant guess each feature removes."""
        return np.asarray(1 - self.mean / self.constant)

    @property
    def limit(self) -> float:
        return SUSPICIOUS["labels" if self.labels else "numbers"]


def run(evidence: DiagnosticEvidence) -> list[Finding]:
    """A finding a dataset: the best single feature beside the next best, by an exact paired test."""
    level = alarm_level(BUDGET, len(evidence.samples))
    findings: list[Finding] = []
    for sample in evidence.samples.values():
        findings += [
            _judged(evidence, sample, level),
            *_late(evidence, sample),
            *_counters(evidence, sample),
        ]
    return findings


def _shuffled(
    evidence: DiagnosticEvidence, dataset: str, *features: str
) -> list[Shuffled]:
    """What the scores rest on these features: of each, the model that loses most without it; empty where no study asked
    for importances."""
    rows = evidence.importance.filter(
        (pl.col("dataset") == dataset) & (pl.col("kind") == "permutation")
    )
    costs = (
        rows.group_by("feature", "family")
        .agg(pl.col("value").mean())
        .sort(["value", "family"], descending=True)
    )
    metric = evidence.study.metrics.primary
    return [
        Shuffled(
            feature,
            evidence.title(row["family"]),
            metric,
            row["value"],
            METRICS[metric].fraction,
        )
        for feature in features
        for row in costs.filter(pl.col("feature") == feature)
        .head(1)
        .iter_rows(named=True)
    ]


def _late(evidence: DiagnosticEvidence, sample: Sample) -> Iterator[Finding]:
    """Features that read like the time until the event that the target tells: an alarm where a model leans on one more
    than on any other feature, else a note."""
    target = str(evidence.study.datasets[sample.name].target)
    named = [
        one.name
        for one in sample.columns
        if one.kind == "numeric" and time_until(one.name, target, sample.classes)
    ]
    costs = {
        one.feature: one.cost
        for one in _shuffled(evidence, sample.name, *(c.name for c in sample.columns))
    }
    for feature in named:
        first = feature in costs and costs[feature] == max(costs.values()) > 0
        severity = Severity.WARNING if first else Severity.NOTE
        statements = (
            say("reads_late", feature=feature, target=target),
            *_shuffled(evidence, sample.name, feature),
            *sample.examined,
        )
        yield found((sample.name, None), severity, *statements, part="reads_late")


def _judged(evidence: DiagnosticEvidence, sample: Sample, level: float) -> Finding:
    subject = (sample.name, None)
    if sample.X.shape[1] < 2 or sample.n < FEWEST:
        return not_applicable(subject, say("too_few", least=FEWEST))
    alone = _predicted_alone(sample)
    if alone.constant <= 0:
        return not_applicable(subject, say("constant_target"))
    order = np.argsort(alone.mean, kind="stable")
    perfect = order[
        alone.mean[order] <= PERFECT * (1.0 if sample.classes else alone.constant)
    ]
    number = float(alone.removed[order[0]])
    if alone.removed[order[0]] < alone.limit:
        best = _alone(sample, alone, int(order[0]))
        return passed(subject, say("no_suspect"), best, *sample.examined, number=number)
    if recoded := [int(i) for i in perfect if _one_value_a_class(sample, int(i))]:
        statement = Recoded(_names(sample, recoded), float(alone.mean[recoded[0]]))
        return found(
            subject, Severity.SERIOUS, statement, *sample.examined, number=number
        )
    return _compared(evidence, sample, alone, (order, len(perfect)), level)


def _compared(
    evidence: DiagnosticEvidence,
    sample: Sample,
    alone: _Alone,
    ranked: tuple[np.ndarray, int],
    level: float,
) -> Finding:
    """The best feature, or the weakest of those that are nearly perfect, against the best of the rest."""
    (order, perfect), subject = ranked, (sample.name, None)
    first, best = max(1, perfect), _alone(sample, alone, int(order[0]))
    number = float(alone.removed[order[0]])
    if first == len(order):
        return passed(
            subject, say("all_alike", every=True), best, *sample.examined, number=number
        )
    p = _surprise(alone, int(order[first - 1]), int(order[first]))
    beside_it = say(
        "next_best",
        feature=sample.columns[order[first]].name,
        share=float(alone.removed[order[first]]),
        p=p,
    )
    if p >= level:
        return passed(
            subject,
            say("all_alike", every=False),
            best,
            beside_it,
            *sample.examined,
            number=number,
        )
    severity, luck = (Severity.SERIOUS if perfect else Severity.WARNING), []
    if not perfect and _by_luck(sample, alone, int(order[0])) >= level:
        severity, luck = Severity.NOTE, [say("by_luck", limit=alone.limit)]
    suspects = _names(sample, [int(i) for i in order[:first]])
    stands_out = say("stands_out", features=suspects)
    gain: Sequence[Statement] = _shuffled(evidence, sample.name, *suspects)
    gain = gain or [say("gain_unknown")]
    statements = (stands_out, best, beside_it, *luck, *gain, *sample.examined)
    return found(subject, severity, *statements, number=number)


def _alone(sample: Sample, alone: _Alone, i: int) -> Statement:
    return say("alone", feature=sample.columns[i].name, share=float(alone.removed[i]))


def _names(sample: Sample, columns: list[int]) -> tuple[str, ...]:
    return tuple(sample.columns[i].name for i in sorted(columns))


def _one_value_a_class(sample: Sample, i: int) -> bool:
    values = sample.X[:, i]
    return bool(sample.classes) and len(np.unique(values[~np.isnan(values)])) == len(
        np.unique(sample.y)
    )


def _predicted_alone(sample: Sample) -> _Alone:
    """At most ROWS rows, each predicted from the other folds by the bin of one feature."""
    at = sample.some(ROWS)
    X, y, fold = sample.X[at], sample.y[at], dealt(len(at), seed_of(NAME, sample.name))
    categorical = np.array([column.kind == "categorical" for column in sample.columns])
    errors = np.empty(X.shape)
    of = wrong_labels if sample.classes else square_errors
    errors[:, ~categorical] = (
        of(binned(X[:, ~categorical]), y, fold) if (~categorical).any() else 0.0
    )
    for i in np.flatnonzero(categorical):
        codes = np.where(np.isnan(X[:, i]), -1, X[:, i]).astype(np.int64)
        errors[:, [i]] = of(codes[:, None], y, fold)
    guess = y != np.bincount(y).argmax() if sample.classes else (y - y.mean()) ** 2
    return _Alone(errors, guess.astype(float), bool(sample.classes))


def _by_luck(sample: Sample, alone: _Alone, i: int) -> float:
    """How often a feature that removes no more than the limit errs as rarely: binomial; of squares by the t test of
    what each row's error is beyond that share of a constant guess's.

    Bins blur a feature whose classes lie side by side; of one with an order nearest values are asked too.
    """
    at, seed = sample.some(ROWS), seed_of(NAME, sample.name)
    views = [alone.errors[:, i]]
    if sample.columns[i].kind != "categorical":
        views.append(beside(sample.X[at, i], sample.y[at], seed, labels=alone.labels))
    return min(_below(errors, alone) for errors in views)


def _below(errors: np.ndarray, alone: _Alone) -> float:
    n, left = len(alone.guess), 1 - alone.limit
    if alone.labels:
        return float(special.bdtr(float(errors.sum()), n, left * alone.constant))
    beyond = errors - left * alone.guess
    spread = float(beyond.std(ddof=1))
    return (
        float(special.stdtr(n - 1, beyond.mean() / spread * n**0.5))
        if spread > 0
        else 0.0
    )


def _surprise(alone: _Alone, first: int, second: int) -> float:
    """Two-sided, though the better one is named after the look: with several equals it only errs on the quiet side."""
    a, b = alone.errors[:, first], alone.errors[:, second]
    return (
        mcnemar(a == 0, b == 0).p_value
        if alone.labels
        else mcnemar(a < b, b < a).p_value
    )


def _counters(evidence: DiagnosticEvidence, sample: Sample) -> Iterator[Finding]:
    """A whole number that rises (or falls) with every row of the file, by about one, says nothing about a new case."""
    for i, column in enumerate(sample.columns):
        values = sample.X[:, i]
        if (
            column.kind == "numeric"
            and sample.n >= FEWEST
            and bool((values == np.round(values)).all())
        ):
            steps, rows_apart = np.diff(values), int(np.ptp(sample.row))
            if (
                bool((steps > 0).all() or (steps < 0).all())
                and np.ptp(values) <= 1.2 * rows_apart
            ):
                statements = (
                    say("counts_rows", feature=column.name),
                    *_shuffled(evidence, sample.name, column.name),
                    *sample.examined,
                )
                yield found(
                    (sample.name, None),
                    Severity.WARNING,
                    *statements,
                    part="counts_rows",
                )


def _sick() -> Case:
    table = toy_table()
    table.X[:, 2] = 7.5 - 3 * table.y
    return Case(data=table)


DIAGNOSTIC = Diagnostic(
    name=NAME,
    title="Possible target leakage by a feature",
    code="L5",
    why="A feature that is known only after the target makes every model look good.",
    what_to_do="If it is not known before the target, put it into `drop`. If it is, say so in the study.",
    question="Is this feature known before the target is?",
    run=run,
    nothing=NoFeatures(),
    number=FindingNumber("error that the feature alone removes", "share", said=True),
    budget=BUDGET,
    parts={
        "counts_rows": "A feature that counts the rows",
        "reads_late": "A feature that reads like the time until the outcome",
    },
    sick=_sick,
)
