"""Whether test rows have near copies among the rows that were trained on: nearer than independent cases ever lie.

Exact copies are `duplicates_across`'s business; here each set of equal rows counts once. A pair is a near copy when its
distance, beside that of the second next row, is too small for its place: see `bench.stats.nearest`.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from bench.core.findings import Finding, Severity
from bench.core.outcomes import Statement, words
from bench.diagnose._across import LeakGain, leak_gain, leaked
from bench.diagnose._rows import Sample
from bench.diagnose.case import Case, toy_table
from bench.diagnose.diagnostic import Diagnostic, FindingNumber
from bench.diagnose.evidence import DiagnosticEvidence
from bench.diagnose.finding import alarm_level, found, not_applicable, passed
from bench.stats.nearest import nearest, nearness, too_near, two_nn_dimension
from bench.text import formats
from bench.text.findings import NoFeatures

NAME, BUDGET = "near_duplicates", 0.015
#: A near copy is held against the K-th next row, so that a row and K - 1 copies of it are still seen.
K = 3
#: So many rows at most, and so many pairs, are asked for their next ones; fewer rows say nothing of the dimension.
QUERIES, PAIRS, FEWEST = 4_000, 10_000_000, 40
#: A feature is fine when at least this share of its values differs and no value is commoner than the second: amounts
#: that are often 0 put rows into planes of fewer dimensions. Distances are taken in fine ones; equal rows count once.
FINE, COMMON = 0.2, 0.1
#: Fewer test rows than this share change no score: a note.
FEW = 0.01
#: Where near is less than this share of the way to the K-th next row, only exact copies would stand out.
NARROW = 0.005


say = words(
    "near_duplicates",
    {
        "coarse": "fewer than two features are measured finely, so similar rows need not be copies",
        "too_dense": "rows lie so close together that only exact copies would stand out",
        "too_few": "fewer than {least} different rows: too few to say what is near",
    },
)


class NoneNear(Statement, code="near_duplicates.none_near"):
    """No near copies; near: less than `limit` of the way to the next different row but two, None where unknown."""

    limit: float | None

    def sentence(self) -> str:
        words = "the test finds no near copy of a test row in training, apart from exact copies"
        return (
            f"{words}; too few rows differ to say what would be near"
            if self.limit is None
            else words
        )


class Near(Statement, code="near_duplicates.near"):
    """How many test rows have a near copy in training, and how often chance makes even one such pair."""

    rows: int
    total: int
    level: float

    def sentence(self) -> str:
        part = f"{formats.count(self.rows)} of {formats.count(self.total)} test rows"
        part += f" ({formats.share(self.rows, self.total)})"
        return f"{part} have a near copy in training (p < {self.level:.2g} for one such pair)"


def run(evidence: DiagnosticEvidence) -> list[Finding]:
    """A finding a dataset: the share of test rows with a near copy in training."""
    level = alarm_level(BUDGET, len(evidence.samples))
    return [
        _judged(evidence, name, sample, level)
        for name, sample in evidence.samples.items()
        if name in evidence.tests
    ]


def _judged(
    evidence: DiagnosticEvidence, name: str, sample: Sample, level: float
) -> Finding:
    (places, rest), subject = _fine(sample), (name, None)
    if places.shape[1] < 2:
        return not_applicable(subject, say("coarse"))
    once = np.sort(np.unique(places, axis=0, return_index=True)[1])
    if len(once) < FEWEST:
        return not_applicable(subject, say("too_few", least=FEWEST))
    near, limit = _pairs(places[once], level)
    pairs = once[near]
    pairs = pairs[(rest[pairs[:, 0]] == rest[pairs[:, 1]]).all(axis=1)]
    predictions, tests = (
        evidence.plain(name),
        evidence.tests[name].filter(pl.col("row").is_in(sample.row)),
    )
    here = predictions.filter(pl.col("row").is_in(sample.row))
    copied = leaked(tests, here, _sets(pairs, sample)) if len(pairs) else None
    if copied is None or copied.is_empty():
        if limit is not None and limit < NARROW:
            return not_applicable(subject, say("too_dense"))
        return passed(subject, NoneNear(limit), *sample.examined, number=0.0)
    gain, family = leak_gain(
        predictions.filter(pl.col("side") == "test"), copied, evidence.baselines
    )
    statements: list[Statement] = [Near(copied.height, tests.height, level)]
    if family is not None:
        statements.append(LeakGain(evidence.title(family), gain))
    share = copied.height / tests.height
    severity = Severity.WARNING if share >= FEW else Severity.NOTE
    return found(subject, severity, *statements, *sample.examined, number=share)


def _fine(sample: Sample) -> tuple[np.ndarray, np.ndarray]:
    """(n, q) points in the finely measured numbers, and the (n, p - q) other values, which copies share."""
    X = sample.X
    numbers = np.array([column.kind == "numeric" for column in sample.columns])
    counts = [
        np.unique(column, return_counts=True)[1] for column in np.unique(X, axis=0).T
    ]
    steps = np.array(
        [
            len(one) >= FINE * one.sum() and one.max() <= COMMON * one.sum()
            for one in counts
        ]
    )
    fine = numbers & steps & ~np.isnan(X).any(axis=0)
    scaled = (X[:, fine] - X[:, fine].mean(axis=0)) / np.maximum(
        X[:, fine].std(axis=0), 1e-300
    )
    return scaled, np.nan_to_num(X[:, ~fine & ~numbers], nan=-1.0)


def _pairs(points: np.ndarray, level: float) -> tuple[np.ndarray, float | None]:
    """(m, 2) positions of rows and their next row that lie too near, all queries together at the level; and which
    share of the way to the K-th next row that is, None where too few rows lie apart."""
    n = len(points)
    count = min(n, QUERIES, PAIRS // n)
    query = (
        np.arange(n)
        if n == count
        else np.sort(np.random.default_rng(n).choice(n, count, replace=False))
    )
    neighbours = nearest(points, query, K)
    first, second, far = (
        neighbours.distance[:, 0],
        neighbours.distance[:, 1],
        neighbours.distance[:, K - 1],
    )
    apart = first > 0
    if apart.sum() < FEWEST:
        return np.empty((0, 2), dtype=np.int64), None
    dimension = min(two_nn_dimension(first[apart], second[apart]), points.shape[1])
    near = apart & (too_near(first, far, K, dimension) < level / len(query))
    return np.stack([query[near], neighbours.row[near, 0]], axis=1), nearness(
        level / len(query), K, dimension
    )


def _sets(pairs: np.ndarray, sample: Sample) -> pl.DataFrame:
    """`row` and the number of its set, `duplicates`, of rows that pairs connect."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components  # slow to import

    graph = coo_array(
        (np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(sample.n, sample.n)
    )
    label = connected_components(graph, directed=False)[1]
    members = np.unique(pairs)
    return pl.DataFrame(
        {"row": sample.row[members], "duplicates": label[members].astype(np.int32)}
    )


def _sick() -> Case:
    table = toy_table()
    table.X[101:121] = table.X[:20] + 1e-4
    return Case(data=table)


DIAGNOSTIC = Diagnostic(
    name=NAME,
    title="Near duplicates across the split",
    code="L4n",
    why="A model can remember a case that it has seen in training with a little noise.",
    what_to_do="Keep these pairs on one side with a `group`, or drop one of each in `clean`.",
    question="Are these pairs one case measured twice?",
    run=run,
    nothing=NoFeatures(),
    number=FindingNumber("test rows with a near copy in training", "share"),
    budget=BUDGET,
    sick=_sick,
)
