"""Whether test rows have near copies among the rows that were trained on: nearer than independent cases ever lie.

Exact copies are `duplicates_across`'s business; here each set of equal rows counts once. A pair is a near copy when its
distance, beside that of the second next row, is too small for its place: see `bench.stats.nearest`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from bench.diagnose._across import leak_gain, leaked
from bench.diagnose._names import family_title, points
from bench.diagnose._rows import Sample
from bench.diagnose.diagnostic import (
    Diagnostic,
    DiagnosticEvidence,
    Number,
    Rows,
    Severity,
    alarm_level,
    found,
    not_applicable,
    passed,
)
from bench.stats.nearest import nearest, nearness, too_near, two_nn_dimension

NAME = "near_duplicates"
#: A near copy is held against the K-th next row, so that a row and K - 1 copies of it are still seen.
K = 3
_NTH = {3: "third"}
#: So many rows at most, and so many pairs, are asked for their next ones; fewer rows say nothing of the dimension.
QUERIES, PAIRS, FEWEST = 4_000, 10_000_000, 40
#: A feature is fine when at least this share of its values differs and no value is commoner than the second: amounts
#: that are often 0 put rows into planes of fewer dimensions. Distances are taken in fine ones; equal rows count once.
FINE, COMMON = 0.2, 0.1
#: Fewer test rows than this share change no score: a note.
FEW = 0.01


def run(evidence: DiagnosticEvidence) -> Rows:
    """A row a dataset: the share of test rows with a near copy in training."""
    rows: Rows = []
    for name, sample in evidence.samples.items():
        if name in evidence.tests:
            rows.append(_judged(evidence, name, sample, alarm_level(NAME, len(evidence.samples))))
    return rows or [not_applicable("there are no predictions of rows whose features are here")]


def _judged(evidence: DiagnosticEvidence, name: str, sample: Sample, level: float) -> dict[str, Any]:
    places, rest = _fine(sample)
    if places.shape[1] < 2:
        why = "fewer than two features are measured finely enough: rows that look alike need not be copies"
        return not_applicable(why, (name, None))
    once = np.sort(np.unique(places, axis=0, return_index=True)[1])
    if len(once) < FEWEST:
        return not_applicable(f"fewer than {FEWEST} different rows cannot say what is near", (name, None))
    near, how_near = _pairs(places[once], level)
    pairs = once[near]
    pairs = pairs[(rest[pairs[:, 0]] == rest[pairs[:, 1]]).all(axis=1)]
    own = evidence.predictions.filter((pl.col("dataset") == name) & (pl.col("variant") == "plain"))
    tests = evidence.tests[name].filter(pl.col("row").is_in(sample.row))
    both = leaked(tests, own.filter(pl.col("row").is_in(sample.row)), _sets(pairs, sample)) if len(pairs) else None
    if both is None or both.is_empty():
        if how_near is not None and how_near < 0.005:
            why = "rows lie so close that nothing short of an exact copy could be told from a neighbour"
            return not_applicable(why, (name, None))
        said = f"besides exact copies, no test row has a near copy in training: {_what_is_near(how_near)}"
        return passed((name, None), sample.told(said), estimate=0.0)
    share = both.height / tests.height
    gain, family = leak_gain(own.filter(pl.col("side") == "test"), both, evidence.baselines)
    said = (
        f"{both.height:,} of {tests.height:,} test rows ({share:.1%}) have a near copy among their training rows, "
        f"nearer than independent cases lie (chance makes even one such pair in at most 1 of {1 / level:,.0f} tables)"
    )
    if family is not None:
        said += f"; on the other rows the accuracy of {family_title(evidence.study, family)} is {points(gain)} lower "
        said += "(no interval is known)"
    severity: Severity = "warning" if share >= FEW else "note"
    return found((name, None), severity, sample.told(said), estimate=share)


def _fine(sample: Sample) -> tuple[np.ndarray, np.ndarray]:
    """(n, q) points in the finely measured numbers, and the (n, p - q) other values, which copies share."""
    X = sample.X
    numbers = np.array([column.kind == "numeric" for column in sample.columns])
    counts = [np.unique(column, return_counts=True)[1] for column in np.unique(X, axis=0).T]
    steps = np.array([len(one) >= FINE * one.sum() and one.max() <= COMMON * one.sum() for one in counts])
    fine = numbers & steps & ~np.isnan(X).any(axis=0)
    scaled = (X[:, fine] - X[:, fine].mean(axis=0)) / np.maximum(X[:, fine].std(axis=0), 1e-300)
    return scaled, np.nan_to_num(X[:, ~fine & ~numbers], nan=-1.0)


def _what_is_near(share: float | None) -> str:
    if share is None:
        return "too few rows lie apart to say what would be near"
    return (
        f"near is less than {share:.0%} of the way to the {_NTH[K]} next different row; farther copies are not seen, "
        f"nor cases that stand in the table {K + 1} times or more, each a little changed"
    )


def _pairs(points: np.ndarray, level: float) -> tuple[np.ndarray, float | None]:
    """(m, 2) positions of rows and their next row that lie too near, all queries together at the level; and which
    share of the way to the K-th next row that is, None where too few rows lie apart."""
    n = len(points)
    count = min(n, QUERIES, PAIRS // n)
    query = np.arange(n) if n == count else np.sort(np.random.default_rng(n).choice(n, count, replace=False))
    have = nearest(points, query, K)
    first, second, far = have.distance[:, 0], have.distance[:, 1], have.distance[:, K - 1]
    apart = first > 0
    if apart.sum() < FEWEST:
        return np.empty((0, 2), dtype=np.int64), None
    dimension = min(two_nn_dimension(first[apart], second[apart]), points.shape[1])
    near = apart & (too_near(first, far, K, dimension) < level / len(query))
    return np.stack([query[near], have.row[near, 0]], axis=1), nearness(level / len(query), K, dimension)


def _sets(pairs: np.ndarray, sample: Sample) -> pl.DataFrame:
    """`row` and the number of its set, `duplicates`, of rows that pairs connect."""
    graph = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(sample.n, sample.n))
    label = connected_components(graph, directed=False)[1]
    members = np.unique(pairs)
    return pl.DataFrame({"row": sample.row[members], "duplicates": label[members].astype(np.int32)})


DIAGNOSTIC = Diagnostic(
    name=NAME,
    title="Near copies across the split",
    code="L4n",
    why="Two measurements of one case, or a copy with a little noise, are no two cases: who has seen the one in "
    "training need only remember it.",
    what_to_do="Find out what the pairs are (the same patient twice? rows made by interpolation or augmentation?) and "
    "keep them on one side with a `group`, or drop them in `clean`.",
    run=run,
    number=Number("test rows with a near copy in training", "share"),
)
