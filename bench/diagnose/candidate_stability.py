"""Whether outer folds agree on the candidate."""

from __future__ import annotations

import json

import polars as pl

from bench.core.findings import Finding, Severity
from bench.core.outcomes import Statement, words
from bench.core.rows import OWN
from bench.diagnose.case import Case
from bench.diagnose.diagnostic import Diagnostic, FindingNumber
from bench.diagnose.evidence import DiagnosticEvidence, by_subject
from bench.diagnose.finding import found, not_applicable, passed
from bench.text.findings import NotTuned
from bench.text.formats import plural

say = words(
    "candidate_stability",
    {
        "one_fold": "there is only one outer fold, so choices cannot differ",
    },
)


class Choices(Statement, code="candidate_stability.choices"):
    """How many outer folds, or seeds on one split, chose the commonest candidate (`setting`), of how many; and how many
    candidates were chosen in all."""

    setting: tuple[str, ...]
    folds: int
    total: int
    candidates: int
    seeds: bool = False

    def sentence(self) -> str:
        setting = ", ".join(self.setting) or "the defaults"
        each = "seeds" if self.seeds else "outer folds"
        return f"{setting} in {self.folds} of {self.total} {each}; {plural(self.candidates, 'setting')} chosen"


def run(evidence: DiagnosticEvidence) -> list[Finding]:
    """The share of outer folds (or seeds) that chose the commonest candidate, a dataset and family."""
    chosen = evidence.tuning.filter(pl.col("chosen") & OWN)
    picks = chosen.unique(["dataset", "family", "repeat", "fold"], maintain_order=True)
    if picks.is_empty():
        return []
    return [
        _judged(one, part, evidence.settings[one[0]].seeds)
        for one, part in by_subject(picks).items()
    ]


def _judged(subject: tuple[str, str], picks: pl.DataFrame, seeds: bool) -> Finding:
    if len(picks) < 2:
        return not_applicable(subject, say("one_fold"))
    counts = (
        picks["candidate"]
        .value_counts()
        .sort("count", "candidate", descending=[True, False])
    )
    folds = int(counts["count"][0])
    parameters = json.loads(
        picks.filter(pl.col("candidate") == counts["candidate"][0])["parameters"][0]
    )
    setting = tuple(f"{name} = {value}" for name, value in parameters.items())
    choices, number = (
        Choices(setting, folds, len(picks), len(counts), seeds),
        folds / len(picks),
    )
    if folds / len(picks) < 0.5:
        return found(subject, Severity.NOTE, choices, number=number)
    return passed(subject, choices, number=number)


DIAGNOSTIC = Diagnostic(
    name="candidate_stability",
    title="Stability of the tuned setting",
    code="T2",
    why="Where folds disagree, the candidates are nearly equal or the choice is noise.",
    what_to_do="Compare models, not their chosen parameters.",
    question="Is one setting better, or do they all do equally well?",
    run=run,
    nothing=NotTuned(),
    number=FindingNumber("outer folds with the commonest choice", "share", said=True),
    sick=lambda: Case(chosen=[0, 1, 2, 1, 0, 2] * 5),
)
