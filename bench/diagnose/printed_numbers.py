"""What printed numbers are where they are not ours: another row's or column's, cut off, of finished folds; spreads.

Nothing is fitted. Every reading of several printed numbers is compared with numbers of ours that might as well stand
there, and counts only where as many agree in at most one of a hundred tables by accident, after Bonferroni over all
readings that were tried (`bench.stats.matches`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from bench.core.findings import Finding, Severity
from bench.core.outcomes import Statement, fixed
from bench.core.rows import FAILED, OWN
from bench.diagnose.case import Case, around
from bench.diagnose.diagnostic import Diagnostic, FindingNumber
from bench.diagnose.evidence import DiagnosticEvidence
from bench.diagnose.finding import Estimate, found, not_applicable, passed
from bench.scores.series import Series
from bench.stats.matches import Matches, cut_or_rounded, matches, rounded
from bench.stats.spreads import spreads
from bench.study import Claim, Study
from bench.study.claims import Spread
from bench.text.formats import p_equals

#: Of how many tables without anything to find one may have a finding.
LEVEL = 0.01
#: So many numbers or more are read together.
FEWEST = 3
#: What a claim says that its spread is, as `bench.stats.spreads` calls it.
_DECLARED = {"sd": "sd", "se": "standard_error", "ci95": "half_interval_t"}
_SPREADS = {
    "sd": "the standard deviation (n − 1)",
    "sd_n": "the standard deviation (n)",
    "standard_error": "the standard error",
    "half_interval_t": "half a 95% interval (t)",
    "half_interval_normal": "half a 95% interval (normal)",
}
ReadingKind = Literal["row", "column", "cut", "finished", "spread"]
TooFew = fixed("printed_numbers.too_few", "too few printed numbers stand beside numbers of ours to read them together")


class ReadOtherwise(Statement, code="printed_numbers.read_otherwise"):
    """So many of n printed numbers are ours under another reading.

    reading: `row` (`of` was printed, `other` is meant), `column` (the same of datasets), `cut`, `finished` (the mean of
    the folds that finished), `spread` (`other` over `of`). own: how many agree as they are declared.
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
            "finished": "printed numbers are ours over the folds that finished",
            "spread": f"printed spreads are ours as {_SPREADS.get(self.other, self.other)} over {self.of}",
        }[self.reading]
        accident = f"by accident {self.expected:.1f} would be ({p_equals(self.p)})"
        return f"{self.matches} of {self.n} {what}; {accident}; as they are declared {self.own} agree"


class AsDeclared(Statement, code="printed_numbers.as_declared"):
    """No other reading of the printed numbers agrees better than by accident."""

    numbers: int
    readings: int

    def sentence(self) -> str:
        tried = f"none of {self.readings} other readings of the {self.numbers} printed numbers"
        return f"{tried} agrees better than by accident"


@dataclass(frozen=True)
class PrintedScore:
    """A printed number with its place; `scale`: its unit in the metric's own."""

    claim: Claim
    place: tuple[str, str]
    text: str
    scale: float


@dataclass(frozen=True)
class OtherReading:
    """PrintedScore numbers beside ours under another reading; own: how many agree as declared."""

    kind: ReadingKind
    of: str
    other: str
    printed: tuple[str, ...]
    ours: np.ndarray
    pools: tuple[np.ndarray, ...]
    own: int

    def result(self, searched: int) -> Matches:
        """How many agree by this reading, the best of so many."""
        if self.kind == "cut":
            return cut_or_rounded(self.printed, self.ours, searched=searched)
        return matches(self.printed, self.ours, self.pools, searched=searched)


@dataclass(frozen=True, eq=False)
class PrintedTable:
    """The printed numbers of one metric, side and unit, our scores of it, and the places where cells failed."""

    printed: tuple[PrintedScore, ...]
    series: Mapping[tuple[str, str], Series]
    unfinished: frozenset[tuple[str, str]]

    @cached_property
    def means(self) -> dict[tuple[str, str], float]:
        """By dataset and family, our mean in the unit of print."""
        return {place: float(one.mean or 0.0) for place, one in self.series.items()}

    def readings(self) -> Iterator[OtherReading]:
        """Every other reading that has enough numbers."""
        have = [one for one in self.printed if one.place in self.means]
        whole = [one for one in have if one.place not in self.unfinished]
        yield from self._swapped("row", whole, 1)
        yield from self._swapped("column", whole, 0)
        if len(whole) >= FEWEST:
            yield self._reading("cut", "", "", whole, [self.means[one.place] for one in whole])
        finished = [one for one in have if one.place in self.unfinished]
        if len(finished) >= FEWEST:
            yield self._reading("finished", "", "", finished, [self.means[one.place] for one in finished], own=0)
        with_spread = [(one, one.claim.spread) for one in whole if one.claim.spread is not None]
        if len(with_spread) >= FEWEST:
            yield from self._spreads(with_spread)

    def _swapped(
        self, kind: Literal["row", "column"], printed: Sequence[PrintedScore], part: int
    ) -> Iterator[OtherReading]:
        """The numbers of each row (part 1 of a place, the family) or column beside ours of every other one."""
        others = sorted({place[part] for place in self.means})
        for of in sorted({one.place[part] for one in printed}):
            for other in (name for name in others if name != of):
                there = {one: (one.place[0], other) if part else (other, one.place[1]) for one in printed}
                both = [one for one in printed if one.place[part] == of and there[one] in self.means]
                if len(both) >= FEWEST:
                    yield self._reading(kind, of, other, both, [self.means[there[one]] for one in both])

    def _reading(
        self,
        kind: ReadingKind,
        of: str,
        other: str,
        printed: Sequence[PrintedScore],
        ours: Sequence[float],
        own: int | None = None,
    ) -> OtherReading:
        """Beside all our numbers of the same dataset; of a column, of the same family."""
        part = 1 if kind == "column" else 0
        pools = [[m for place, m in self.means.items() if place[part] == one.place[part]] for one in printed]
        agree = sum(rounded(one.text, self.means[one.place]) for one in printed) if own is None else own
        texts = tuple(one.text for one in printed)
        return OtherReading(kind, of, other, texts, np.array(ours), tuple(map(np.array, pools)), agree)

    def _spreads(self, printed: Sequence[tuple[PrintedScore, Spread]]) -> Iterator[OtherReading]:
        """What stands behind the "±" as every spread of our folds and repeats, in percent and not."""
        texts, declared = tuple(one.value for _, one in printed), {_DECLARED.get(one.kind) for _, one in printed}
        found = self._spreads_of_ours([one for one, _ in printed])
        as_declared = [ours for (_, kind, factor), ours in found.items() if kind in declared and factor == 1]
        own = max((sum(map(rounded, texts, ours.tolist())) for ours in as_declared), default=0)
        for (over, kind, factor), ours in found.items():
            if kind not in declared or factor != 1:
                yield OtherReading("spread", over, kind, texts, ours, (ours,) * len(texts), own)

    def _spreads_of_ours(self, printed: Sequence[PrintedScore]) -> dict[tuple[str, str, float], np.ndarray]:
        """By what varies, spread and factor: ours at each place; none where a place has one score."""
        found: dict[tuple[str, str, float], np.ndarray] = {}
        for over in ("folds", "repeats"):
            values = [_values(self.series[one.place], over) for one in printed]
            if min(map(len, values)) > 1:
                each = [spreads(one) for one in values]
                for kind in each[0]:
                    ours = np.array([one[kind] for one in each])
                    found |= {(over, kind, factor): factor * ours for factor in (1.0, 100.0)}
        return found


def _values(series: Series, over: str) -> np.ndarray:
    return series.defined if over == "folds" else series.repeat_means()


def tables_of(evidence: DiagnosticEvidence) -> Iterator[PrintedTable]:
    """The paper's printed scores, those of one metric, side and unit together."""
    lost = evidence.failures.filter(OWN & FAILED).select("dataset", "family").unique().iter_rows()
    unfinished = frozenset((str(dataset), str(family)) for dataset, family in lost)
    for (metric, side, _), group in _groups(evidence.study).items():
        series = {
            (dataset, family): one.times(group[0].scale)
            for (dataset, family, name), one in evidence.series[side].items()
            if name == metric and one.mean is not None
        }
        yield PrintedTable(tuple(group), series, unfinished)


def _groups(study: Study) -> dict[tuple[str, str, str | None], list[PrintedScore]]:
    """The paper's printed scores by metric, side and unit."""
    groups: dict[tuple[str, str, str | None], list[PrintedScore]] = {}
    only = next(iter(study.datasets)) if len(study.datasets) == 1 else None
    for claim in study.judged:
        dataset = claim.dataset or only
        stated = claim.kind == "value" and claim.value is not None and claim.source == "paper"
        if stated and dataset is not None and claim.family is not None:
            scale = 100.0 if claim.unit == "percent" else 1.0
            printed = PrintedScore(claim, (dataset, claim.family), str(claim.value), scale)
            groups.setdefault((claim.metric or study.metrics.primary, claim.side, claim.unit), []).append(printed)
    return groups


def run(evidence: DiagnosticEvidence) -> list[Finding]:
    """A finding a row, column or table whose numbers agree better under another reading, the best one of each."""
    tables = list(tables_of(evidence))
    readings = [one for table in tables for one in table.readings()]
    only = next(iter(evidence.study.datasets)) if len(evidence.study.datasets) == 1 else None
    if not tables:
        return []
    if not readings:
        return [not_applicable((only, None), TooFew())]
    best: dict[tuple[str, str], tuple[OtherReading, Matches]] = {}
    for reading in readings:
        result = reading.result(len(readings))
        key = (reading.kind, "" if reading.kind == "spread" else reading.of)
        better = result.p_searched < LEVEL and result.matches > reading.own
        if better and (key not in best or result.p_value < best[key][1].p_value):
            best[key] = reading, result
    findings = [
        found(
            (only, None), Severity.NOTE, _statement(evidence, reading, result), number=Estimate(result.p_searched)
        )
        for reading, result in best.values()
    ]  # fmt: skip
    numbers = sum(len(table.printed) for table in tables)
    return findings or [passed((only, None), AsDeclared(numbers, len(readings)))]


def _statement(evidence: DiagnosticEvidence, reading: OtherReading, result: Matches) -> ReadOtherwise:
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
        {"id": name.replace("_", "-"), "kind": "value", "dataset": "toy", "family": name, "metric": "accuracy"}
        | {"value": f"{float(table.mean()) - (0.0005 if cut else 0):.3f}", "unit": "fraction"}
        | {"where": "a table", "read": "source"}
        for name, table in shown.items()
    ]
    families = {name: {"family": "lda"} for name in names}
    return Case(test=shown, study={"families": families, "claims": claims})


DIAGNOSTIC = Diagnostic(
    name="printed_numbers",
    title="Other readings of printed numbers",
    code="X2",
    why="A row of another model, a number cut off, or another spread than was meant looks like a difference of "
    "results.",
    what_to_do="Look at the table in the paper again, and at its later versions; many equal digits are no proof.",
    question="Which numbers were meant?",
    run=run,
    number=FindingNumber("how often so many agree by accident, of all readings tried", "chance"),
    sick=lambda: _toy(True),
    healthy=lambda: _toy(False),
)
