"""Which way to a published number fits it: an honest one, a known slip, several, or none of those that were tried."""

from __future__ import annotations

import polars as pl

from bench.diagnose._names import metric_word
from bench.diagnose.diagnostic import (
    Diagnostic,
    DiagnosticEvidence,
    Number,
    Rows,
    by_chance,
    found,
    not_applicable,
    passed,
)
from bench.scores.explanations import compatible_of, held_together, jointly


def run(evidence: DiagnosticEvidence) -> Rows:
    """A row a published number that was looked at, then one for several together. Compatible is all that is said."""
    frame = evidence.explanations
    if frame.is_empty():
        return [not_applicable("no published number was to be explained: `diagnostics: {explain: {family: ...}}`")]
    rows: Rows = []
    for (claim,), part in frame.partition_by("claim", as_dict=True, maintain_order=True).items():
        rows.append(
            _answer(
                _claimed(evidence, str(claim), str(part["metric"][0])),
                "such a number",
                part,
                (str(part["dataset"][0]), str(part["family"][0])),
            )
        )
    if (count := len(held_together(frame))) > 1:
        rows.append(_answer(f"the {count} published numbers together", "such numbers", jointly(frame), (None, None)))
    return rows


def _answer(about: str, such: str, part: pl.DataFrame, subject: tuple[str | None, str | None]) -> dict[str, object]:
    answer, known = compatible_of(part), part.filter(pl.col("compatible").is_not_null())
    if not answer.answered:
        return not_applicable(f"{about}: no spread is known, so nothing can be told apart", subject)
    fair = [*answer.valid, *answer.controls]
    if fair:
        also = f"; so would {_listed(answer.errors)}" if answer.errors else ""
        return passed(subject, f"{about}: an honest run gives {such} ({_listed(fair)}){also}", estimate=answer.beyond)
    if answer.errors:
        rare = f"in an honest study of this size {by_chance(answer.beyond or 0.0)}"
        said = f"{about}: compatible with {_listed(answer.errors)}, and with no honest way that was tried; {rare}"
        return found(subject, "note", said, estimate=answer.beyond)
    tried = f"none of the {len(known)} ways that were tried, honest or with a slip, gives"
    tried = tried if len(known) > 1 else "the one way that was tried does not give"
    said = f"{about}: {tried} {such}"
    return found(subject, "note", said, estimate=answer.beyond)


def _claimed(evidence: DiagnosticEvidence, claim: str, metric: str) -> str:
    """What the claim says, `the published accuracy of 97.5 % (Table 2)`, as its id says nothing to a reader."""
    claims = evidence.study.claims
    one = next((c for c in claims if c.id == claim), None) if isinstance(claims, tuple) else None
    if one is None or one.value is None:
        return f"the published {metric_word(metric)}"
    who = "published" if one.source == "paper" else "stated"
    percent = " %" if one.unit == "percent" else ""
    return f"the {who} {metric_word(metric)} of {one.value}{percent} ({one.where})"


def _listed(names: list[str] | tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


DIAGNOSTIC = Diagnostic(
    name="explanations",
    title="What would explain a published number",
    code="X1",
    why="Where no honest run of the same method reaches a number, known slips can be held against it; where the method "
    "here is not the paper's own, that may be the whole reason.",
    what_to_do="Read the paper's protocol for that one step, or ask its authors; compatible is not proven.",
    run=run,
    number=Number("how often chance does as much in an honest study", "chance"),
)
