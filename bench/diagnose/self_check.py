"""How often the study's own tests and leak detectors are wrong, on its own rows, folds and families.

Tests: which family gave which answer is drawn anew for every row, so that all are equally good on average
(`bench.stats.exchange`). Detectors: leaks of known strength are planted into these very tables, and into tables whose
rows were only shuffled.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from bench.core.frames import SELF_CHECKS, empty, of_rows
from bench.data.dataset import Column, Dataset
from bench.diagnose import file_order, illegitimate_features
from bench.diagnose import near_duplicates as near_duplicates
from bench.diagnose.diagnostic import (
    ALARMS,
    Diagnostic,
    DiagnosticEvidence,
    Number,
    Rows,
    found,
    not_applicable,
    passed,
)
from bench.run.seeds import seed_of
from bench.scores.design import is_external, level_of, tolerance_of
from bench.stats.exchange import error_rates
from bench.stats.shares import wilson

TRIALS, MOST_ROWS, MOST_FAMILIES = 1_000, 1_000, 6
PLANTINGS = 10
#: A detector that finds less than this share of the strongest plantings is blind on the table.
SIGHTED = 0.5
Planted = tuple[Dataset, str]


def self_checks(evidence: DiagnosticEvidence) -> pl.DataFrame:
    """frames.SELF_CHECKS; empty where the study did not ask for it."""
    wanted = evidence.study.diagnostics
    if wanted is None or not wanted.self_check:
        return empty(SELF_CHECKS)
    rows = [row for name in evidence.study.datasets for row in (*_tests(evidence, name), *_detectors(evidence, name))]
    return of_rows(rows, SELF_CHECKS, nulls=["planted", "rate", "low", "high", "trials", "nominal", "reason"])


def _tests(evidence: DiagnosticEvidence, name: str) -> Iterator[dict[str, Any]]:
    setting, level = evidence.settings[name], level_of(evidence.study)
    right, fold, said = _rows_right(evidence, name)
    about = {"dataset": name, "diagnostic": None, "planted": None, "nominal": 1 - level}
    if right is None or setting.ratio is None:
        yield about | {"check": "false_alarm", "reason": said or "no test with an error rate is made here"}
        return
    metric = "accuracy" if "label" in evidence.predictions.columns else evidence.study.metrics.primary
    shift = tolerance_of(evidence.study, metric).value or 0.0
    rng = np.random.default_rng(seed_of("self check", evidence.study.id, name))
    trials = max(200, min(TRIALS, int(2e9 / (right.size * fold.size))))
    one = error_rates(right, fold, ratio=setting.ratio, alpha=1 - level, shift=shift, trials=trials, rng=rng)
    pairs = right.shape[2] * (right.shape[2] - 1) // 2
    yield about | _rate("false_alarm", one.false_alarm, trials) | {"reason": said}
    if pairs > 1:
        yield about | _rate("family_wise", one.family_wise, trials) | {"reason": f"{pairs} pairs, Holm; {said}"}
    if one.power is not None and shift:
        planted = {"planted": f"{shift:g}", "nominal": None, "reason": said}
        yield about | _rate("power", one.power, trials) | planted


def _rate(check: str, rate: float, trials: int) -> dict[str, Any]:
    low, high = wilson(rate, trials)
    return {"check": check, "rate": rate, "low": low, "high": high, "trials": trials}


def _rows_right(evidence: DiagnosticEvidence, name: str) -> tuple[np.ndarray | None, np.ndarray, str]:
    """(n, R, k) rows right (regression: minus the absolute error), (n, R) folds, and what was looked at.

    Rows that were tested once in every repeat, families that answered all of them.
    """
    nothing = np.empty((0, 0))
    families = [f for d, f in evidence.subjects if d == name and f not in evidence.baselines][:MOST_FAMILIES]
    own = evidence.predictions.filter(
        (pl.col("dataset") == name)
        & (pl.col("side") == "test")
        & (pl.col("variant") == "plain")
        & pl.col("family").is_in(families)
    )
    if len(families) < 2 or own.is_empty():
        return None, nothing, "fewer than two families to compare"
    score = -(pl.col("value") - pl.col("truth")).abs()
    score = (pl.col("label") == pl.col("truth")).cast(pl.Float64) if "label" in own.columns else score
    own = own.select("repeat", "row", "fold", "family", score.alias("score")).sort("repeat", "row", "family")
    repeats, rows = own["repeat"].n_unique(), own["row"].n_unique()
    if len(own) != repeats * rows * len(families):
        return None, nothing, "not every row was tested once in each repeat, by every family"
    shape = (repeats, rows, len(families))
    right = own["score"].to_numpy().reshape(shape).transpose(1, 0, 2)
    fold = own["fold"].to_numpy().reshape(shape)[:, :, 0].T
    if len(np.unique(fold)) * repeats < 2:
        return None, nothing, "one test set: nothing is averaged over folds"
    said = f"rows right of {len(families)} families" if "label" in evidence.predictions.columns else "absolute errors"
    if rows > MOST_ROWS:
        some = np.sort(np.random.default_rng(seed_of("rows", name)).choice(rows, MOST_ROWS, replace=False))
        right, fold, said = right[some], fold[some], f"{said}, {MOST_ROWS:,} of {rows:,} rows"
    return right, fold, said


def _detectors(evidence: DiagnosticEvidence, name: str) -> Iterator[dict[str, Any]]:
    have = None if is_external(evidence.study, name) else evidence.read(name)
    if have is None or name not in evidence.samples:
        return
    have = have if have.draw is None else _first_draw(have)
    for who, plant, strengths in _FAULTS:
        alarm = ALARMS[who.DIAGNOSTIC.name]
        if _alarms(evidence, name, who, have if who is not file_order else _shuffled(have, _rng(evidence, name))):
            why = "these rows raise the alarm as they are: what would be planted could not be told apart"
            yield {"dataset": name, "check": "hit", "diagnostic": who.DIAGNOSTIC.name, "reason": why}
            continue
        tried: tuple[tuple[float | None, str | None], ...] = ((None, None), *strengths)
        for strength, said in tried:
            hits = sum(
                _alarms(evidence, name, who, plant(have, strength, _rng(evidence, name, who.DIAGNOSTIC.name, said, i)))
                for i in range(PLANTINGS)
            )
            check = "false_alarm" if strength is None else "hit"
            row = {
                "dataset": name,
                "diagnostic": who.DIAGNOSTIC.name,
                "planted": said,
                "reason": _PLANTED[who.DIAGNOSTIC.name],
            }
            nominal = {"nominal": alarm if strength is None else None}
            yield row | nominal | _rate(check, hits / PLANTINGS, PLANTINGS)


def _rng(evidence: DiagnosticEvidence, *names: object) -> np.random.Generator:
    return np.random.default_rng(seed_of("planted", evidence.study.id, *map(str, names)))


def _first_draw(dataset: Dataset) -> Dataset:
    assert dataset.draw is not None
    rows = np.flatnonzero(dataset.draw == dataset.draw.min())
    return replace(dataset, X=dataset.X[rows], y=dataset.y[rows], row=dataset.row[rows], draw=None, group=None,
                   time=None, extra={})  # fmt: skip


def _alarms(evidence: DiagnosticEvidence, name: str, who: Any, planted: Dataset) -> bool:
    """Whether this detector raises an alarm, above a note, about the planted table."""
    changed = replace(evidence, read=lambda other: planted if other == name else None, _samples={})
    rows = who.DIAGNOSTIC.run(changed)
    return any(row["outcome"] == "found" and row["severity"] != "note" and row["dataset"] == name for row in rows)


def _shuffled(dataset: Dataset, rng: np.random.Generator) -> Dataset:
    """The rows dealt to other places of the file."""
    order = rng.permutation(dataset.n)
    return replace(dataset, X=dataset.X[order], y=dataset.y[order])


def _copy(dataset: Dataset, strength: float | None, rng: np.random.Generator) -> Dataset:
    """One more feature: the target, `strength` of it noise; without a strength, dealt out at random."""
    y = np.asarray(dataset.y, dtype=float)
    if strength is None:
        told = rng.permutation(y)
    elif dataset.task == "regression":
        told = y + strength * y.std() * rng.standard_normal(len(y))
    else:
        told = np.where(rng.random(len(y)) < strength, rng.permutation(y), y) + 0.1 * rng.random(len(y))
    columns = (*dataset.columns, Column("planted", "numeric"))
    return replace(dataset, X=np.column_stack([dataset.X, told]), columns=columns)


def _duplicates(dataset: Dataset, strength: float | None, rng: np.random.Generator) -> Dataset:
    """So large a share of rows is a copy of another row, each number off by a hundredth of its deviation."""
    shuffled = _shuffled(dataset, rng)
    if strength is None:
        return shuffled
    count = max(2, round(strength * dataset.n / 2))
    chosen = rng.choice(dataset.n, 2 * count, replace=False)
    X, y = shuffled.X.copy(), shuffled.y.copy()
    X[chosen[:count]], y[chosen[:count]] = X[chosen[count:]], y[chosen[count:]]
    X[chosen[:count]] += 0.01 * _noise(shuffled, count, rng)
    return replace(shuffled, X=X, y=y)


def _groups(dataset: Dataset, strength: float | None, rng: np.random.Generator) -> Dataset:
    """Five rows that stand together share so large a part of the variance of each number."""
    shuffled = _shuffled(dataset, rng)
    if strength is None:
        return shuffled
    shared = _noise(shuffled, dataset.n // 5 + 1, rng).repeat(5, axis=0)[: dataset.n]
    return replace(shuffled, X=shuffled.X + np.sqrt(strength / (1 - strength)) * shared)


def _noise(dataset: Dataset, count: int, rng: np.random.Generator) -> np.ndarray:
    """(count, p) normal noise of each number's deviation; 0 for what is no number."""
    numbers = np.array([column.kind == "numeric" for column in dataset.columns])
    return np.where(numbers, np.nanstd(dataset.X, axis=0), 0.0) * rng.standard_normal((count, len(numbers)))


_FAULTS: tuple[tuple[Any, Any, tuple[tuple[float, str], ...]], ...] = (
    (illegitimate_features, _copy, ((0.1, "10 % noise"), (0.03, "3 % noise"), (0.0, "no noise"))),
    (near_duplicates, _duplicates, ((0.02, "2 % of rows"), (0.05, "5 % of rows"), (0.2, "20 % of rows"))),
    (file_order, _groups, ((0.2, "20 % shared"), (0.4, "40 % shared"), (0.6, "60 % shared"))),
)
_PLANTED = {
    illegitimate_features.DIAGNOSTIC.name: "one more feature that follows from the target",
    near_duplicates.DIAGNOSTIC.name: "rows that nearly equal another",
    file_order.DIAGNOSTIC.name: "five rows of one origin stand together",
}


def run(evidence: DiagnosticEvidence) -> Rows:
    """A row a check: an error rate clearly above what it should be is told."""
    frame = evidence.self_checks
    if frame.is_empty():
        return [not_applicable("was not asked for: `diagnostics: {self_check: true}`")]
    rows: Rows = []
    for row in frame.iter_rows(named=True):
        subject = (row["dataset"], None)
        what = row["check"].replace("_", " ") + (f" of {row['diagnostic']}" if row["diagnostic"] else "")
        what += f" at {row['planted']}" if row["planted"] else ""
        if row["rate"] is None:
            rows.append(not_applicable(f"{what}: {row['reason']}", subject))
            continue
        said = f"{what}: {row['rate']:.1%} of {row['trials']:,} trials"
        numbers = {"estimate": row["rate"], "low": row["low"], "high": row["high"]}
        if row["nominal"] is None:
            rows.append(not_applicable(f"{said}: a number to know, with nothing that it should be", subject, **numbers))
        elif row["low"] > row["nominal"]:
            said = f"{said}, above the {row['nominal']:.1%} that it should be"
            rows.append(found(subject, "note", said, **numbers))
        elif not can_show(row["trials"], row["nominal"]):
            said = f"{said}: so few trials cannot show that it is at most {row['nominal']:.1%}"
            rows.append(not_applicable(said, subject, **numbers))
        else:
            rows.append(passed(subject, said, **numbers))
    return rows


def can_show(trials: int, nominal: float) -> bool:
    """Whether so many trials could show that an error rate is no higher than it should be: none wrong would do."""
    return wilson(0.0, trials)[1] <= nominal


def with_sensitivity(evidence: DiagnosticEvidence, name: str, row: dict[str, Any]) -> dict[str, Any]:
    """A row of a detector that was tried on this very table, with what its silence is worth.

    Where it found less than half of what was planted most strongly, its silence is no evidence.
    """
    frame = evidence.self_checks
    if row["outcome"] != "passed" or row["dataset"] is None or frame.is_empty():
        return row
    own = (pl.col("dataset") == row["dataset"]) & (pl.col("diagnostic") == name) & (pl.col("check") == "hit")
    tried = frame.filter(own & pl.col("rate").is_not_null())
    if tried.is_empty():
        return row
    strongest = tried.row(-1, named=True)
    hits = f"{round(strongest['rate'] * strongest['trials'])} of {strongest['trials']}"
    seen = f"planted here ({strongest['reason']}, {strongest['planted']}) it was found in {hits} tables"
    if strongest["rate"] >= SIGHTED:
        return row | {"reason": f"{row['reason']}; {seen}"}
    return row | {"outcome": "not_applicable", "reason": f"{row['reason']}. But {seen}: silence here is no evidence"}


DIAGNOSTIC = Diagnostic(
    name="self_check",
    title="How often these tests err here",
    code="Q1",
    why="A test that errs more often on data like these than its level says should not be believed at its word.",
    what_to_do="Read differences of such families with more caution, or add repeats, rows or data sets.",
    run=run,
    number=Number("trials in which it spoke", "share"),
)
