"""Which explanations fit a published number: a valid protocol, a known error, several, or none that was tried."""

from __future__ import annotations

from typing import Any

import polars as pl

from bench.core.findings import Finding, Severity, Subject
from bench.core.outcomes import Statement, words
from bench.diagnose.case import Case
from bench.diagnose.diagnostic import Diagnostic, FindingNumber
from bench.diagnose.evidence import DiagnosticEvidence
from bench.diagnose.finding import found, not_applicable, passed
from bench.scores.explanations import compatible_of, held_together, jointly
from bench.text.findings import NotRequested
from bench.text.formats import listed
from bench.text.words import measure

say = words(
    "explanations",
    {
        "no_spread": "how much results vary is not known for any explanation, so none can be tested",
        "together": "the {numbers} published numbers together",
    },
)


class Published(Statement, code="explanations.published"):
    """The number that is to be explained, as its claim states it; `value` None: the claim has none that is printed."""

    metric: str
    value: str | None = None
    percent: bool = False
    where: str | None = None
    by_paper: bool = True

    def sentence(self) -> str:
        if self.value is None:
            return f"published {measure(self.metric).word}"
        who = "published" if self.by_paper else "stated"
        return f"{who} {measure(self.metric).word} of {self.value}{' %' if self.percent else ''}"


class ValidFits(Statement, code="explanations.valid_fits"):
    """Valid protocols or controls give such numbers; `errors`: protocol errors that do too."""

    valid: tuple[str, ...]
    errors: tuple[str, ...]

    def sentence(self) -> str:
        words = f"compatible with a valid protocol ({listed(self.valid, 'or')})"
        return (
            f"{words}, and with {listed(self.errors, 'or')}" if self.errors else words
        )


class ErrorFits(Statement, code="explanations.error_fits"):
    """Protocol errors give such numbers, no valid protocol is known to; `undecided`: of how many valid protocols that
    is not known."""

    errors: tuple[str, ...]
    undecided: int = 0

    def sentence(self) -> str:
        if self.undecided:
            fits = f"compatible with a protocol error ({listed(self.errors, 'or')})"
            return f"{fits}; for valid protocols this is not known"
        return f"compatible with a protocol error ({listed(self.errors, 'or')}) and with no valid protocol tried"


class NothingFits(Statement, code="explanations.nothing_fits"):
    """None of the explanations that were tried gives such numbers."""

    tried: int

    def sentence(self) -> str:
        if self.tried == 1:
            return "the one protocol tried is not compatible"
        return f"none of the {self.tried} protocols tried is compatible"


def run(evidence: DiagnosticEvidence) -> list[Finding]:
    """A finding a published number, then one for several together. They say what is compatible, not what happened."""
    frame = evidence.explanations
    if frame.is_empty():
        return []
    findings = []
    for (claim,), part in frame.partition_by(
        "claim", as_dict=True, maintain_order=True
    ).items():
        subject = (str(part["dataset"][0]), str(part["family"][0]))
        findings.append(
            _explained(
                _published(evidence, str(claim), str(part["metric"][0])), part, subject
            )
        )
    if (count := len(held_together(frame))) > 1:
        findings.append(
            _explained(say("together", numbers=count), jointly(frame), (None, None))
        )
    return findings


def _explained(about: Statement, part: pl.DataFrame, subject: Subject) -> Finding:
    answer = compatible_of(part)
    if not answer.answered:
        return not_applicable(subject, about, say("no_spread"))
    number, errors = answer.beyond, tuple(answer.errors)
    if valid := (*answer.valid, *answer.controls):
        return passed(subject, about, ValidFits(valid, errors), number=number)
    if errors:
        return found(
            subject,
            Severity.NOTE,
            about,
            ErrorFits(errors, answer.undecided),
            number=number,
        )
    tried = part["compatible"].is_not_null().sum()
    return found(subject, Severity.NOTE, about, NothingFits(int(tried)), number=number)


def _published(evidence: DiagnosticEvidence, claim: str, metric: str) -> Published:
    """What the claim says, as its id says nothing to a reader."""
    stated = next((c for c in evidence.study.judged if c.id == claim), None)
    if stated is None or stated.value is None:
        return Published(metric)
    return Published(
        metric,
        str(stated.value),
        stated.unit == "percent",
        str(stated.where),
        stated.source == "paper",
    )


def _toy(compatible: str) -> Case:
    names = {
        "claim": "c",
        "family": "lda",
        "metric": "accuracy",
        "estimate": 0.9,
        "low": 0.89,
        "high": 0.91,
    }
    rows: list[dict[str, Any]] = [
        names
        | {
            "variant": f"explanation={kind}",
            "kind": kind,
            "title": f"the {kind} protocol",
        }
        | {
            "compatible": kind == compatible,
            "beyond": 0.01 if kind == "valid" else None,
        }
        for kind in ("valid", "error")
    ]
    return Case(more={"explanations": rows})


DIAGNOSTIC = Diagnostic(
    name="explanations",
    title="Explanations of published numbers",
    code="X1",
    why="Another protocol or another method may explain a published number.",
    what_to_do="See how the paper split, chose and scored, or ask its authors.",
    question="How did the authors split, choose and score?",
    run=run,
    nothing=NotRequested("explain: {family: ...}"),
    number=FindingNumber("how often a valid study prints such a number", "chance"),
    sick=lambda: _toy("error"),
    healthy=lambda: _toy("valid"),
)
