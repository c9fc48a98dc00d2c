"""What printed numbers are where they are not ours: another row's or column's, or cut off
(`bench.scores.other_readings`)."""

from __future__ import annotations

from collections.abc import Iterator

from bench.claims.claim import shape_of
from bench.core.findings import Finding, Severity
from bench.core.outcomes import Statement, fixed
from bench.core.rows import FAILED, OWN
from bench.diagnose.case import Case, around
from bench.diagnose.diagnostic import Diagnostic, FindingNumber
from bench.diagnose.evidence import DiagnosticEvidence
from bench.diagnose.finding import Estimate, found, not_applicable, passed
from bench.scores.other_readings import (
    OtherReading,
    PrintedScore,
    PrintedTable,
    agreeing,
)
from bench.stats.matches import Matches
from bench.study import Study
from bench.text.formats import p_equals

TooFew = fixed(
    "printed_numbers.too_few",
    "too few printed numbers stand beside numbers of ours to read them together",
)


class ReadOtherwise(Statement, code="printed_numbers.read_otherwise"):
    """So many of n printed numbers are ours under another reading.

    reading: `row` (`of` was printed, `other` is meant), `column` (the same of datasets),
    `cut`. own: how many agree as they are declared.
    """

    reading: str
    of: str
    other: str
    matches: int
    n: int
    own: int
    expected: float
    p: float

    def sentence(self) -> str:
        what = {
            "row": f"numbers printed for {self.of} are ours of {self.other}",
            "column": f"numbers printed for {self.of} are ours on {self.other}",
            "cut": "printed numbers are ours with further digits cut off, not rounded",
        }[self.reading]
        accident = f"by chance {self.expected:.1f} would be ({p_equals(self.p)})"
        return f"{self.matches} of {self.n} {what}; {accident}; as declared, {self.own} agree"


class AsDeclared(Statement, code="printed_numbers.as_declared"):
    """No other reading of the printed numbers agrees better than by accident."""

    numbers: int
    readings: int

    def sentence(self) -> str:
        one = self.readings == 1
        which = f"{'one' if one else self.readings} other {'interpretation' if one else 'interpretations'}"
        such = "" if one else " (such as swapped rows or columns)"
        verb = "matches" if one else "match"
        return f"{which} of the {self.numbers} printed numbers{such} {verb} ours no better than chance would"


def tables_of(evidence: DiagnosticEvidence) -> Iterator[PrintedTable]:
    """The paper's printed scores, those of one metric, side and unit together."""
    failed = evidence.failures.filter(OWN & FAILED).select("dataset", "family")
    lost = set(failed.iter_rows())
    for (metric, side, _), group in _groups(evidence.study).items():
        series = {
            (dataset, family): one.times(group[0].scale)
            for (dataset, family, name), one in evidence.series[side].items()
            if name == metric and one.mean is not None
        }
        whole = [score for score in group if score.place not in lost]
        yield PrintedTable(tuple(whole), series)


def _groups(study: Study) -> dict[tuple[str, str, str | None], list[PrintedScore]]:
    """The paper's printed scores by metric, side and unit."""
    groups: dict[tuple[str, str, str | None], list[PrintedScore]] = {}
    only = next(iter(study.datasets)) if len(study.datasets) == 1 else None
    for claim in study.judged:
        dataset = claim.dataset or only
        stated = (
            shape_of(claim.kind).number == "score"
            and claim.value is not None
            and claim.source == "paper"
        )
        if stated and dataset is not None and claim.family is not None:
            scale = 100.0 if claim.unit == "percent" else 1.0
            place = dataset, claim.family
            printed = PrintedScore(place, str(claim.value), scale)
            groups.setdefault(
                (claim.metric or study.metrics.primary, claim.side, claim.unit), []
            ).append(printed)
    return groups


def run(evidence: DiagnosticEvidence) -> list[Finding]:
    """A finding a row, column or table whose numbers agree better under another reading, the best one of each."""
    tables = list(tables_of(evidence))
    only = (
        next(iter(evidence.study.datasets))
        if len(evidence.study.datasets) == 1
        else None
    )
    if not tables:
        return []
    best, readings = agreeing(tables)
    if not readings:
        return [not_applicable((only, None), TooFew())]
    findings = [
        found(
            (only, None), Severity.NOTE, _statement(evidence, reading, result), number=Estimate(result.p_searched)
        )
        for reading, result in best
    ]  # fmt: skip
    numbers = sum(len(table.printed) for table in tables)
    return findings or [passed((only, None), AsDeclared(numbers, readings))]


def _statement(
    evidence: DiagnosticEvidence, reading: OtherReading, result: Matches
) -> ReadOtherwise:
    of, other = reading.of, reading.other
    if reading.kind == "row":
        of, other = evidence.title(of), evidence.title(other)
    return ReadOtherwise(
        reading.kind, of, other, result.matches, result.n, reading.own, result.expected, result.p_searched
    )  # fmt: skip


def _toy(cut: bool) -> Case:
    """Eight models on one dataset, each with a printed accuracy: rounded, or cut off."""
    names = [f"model_{i}" for i in range(8)]
    shown = {name: around(0.6008 + 0.04 * i, 0.005) for i, name in enumerate(names)}
    claims = [
        {
            "id": name.replace("_", "-"),
            "kind": "value",
            "dataset": "toy",
            "family": name,
            "metric": "accuracy",
        }
        | {
            "value": f"{float(table.mean()) - (0.0005 if cut else 0):.3f}",
            "unit": "fraction",
        }
        | {"where": "a table", "read": "source"}
        for name, table in shown.items()
    ]
    families = {name: {"family": "lda"} for name in names}
    return Case(test=shown, study={"families": families, "claims": claims})


DIAGNOSTIC = Diagnostic(
    name="printed_numbers",
    title="Other readings of printed numbers",
    code="X2",
    why="Swapped rows or truncated digits look like a difference of results.",
    what_to_do="Look at the table in the paper again, and at its later versions.",
    question="Which numbers were meant?",
    run=run,
    number=FindingNumber(
        "how often so many agree by accident, of all readings tried", "chance"
    ),
    sick=lambda: _toy(True),
    healthy=lambda: _toy(False),
)
