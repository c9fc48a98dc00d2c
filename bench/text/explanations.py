"""Statements on single explanations of a published number."""

from __future__ import annotations

from bench.core.outcomes import Statement, fixed

ToleranceBand = fixed(
    "explanation.tolerance_band",
    "deterministic, so the tolerance alone decides",
)
AlwaysTheSame = fixed(
    "explanation.always_the_same",
    "every repeat gives this number, so its rounding alone decides",
)
NoScoresMade = fixed("explanation.no_scores", "it left no scores")
OfAnotherSample = fixed(
    "explanation.other_sample",
    "the published number is of another sample; these runs show other splits of ours alone",
)
OneRun = fixed(
    "explanation.one_run",
    "there was one run, so what another split would print is not known",
)
NoSplitsDrawn = fixed("explanation.no_splits_drawn", "the protocol draws no splits")


class NoCandidates(
    Statement,
    code="explanation.no_candidates",
    says="it needs the candidates of {variant}, which the study does not run",
):
    variant: str


class OtherTuningMetric(
    Statement,
    code="explanation.other_tuning_metric",
    says="candidates are chosen by {tuned}, and the published number is {metric}",
):
    tuned: str
    metric: str


OneAggregation = fixed(
    "explanation.one_aggregation", "there is one way to put these predictions together"
)
OneTestSet = fixed("explanation.one_test_set", "one test set has no folds to pool")


class NothingTies(Statement, code="explanation.nothing_ties"):
    """No two classes had the same probability; or there are no classes."""

    regression: bool

    def sentence(self) -> str:
        return (
            "in a regression no classes tie"
            if self.regression
            else "no two classes had the same probability"
        )
