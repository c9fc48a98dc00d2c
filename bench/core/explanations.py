"""Statements on single explanations of a published number, and the rows of their frames.

The sentences are in bench/text/explanations.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bench.core.outcomes import Statement


class Note(StrEnum):
    """The codes of all statements in this module."""

    TOLERANCE_BAND = "explanation.tolerance_band"
    NO_SCORES = "explanation.no_scores"
    ONE_RUN = "explanation.one_run"
    NO_SPLITS_DRAWN = "explanation.no_splits_drawn"
    NO_CANDIDATES = "explanation.no_candidates"
    OTHER_TUNING_METRIC = "explanation.other_tuning_metric"
    NO_OTHER_AVERAGING = "explanation.no_other_averaging"
    ONE_AGGREGATION = "explanation.one_aggregation"
    NOTHING_TIES = "explanation.nothing_ties"


class ToleranceBand(Statement, code=Note.TOLERANCE_BAND):
    """Nothing is drawn: the band is the claim's tolerance and the rounding, to either side."""


class NoScoresMade(Statement, code=Note.NO_SCORES):
    """The explanation left no scores."""


class OneRun(Statement, code=Note.ONE_RUN):
    """One run only: what another split would print is not known."""


class NoSplitsDrawn(Statement, code=Note.NO_SPLITS_DRAWN):
    """The protocol draws no splits to choose from."""


class NoCandidates(Statement, code=Note.NO_CANDIDATES):
    """The candidates of this variant are needed and are not there."""

    variant: str


class OtherTuningMetric(Statement, code=Note.OTHER_TUNING_METRIC):
    """Candidates are chosen by another metric than that of the published number."""

    tuned: str
    metric: str


class NoOtherAveraging(Statement, code=Note.NO_OTHER_AVERAGING):
    """The metric has no other averaging."""

    metric: str


class OneAggregation(Statement, code=Note.ONE_AGGREGATION):
    """These predictions can be aggregated in one manner only."""


class NothingTies(Statement, code=Note.NOTHING_TIES):
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
