"""The sentences of `bench/core/explanations.py`, and the answers that explanations give to a published number."""

from __future__ import annotations

from bench.core import explanations as e
from bench.text.sentences import Templates, says, templates

SENTENCES: Templates = {
    e.AlwaysTheSame: "every repeat gives this one number, so only its rounding leaves room",
    e.ToleranceBand: "nothing is drawn here, so the number is the same to within the claim's tolerance, or it is not",
    e.NoScoresMade: "it left no scores",
    e.OneRun: "there was one run, so what another split would print is not known",
    e.NoSplitsDrawn: "the protocol draws no splits",
    e.NoCandidates: "it needs the candidates of {variant}, which the study does not run",
    e.OtherTuningMetric: "candidates are chosen by {tuned}, and the published number is {metric}",
    e.NoOtherAveraging: "{metric} has no other averaging here",
    e.OneAggregation: "there is one way to put these predictions together",
}
templates(SENTENCES)


@says(e.NothingTies)
def _nothing_ties(note: e.NothingTies) -> str:
    return "in a regression no classes tie" if note.regression else "no two classes had the same probability"
