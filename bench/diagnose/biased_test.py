"""Whether test rows differ from training rows, where the split was given.

A split that is drawn at random is unbiased by construction, and says nothing about other cases: nothing is tested
there. One that somebody made (a fixed test set, given folds) may hold other kinds of cases; by time it does so on
purpose.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from bench.core.findings import Finding, Severity
from bench.core.outcomes import Statement, words
from bench.core.rows import OWN
from bench.diagnose._rows import Sample
from bench.diagnose.case import FIXED_SPLIT, LAST_FIFTY, Case, toy_table
from bench.diagnose.diagnostic import Diagnostic, FindingNumber
from bench.diagnose.evidence import DiagnosticEvidence
from bench.diagnose.finding import (
    alarm_level,
    found,
    not_applicable,
    passed,
    permutations,
)
from bench.run.seeds import seed_of
from bench.scores.design import is_in_time, resampling_of
from bench.stats.two_samples import TwoSampleTest, apart, place_and_spread
from bench.text.findings import NoFeatures
from bench.text.formats import p_equals

NAME, BUDGET = "biased_test", 0.015
#: A test set of fewer rows says nothing about its kind.
FEWEST = 5
#: At most so many rows, and scores of features, are permuted; of a category its commonest levels; so many are named.
ROWS, SCORES, LEVELS, NAMED = 3_000, 1_000, 20, 3


say = words(
    "biased_test",
    {
        "drawn_at_random": "the test rows were drawn at random",
        "too_few": "too few rows or groups on one side of the split for a comparison",
    },
)


class Alike(Statement, code="biased_test.alike"):
    """No column differs significantly; the largest difference in standard errors, and its p-value."""

    largest: float
    p: float
    draws: int | None

    def sentence(self) -> str:
        return (
            "no column differs significantly between training and test rows: at most by "
            f"{self.largest:.1f} standard errors ({p_equals(self.p)})"
        )


class Shifted(Statement, code="biased_test.shifted"):
    """Columns differ significantly; `by_time`: the split follows time, so that they may."""

    columns: tuple[str, ...]
    largest: float
    p: float
    draws: int | None
    by_time: bool

    def sentence(self) -> str:
        end = "; the split follows time" if self.by_time else ""
        return (
            f"test rows differ from training rows in {', '.join(self.columns)}, by up to {self.largest:.1f} standard "
            f"errors ({p_equals(self.p)}){end}"
        )


def run(evidence: DiagnosticEvidence) -> list[Finding]:
    """A finding a dataset: by how many standard errors the most different column of test and training rows differs."""
    own = {name: resampling_of(evidence.study, name) for name in evidence.tests}
    fixed = {
        name
        for name, resampling in own.items()
        if resampling is not None and (resampling.given or resampling.in_time)
    }
    given = [name for name in own if name in fixed and name in evidence.samples]
    findings = []
    for name, resampling in own.items():
        if name in given:
            findings.append(
                _judged(
                    evidence,
                    name,
                    evidence.samples[name],
                    alarm_level(BUDGET, len(given)),
                )
            )
        elif resampling is not None and name not in fixed:
            findings.append(not_applicable((name, None), say("drawn_at_random")))
    return findings


@dataclass(frozen=True, eq=False)
class _Test:
    """The comparison of one fold: the result, the column of each score, and how often rows were permuted."""

    result: TwoSampleTest
    names: np.ndarray
    permutations: int

    @property
    def p(self) -> float:
        return self.result.p_value

    @property
    def at_floor(self) -> bool:
        """Whether no permutation did as much."""
        return self.p * (self.permutations + 1) < 1.5


def _judged(
    evidence: DiagnosticEvidence, name: str, sample: Sample, level: float
) -> Finding:
    """Each fold of the first repeat has its part of the level."""
    sides, subject = _sides(evidence, name, sample), (name, None)
    tests = [
        test
        for fold, tested, trained in sides
        if (
            test := _compared(
                evidence, name, sample, (fold, tested, trained), level / len(sides)
            )
        )
        is not None
    ]
    if not tests:
        return not_applicable(subject, say("too_few"))
    worst = min(tests, key=lambda test: test.p)
    p = min(1.0, worst.p * len(tests))
    draws = worst.permutations if worst.at_floor else None
    largest, shown = worst.result.largest, worst.p if worst.at_floor else p
    if p >= level:
        return passed(
            subject,
            Alike(largest, shown, draws),
            *sample.examined,
            number=largest,
        )
    names = dict.fromkeys(worst.names)
    p_of = {
        column: float(worst.result.p_of_column[worst.names == column].min())
        for column in names
    }
    columns = tuple(sorted(p_of, key=lambda column: p_of[column])[:NAMED])
    by_time = is_in_time(evidence.study, name)
    severity = Severity.NOTE if by_time else Severity.WARNING
    shifted = Shifted(columns, largest, shown, draws, by_time)
    return found(subject, severity, shifted, *sample.examined, number=largest)


def _compared(
    evidence: DiagnosticEvidence,
    name: str,
    sample: Sample,
    fold: tuple[int, np.ndarray, np.ndarray],
    level: float,
) -> _Test | None:
    number, tested, trained = fold
    at = np.flatnonzero(tested | trained)
    at = at[np.linspace(0, len(at) - 1, min(len(at), ROWS)).round().astype(int)]
    units = (
        np.arange(len(at))
        if sample.group is None
        else np.unique(sample.group[at], return_inverse=True)[1]
    )
    seed = seed_of(NAME, evidence.study.id, name, str(number))
    scores, names = _scores(sample, at)
    count = permutations(level)
    result = apart(scores, tested[at], units, permutations=count, seed=seed)
    return None if result is None else _Test(result, names, count)


def _sides(
    evidence: DiagnosticEvidence, name: str, sample: Sample
) -> list[tuple[int, np.ndarray, np.ndarray]]:
    """(fold, test, train) of the first repeat: booleans over the rows of the sample.

    Training rows are those whose predictions are stored (perhaps a sample of them); else all that are not tested.
    """
    tests = evidence.tests[name].filter(pl.col("repeat") == pl.col("repeat").min())
    training = evidence.predictions.lazy().filter(
        (pl.col("dataset") == name) & OWN & (pl.col("side") == "train")
    )
    trained = (
        training.filter(pl.col("repeat") == tests["repeat"][0])
        .select("fold", "row")
        .unique()
        .collect()
    )
    sides = []
    for fold in sorted(tests["fold"].unique().to_list()):
        test = np.isin(
            sample.row, tests.filter(pl.col("fold") == fold)["row"].to_numpy()
        )
        train = np.isin(
            sample.row, trained.filter(pl.col("fold") == fold)["row"].to_numpy()
        )
        if test.sum() >= FEWEST:
            sides.append((int(fold), test, train & ~test if train.any() else ~test))
    return sides


def _scores(sample: Sample, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(n, q) numbers of these rows whose means are compared, and the column that each is of; the target is one."""
    categorical = np.array([column.kind == "categorical" for column in sample.columns])
    labels = np.array([column.name for column in sample.columns], dtype=object)
    numbers, of = place_and_spread(sample.X[np.ix_(at, ~categorical)])
    parts, names = [numbers], [labels[~categorical][of]]
    for i in np.flatnonzero(categorical):
        values, counts = np.unique(sample.X[at, i], return_counts=True)
        common = values[np.argsort(-counts, kind="stable")][:LEVELS]
        parts.append((sample.X[at, i, None] == common).astype(float))
        names.append(np.full(len(common), labels[i], dtype=object))
    y = sample.y[at, None]
    target = (
        (y == np.unique(y)[:LEVELS]).astype(float)
        if sample.classes
        else place_and_spread(y)[0]
    )
    scores = np.hstack([target, *parts])[:, :SCORES]
    return scores, np.concatenate(
        [np.full(target.shape[1], "the target", dtype=object), *names]
    )[:SCORES]


def _sick() -> Case:
    table = toy_table()
    table.X[150:, 1] += 3
    return Case(data=table, tested=LAST_FIFTY, study=_FIXED)


_FIXED = {"protocol": {"resampling": FIXED_SPLIT, "tuning": None, "seed": 1}}
DIAGNOSTIC = Diagnostic(
    name=NAME,
    title="Covariate or label shift between training and test rows",
    code="L8",
    why="A score holds for cases like the test rows.",
    what_to_do="Say in the study how the test rows were chosen, and for which cases the score is meant to hold.",
    question="How were the test rows chosen?",
    run=run,
    nothing=NoFeatures(),
    number=FindingNumber(
        "largest difference of a column", "standard errors", said=True
    ),
    budget=BUDGET,
    sick=_sick,
    healthy=lambda: Case(tested=LAST_FIFTY, study=_FIXED),
)
