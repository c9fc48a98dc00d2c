"""Statements on single explanations of a published number, and the rows of their frames.

The sentences are in bench/text/explanations.py.
"""

from __future__ import annotations

from dataclasses import dataclass

from bench.core.outcomes import Statement


class ToleranceBand(Statement, code="explanation.tolerance_band"):
    """Nothing is drawn: the band is the claim's tolerance and the rounding, to either side."""


class NoScoresMade(Statement, code="explanation.no_scores"):
    """The explanation left no scores."""


class OneRun(Statement, code="explanation.one_run"):
    """One run only: what another split would print is not known."""


class NoSplitsDrawn(Statement, code="explanation.no_splits_drawn"):
    """The protocol draws no splits to choose from."""


class NoCandidates(Statement, code="explanation.no_candidates"):
    """The candidates of this variant are needed and are not there."""

    variant: str


class OtherTuningMetric(Statement, code="explanation.other_tuning_metric"):
    """Candidates are chosen by another metric than that of the published number."""

    tuned: str
    metric: str


class NoOtherAveraging(Statement, code="explanation.no_other_averaging"):
    """The metric has no other averaging."""

    metric: str


class OneAggregation(Statement, code="explanation.one_aggregation"):
    """These predictions can be aggregated in one manner only."""


class NothingTies(Statement, code="explanation.nothing_ties"):
    """No two classes had the same probability; or there are no classes."""

    regression: bool


@dataclass(frozen=True, kw_only=True)
class ExplanationRow:
    """A row of frames.EXPLANATIONS; the columns are described beside the schema."""

    claim: str
    source: str
    dataset: str
    family: str
    metric: str
    variant: str
    kind: str
    title: str
    estimate: float | None
    low: float | None
    high: float | None
    compatible: bool | None
    together: bool | None
    beyond: float | None
    reasons: str


@dataclass(frozen=True, kw_only=True)
class JointRow:
    """A row of frames.JOINT; the columns are described beside the schema."""

    variant: str
    kind: str
    title: str
    numbers: int
    missed: list[str]
    compatible: bool | None
    beyond: float | None
