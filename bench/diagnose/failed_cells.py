"""Fits that failed, and whether what stands in for them decides the order of families.

A study cannot leave this diagnostic out; where nothing failed it says nothing.
"""

from __future__ import annotations

import polars as pl

from bench.core.findings import Finding, Severity
from bench.core.metrics import METRICS
from bench.core.outcomes import Statement
from bench.core.rows import FAILED, OWN
from bench.diagnose.diagnostic import Diagnostic, FindingNumber
from bench.diagnose.evidence import DiagnosticEvidence
from bench.diagnose.finding import Estimate, found, not_applicable, passed
from bench.scores.series import Sensitivity, sensitivities
from bench.text.formats import listed, plural

#: How many pairs of families that change places are named.
NAMED = 3


class Lost(Statement, code="failed_cells.lost"):
    """How many of a family's fits failed; `no_scores`: so did all others, and nothing stands in."""

    failed: int
    total: int
    no_scores: bool = False

    def sentence(self) -> str:
        instead = (
            "no model has a score here"
            if self.no_scores
            else "the baseline's score takes their place"
        )
        return f"{self.failed} of {plural(self.total, 'fit')} failed; {instead}"


class OrderChanges(Statement, code="failed_cells.order_changes"):
    """Pairs of families (`ahead` with the score that stands in, `behind` without it) whose order that score decides."""

    pairs: tuple[tuple[str, str], ...]
    more: int

    def sentence(self) -> str:
        pairs = [
            f"{a} is before {b} with the baseline's score and behind it without"
            for a, b in self.pairs
        ]
        pairs += [f"and so with {self.more} more pairs"] if self.more else []
        return f"the order of models depends on what stands in for failed fits: {'; '.join(pairs)}"


class OrderStays(Statement, code="failed_cells.order_stays"):
    """The order of families does not depend on that score; `unit`: folds or datasets."""

    unit: str

    def sentence(self) -> str:
        same = f"the order of models is the same with the baseline's score and on the {self.unit}"
        return f"{same} that all models finished"


class NoOrder(Statement, code="failed_cells.no_order"):
    """No order without what stands in; finished: how many families finished any folds or datasets (`unit`)."""

    unit: str
    finished: int

    def sentence(self) -> str:
        few = f"{'only one model' if self.finished else 'no model'} finished any {self.unit}"
        none = f"no {self.unit} were finished by all {self.finished} models that finished any"
        return f"{few if self.finished < 2 else none}: without the baseline's score there is no order"


class NeverFinished(Statement, code="failed_cells.never_finished"):
    """Families without any score of their own."""

    families: tuple[str, ...]
    unit: str

    def sentence(self) -> str:
        return f"{listed(self.families)} finished no {self.unit} and can be ranked only with the baseline's score"


def run(evidence: DiagnosticEvidence) -> list[Finding]:
    """A finding a dataset and family with failed fits, then one a dataset and one over all on the order of families."""
    failed = evidence.failures.filter(OWN & FAILED)
    counts = failed.group_by("dataset", "family", maintain_order=True).len()
    findings = [
        _lost(evidence, (dataset, family), count)
        for dataset, family, count in counts.iter_rows()
    ]
    metric = evidence.study.metrics.primary
    families = tuple(evidence.study.families or ())
    higher_is_better = METRICS[metric].higher_is_better
    order = sensitivities(evidence.scores, metric, higher_is_better, families)
    return findings + [
        finding for dataset, one in order.items() for finding in _order(dataset, one)
    ]


def _lost(
    evidence: DiagnosticEvidence, subject: tuple[str, str], count: int
) -> Finding:
    total = evidence.folds.filter(pl.col("dataset") == subject[0]).height
    severity = Severity.SERIOUS if count == total else Severity.WARNING
    lost = Lost(count, total, no_scores=subject[0] not in evidence.split_here)
    return found(subject, severity, lost, number=Estimate(count / total))


def _order(dataset: str | None, order: Sensitivity) -> list[Finding]:
    subject, unit = (dataset, None), "folds" if dataset is not None else "datasets"
    never = tuple(
        family for family in order.with_fallback if family not in order.complete_cases
    )
    findings = (
        [not_applicable(subject, NeverFinished(never, unit))]
        if never and order.complete_cases
        else []
    )
    if order.reversed:
        pairs = tuple((a, b) for a, b in order.reversed[:NAMED])
        changes = OrderChanges(pairs, max(0, len(order.reversed) - NAMED))
        return [found(subject, Severity.SERIOUS, changes), *findings]
    if len(order.complete_cases) > 1:
        return [passed(subject, OrderStays(unit)), *findings]
    return [not_applicable(subject, NoOrder(unit, order.finished)), *findings]


DIAGNOSTIC = Diagnostic(
    name="failed_cells",
    title="Failed fits",
    code="S4",
    why="Folds that failed may be the hard ones.",
    what_to_do="Read the reasons under Limits and failures, and repeat these fits with more time or memory.",
    question="Would the conclusion stand if these fits had finished?",
    run=run,
    number=FindingNumber("fits that failed", "share"),
    fact=True,
    required=True,
)
