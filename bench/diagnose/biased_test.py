"""Whether test rows can be told apart from training rows, where the split was given.

A split that is drawn at random is unbiased by construction, and says nothing of other cases: there nothing is tested.
One that somebody made (a fixed test set, given folds) may hold other kinds of cases; by time it does so on purpose.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from bench.diagnose._rows import Sample
from bench.diagnose.diagnostic import (
    Diagnostic,
    DiagnosticEvidence,
    Number,
    Rows,
    alarm_level,
    by_chance,
    found,
    not_applicable,
    passed,
    permutations,
)
from bench.run.seeds import seed_of
from bench.scores.design import resampling_of
from bench.stats.two_samples import apart, place_and_spread

NAME = "biased_test"
GIVEN = ("fixed_split", "given_folds", "time_ordered")
#: A test set of fewer rows says nothing of its kind.
FEWEST = 5
#: At most so many rows, and scores of features, are permuted; of a category its commonest levels; so many are named.
ROWS, SCORES, LEVELS, NAMED = 3_000, 1_000, 20, 3


def run(evidence: DiagnosticEvidence) -> Rows:
    """A row a dataset: by how many standard errors the most different column of test and training rows differs."""
    rows: Rows = []
    datasets = [name for name in evidence.tests if resampling_of(evidence.study, name) is not None]
    given = [name for name in datasets if resampling_of(evidence.study, name) in GIVEN and name in evidence.samples]
    for name in datasets:
        if name in given:
            rows.append(_judged(evidence, name, evidence.samples[name], alarm_level(NAME, len(given))))
        elif resampling_of(evidence.study, name) not in GIVEN:
            said = "nothing was tested: rows drawn at random are of the kind of all rows, by construction. Whether "
            rows.append(
                not_applicable(
                    said + "the cases that the claim is about are of that kind is not seen from here", (name, None)
                )
            )
    return rows or [not_applicable("nothing was split here, or the features are not here")]


def _judged(evidence: DiagnosticEvidence, name: str, sample: Sample, level: float) -> dict[str, Any]:
    """Each fold of the first repeat has its part of the level."""
    parts, subject = _sides(evidence, name, sample), (name, None)
    timed = resampling_of(evidence.study, name) == "time_ordered"
    tests = []
    for fold, test, train in parts:
        at = np.flatnonzero(test | train)
        at = at[np.linspace(0, len(at) - 1, min(len(at), ROWS)).round().astype(int)]
        units = np.arange(len(at)) if sample.group is None else np.unique(sample.group[at], return_inverse=True)[1]
        seed = seed_of(NAME, evidence.study.id, name, str(fold))
        scores, names = _scores(sample, at)
        count = permutations(level / len(parts))
        one = apart(scores, test[at], units, permutations=count, seed=seed)
        if one is not None:
            tests.append((one.p_value, one, names, count))
    if not tests:
        return not_applicable("too few rows or groups on one side to compare the two", subject)
    least, worst, names, count = min(tests, key=lambda one: one[0])
    p = min(1.0, least * len(tests))
    often = by_chance(least, count) if least * (count + 1) < 1.5 else by_chance(p)
    said = f"the most different column is {worst.largest:.1f} standard errors apart ({often})"
    if p >= level:
        said = f"test and training rows cannot be told apart by any one column: {said}"
        return passed(subject, sample.told(said), estimate=worst.largest)
    own = {column: float(worst.p_of_column[names == column].min()) for column in dict.fromkeys(names)}
    first = sorted(own, key=lambda column: own[column])[:NAMED]
    why = "a split by time may differ, that is its purpose" if timed else "the scores speak of rows like the test rows"
    said = f"test rows differ from training rows in {', '.join(first)}: {said}; {why}"
    return found(subject, "note" if timed else "warning", sample.told(said), estimate=worst.largest)


def _sides(evidence: DiagnosticEvidence, name: str, sample: Sample) -> list[tuple[int, np.ndarray, np.ndarray]]:
    """(fold, test, train) of the first repeat: booleans over the rows of the sample.

    Training rows are those whose predictions are stored (perhaps a sample of them); else all that are not tested.
    """
    tests = evidence.tests[name].filter(pl.col("repeat") == pl.col("repeat").min())
    own = evidence.predictions.lazy().filter(
        (pl.col("dataset") == name) & (pl.col("variant") == "plain") & (pl.col("side") == "train")
    )
    trained = own.filter(pl.col("repeat") == tests["repeat"][0]).select("fold", "row").unique().collect()
    parts = []
    for fold in sorted(tests["fold"].unique().to_list()):
        test = np.isin(sample.row, tests.filter(pl.col("fold") == fold)["row"].to_numpy())
        train = np.isin(sample.row, trained.filter(pl.col("fold") == fold)["row"].to_numpy())
        if test.sum() >= FEWEST:
            parts.append((int(fold), test, train & ~test if train.any() else ~test))
    return parts


def _scores(sample: Sample, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(n, q) numbers of these rows whose means are compared, and the column that each is of; the target is one."""
    kinds = np.array([column.kind == "categorical" for column in sample.columns])
    label = np.array([column.name for column in sample.columns], dtype=object)
    numbers, of = place_and_spread(sample.X[np.ix_(at, ~kinds)])
    parts, names = [numbers], [label[~kinds][of]]
    for i in np.flatnonzero(kinds):
        values, counts = np.unique(sample.X[at, i], return_counts=True)
        common = values[np.argsort(-counts, kind="stable")][:LEVELS]
        parts.append((sample.X[at, i, None] == common).astype(float))
        names.append(np.full(len(common), label[i], dtype=object))
    target = sample.y[at, None]
    told = (target == np.unique(target)[:LEVELS]).astype(float) if sample.classes else place_and_spread(target)[0]
    scores = np.hstack([told, *parts])[:, :SCORES]
    return scores, np.concatenate([np.full(told.shape[1], "the target", dtype=object), *names])[:SCORES]


DIAGNOSTIC = Diagnostic(
    name=NAME,
    title="Test rows of another kind",
    code="L8",
    why="A score is of cases like the test rows. If they differ from the training rows, it says how a family does "
    "when the cases change, and no random split will agree with it.",
    what_to_do="Say in the study how the test set was chosen, and for which cases the score is meant to speak.",
    run=run,
    number=Number("largest difference of a column", "standard errors"),
)
