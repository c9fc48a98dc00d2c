"""The sentences of `bench/core/explanations.py`, and the answers that explanations give to a published number."""

from __future__ import annotations

from bench.core import explanations as e
from bench.text.sentences import says


@says(e.ToleranceBand)
def _tolerance_band(note: e.ToleranceBand) -> str:
    return "nothing is drawn here, so the number is the same to within the claim's tolerance, or it is not"


@says(e.NoScoresMade)
def _no_scores(note: e.NoScoresMade) -> str:
    return "it left no scores"


@says(e.OneRun)
def _one_run(note: e.OneRun) -> str:
    return "there was one run, so what another split would print is not known"


@says(e.NoSplitsDrawn)
def _no_splits(note: e.NoSplitsDrawn) -> str:
    return "the protocol draws no splits"


@says(e.NoCandidates)
def _no_candidates(note: e.NoCandidates) -> str:
    return f"it needs the candidates of {note.variant}, which the study does not run"


@says(e.OtherTuningMetric)
def _other_metric(note: e.OtherTuningMetric) -> str:
    return f"candidates are chosen by {note.tuned}, and the published number is {note.metric}"


@says(e.NoOtherAveraging)
def _no_averaging(note: e.NoOtherAveraging) -> str:
    return f"{note.metric} has no other averaging here"


@says(e.OneAggregation)
def _one_aggregation(note: e.OneAggregation) -> str:
    return "there is one way to put these predictions together"


@says(e.NothingTies)
def _nothing_ties(note: e.NothingTies) -> str:
    return "in a regression no classes tie" if note.regression else "no two classes had the same probability"
