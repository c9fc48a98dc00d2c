"""How often the study's own tests and leak detectors are wrong, on its own rows, folds and families.

Tests: which family gave which answer is drawn anew for every row, so that all are equally good on average
(`bench.stats.exchange`). Detectors: leaks of known strength are planted into these very tables, and into tables whose
rows were only shuffled; each diagnostic states what is planted (`Diagnostic.planting`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from bench.core.findings import Finding, Outcome, Severity
from bench.core.frames import SELF_CHECKS, empty, of_records, records
from bench.core.outcomes import Statement, decoded, encoded, fixed
from bench.data.dataset import Dataset
from bench.diagnose.case import Case
from bench.diagnose.diagnostic import (
    DIAGNOSTICS,
    Diagnostic,
    FindingNumber,
    NumberShown,
    Planting,
)
from bench.diagnose.evidence import DiagnosticEvidence
from bench.diagnose.finding import Estimate, found, not_applicable, passed
from bench.run.seeds import seed_of
from bench.scores.design import is_external, level_of, tolerance_of
from bench.stats.exchange import error_rates
from bench.stats.shares import wilson
from bench.text.findings import NotRequested
from bench.text.formats import count
from bench.text.sentences import sentences

TRIALS, MOST_ROWS, MOST_FAMILIES = 1_000, 1_000, 6
PLANTINGS = 10
#: A detector that finds less than this share of the strongest plantings is blind on the table.
SENSITIVE = 0.5


AlarmAlready = fixed(
    "self_check.alarm_already",
    "these rows raise the warning as they are, so a planted leak would make no difference",
)
NoNominal = fixed("self_check.no_nominal", "reported only; there is no nominal rate")
Blind = fixed("self_check.blind", "so passing this check is no evidence here")


class NoTest(Statement, code="self_check.no_test"):
    """No test with an error rate can be tried; why: families, rows, one_test_set, design."""

    why: str

    def sentence(self) -> str:
        return {
            "families": "there are fewer than two models to compare",
            "rows": "not every row was tested once in each repeat, by every model",
            "one_test_set": "there is one test set: nothing is averaged over folds",
            "design": "this design allows no test with an error rate",
        }[self.why]


class RowsRight(Statement, code="self_check.rows_right"):
    """What the tests were tried on: rows right (or absolute errors) of so many families, of all rows or a sample."""

    labels: bool
    families: int
    rows: int
    total: int

    def sentence(self) -> str:
        words = (
            f"rows right of {self.families} models"
            if self.labels
            else "absolute errors"
        )
        return (
            words
            if self.rows == self.total
            else f"{words}, {count(self.rows)} of {count(self.total)} rows"
        )


class PairsTested(
    Statement, code="self_check.pairs", says="{pairs} pairs, adjusted by Holm"
):
    pairs: int


class Planted(Statement, code="self_check.planted", says="{what}"):
    what: str


class Rate(Statement, code="self_check.rate"):
    """The error rate (or hit rate) of a check; `detector`, `planted`: what was tried, in words."""

    check: str
    rate: float | None
    trials: int | None
    detector: str | None = None
    planted: str | None = None

    def sentence(self) -> str:
        words = self.check.replace("_", " ") + (
            f" of {self.detector}" if self.detector else ""
        )
        words += f" at {self.planted}" if self.planted else ""
        return (
            words
            if self.rate is None
            else f"{words}: {self.rate:.1%} of {count(self.trials)} trials"
        )


class TooHigh(
    Statement,
    code="self_check.too_high",
    says="significantly above the nominal {nominal:.1%}",
):
    nominal: float


class TooFewTrials(
    Statement,
    code="self_check.too_few_trials",
    says="too few trials to show that it is at most {nominal:.1%}",
):
    nominal: float


class SensitivityStated(
    Statement,
    code="self_check.sensitivity",
    says="a leak planted into this table ({planted}, {strength}) was detected in {found} of {trials} trials",
):
    planted: str
    strength: str
    found: int
    trials: int


def self_checks(evidence: DiagnosticEvidence) -> pl.DataFrame:
    """frames.SELF_CHECKS; empty where the study did not ask for it."""
    wanted = evidence.study.diagnostics
    if wanted is None or not wanted.self_check:
        return empty(SELF_CHECKS)
    rows = [
        row
        for name in evidence.study.datasets
        for row in (*_tests(evidence, name), *_detectors(evidence, name))
    ]
    return of_records(rows, SELF_CHECKS, digits=None)


@dataclass(frozen=True, kw_only=True)
class SelfCheckRow:
    """A row of frames.SELF_CHECKS; the columns are described beside the schema."""

    dataset: str
    check: str
    diagnostic: str | None = None
    planted: float | None = None
    rate: float | None = None
    low: float | None = None
    high: float | None = None
    trials: int | None = None
    nominal: float | None = None
    details: str

    def rated(
        self, check: str, rate: float, trials: int, **changes: Any
    ) -> SelfCheckRow:
        """The same check, or another one, with its rate of so many trials."""
        low, high = wilson(rate, trials)
        return replace(
            self, check=check, rate=rate, low=low, high=high, trials=trials, **changes
        )


# ---- Tests ------------------------------------------------------------------------------------------------------


def _tests(evidence: DiagnosticEvidence, name: str) -> Iterator[SelfCheckRow]:
    setting, level = evidence.settings[name], level_of(evidence.study)
    answers = _answers(evidence, name)
    if isinstance(answers, NoTest) or setting.ratio is None:
        why = answers if isinstance(answers, NoTest) else NoTest("design")
        yield SelfCheckRow(
            dataset=name, check="false_alarm", nominal=1 - level, details=encoded([why])
        )
        return
    right, fold, about = answers
    metric = "accuracy" if about.labels else evidence.study.metrics.primary
    shift = tolerance_of(evidence.study, metric).value or 0.0
    rng = np.random.default_rng(seed_of("self check", evidence.study.id, name))
    trials = max(200, min(TRIALS, int(2e9 / (right.size * fold.size))))
    rates = error_rates(
        right,
        fold,
        ratio=setting.ratio,
        alpha=1 - level,
        shift=shift,
        trials=trials,
        rng=rng,
    )
    pairs = right.shape[2] * (right.shape[2] - 1) // 2
    row = SelfCheckRow(
        dataset=name, check="false_alarm", nominal=1 - level, details=encoded([about])
    )
    yield row.rated("false_alarm", rates.false_alarm, trials)
    if pairs > 1:
        details = encoded([PairsTested(pairs), about])
        yield row.rated("family_wise", rates.family_wise, trials, details=details)
    if rates.power is not None and shift:
        yield row.rated("power", rates.power, trials, planted=shift, nominal=None)


def _answers(
    evidence: DiagnosticEvidence, name: str
) -> tuple[np.ndarray, np.ndarray, RowsRight] | NoTest:
    """(n, R, k) rows right (regression: minus the absolute error), (n, R) folds, and what they are: rows that were
    tested once in every repeat, and families that answered all of them."""
    families = [
        f for d, f in evidence.subjects if d == name and f not in evidence.baselines
    ][:MOST_FAMILIES]
    rows = evidence.plain(name, "test").filter(pl.col("family").is_in(families))
    if len(families) < 2 or rows.is_empty():
        return NoTest("families")
    labels = "label" in rows.columns
    score = (
        (pl.col("label") == pl.col("truth")).cast(pl.Float64)
        if labels
        else -(pl.col("value") - pl.col("truth")).abs()
    )
    rows = rows.select("repeat", "row", "fold", "family", score.alias("score")).sort(
        "repeat", "row", "family"
    )
    repeats, n = rows["repeat"].n_unique(), rows["row"].n_unique()
    if len(rows) != repeats * n * len(families):
        return NoTest("rows")
    shape = (repeats, n, len(families))
    right = rows["score"].to_numpy().reshape(shape).transpose(1, 0, 2)
    fold = rows["fold"].to_numpy().reshape(shape)[:, :, 0].T
    if len(np.unique(fold)) * repeats < 2:
        return NoTest("one_test_set")
    if n > MOST_ROWS:
        sampled = np.sort(
            np.random.default_rng(seed_of("rows", name)).choice(
                n, MOST_ROWS, replace=False
            )
        )
        right, fold = right[sampled], fold[sampled]
    return right, fold, RowsRight(labels, len(families), len(right), n)


# ---- Detectors --------------------------------------------------------------------------------------------------


def _detectors(evidence: DiagnosticEvidence, name: str) -> Iterator[SelfCheckRow]:
    table = None if is_external(evidence.study, name) else evidence.read(name)
    if table is None or name not in evidence.samples:
        return
    table = table if table.draw is None else _first_draw(table)
    for detector in DIAGNOSTICS.values():
        if detector.planting is not None:
            yield from _tried(evidence, name, detector, detector.planting, table)


def _tried(
    evidence: DiagnosticEvidence,
    name: str,
    detector: Diagnostic,
    planting: Planting,
    table: Dataset,
) -> Iterator[SelfCheckRow]:
    details = encoded([Planted(planting.described)])
    row = SelfCheckRow(
        dataset=name, check="hit", diagnostic=detector.name, details=details
    )
    plain = (
        table
        if planting.shuffled is None
        else planting.shuffled(table, _rng(evidence, name))
    )
    if _alarms(evidence, name, detector, plain):
        yield replace(row, details=encoded([AlarmAlready()]))
        return
    tried: tuple[tuple[float | None, str | None], ...] = (
        (None, None),
        *planting.strengths,
    )
    for strength, label in tried:
        hits = 0
        for i in range(PLANTINGS):
            rng = _rng(evidence, name, detector.name, label, i)
            hits += _alarms(
                evidence, name, detector, planting.plant(table, strength, rng)
            )
        check, nominal = (
            ("false_alarm", detector.budget) if strength is None else ("hit", None)
        )
        yield row.rated(
            check, hits / PLANTINGS, PLANTINGS, planted=strength, nominal=nominal
        )


def _rng(evidence: DiagnosticEvidence, *names: object) -> np.random.Generator:
    return np.random.default_rng(
        seed_of("planted", evidence.study.id, *map(str, names))
    )


def _first_draw(dataset: Dataset) -> Dataset:
    assert dataset.draw is not None
    rows = np.flatnonzero(dataset.draw == dataset.draw.min())
    return replace(dataset, X=dataset.X[rows], y=dataset.y[rows], row=dataset.row[rows], draw=None, group=None,
                   time=None, extra={})  # fmt: skip


def _alarms(
    evidence: DiagnosticEvidence, name: str, detector: Diagnostic, table: Dataset
) -> bool:
    """Whether this detector raises an alarm about the table."""
    findings = detector.run(evidence.with_table(name, table))
    return any(finding.is_alarm and finding.dataset == name for finding in findings)


# ---- What they say ----------------------------------------------------------------------------------------------


def run(evidence: DiagnosticEvidence) -> list[Finding]:
    """A finding a check: an error rate clearly above the nominal one is found."""
    if evidence.self_checks.is_empty():
        return []
    return [_judged(row) for row in records(evidence.self_checks, SelfCheckRow)]


def _judged(row: SelfCheckRow) -> Finding:
    subject, nominal = (row.dataset, None), row.nominal
    rate = Rate(row.check, row.rate, row.trials, *_tried_words(row))
    if row.rate is None or row.low is None or row.trials is None:
        return not_applicable(subject, rate, *decoded(row.details))
    number = Estimate(row.rate, row.low, row.high)
    if nominal is None:
        return not_applicable(subject, rate, NoNominal(), number=number)
    if row.low > nominal:
        return found(subject, Severity.NOTE, rate, TooHigh(nominal), number=number)
    if not can_show(row.trials, nominal):
        return not_applicable(subject, rate, TooFewTrials(nominal), number=number)
    return passed(subject, rate, number=number)


def _tried_words(row: SelfCheckRow) -> tuple[str | None, str | None]:
    """The title of the detector and the label of what was planted; of a test, no title and the size."""
    name, planted = row.diagnostic, row.planted
    if name is None:
        return None, None if planted is None else f"{planted:g}"
    detector = DIAGNOSTICS[name]
    if planted is None or detector.planting is None:
        return detector.title, None
    return detector.title, detector.planting.label(planted)


def can_show(trials: int, nominal: float) -> bool:
    """Whether so many trials could show that an error rate is no higher than the nominal one: none wrong would do."""
    return wilson(0.0, trials)[1] <= nominal


def with_sensitivity(
    evidence: DiagnosticEvidence, name: str, finding: Finding
) -> Finding:
    """A finding of a detector that was tried on this very table, with what its silence is worth.

    Where it found less than half of what was planted most strongly, its silence is no evidence.
    """
    frame = evidence.self_checks
    if (
        finding.outcome is not Outcome.PASSED
        or finding.dataset is None
        or frame.is_empty()
    ):
        return finding
    own = (
        (pl.col("dataset") == finding.dataset)
        & (pl.col("diagnostic") == name)
        & (pl.col("check") == "hit")
    )
    tried = frame.filter(own & pl.col("rate").is_not_null())
    if tried.is_empty():
        return finding
    (strongest,) = records(tried.tail(1), SelfCheckRow)
    strength, described = (
        _tried_words(strongest)[1] or "",
        sentences(decoded(strongest.details)),
    )
    rate, trials = strongest.rate or 0.0, strongest.trials or 0
    statements = (
        *finding.statements,
        SensitivityStated(described, strength, round(rate * trials), trials),
    )
    if rate >= SENSITIVE:
        return replace(finding, statements=statements)
    return replace(
        finding, outcome=Outcome.NOT_APPLICABLE, statements=(*statements, Blind())
    )


def _toy(wrong: float) -> Case:
    """How often a pair of equal families was called different."""
    details = encoded([RowsRight(labels=True, families=2, rows=100, total=100)])
    row = {
        "check": "false_alarm",
        "rate": wrong,
        "low": wrong - 0.02,
        "high": wrong + 0.02,
        "trials": 1000,
    }
    return Case(more={"self_checks": [row | {"nominal": 0.05, "details": details}]})


DIAGNOSTIC = Diagnostic(
    name="self_check",
    title="Error and detection rates of tests and checks",
    code="Q1",
    why="A test that errs more often than its level overstates differences.",
    what_to_do="Add repeats, rows or datasets before trusting such a difference.",
    question="If such a test calls a difference significant, how far can that be trusted?",
    run=run,
    nothing=NotRequested("self_check: true"),
    number=FindingNumber("trials with a finding", "share"),
    shown=NumberShown.TABLE,
    sick=lambda: _toy(0.2),
    healthy=lambda: _toy(0.04),
)
